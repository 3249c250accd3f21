"""Writing a draft: its text, its files, its links and items, and a new version of what came back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sqlalchemy.orm import Session

from certificates.evidence.attaching import add_files, copy_files, files_of
from certificates.evidence.desks import Desk, open_desk
from certificates.evidence.errors import NotSentBackError, RequirementRetiredError
from certificates.evidence.events import AttemptBegun
from certificates.evidence.hands import OWN, Hands
from certificates.evidence.items import add_item, add_link, copy_items
from certificates.evidence.models import LONGEST_TEXT, ItemId, Submission, SubmissionId, SubmissionItem
from certificates.evidence.moving import change_state
from certificates.evidence.renewing import refusal_of
from certificates.evidence.states import ENDED, SENT_BACK, SubmissionState
from certificates.evidence.uploading import Handed, digest_of
from institute import events
from institute.actors import Actor
from institute.clock import now
from institute.db import transaction
from institute.errors import NotFoundError
from institute.files.models import StoredFileId
from institute.files.storing import forget
from institute.i18n import gettext

TEXT: Final = "text"
FILES: Final = "files"
LINK: Final = "link_url"
ITEM: Final = "item"


@dataclass(frozen=True, slots=True)
class Saved:
    """How saving went. ``problems`` are (field, sentence); what they are not about was saved.

    ``other_text`` is the text that another window saved meanwhile, where this form would have written over it.
    ``changed``: what is asked for was changed since the page was made.
    """

    problems: tuple[tuple[str, str], ...] = ()
    other_text: str | None = None
    changed: bool = False

    @property
    def whole(self) -> bool:
        """Whether everything that the form brought was saved."""
        return not self.problems and self.other_text is None and not self.changed


def save_draft(requirement_key: str, handed: Handed, *, actor: Actor, hands: Hands = OWN) -> Saved:
    """Save what a form brought for a requirement; the first saving begins the draft.

    Raises NotFoundError if the institute has no such requirement or the enrolment is not the actor's to write for,
    EvidenceClosedError if that is not active, SubmissionFrozenError if the attempt was submitted,
    RequirementRetiredError if it is asked for no longer and nothing was begun.
    """
    with transaction() as session:
        return save_at(open_desk(requirement_key, session=session, actor=actor, hands=hands), handed)


def remove_file(
    requirement_key: str, file_id: StoredFileId, handed: Handed, *, actor: Actor, hands: Hands = OWN
) -> Saved:
    """Take a file out of the draft, and save what else the form brought. Raises as ``save_draft``."""
    with transaction() as session:
        desk = open_desk(requirement_key, session=session, actor=actor, hands=hands)
        draft = desk.latest
        there = [] if draft is None else files_of(draft, session)
        row = next((place for place, file in there if file.id == file_id), None)
        if draft is None or row is None:
            raise NotFoundError
        desk.refuse_frozen()
        session.delete(row)
        session.flush()
        forget(file_id, institute_id=draft.institute_id)
        draft.saved_at = now()
        return save_at(desk, handed)


def remove_item(
    requirement_key: str, item_id: ItemId, handed: Handed, *, actor: Actor, hands: Hands = OWN
) -> Saved:
    """Take a link, a plan or a session out of the draft, and save what else came. Raises as ``save_draft``."""
    with transaction() as session:
        desk = open_desk(requirement_key, session=session, actor=actor, hands=hands)
        draft, row = desk.latest, session.get(SubmissionItem, item_id)
        if draft is None or row is None or row.submission_id != draft.id:
            raise NotFoundError
        desk.refuse_frozen()
        session.delete(row)
        session.flush()
        draft.saved_at = now()
        return save_at(desk, handed)


def begin_again(requirement_key: str, *, actor: Actor, hands: Hands = OWN) -> SubmissionId:
    """Begin a new version of what came back, with its text, files and items; return its id.

    What was released or upheld on appeal until now is ended by it. Changes nothing if it is begun already. Raises
    NotSentBackError if nothing came back, AttemptsUsedError, what ``renewing`` and those who hear AttemptBegun refuse,
    else as ``save_draft``.
    """
    with transaction() as session:
        desk = open_desk(requirement_key, session=session, actor=actor, hands=hands)
        if desk.latest is None:
            raise NotSentBackError
        if desk.latest.state is SubmissionState.DRAFT:
            return desk.latest.id
        return renew(desk, desk.latest, session=session).id


def renew(desk: Desk, latest: Submission, *, session: Session) -> Submission:
    """Begin the attempt after ``latest``, in the transaction that opened the desk. Raises as ``begin_again``."""
    if latest.state not in SENT_BACK:
        raise NotSentBackError
    refusal = refusal_of(desk.requirement, latest, session)
    if refusal is not None:
        raise refusal
    if latest.state not in ENDED:
        change_state(latest, SubmissionState.REVISE, actor=desk.actor)
        session.flush()
    draft = desk.begin(text=latest.text)
    copy_files(latest, draft, session=session)
    copy_items(latest, draft, session=session)
    events.publish(
        AttemptBegun(
            institute_id=draft.institute_id,
            enrolment_id=draft.enrolment_id,
            person_id=draft.person_id,
            previous_id=latest.id,
            submission_id=draft.id,
        )
    )
    return draft


def save_at(desk: Desk, handed: Handed) -> Saved:
    """Save what a form brought, in the transaction that opened the desk. Raises as ``save_draft``."""
    desk.refuse_frozen()
    requirement, session = desk.requirement, desk.session
    problems = [(FILES, error.text) for error in handed.refused]
    wanted = handed.text if requirement.wants_text else ""
    draft, other_text = desk.latest, None
    if draft is None and requirement.asks and (wanted or handed.brings):
        if requirement.retired_at is not None:
            raise RequirementRetiredError
        draft = desk.begin()
    if draft is None:
        return Saved(tuple(problems))
    if requirement.wants_text:
        other_text, too_long = _save_text(draft, wanted, handed.base)
        problems += too_long
    if any(handed.link):
        problems += _said(LINK, add_link(draft, requirement, *handed.link, session=session))
    if handed.item and requirement.takes_items:
        problems += _said(ITEM, add_item(draft, handed.item, session=session))
    refused = add_files(draft, requirement, handed, actor=desk.actor, session=session)
    problems += [(FILES, text) for text in refused]
    return Saved(tuple(problems), other_text)


def _save_text(draft: Submission, wanted: str, base: str) -> tuple[str | None, list[tuple[str, str]]]:
    """Save a text; return the other window's text where it would be lost, and what is wrong with this one."""
    if len(wanted) > LONGEST_TEXT:
        return None, [(TEXT, _too_long(len(wanted)))]
    if is_stale(wanted, base, draft.text):
        return draft.text, []
    if wanted != draft.text and digest_of(wanted) != base:
        draft.text, draft.saved_at = wanted, now()
    return None, []


def is_stale(typed: str, base: str, stored: str) -> bool:
    """Tell whether saving ``typed`` would lose what another window saved since this one was made with ``base``.

    A text that its window did not change loses nothing, nor does one that says the same as what is stored.
    """
    return typed != stored and digest_of(typed) != base and digest_of(stored) != base


def _said(field: str, problem: str | None) -> list[tuple[str, str]]:
    return [] if problem is None else [(field, problem)]


def _too_long(length: int) -> str:
    return gettext(
        "The text has %(length)s characters; %(most)s are possible. Shorten it, or attach it as a document.",
        length=length,
        most=LONGEST_TEXT,
    )
