"""Plans as they were handed in, with what their coach said; and the files of evidence."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from courses.cohorts.members import coached_today
from courses.cohorts.models import EnrolmentId
from courses.cohorts.pages import own_enrolment
from courses.cohorts.rosters import find_coached
from courses.plans.models import (
    PlanEvidence,
    PlanEvidenceId,
    PlanGoal,
    PlanKind,
    PlanReview,
    PlanVersion,
    PlanVersionId,
    ReviewOutcome,
)
from courses.plans.snapshots import GoalKept, kept_goals
from institute.actors import Actor
from institute.db import db
from institute.errors import NotFoundError
from institute.files.models import StoredFile
from institute.people.models import Person
from institute.people.naming import name_or_number


@dataclass(frozen=True, slots=True)
class VersionLine:
    """A version of a plan; ``outcome`` is None while it waits for the coach's words."""

    id: PlanVersionId
    kind: PlanKind
    number: int
    submitted_at: datetime
    words: str
    outcome: ReviewOutcome | None = None
    review: str = ""
    reviewer: str = ""
    reviewed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class VersionPage:
    """A version with its goals. ``name`` is whose it is, empty for one's own; ``newest``: none came after it."""

    enrolment_id: EnrolmentId
    name: str
    line: VersionLine
    newest: bool
    goals: tuple[GoalKept, ...]

    @property
    def waits(self) -> bool:
        """Whether the coach's words are still to come."""
        return self.newest and self.line.outcome is None


@dataclass(frozen=True, slots=True)
class WaitingPlan:
    """A plan that waits for its coach."""

    enrolment_id: EnrolmentId
    name: str
    line: VersionLine


def versions_of(enrolment_id: EnrolmentId, kind: PlanKind) -> tuple[VersionLine, ...]:
    """Return the versions of a plan, newest first, for a reader who may see them."""
    rows = db.session.execute(
        _VERSIONS.where(PlanVersion.enrolment_id == enrolment_id, PlanVersion.kind == kind).order_by(
            PlanVersion.number.desc()
        )
    )
    return tuple(_line(version, review, name) for version, review, name in rows)


def own_version(version_id: PlanVersionId, *, actor: Actor) -> VersionPage:
    """Return a version of the participant's own plan. Raises NotFoundError."""
    return _page(own_enrolment(actor).id, "", version_id)


def coached_version(enrolment_id: EnrolmentId, version_id: PlanVersionId, *, actor: Actor) -> VersionPage:
    """Return a version of the plan of somebody whom the actor coaches today. Raises NotFoundError."""
    return _page(enrolment_id, coached_today(enrolment_id, actor=actor).name, version_id)


def waiting_plans(actor: Actor) -> tuple[WaitingPlan, ...] | None:
    """Return the plans that wait for a coach's words, the longest waiting first; None where there are none."""
    names = {member.enrolment_id: member.name for member in find_coached(actor)}
    if not names:
        return None
    newest = (
        select(func.max(PlanVersion.id))
        .where(PlanVersion.enrolment_id.in_(names))
        .group_by(PlanVersion.enrolment_id, PlanVersion.kind)
    )
    rows = db.session.execute(
        _VERSIONS.where(PlanVersion.id.in_(newest), PlanReview.id.is_(None)).order_by(
            PlanVersion.submitted_at
        )
    )
    found = tuple(
        WaitingPlan(version.enrolment_id, names[version.enrolment_id], _line(version, review, name))
        for version, review, name in rows
    )
    return found or None


def own_evidence(evidence_id: PlanEvidenceId, *, actor: Actor) -> StoredFile:
    """Return a file of the participant's own plan, also one that only a version names. Raises NotFoundError."""
    return _file(own_enrolment(actor).id, evidence_id)


def coached_evidence(enrolment_id: EnrolmentId, evidence_id: PlanEvidenceId, *, actor: Actor) -> StoredFile:
    """Return a file of the plan of somebody whom the actor coaches today. Raises NotFoundError."""
    return _file(coached_today(enrolment_id, actor=actor).enrolment_id, evidence_id)


_VERSIONS = (
    select(PlanVersion, PlanReview, Person.name)
    .outerjoin(PlanReview, PlanReview.version_id == PlanVersion.id)
    .outerjoin(Person, Person.id == PlanReview.reviewer_id)
)


def _line(version: PlanVersion, review: PlanReview | None, name: str | None) -> VersionLine:
    return VersionLine(
        id=version.id,
        kind=version.kind,
        number=version.number,
        submitted_at=version.submitted_at,
        words=version.words,
        outcome=review.outcome if review else None,
        review=review.words if review else "",
        reviewer=name_or_number(name or "", review.reviewer_id) if review else "",
        reviewed_at=review.reviewed_at if review else None,
    )


def _page(enrolment_id: EnrolmentId, name: str, version_id: PlanVersionId) -> VersionPage:
    row = db.session.execute(
        _VERSIONS.where(PlanVersion.id == version_id, PlanVersion.enrolment_id == enrolment_id)
    ).one_or_none()
    if row is None:
        raise NotFoundError
    version, review, reviewer = row
    last = db.session.scalar(
        select(func.max(PlanVersion.number)).where(
            PlanVersion.enrolment_id == enrolment_id, PlanVersion.kind == version.kind
        )
    )
    return VersionPage(
        enrolment_id,
        name,
        _line(version, review, reviewer),
        version.number == last,
        kept_goals(version.document),
    )


def _file(enrolment_id: EnrolmentId, evidence_id: PlanEvidenceId) -> StoredFile:
    file = db.session.scalar(
        select(StoredFile)
        .join(PlanEvidence, PlanEvidence.file_id == StoredFile.id)
        .join(PlanGoal, PlanGoal.id == PlanEvidence.goal_id)
        .where(PlanEvidence.id == evidence_id, PlanGoal.enrolment_id == enrolment_id)
    )
    if file is None:
        raise NotFoundError
    return file
