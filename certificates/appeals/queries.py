"""Whether and until when scores can be appealed, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from certificates.appeals.models import Appeal, AppealDecision, AppealOutcome
from certificates.evidence.models import Requirement, Submission, SubmissionId
from certificates.evidence.states import SubmissionState
from certificates.scoring.outcomes.results import ScoreRelease
from certificates.scoring.sheets.judged import rubric_of
from courses.cohorts.assigning import local_day
from courses.cohorts.models import Cohort, Enrolment
from institute.actors import Actor
from institute.clock import now
from institute.db import db
from institute.errors import NotFoundError
from institute.i18n import Localised


@dataclass(frozen=True, slots=True)
class Window:
    """The days in which scores can be appealed. ``until`` is the last one, in the cohort's zone."""

    until: date
    today: date
    stands: bool
    filed: bool

    @property
    def open(self) -> bool:
        """Whether an appeal can be made now."""
        return self.stands and not self.filed and self.today <= self.until


@dataclass(frozen=True, slots=True)
class AppealLine:
    """An appeal as its participant sees it; ``outcome`` is None while it is being read."""

    submission_id: SubmissionId
    requirement_key: str
    requirement_title: Localised
    window: Window
    reason: str
    filed_at: datetime | None
    outcome: AppealOutcome | None
    decided_at: datetime | None


def appeal_window(session: Session, submission: Submission) -> Window | None:
    """Return when the scores of a submission can be appealed; None where none were released."""
    released_at = session.scalar(
        select(ScoreRelease.released_at).where(
            ScoreRelease.submission_id == submission.id, ScoreRelease.round == 0
        )
    )
    if released_at is None:
        return None
    zone = session.scalars(
        select(Cohort.timezone)
        .join(Enrolment, Enrolment.cohort_id == Cohort.id)
        .where(Enrolment.id == submission.enrolment_id)
    ).one()
    days = rubric_of(session, submission.id).rules.days_to_appeal
    filed = session.scalar(select(Appeal.id).where(Appeal.submission_id == submission.id))
    return Window(
        until=local_day(zone, released_at) + timedelta(days=days),
        today=local_day(zone, now()),
        stands=submission.state is SubmissionState.RELEASED,
        filed=filed is not None,
    )


def appeal_line(actor: Actor, submission_id: int) -> AppealLine | None:
    """Return what a page says of appealing against the actor's own scores; None where there is nothing to say."""
    row = db.session.execute(
        select(Submission, Appeal, AppealDecision)
        .outerjoin(Appeal, Appeal.submission_id == Submission.id)
        .outerjoin(AppealDecision, AppealDecision.appeal_id == Appeal.id)
        .where(
            Submission.id == submission_id,
            Submission.institute_id == actor.institute_id,
            Submission.person_id == actor.person_id,
        )
    ).one_or_none()
    if row is None:
        return None
    submission: Submission = row.Submission
    appeal: Appeal | None = row.Appeal
    decision: AppealDecision | None = row.AppealDecision
    window = appeal_window(db.session(), submission)
    if window is None or not (window.open or appeal):
        return None
    key, title = _requirement(submission)
    return AppealLine(
        submission_id=submission.id,
        requirement_key=key,
        requirement_title=title,
        window=window,
        reason=appeal.reason if appeal else "",
        filed_at=appeal.filed_at if appeal else None,
        outcome=decision.outcome if decision else None,
        decided_at=decision.decided_at if decision else None,
    )


def own_appeal(submission_id: int, *, actor: Actor) -> AppealLine:
    """Return the same for a page of its own. Raises NotFoundError where there is nothing to say."""
    line = appeal_line(actor, submission_id)
    if line is None:
        raise NotFoundError
    return line


def _requirement(submission: Submission) -> tuple[str, Localised]:
    from_ = select(Requirement.key, Requirement.title).where(Requirement.id == submission.requirement_id)
    row = db.session.execute(from_).one()
    return row.key, row.title
