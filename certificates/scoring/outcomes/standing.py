"""A line on the participant's list of evidence: until when a new version can be sent, or that an appeal is read."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from certificates.evidence.models import Submission, SubmissionId
from certificates.evidence.states import SENT_BACK, SubmissionState
from certificates.scoring.outcomes.results import ScoreRelease
from certificates.scoring.outcomes.retaking import Retake, retake_of
from institute.actors import Actor
from institute.db import db
from institute.web.asking import once_a_page


@dataclass(frozen=True, slots=True)
class EvidenceLine:
    """What stands beside a requirement; ``retake`` is None while an appeal is read."""

    state: SubmissionState
    retake: Retake | None


def line_of(actor: Actor, submission_id: int) -> EvidenceLine | None:
    """Return what to say of a submission of the actor's; None where nothing waits for them or for an appeal."""
    state = _waiting(actor).get(SubmissionId(submission_id))
    if state is None:
        return None
    if state is SubmissionState.APPEALED:
        return EvidenceLine(state, None)
    retake = retake_of(db.session(), SubmissionId(submission_id))
    return EvidenceLine(state, retake) if retake else None


@once_a_page
def _waiting(actor: Actor) -> dict[SubmissionId, SubmissionState]:
    """Return the actor's scored submissions that came back or are appealed, in one query for all lines."""
    rows = db.session.execute(
        select(Submission.id, Submission.state)
        .join(ScoreRelease, ScoreRelease.submission_id == Submission.id)
        .where(
            Submission.institute_id == actor.institute_id,
            Submission.person_id == actor.person_id,
            Submission.state.in_((*SENT_BACK, SubmissionState.APPEALED)),
        )
    )
    return {submission_id: state for submission_id, state in rows}  # noqa: C416  (a Row is no tuple to mypy)
