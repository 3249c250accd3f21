"""The end of an appeal, and of the time in which one can be made."""

from __future__ import annotations

from datetime import date
from typing import Final

from sqlalchemy import select

from certificates.appeals.models import Appeal, AppealDecision, AppealOutcome
from certificates.appeals.queries import appeal_window
from certificates.evidence.models import Submission, SubmissionId
from certificates.evidence.moving import change_state
from certificates.evidence.states import SubmissionState
from certificates.scoring.events import AppealJudged
from institute import audit
from institute.actors import Actor
from institute.clock import now
from institute.db import db, transaction
from institute.messages import mail

DECIDED_MAIL: Final = "appeal.decided"


def note_decision(event: AppealJudged) -> None:
    """Note what an appeal came to, and tell its participant, in the transaction that releases it."""
    outcome = AppealOutcome.CHANGED if event.changed else AppealOutcome.UPHELD
    with transaction() as session:
        appeal = session.scalar(select(Appeal).where(Appeal.submission_id == event.submission_id))
        if appeal is None:
            return
        session.add(
            AppealDecision(
                appeal_id=appeal.id, institute_id=appeal.institute_id, outcome=outcome, decided_at=now()
            )
        )
        session.flush()
        audit.record(
            "appeal.decided",
            actor=Actor(institute_id=appeal.institute_id, person_id=None),
            subject=("appeal", appeal.id),
            details={"outcome": outcome},
        )
        person_id = session.get_one(Submission, event.submission_id).person_id
        about = {"submission_id": event.submission_id}
        mail.tell(person_id, DECIDED_MAIL, about, institute_id=event.institute_id)


def end_windows(_day: date) -> None:
    """Have a new version wanted of what was released without passing, once it can be appealed no longer."""
    standing = db.session.scalars(
        select(Submission.id).where(Submission.state == SubmissionState.RELEASED).order_by(Submission.id)
    ).all()
    for submission_id in standing:
        _end(submission_id)


def _end(submission_id: SubmissionId) -> None:
    with transaction() as session:
        submission = session.get_one(Submission, submission_id, with_for_update=True)
        window = appeal_window(session, submission)
        if window is not None and window.stands and window.today > window.until:
            actor = Actor(institute_id=submission.institute_id, person_id=None)
            change_state(submission, SubmissionState.REVISE, actor=actor)
