"""Handing a plan to the coach, and what the coach says of it: versions and reviews, written once each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from courses.cohorts.members import coached_today
from courses.cohorts.models import EnrolmentId
from courses.plans.errors import (
    OutcomeMissingError,
    PlanEmptyError,
    PlanReviewedError,
    WordsMissingError,
    WordsTooLongError,
)
from courses.plans.goals import load_goals
from courses.plans.letters import tell_reviewed, tell_submitted
from courses.plans.models import (
    LONGEST_WORDS,
    PlanKind,
    PlanReview,
    PlanVersion,
    PlanVersionId,
    ReviewOutcome,
)
from courses.plans.snapshots import keep_goals
from courses.plans.writing import Written, open_plan
from institute import audit
from institute.actors import Actor
from institute.db import transaction
from institute.errors import DomainError, NotFoundError
from institute.web.forms import storable


@dataclass(frozen=True, slots=True)
class ReviewSheet:
    """What a coach typed about a version."""

    outcome: str = ""
    words: str = ""
    problems: Mapping[str, DomainError] = field(default_factory=dict)

    @classmethod
    def of(cls, form: Mapping[str, str]) -> ReviewSheet:
        """Read a form, with what has to be mended in it."""
        outcome, words = form.get("outcome", ""), storable(form.get("words", "")).strip()
        problems: dict[str, DomainError] = {}
        if outcome not in set(ReviewOutcome):
            problems["outcome"] = OutcomeMissingError()
        if not words:
            problems["words"] = WordsMissingError()
        elif len(words) > LONGEST_WORDS:
            problems["words"] = WordsTooLongError(length=len(words), most=LONGEST_WORDS)
        return cls(outcome, words, problems)


def submit_plan(kind: PlanKind, words: str, *, actor: Actor) -> Written:
    """Hand the plan to the coach as a new version; an unchanged one that waits already stays the newest.

    Raises NotFoundError without an enrolment, PlanClosedError if it is not active, PlanEmptyError.
    """
    with transaction() as session:
        enrolment = open_plan(session, actor=actor)
        said = storable(words).strip()
        if len(said) > LONGEST_WORDS:
            return Written({"words": WordsTooLongError(length=len(said), most=LONGEST_WORDS)})
        document = keep_goals(load_goals(enrolment, kind))
        if not document:
            raise PlanEmptyError
        newest = _newest(enrolment.id, kind, session)
        waits = newest is not None and review_of(newest.id, session) is None
        if newest is not None and waits and (newest.document, newest.words) == (document, said):
            return Written()
        version = PlanVersion(
            institute_id=enrolment.institute_id,
            enrolment_id=enrolment.id,
            kind=kind,
            number=newest.number + 1 if newest else 1,
            document=document,
            words=said,
        )
        session.add(version)
        session.flush()
        audit.record("plan.submitted", actor=actor, subject=("plan_version", version.id))
        tell_submitted(version)
        return Written()


def review_plan(
    enrolment_id: EnrolmentId, version_id: PlanVersionId, sheet: ReviewSheet, *, actor: Actor
) -> None:
    """Say what the coach of today thinks of the newest version. The sheet holds no problem.

    Raises NotFoundError, PlanReviewedError where it was reviewed or a newer one was handed in meanwhile.
    """
    with transaction() as session:
        coached_today(enrolment_id, actor=actor)
        version = session.scalar(
            select(PlanVersion)
            .where(PlanVersion.id == version_id, PlanVersion.enrolment_id == enrolment_id)
            .with_for_update()
        )
        if version is None or actor.person_id is None:
            raise NotFoundError
        newest = _newest(enrolment_id, version.kind, session)
        if newest is None or newest.id != version.id or review_of(version.id, session) is not None:
            raise PlanReviewedError
        review = PlanReview(
            institute_id=version.institute_id,
            version_id=version.id,
            reviewer_id=actor.person_id,
            outcome=ReviewOutcome(sheet.outcome),
            words=sheet.words,
        )
        session.add(review)
        session.flush()
        audit.record(
            "plan.reviewed",
            actor=actor,
            subject=("plan_version", version.id),
            details={"outcome": review.outcome.value},
        )
        tell_reviewed(version)


def review_of(version_id: PlanVersionId, session: Session) -> PlanReview | None:
    """Return what was said of a version, or None."""
    return session.scalar(select(PlanReview).where(PlanReview.version_id == version_id))


def _newest(enrolment_id: EnrolmentId, kind: PlanKind, session: Session) -> PlanVersion | None:
    query = select(PlanVersion).where(PlanVersion.enrolment_id == enrolment_id, PlanVersion.kind == kind)
    return session.scalar(query.order_by(PlanVersion.number.desc()).limit(1))
