"""What stands for each requirement of an enrolment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import BindParameter, Integer, Select, and_, bindparam, func, or_, select
from sqlalchemy.orm import aliased

from certificates.evidence.models import Requirement, RequirementId, Submission, SubmissionId
from certificates.evidence.states import SubmissionState
from certificates.levels.models import Level, LevelId
from courses.cohorts.models import Enrolment, EnrolmentId
from institute.db import db
from institute.i18n import Localised


@dataclass(frozen=True, slots=True)
class RequirementStatus:
    """A requirement and the latest attempt at it: no state, attempt 0 and no submission where nothing was begun."""

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
        Requirement.key, Requirement.title, Requirement.level_id,
        Submission.state, func.coalesce(Submission.attempt, 0), Submission.id,
        Requirement.id, Requirement.scored, Submission.saved_at, Submission.submitted_at,
    )
    .join(Enrolment, and_(Enrolment.id == _ENROLMENT, Enrolment.institute_id == Requirement.institute_id))
    .join(Level, Level.id == Requirement.level_id)
    .outerjoin(
        Submission,
        and_(
            Submission.requirement_id == Requirement.id,
            Submission.enrolment_id == _ENROLMENT,
            Submission.attempt == _LATEST,
        ),
    )
    .where(or_(Requirement.retired_at.is_(None), Submission.id.is_not(None)))
    .order_by(Level.position, Requirement.position, Requirement.id)
)  # fmt: skip


def requirement_states(enrolment_id: EnrolmentId) -> dict[str, RequirementStatus]:
    """Return what stands for each requirement of the enrolment's institute, lowest level first, in one query.

    What is asked for no longer is left out unless something was begun for it.
    """
    rows = db.session.execute(_STATES, {"enrolment": enrolment_id})
    found = (RequirementStatus(*row) for row in rows)
    return {status.key: status for status in found}
