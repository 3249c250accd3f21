"""Links that let one person in, once."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, ForeignKeyConstraint, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from institute.actors import InstituteId, PersonId
from institute.clock import now
from institute.db import Base, UtcDateTime


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
