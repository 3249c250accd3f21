"""The table of the feeds: one secret address for each person."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKeyConstraint, Integer, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from institute.actors import InstituteId, PersonId
from institute.clock import now
from institute.db import Base, UtcDateTime


class CalendarFeed(Base):
    """The address of a person's calendar: its token's SHA-256 to find it by, and the token sealed to show it to them.

    A new address replaces the old one, which then opens nothing.
    """

    __tablename__ = "calendar_feed"
    __table_args__ = (
        ForeignKeyConstraint(["institute_id", "person_id"], ["person.institute_id", "person.id"]),
        UniqueConstraint("token_hash", name="token"),
    )

    person_id: Mapped[PersonId] = mapped_column(Integer, primary_key=True)
    institute_id: Mapped[InstituteId] = mapped_column(Integer)
    token_hash: Mapped[str] = mapped_column(String(64))
    sealed_token: Mapped[bytes] = mapped_column(LargeBinary)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
