"""Links that let one person in, once."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKeyConstraint, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from institute.actors import InstituteId, PersonId
from institute.clock import now
from institute.db import Base, UtcDateTime


class SignInLink(Base):
    """A link to sign in with: its token's SHA-256, used once, for a short time."""

    __tablename__ = "sign_in_link"
    __table_args__ = (
        ForeignKeyConstraint(["institute_id", "person_id"], ["person.institute_id", "person.id"]),
    )

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    institute_id: Mapped[InstituteId] = mapped_column(Integer)
    person_id: Mapped[PersonId] = mapped_column(Integer)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
