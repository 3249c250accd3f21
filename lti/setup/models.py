"""The latest check of a registration: one row for each step."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any, NewType

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Integer,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from institute.actors import InstituteId
from institute.db import Base, UtcDateTime, enum_column
from lti.platforms.models import RegistrationId

CheckId = NewType("CheckId", int)


class CheckState(StrEnum):
    """How far one step of a check has come, and how it went."""

    WAITING = "waiting"
    RUNNING = "running"
    PASSED = "passed"
    FAILED = "failed"
    SKIPPED = "skipped"


class RegistrationCheck(Base):
    """The latest result of one step: a finding's code and the few numbers of its sentence, never what was sent.

    ``about`` holds counts and status codes only; a token or an answer's body is never kept.
    """

    __tablename__ = "lti_check"
    __table_args__ = (
        UniqueConstraint("registration_id", "step", name="step"),
        ForeignKeyConstraint(
            ["institute_id", "registration_id"], ["lti_registration.institute_id", "lti_registration.id"]
        ),
        CheckConstraint("(finished_at IS NULL) = (state IN ('waiting', 'running'))", name="finished_dated"),
    )

    id: Mapped[CheckId] = mapped_column(Integer, primary_key=True)
    institute_id: Mapped[InstituteId] = mapped_column(ForeignKey("institute.id"))
    registration_id: Mapped[RegistrationId] = mapped_column(Integer)
    step: Mapped[str] = mapped_column(String(60))
    place: Mapped[int]
    state: Mapped[CheckState] = enum_column(CheckState, name="state")
    finding: Mapped[str] = mapped_column(String(60), default="")
    about: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
