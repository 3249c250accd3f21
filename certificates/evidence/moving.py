"""Taking a submission from one state to the next, the lawful way."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from certificates.evidence.errors import SubmissionStateError
from certificates.evidence.models import Submission, SubmissionId
from certificates.evidence.states import SubmissionState, is_lawful
from certificates.evidence.wording import say_state
from institute import audit
from institute.actors import Actor
from institute.db import transaction
from institute.errors import NotFoundError


def move(submission_id: SubmissionId, to: SubmissionState, *, actor: Actor) -> None:
    """Take a submission of the actor's institute on to another state; the owner alone submits a draft.

    Raises NotFoundError if there is none or it is still a draft, SubmissionStateError if no lawful way leads there.
    """
    with transaction() as session:
        submission = session.get(Submission, submission_id, with_for_update=True)
        if submission is None or submission.institute_id != actor.institute_id:
            raise NotFoundError
        if submission.state is SubmissionState.DRAFT:
            raise NotFoundError
        change_state(submission, to, actor=actor)


def change_state(
    submission: Submission, to: SubmissionState, *, actor: Actor, details: Mapping[str, Any] | None = None
) -> None:
    """Change the state of a submission that the caller's transaction has locked; ``details`` go to the audit.

    Raises SubmissionStateError.
    """
    if not is_lawful(submission.state, to):
        raise SubmissionStateError(state=say_state(submission.state), wished=say_state(to))
    before, submission.state = submission.state, to
    audit.record(
        f"submission.{to}",
        actor=actor,
        subject=("submission", submission.id),
        details={"from": before, **(details or {})},
    )
