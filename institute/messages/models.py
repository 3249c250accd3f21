"""Links that let one person in, once; what each person wants to be told, and what gathers until then."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKeyConstraint, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from institute.actors import InstituteId, PersonId
from institute.clock import now
from institute.db import Base, UtcDateTime, enum_column
from institute.messages.topics import Cadence


class SignInLink(Base):
    """A link to sign in with: its token's SHA-256, used once, for a short time.

    ``roles``, ``place`` and ``target`` are what its session opens; they outlive the link, so that a new one can be
    sent for the same thing.
    """

    __tablename__ = "sign_in_link"
    __table_args__ = (
        ForeignKeyConstraint(["institute_id", "person_id"], ["person.institute_id", "person.id"]),
        Index("ix_sign_in_link_expires_at", "expires_at"),
    )

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    institute_id: Mapped[InstituteId] = mapped_column(Integer)
    person_id: Mapped[PersonId] = mapped_column(Integer)
    roles: Mapped[list[str]] = mapped_column(JSON, default=list)
    place: Mapped[int | None] = mapped_column(Integer)
    target: Mapped[str] = mapped_column(String(500), default="/")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class MailChoice(Base):
    """When somebody wants to be told of a topic; without a row, as the topic usually is."""

    __tablename__ = "mail_choice"
    __table_args__ = (
        ForeignKeyConstraint(["institute_id", "person_id"], ["person.institute_id", "person.id"]),
    )

    person_id: Mapped[PersonId] = mapped_column(Integer, primary_key=True)
    topic: Mapped[str] = mapped_column(String(40), primary_key=True)
    institute_id: Mapped[InstituteId] = mapped_column(Integer)
    cadence: Mapped[Cadence] = enum_column(Cadence, name="cadence")
    chosen_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)


class HeldMail(Base):
    """A wish that waits for its reader's digest, due at ``due_at``. ``wish`` is its key: a newer one replaces it."""

    __tablename__ = "held_mail"
    __table_args__ = (
        ForeignKeyConstraint(["institute_id", "person_id"], ["person.institute_id", "person.id"]),
        UniqueConstraint("wish", name="wish"),
        Index("ix_held_mail_person_id", "person_id", "due_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    institute_id: Mapped[InstituteId] = mapped_column(Integer)
    person_id: Mapped[PersonId] = mapped_column(Integer)
    wish: Mapped[str] = mapped_column(String(120))
    kind: Mapped[str] = mapped_column(String(60))
    about: Mapped[dict[str, Any]] = mapped_column(JSON)
    told_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
