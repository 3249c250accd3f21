"""Writing a draft: its text, its files, and a new version of what came back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from certificates.evidence.attaching import add_files, copy_files, files_of
from certificates.evidence.errors import (
    EvidenceClosedError,
    NotSentBackError,
    RequirementRetiredError,
    SubmissionFrozenError,
)
from certificates.evidence.models import (
    LONGEST_TEXT,
    Requirement,
    Submission,
    SubmissionId,
)
from certificates.evidence.states import ENDED, SubmissionState
from certificates.evidence.uploading import Handed, digest_of
from courses.catalogue.naming import is_slug
from courses.cohorts.models import Enrolment, EnrolmentState
from courses.cohorts.pages import own_enrolment
from courses.cohorts.wording import say_state
from institute import audit
from institute.actors import Actor
from institute.clock import now
from institute.db import transaction
from institute.errors import NotFoundError
from institute.files.models import StoredFileId
from institute.files.storing import forget
from institute.i18n import gettext

TEXT: Final = "text"
FILES: Final = "files"


@dataclass(frozen=True, slots=True)
class Saved:
    """How saving went. ``problems`` are (field, sentence); what they are not about was saved.

    ``other_text`` is the text that another window saved meanwhile, where this form would have written over it.
    """

    problems: tuple[tuple[str, str], ...] = ()
    other_text: str | None = None

    @property
    def whole(self) -> bool:
        """Whether everything that the form brought was saved."""
        return not self.problems and self.other_text is None


@dataclass(frozen=True, slots=True)
class Desk:
    """A requirement and an enrolment, locked, with the latest attempt."""

    requirement: Requirement
    enrolment: Enrolment
    latest: Submission | None
    session: Session
    actor: Actor


def save_draft(requirement_key: str, handed: Handed, *, actor: Actor) -> Saved:
    """Save what a participant's form brought for a requirement; the first saving begins the draft.

    Raises NotFoundError if the institute has no such requirement or the actor no enrolment, EvidenceClosedError if
    that is not active, SubmissionFrozenError if the attempt was submitted, RequirementRetiredError if it is asked for
    no longer and nothing was begun.
    """
    with transaction() as session:
        return save_at(open_desk(requirement_key, session=session, actor=actor), handed)


def remove_file(requirement_key: str, file_id: StoredFileId, handed: Handed, *, actor: Actor) -> Saved:
    """Take a file out of the draft, and save what else the form brought. Raises as ``save_draft``."""
    with transaction() as session:
        desk = open_desk(requirement_key, session=session, actor=actor)
        draft = desk.latest
        there = [] if draft is None else files_of(draft, session)
        row = next((place for place, file in there if file.id == file_id), None)
        if draft is None or row is None:
            raise NotFoundError
        refuse_frozen(desk)
        session.delete(row)
        session.flush()
        forget(file_id, institute_id=draft.institute_id)
        draft.saved_at = now()
        return save_at(desk, handed)


def begin_again(requirement_key: str, *, actor: Actor) -> SubmissionId:
    """Begin a new version of what came back, with its text and files; return its id.

    Changes nothing if it is begun already. Raises NotSentBackError if nothing came back, else as ``save_draft``.
    """
    with transaction() as session:
        desk = open_desk(requirement_key, session=session, actor=actor)
        if desk.latest is None:
            raise NotSentBackError
        if desk.latest.state is SubmissionState.DRAFT:
            return desk.latest.id
        if desk.latest.state not in ENDED:
            raise NotSentBackError
        draft = _begin(desk, text=desk.latest.text)
        copy_files(desk.latest, draft, session=session)
        return draft.id


def open_desk(requirement_key: str, *, session: Session, actor: Actor) -> Desk:
    """Lock the actor's enrolment and return what stands for a requirement.

    Raises NotFoundError, EvidenceClosedError as ``save_draft``.
    """
    enrolment = session.get_one(Enrolment, own_enrolment(actor).id, with_for_update=True)
    requirement = (
        session.scalar(
            select(Requirement).where(
                Requirement.institute_id == actor.institute_id, Requirement.key == requirement_key
            )
        )
        if is_slug(requirement_key)
        else None
    )
    if requirement is None:
        raise NotFoundError
    latest = session.scalar(
        select(Submission)
        .where(Submission.requirement_id == requirement.id, Submission.enrolment_id == enrolment.id)
        .order_by(Submission.attempt.desc())
        .limit(1)
        .with_for_update()
    )
    if enrolment.state is not EnrolmentState.ACTIVE:
        raise EvidenceClosedError(state=say_state(enrolment.state))
    return Desk(requirement, enrolment, latest, session, actor)


def refuse_frozen(desk: Desk) -> None:
    """Refuse to change what was submitted. Raises SubmissionFrozenError."""
    if desk.latest is not None and desk.latest.state is not SubmissionState.DRAFT:
        raise SubmissionFrozenError


def save_at(desk: Desk, handed: Handed) -> Saved:
    """Save what a form brought, in the transaction that opened the desk. Raises as ``save_draft``."""
    refuse_frozen(desk)
    problems = [(FILES, error.text) for error in handed.refused]
    wanted = handed.text if desk.requirement.wants_text else ""
    draft, other_text = desk.latest, None
    if draft is None and (wanted or handed.kept):
        if desk.requirement.retired_at is not None:
            raise RequirementRetiredError
        draft = _begin(desk)
    if draft is not None and desk.requirement.wants_text:
        if len(wanted) > LONGEST_TEXT:
            problems.append((TEXT, _too_long(len(wanted))))
        elif is_stale(wanted, handed.base, draft.text):
            other_text = draft.text
        elif wanted != draft.text and digest_of(wanted) != handed.base:
            draft.text, draft.saved_at = wanted, now()
    if draft is not None:
        refused = add_files(draft, handed.kept, most=desk.requirement.most_files, session=desk.session)
        problems += [(FILES, text) for text in refused]
    return Saved(tuple(problems), other_text)


def is_stale(typed: str, base: str, stored: str) -> bool:
    """Tell whether saving ``typed`` would lose what another window saved since this one was made with ``base``.

    A text that its window did not change loses nothing, nor does one that says the same as what is stored.
    """
    return typed != stored and digest_of(typed) != base and digest_of(stored) != base


def _begin(desk: Desk, text: str = "") -> Submission:
    draft = Submission(
        institute_id=desk.enrolment.institute_id,
        requirement_id=desk.requirement.id,
        enrolment_id=desk.enrolment.id,
        person_id=desk.enrolment.person_id,
        attempt=1 if desk.latest is None else desk.latest.attempt + 1,
        state=SubmissionState.DRAFT,
        text=text,
    )
    desk.session.add(draft)
    desk.session.flush()
    audit.record("submission.begun", actor=desk.actor, subject=("submission", draft.id))
    return draft


def _too_long(length: int) -> str:
    return gettext(
        "The text has %(length)s characters; %(most)s are possible. Shorten it, or attach it as a document.",
        length=length,
        most=LONGEST_TEXT,
    )
