"""Trying again: only what was below is scored anew, within a window and as often as the rubric says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from certificates.evidence.errors import AttemptsUsedError
from certificates.evidence.events import AttemptBegun
from certificates.evidence.models import Requirement, Submission, SubmissionId
from certificates.rubrics.models import CriterionId
from certificates.scoring.errors import RetakeOverError
from certificates.scoring.models import ConditionCode
from certificates.scoring.outcomes.results import CarriedScore, RetakeLeave, ScoreRelease
from certificates.scoring.sheets.deciding import RubricFacts, Settling
from certificates.scoring.sheets.judged import facts_of, levels_of, rubric_of
from courses.cohorts.assigning import local_day
from courses.cohorts.models import Cohort, Enrolment
from institute.clock import now
from institute.db import transaction
from institute.errors import DomainError


@dataclass(frozen=True, slots=True)
class Retake:
    """Whether a new version of a submission may be sent, until when, and how many attempts are left with it.

    ``until`` is the last day in the cohort's zone; ``leave`` tells that a coordinator gave more than the policy does.
    """

    until: date
    most: int
    left: int
    today: date
    leave: bool = False

    @property
    def used_up(self) -> bool:
        """Whether all attempts were made."""
        return self.left <= 0 and not self.leave

    @property
    def over(self) -> bool:
        """Whether the window is over."""
        return self.today > self.until

    @property
    def open(self) -> bool:
        """Whether a new version may be sent."""
        return not self.used_up and not self.over

    @property
    def refusal(self) -> DomainError | None:
        """The refusal where it may not."""
        if self.used_up:
            return AttemptsUsedError(most=self.most)
        return RetakeOverError() if self.over else None


def below(levels: Mapping[CriterionId, Settling], facts: RubricFacts) -> frozenset[CriterionId]:
    """Return the criteria to be done again: below the cut or their own minimum, or without a level.

    All of them where none is below by itself, which happens where only readers apart kept it from passing.
    """
    found = frozenset(
        one
        for one, level in levels.items()
        if isinstance(level, ConditionCode) or level < facts.cut or level < facts.minimums.get(one, 1)
    )
    return found or frozenset(levels)


def carry_over(event: AttemptBegun) -> None:
    """Note what a new attempt is not scored for: criteria that reached what they must in the attempt before.

    Where the attempt before went back without a score, what that one did not need is not needed now either.
    """
    with transaction() as session:
        release = latest_release(session, event.previous_id)
        if release is None:
            kept = session.scalars(
                select(CarriedScore).where(CarriedScore.submission_id == event.previous_id)
            ).all()
            found = {one.criterion_id: one.release_id for one in kept}
        else:
            levels = levels_of(session, release.id)
            again = below(levels, facts_of(session, event.previous_id))
            found = {one: release.id for one in levels if one not in again}
        session.add_all(
            CarriedScore(
                submission_id=event.submission_id,
                criterion_id=criterion_id,
                institute_id=event.institute_id,
                release_id=release_id,
            )
            for criterion_id, release_id in found.items()
        )
        session.flush()


def refusal_of(previous: Submission, session: Session) -> DomainError | None:
    """Return why no new version of what came back can be begun or handed in any more; None if one can."""
    retake = retake_of(session, previous.id)
    return retake.refusal if retake else None


def retake_of(session: Session, submission_id: SubmissionId) -> Retake | None:
    """Return whether and until when a new version may be sent of what came back; None where nothing limits it.

    What went back without a score is limited by the release before it, if there was one.
    """
    submission = session.get_one(Submission, submission_id)
    row = session.execute(
        select(ScoreRelease)
        .join(Submission, Submission.id == ScoreRelease.submission_id)
        .where(
            Submission.requirement_id == submission.requirement_id,
            Submission.enrolment_id == submission.enrolment_id,
            Submission.attempt <= submission.attempt,
        )
        .order_by(Submission.attempt.desc(), ScoreRelease.round.desc())
        .limit(1)
    ).scalar_one_or_none()
    if row is None:
        return None
    rules = rubric_of(session, row.submission_id).rules
    zone = session.scalars(
        select(Cohort.timezone)
        .join(Enrolment, Enrolment.cohort_id == Cohort.id)
        .where(Enrolment.id == submission.enrolment_id)
    ).one()
    until = local_day(zone, row.released_at) + timedelta(days=rules.days_to_revise)
    leave = session.scalar(
        select(func.max(RetakeLeave.until)).where(RetakeLeave.submission_id == row.submission_id)
    )
    scored = session.scalars(
        select(func.count(ScoreRelease.id))
        .join(Submission, Submission.id == ScoreRelease.submission_id)
        .where(
            Submission.requirement_id == submission.requirement_id,
            Submission.enrolment_id == submission.enrolment_id,
            ScoreRelease.round == 0,
        )
    ).one()
    most = session.get_one(Requirement, submission.requirement_id).most_attempts or rules.attempts
    return Retake(
        until=max(until, leave) if leave else until,
        most=most,
        left=max(0, most - scored),
        today=local_day(zone, now()),
        leave=leave is not None,
    )


def latest_release(session: Session, submission_id: SubmissionId) -> ScoreRelease | None:
    """Return the release of a submission's last round, None where nothing was released."""
    return session.scalar(
        select(ScoreRelease)
        .where(ScoreRelease.submission_id == submission_id)
        .order_by(ScoreRelease.round.desc())
        .limit(1)
    )
