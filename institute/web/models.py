"""Sessions of the web, and the forms that were answered in them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, ForeignKeyConstraint, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from institute.actors import InstituteId, PersonId
from institute.clock import now
from institute.db import Base, UtcDateTime


class LaunchSession(Base):
    """One entrance of one person through one door, with the roles it gave, until it expires or is ended.

    ``place`` is the cohort the door opened; ``target`` the path behind it; ``frame_origins`` who may frame the pages.
    The id alone opens nothing: the secret is in a cookie, its SHA-256 here.
    """

    __tablename__ = "launch_session"
    __table_args__ = (
        ForeignKeyConstraint(["institute_id", "person_id"], ["person.institute_id", "person.id"]),
        Index("ix_launch_session_door", "door", "door_key"),
        Index("ix_launch_session_person", "person_id"),
    )

    id: Mapped[str] = mapped_column(String(24), primary_key=True)
    institute_id: Mapped[InstituteId] = mapped_column(ForeignKey("institute.id"))
    person_id: Mapped[PersonId] = mapped_column(Integer)
    secret_hash: Mapped[str] = mapped_column(String(64))
    door: Mapped[str] = mapped_column(String(20))
    door_key: Mapped[str] = mapped_column(String(120))
    place: Mapped[int | None] = mapped_column(Integer)
    roles: Mapped[list[str]] = mapped_column(JSON)
    target: Mapped[str] = mapped_column(String(500), default="/")
    locale: Mapped[str | None] = mapped_column(String(10))
    frame_origins: Mapped[list[str]] = mapped_column(JSON)
    return_url: Mapped[str] = mapped_column(String(2000), default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class AnsweredForm(Base):
    """A form that was sent and where its answer led: the same form sent again lands there too."""

    __tablename__ = "answered_form"

    session_id: Mapped[str] = mapped_column(ForeignKey("launch_session.id"), primary_key=True)
    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    location: Mapped[str] = mapped_column(String(2000), default="")
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
