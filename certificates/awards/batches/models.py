"""Tables of awards issued many at once: the batch that somebody looked at, and a line for each application."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import NewType

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from certificates.awards.models import LONGEST_NAME, ApplicationId, AwardId
from certificates.levels.models import LevelId
from courses.cohorts.models import CohortId
from institute.actors import InstituteId, PersonId
from institute.clock import now
from institute.db import Base, UtcDateTime, enum_column

BatchId = NewType("BatchId", int)
BatchLineId = NewType("BatchLineId", int)


class BatchState(StrEnum):
    """Where a batch stands: checked line by line, looked at by a person, then issued line by line."""

    CHECKING = "checking"
    READY = "ready"
    RUNNING = "running"
    PAUSED = "paused"
    DONE = "done"
    STOPPED = "stopped"


class LineState(StrEnum):
    """Where a line stands. Only one that is ready is issued; refused is what was ready and changed meanwhile."""

    WAITING = "waiting"
    READY = "ready"
    UNFIT = "unfit"
    LEFT_OUT = "left_out"
    ISSUED = "issued"
    REFUSED = "refused"


class IssueBatch(Base):
    """Many applications that one administrator issues at once.

    ``level_id`` and ``cohort_id`` are what the list was narrowed to, null where it was not. ``seen`` is the mark of
    the whole as it was looked at when it was started, ``cause`` the code of what it was paused for.
    """

    __tablename__ = "issue_batch"
    __table_args__ = (
        UniqueConstraint("institute_id", "id", name="tenant"),
        ForeignKeyConstraint(["institute_id", "level_id"], ["level.institute_id", "level.id"]),
        ForeignKeyConstraint(["institute_id", "cohort_id"], ["cohort.institute_id", "cohort.id"]),
        ForeignKeyConstraint(["institute_id", "person_id"], ["person.institute_id", "person.id"]),
        CheckConstraint("(state = 'paused') = (cause <> '')", name="paused_for_a_cause"),
        CheckConstraint("state NOT IN ('running', 'paused', 'done') OR seen <> ''", name="seen_before_issue"),
        Index("ix_issue_batch_institute_id", "institute_id", "id"),
    )

    id: Mapped[BatchId] = mapped_column(Integer, primary_key=True)
    institute_id: Mapped[InstituteId] = mapped_column(ForeignKey("institute.id"))
    level_id: Mapped[LevelId | None] = mapped_column(Integer)
    cohort_id: Mapped[CohortId | None] = mapped_column(Integer)
    person_id: Mapped[PersonId] = mapped_column(Integer)
    state: Mapped[BatchState] = enum_column(BatchState, name="state", default=BatchState.CHECKING)
    seen: Mapped[str] = mapped_column(String(64), default="")
    cause: Mapped[str] = mapped_column(String(60), default="")
    made_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class IssueBatchLine(Base):
    """One application of a batch: what the certificate will say, as it was checked, and what became of it.

    ``mark`` is that of the decision which was looked at; issuing anything else is refused. ``code`` is that of the
    refusal. The award is set in the transaction that issues it, so that a line is issued once or not yet.
    """

    __tablename__ = "issue_batch_line"
    __table_args__ = (
        UniqueConstraint("batch_id", "application_id", name="application"),
        UniqueConstraint("batch_id", "position", name="position"),
        UniqueConstraint("award_id", name="award"),
        ForeignKeyConstraint(["institute_id", "batch_id"], ["issue_batch.institute_id", "issue_batch.id"]),
        ForeignKeyConstraint(
            ["institute_id", "application_id"], ["application.institute_id", "application.id"]
        ),
        ForeignKeyConstraint(["institute_id", "award_id"], ["award.institute_id", "award.id"]),
        CheckConstraint("(state = 'issued') = (award_id IS NOT NULL)", name="issued_is_an_award"),
        CheckConstraint("(state IN ('unfit', 'refused')) = (code <> '')", name="refused_for_a_reason"),
        CheckConstraint("minutes >= 0", name="minutes_counted"),
        Index("ix_issue_batch_line_state", "batch_id", "state", "position"),
    )

    id: Mapped[BatchLineId] = mapped_column(Integer, primary_key=True)
    institute_id: Mapped[InstituteId] = mapped_column(ForeignKey("institute.id"))
    batch_id: Mapped[BatchId] = mapped_column(Integer)
    position: Mapped[int]
    application_id: Mapped[ApplicationId] = mapped_column(Integer)
    state: Mapped[LineState] = enum_column(LineState, name="state", default=LineState.WAITING)
    name: Mapped[str] = mapped_column(String(LONGEST_NAME), default="")
    locale: Mapped[str] = mapped_column(String(10), default="")
    second_locale: Mapped[str | None] = mapped_column(String(10))
    minutes: Mapped[int] = mapped_column(default=0)
    mark: Mapped[str] = mapped_column(String(64), default="")
    code: Mapped[str] = mapped_column(String(60), default="")
    award_id: Mapped[AwardId | None] = mapped_column(Integer)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
