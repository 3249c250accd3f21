"""Filing an appeal: once for each version that did not pass, within the days that its rubric gives, with a reason."""

from __future__ import annotations

from typing import Final

from sqlalchemy import select

from certificates.appeals.errors import (
    AppealClosedError,
    AppealedAlreadyError,
    AppealReasonError,
    AppealTooLongError,
)
from certificates.appeals.models import LONGEST_REASON, Appeal
from certificates.appeals.queries import appeal_window
from certificates.evidence.models import Submission, SubmissionId
from certificates.evidence.moving import change_state
from certificates.evidence.states import SubmissionState
from certificates.scoring.giving.making import open_round
from courses.cohorts.models import Enrolment, EnrolmentId
from institute import audit
from institute.actors import Actor
from institute.clock import now
from institute.db import transaction
from institute.errors import NotFoundError
from institute.messages import mail

FILED_MAIL: Final = "appeal.filed"
ROUND: Final = 1


def file_appeal(submission_id: SubmissionId, reason: str, *, actor: Actor) -> None:
    """Have the actor's own evidence scored once more, by two raters who never saw it.

    Raises NotFoundError if it is not theirs or nothing was released, AppealedAlreadyError, AppealClosedError,
    AppealReasonError without a reason, AppealTooLongError.
    """
    with transaction() as session:
        submission = session.scalar(
            select(Submission).where(
                Submission.id == submission_id,
                Submission.institute_id == actor.institute_id,
                Submission.person_id == actor.person_id,
            )
        )
        if submission is None or actor.person_id is None:
            raise NotFoundError
        # Whoever changes what stands for an enrolment holds it: a new version is begun before or after.
        session.get_one(Enrolment, EnrolmentId(submission.enrolment_id), with_for_update=True)
        session.refresh(submission, with_for_update=True)
        window = appeal_window(session, submission)
        if window is None:
            raise NotFoundError
        if window.filed:
            raise AppealedAlreadyError
        if not window.open:
            raise AppealClosedError
        words = reason.strip()
        if not words:
            raise AppealReasonError
        if len(words) > LONGEST_REASON:
            raise AppealTooLongError(most=LONGEST_REASON)
        appeal = Appeal(
            institute_id=submission.institute_id,
            submission_id=submission.id,
            filed_by=actor.person_id,
            reason=words,
            filed_at=now(),
        )
        session.add(appeal)
        session.flush()
        change_state(submission, SubmissionState.APPEALED, actor=actor, details={"appeal": appeal.id})
        session.flush()
        open_round(submission.id, ROUND, actor=actor)
        audit.record("appeal.filed", actor=actor, subject=("appeal", appeal.id))
        about = {"submission_id": submission.id}
        mail.tell(submission.person_id, FILED_MAIL, about, institute_id=submission.institute_id)
