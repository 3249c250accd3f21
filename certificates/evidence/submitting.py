"""Submitting: from then on an attempt stands as it is."""

from __future__ import annotations

from sqlalchemy.orm import Session

from certificates.evidence.attaching import files_of, withheld
from certificates.evidence.desks import Desk, open_desk
from certificates.evidence.drafting import FILES, ITEM, LINK, TEXT, Saved, save_at
from certificates.evidence.events import EvidenceSubmitted
from certificates.evidence.hands import OWN, Hands
from certificates.evidence.items import freeze_items, items_of
from certificates.evidence.models import ItemKind, RequirementKind, Submission
from certificates.evidence.moving import change_state
from certificates.evidence.renewing import why_not
from certificates.evidence.states import SubmissionState
from certificates.evidence.uploading import Handed, digest_of
from courses.media import picturing
from institute import events
from institute.actors import Actor
from institute.clock import now
from institute.db import transaction
from institute.errors import NotFoundError
from institute.files import cleaning
from institute.i18n import current_locale, gettext

PDF = "application/pdf"


def submit(requirement_key: str, handed: Handed, *, actor: Actor, hands: Hands = OWN) -> Saved:
    """Save what the form brought, and submit it if nothing is wrong: all of it is frozen from then on.

    The digests of what is frozen go into the audit chain. What is returned says what keeps it from being submitted;
    that is saved then and stays a draft. A presentation is submitted by being held: its form raises NotFoundError
    here. Raises as ``save_draft``.
    """
    with transaction() as session:
        desk = open_desk(requirement_key, session=session, actor=actor, hands=hands)
        if desk.requirement.kind is RequirementKind.PRESENTATION or not desk.requirement.asks:
            raise NotFoundError
        saved = save_at(desk, handed)
        session.flush()
        if not saved.whole:
            return saved
        draft = desk.draft()
        problems = _missing(desk, draft)
        if draft is None or problems:
            return Saved(problems)
        if desk.requirement.wants_text and draft.text != handed.text:
            return Saved(other_text=draft.text)  # nobody submits what their window does not show
        if handed.asked and handed.asked != desk.requirement.revision:
            return Saved(changed=True)  # nor what was asked for otherwise
        hand_in(draft, desk, session=session)
        return saved


def hand_in(draft: Submission, desk: Desk, *, session: Session) -> None:
    """Freeze a draft and tell the other rooms, in the transaction that opened the desk."""
    files = [file for _, file in files_of(draft, session)]
    digests = {"text": digest_of(draft.text), "files": [file.sha256 for file in files]}
    items = freeze_items(draft, session=session)
    if items:
        digests["items"] = [f"{one['kind']}:{one['ref'] or digest_of(one['url'])}" for one in items]
    draft.author_id = desk.actor.person_id or draft.person_id
    draft.language = current_locale()
    draft.submitted_at = now()
    change_state(draft, SubmissionState.SUBMITTED, actor=desk.actor, details=digests)
    session.flush()
    if desk.requirement.scored:
        for file in files:
            cleaning.wish(file.id)
            if file.media_type == PDF:
                picturing.wish(file.id, institute_id=draft.institute_id)
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


def _missing(desk: Desk, draft: Submission | None) -> tuple[tuple[str, str], ...]:
    """Return what keeps a draft from being submitted."""
    if draft is None:
        return _nothing_yet(desk)
    requirement, session = desk.requirement, desk.session
    files = [file for _, file in files_of(draft, session)]
    items = items_of([draft.id]).get(draft.id, [])
    links = sum(one.kind is ItemKind.LINK for one in items)
    problems = [
        (
            FILES,
            gettext(
                "“%(file)s” cannot be shown yet: somebody who is seen or heard in it has not agreed.",
                file=name,
            ),
        )
        for name in withheld(files)
    ]
    if len(files) > requirement.most_files:
        problems.append(
            (FILES, gettext("There are more files than this requirement takes. Remove some first."))
        )
    if links > requirement.most_links:
        problems.append(
            (LINK, gettext("There are more links than this requirement takes. Remove some first."))
        )
    if len(items) > links and not requirement.takes_items:
        problems.append((ITEM, gettext("Plans and sessions are not asked for any more. Remove them first.")))
    if draft.previous_id is not None:
        refusal = why_not(session.get_one(Submission, draft.previous_id), session)
        problems += [] if refusal is None else [(TEXT, refusal.text)]
    if problems:
        return tuple(problems)
    return () if files or items or draft.text.strip() else _nothing_yet(desk)


def _nothing_yet(desk: Desk) -> tuple[tuple[str, str], ...]:
    requirement = desk.requirement
    if requirement.wants_text and requirement.most_files:
        return ((TEXT, gettext("Nothing is here yet. Write your text or add a file, then submit.")),)
    if requirement.wants_text:
        return ((TEXT, gettext("Nothing is here yet. Write your text, then submit.")),)
    if requirement.most_files:
        return ((FILES, gettext("Nothing is here yet. Add a file, then submit.")),)
    if requirement.most_links:
        return ((LINK, gettext("Nothing is here yet. Add a link, then submit.")),)
    return ((ITEM, gettext("Nothing is here yet. Choose something of your plans or sessions, then submit.")),)
