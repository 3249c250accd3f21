"""Submitting: from then on an attempt stands as it is."""

from __future__ import annotations

from sqlalchemy import func, select

from certificates.evidence.attaching import files_of
from certificates.evidence.drafting import FILES, TEXT, Desk, Saved, open_desk, save_at
from certificates.evidence.events import EvidenceSubmitted
from certificates.evidence.models import Submission, SubmissionFile
from certificates.evidence.moving import change_state
from certificates.evidence.states import SubmissionState
from certificates.evidence.uploading import Handed, digest_of
from institute import events
from institute.actors import Actor
from institute.clock import now
from institute.db import transaction
from institute.i18n import gettext


def submit(requirement_key: str, handed: Handed, *, actor: Actor) -> Saved:
    """Save what the form brought, and submit it if nothing is wrong: text and files are frozen from then on.

    The digests of what is frozen go into the audit chain. What is returned says what keeps it from being submitted;
    that is saved then and stays a draft. Raises as ``save_draft``.
    """
    with transaction() as session:
        desk = open_desk(requirement_key, session=session, actor=actor)
        saved = save_at(desk, handed)
        session.flush()
        if not saved.whole:
            return saved
        draft = session.scalar(
            select(Submission).where(
                Submission.requirement_id == desk.requirement.id,
                Submission.enrolment_id == desk.enrolment.id,
                Submission.state == SubmissionState.DRAFT,
            )
        )
        problems = _missing(desk, draft)
        if draft is None or problems:
            return Saved(problems)
        if desk.requirement.wants_text and draft.text != handed.text:
            return Saved(other_text=draft.text)  # nobody submits what their window does not show
        handed_in = [file.sha256 for _, file in files_of(draft, session)]
        digests = {"text": digest_of(draft.text), "files": handed_in}
        draft.submitted_at = now()
        change_state(draft, SubmissionState.SUBMITTED, actor=actor, details=digests)
        session.flush()
        events.publish(
            EvidenceSubmitted(
                institute_id=draft.institute_id,
                cohort_id=desk.enrolment.cohort_id,
                enrolment_id=draft.enrolment_id,
                person_id=draft.person_id,
                submission_id=draft.id,
                requirement_id=draft.requirement_id,
            )
        )
        return saved


def _missing(desk: Desk, draft: Submission | None) -> tuple[tuple[str, str], ...]:
    """Return what keeps a draft from being submitted."""
    count = 0
    if draft is not None:
        count = desk.session.scalars(
            select(func.count()).where(SubmissionFile.submission_id == draft.id)
        ).one()
    if count > desk.requirement.most_files:
        return ((FILES, gettext("There are more files than this requirement takes. Remove some first.")),)
    if count or (draft is not None and draft.text.strip()):
        return ()
    if not desk.requirement.wants_text:
        return ((FILES, gettext("Nothing is here yet. Add a file, then submit.")),)
    if desk.requirement.most_files:
        return ((TEXT, gettext("Nothing is here yet. Write your text or add a file, then submit.")),)
    return ((TEXT, gettext("Nothing is here yet. Write your text, then submit.")),)
