"""Tables of the appeals: what a participant asked to be looked at again, and what came of it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Final, NewType, cast

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Integer,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from certificates.evidence.models import SubmissionId
from institute.actors import InstituteId, PersonId
from institute.clock import now
from institute.db import Base, UtcDateTime, append_only, enum_column

AppealId = NewType("AppealId", int)
LONGEST_REASON: Final = 4000


class AppealOutcome(StrEnum):
    """What an appeal came to: the scores stand, or some are higher now. None is ever lower."""

    UPHELD = "upheld"
    CHANGED = "changed"


class Appeal(Base):
    """A participant's wish that two raters who never saw the evidence score it again; once for a submission."""

    __tablename__ = "appeal"
    __table_args__ = (
        UniqueConstraint("institute_id", "id", name="tenant"),
        UniqueConstraint("submission_id", name="submission"),
        ForeignKeyConstraint(["institute_id", "submission_id"], ["submission.institute_id", "submission.id"]),
        ForeignKeyConstraint(["institute_id", "filed_by"], ["person.institute_id", "person.id"]),
        CheckConstraint(f"length(reason) BETWEEN 1 AND {LONGEST_REASON}", name="with_a_reason"),
    )

    id: Mapped[AppealId] = mapped_column(Integer, primary_key=True)
    institute_id: Mapped[InstituteId] = mapped_column(ForeignKey("institute.id"))
    submission_id: Mapped[SubmissionId] = mapped_column(Integer)
    filed_by: Mapped[PersonId] = mapped_column(Integer)
    reason: Mapped[str] = mapped_column(Text)
    filed_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)


class AppealDecision(Base):
    """What an appeal came to, and when its participant could know."""

    __tablename__ = "appeal_decision"
    __table_args__ = (
        ForeignKeyConstraint(["institute_id", "appeal_id"], ["appeal.institute_id", "appeal.id"]),
    )

    appeal_id: Mapped[AppealId] = mapped_column(Integer, primary_key=True, autoincrement=False)
    institute_id: Mapped[InstituteId] = mapped_column(ForeignKey("institute.id"))
    outcome: Mapped[AppealOutcome] = enum_column(AppealOutcome, name="outcome")
    decided_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)


FROZEN = (Appeal, AppealDecision)

for _model in FROZEN:
    append_only(cast("Table", _model.__table__))
