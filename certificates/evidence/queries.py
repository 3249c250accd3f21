"""What stands for each requirement of an enrolment."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import BindParameter, ColumnElement, Integer, Row, Select, and_, bindparam, func, or_, select
from sqlalchemy.orm import aliased

from certificates.evidence.models import (
    Owner,
    Requirement,
    RequirementId,
    RequirementKind,
    Submission,
    SubmissionId,
)
from certificates.evidence.states import SubmissionState
from certificates.levels.models import Level, LevelId, Track
from courses.cohorts.models import Cohort, Enrolment, EnrolmentId
from courses.meetings.attendance import Counted, counted_of
from courses.meetings.models import Meeting
from institute.db import db
from institute.i18n import Localised


@dataclass(frozen=True, slots=True)
class RequirementStatus:
    """A requirement and the latest attempt at it: no state, attempt 0 and no submission where nothing was begun.

    ``attended`` of ``attended_minutes`` minutes of meetings are there. ``asks``: something is handed in, or presented.
    ``met``: it is passed, or another of the same ``choice`` is (``met_by`` names that one).
    """

    key: str
    title: Localised
    level_id: LevelId
    state: SubmissionState | None
    attempt: int
    submission_id: SubmissionId | None
    requirement_id: RequirementId
    scored: bool
    saved_at: datetime | None
    submitted_at: datetime | None
    owner: Owner = Owner.CANDIDATE
    kind: RequirementKind = RequirementKind.EVIDENCE
    choice: str | None = None
    asks: bool = True
    attended_minutes: int = 0
    attended: int = 0
    met_by: str | None = None

    @property
    def handed_in(self) -> bool:
        """Whether what is handed in is accepted; what nobody scores is so once it was handed in."""
        if not self.asks or self.state is SubmissionState.ACCEPTED:
            return True
        return not self.scored and self.state is SubmissionState.SUBMITTED

    @property
    def was_there(self) -> bool:
        """Whether enough of the meetings was attended; where none are asked for it was."""
        return self.attended >= self.attended_minutes

    @property
    def passed(self) -> bool:
        """Whether everything that it asks for is there."""
        return self.handed_in and self.was_there

    @property
    def met(self) -> bool:
        """Whether nothing is left to do for it."""
        return self.passed or self.met_by is not None


_ENROLMENT: Final[BindParameter[int]] = bindparam("enrolment", type_=Integer)
_later = aliased(Submission)
_LATEST: Final = (
    select(func.max(_later.attempt))
    .where(_later.requirement_id == Requirement.id, _later.enrolment_id == _ENROLMENT)
    .correlate(Requirement)
    .scalar_subquery()
)
# Built once: making a statement costs more than asking the database.
_STATES: Final[Select[*tuple[Any, ...]]] = (
    select(
        Requirement, Submission.state, func.coalesce(Submission.attempt, 0), Submission.id, Submission.saved_at,
        Submission.submitted_at, Enrolment.person_id, Cohort.starts, Cohort.timezone,
    )
    .join(Enrolment, and_(Enrolment.id == _ENROLMENT, Enrolment.institute_id == Requirement.institute_id))
    .join(Cohort, Cohort.id == Enrolment.cohort_id)
    .join(Level, Level.id == Requirement.level_id)
    .outerjoin(
        Submission,
        and_(
            Submission.requirement_id == Requirement.id,
            Submission.enrolment_id == _ENROLMENT,
            Submission.attempt == _LATEST,
        ),
    )
    .where(
        or_(
            and_(Requirement.retired_at.is_(None), Level.track == Track.PARTICIPANT),
            Submission.id.is_not(None),
        )
    )
    .order_by(Level.position, Requirement.position, Requirement.id)
)  # fmt: skip


def requirement_states(
    enrolment_id: EnrolmentId, *, attended: Collection[str] | None = None
) -> dict[str, RequirementStatus]:
    """Return what stands for each requirement of the participants' levels, lowest level first.

    One query, and one more where meetings have to be attended: with ``attended`` only for the requirements of these
    keys and those that may stand for them. What is asked for no longer, or of others, is left out unless something was
    begun for it.
    """
    rows = db.session.execute(_STATES, {"enrolment": enrolment_id}).all()
    met = _attended(rows if attended is None else _meant(rows, attended))
    found = []
    for asked, state, attempt, submission_id, saved_at, submitted_at, _, starts, zone in rows:
        found.append(
            RequirementStatus(
                key=asked.key,
                title=asked.title,
                level_id=asked.level_id,
                state=state,
                attempt=attempt,
                submission_id=submission_id,
                requirement_id=asked.id,
                scored=asked.scored,
                saved_at=saved_at,
                submitted_at=submitted_at,
                owner=asked.owner,
                kind=asked.kind,
                choice=asked.choice,
                asks=asked.asks,
                attended_minutes=asked.attended_minutes,
                attended=_minutes(asked, met, since=_midnight(starts, zone)) if asked.attended_minutes else 0,
            )
        )
    return {one.key: one for one in _chosen(found)}


def _meant(rows: Sequence[Row[*tuple[Any, ...]]], keys: Collection[str]) -> Sequence[Row[*tuple[Any, ...]]]:
    """Return the requirements of these keys, and those of which one is enough together with them."""
    choices = {(row[0].level_id, row[0].choice) for row in rows if row[0].key in keys and row[0].choice}
    return [row for row in rows if row[0].key in keys or (row[0].level_id, row[0].choice) in choices]


def _attended(rows: Sequence[Row[*tuple[Any, ...]]]) -> Collection[Counted]:
    """Return what counts of the meetings that any of these requirements name, in one query; none asks nothing."""
    named: list[ColumnElement[bool]] = []
    for row in rows:
        asked: Requirement = row[0]
        if asked.attended_minutes and asked.attended_key is not None:
            named.append((Meeting.key == asked.attended_key) & (Meeting.institute_id == asked.institute_id))
        elif asked.attended_minutes:
            named.append(Meeting.kind == asked.attended_kind)
    return counted_of(rows[0][6], or_(*named)).values() if named else ()


def _minutes(asked: Requirement, met: Collection[Counted], *, since: datetime) -> int:
    """Return the minutes that count of the meetings that a requirement names: of a kind since then, or of the one."""
    if asked.attended_key is not None:
        return sum(one.minutes for one in met if one.key == asked.attended_key)
    return sum(one.minutes for one in met if one.kind is asked.attended_kind and one.starts >= since)


def _chosen(found: Sequence[RequirementStatus]) -> list[RequirementStatus]:
    """Say of each either/or requirement that is not passed which other one meets it."""
    passed = {(one.level_id, one.choice): one.key for one in reversed(found) if one.choice and one.passed}
    return [
        one
        if one.passed or one.choice is None
        else replace(one, met_by=passed.get((one.level_id, one.choice)))
        for one in found
    ]


def _midnight(day: date, zone: str) -> datetime:
    return datetime.combine(day, time(), tzinfo=ZoneInfo(zone)).astimezone(UTC)
