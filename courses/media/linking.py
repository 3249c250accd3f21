"""Consent, from the other side: a link that is mailed to whoever decides, without an account, in their language.

The token is made when the letter is written and kept hashed only. It works as long as the consent stands: what was said
by it can be changed by it at any time. Looking uses nothing up.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from flask import Flask
from sqlalchemy import func, select

from courses.media import errors, letters, sharing
from courses.media.consenting import LETTER, note
from courses.media.models import (
    NAME_LENGTH,
    Clip,
    Consent,
    ConsentLink,
    ConsentState,
    ConsentWay,
    Medium,
    PersonShown,
    SaidBy,
    ShownKind,
)
from institute import audit
from institute.actors import Actor
from institute.clock import now
from institute.config import current_settings
from institute.db import db, transaction
from institute.errors import DomainError
from institute.files.models import StoredFile
from institute.i18n import Localised, gettext
from institute.messages import outside
from institute.messages.composing import Action, isolated
from institute.messages.mail import About
from institute.messages.outside import OutsideLetter
from institute.people.models import Institute, Person
from institute.people.naming import name_or_number


class Decision(StrEnum):
    """What whoever decides says."""

    YES = "yes"
    NO = "no"


@dataclass(frozen=True, slots=True)
class Asked:
    """What a link shows: who shows what of whom to whom, and what was said about it so far.

    ``recording`` is there where it shows nobody else, so that looking at it needs nobody else's consent.
    """

    institute_name: Localised
    participant_name: str
    contact_name: str
    label: str
    kind: ShownKind
    title: str
    about: str
    medium: Medium
    state: ConsentState
    way: ConsentWay
    answered_at: datetime | None
    training: bool
    locale: str
    removed: bool
    recording: StoredFile | None

    @property
    def agrees(self) -> bool:
        """Whether it may be shown now."""
        return self.state is ConsentState.GIVEN


@dataclass(frozen=True, slots=True)
class AnswerSheet:
    """What somebody answers. ``stands`` is what the page said when they read it."""

    decision: str
    name: str
    guardian: bool
    training: bool
    stands: str


def init_app(app: Flask) -> None:
    """Let the worker write the letters."""
    outside.add(app, LETTER, write_letter)


def write_letter(about: About) -> OutsideLetter | None:
    """Write the letter with a new link, or return None where nothing is asked any more. Earlier links keep working."""
    with transaction() as session:
        found = session.execute(
            select(Consent, PersonShown, Clip, Person)
            .join(PersonShown, PersonShown.id == Consent.person_shown_id)
            .join(Clip, Clip.id == PersonShown.clip_id)
            .join(Person, Person.id == Clip.person_id)
            .where(Consent.id == int(about["consent"]))
        ).one_or_none()
        if found is None:
            return None
        consent, shown, clip, person = found
        if consent.state not in {ConsentState.ASKED, ConsentState.GIVEN} or not consent.contact_email:
            return None
        token = secrets.token_urlsafe(32)
        session.add(
            ConsentLink(token_hash=_hash(token), institute_id=consent.institute_id, consent_id=consent.id)
        )
        asks = consent.state is ConsentState.ASKED
        return OutsideLetter(
            institute_id=consent.institute_id,
            address=consent.contact_email,
            subject=gettext("May this recording be shown?") if asks else gettext("You agreed to a recording"),
            paragraphs=(
                gettext("Hello %(name)s,", name=isolated(consent.contact_name)),
                _what(shown, clip, person, asks=asks),
                gettext("Please read what it is for, and say whether you agree. You need no account.")
                if asks
                else gettext(
                    "If that is not so, or if you change your mind, say so with this link. You need no account."
                ),
            ),
            action=Action(
                gettext("Read and answer") if asks else gettext("See what you agreed to"),
                f"{current_settings().public_url}/consent/{token}",
            ),
            notes=gettext("Keep this message: with the link you can change your answer at any time."),
        )


def _what(shown: PersonShown, clip: Clip, person: Person, *, asks: bool) -> str:
    """Say what it is about in one sentence."""
    facts = {
        "name": isolated(name_or_number(person.name, person.id)),
        "title": isolated(clip.title),
        "label": isolated(shown.label),
    }
    if not asks:
        return gettext(
            "%(name)s recorded that you signed: the recording “%(title)s” may be shown, with %(label)s in it.",
            **facts,
        )
    if shown.kind is ShownKind.CHILD:
        return gettext(
            "%(name)s would like to show the recording “%(title)s” to a coach and to those who assess the work. A "
            "child that you decide for is in it: %(label)s.",
            **facts,
        )
    return gettext(
        "%(name)s would like to show the recording “%(title)s” to a coach and to those who assess the work. You are "
        "in it: %(label)s.",
        **facts,
    )


def find_asked(token: str) -> Asked | None:
    """Return what a link shows, None for one that does not exist (any more)."""
    row = db.session.execute(
        select(Consent, PersonShown, Clip, Person, Institute.name)
        .join(ConsentLink, ConsentLink.consent_id == Consent.id)
        .join(PersonShown, PersonShown.id == Consent.person_shown_id)
        .join(Clip, Clip.id == PersonShown.clip_id)
        .join(Person, Person.id == Clip.person_id)
        .join(Institute, Institute.id == Consent.institute_id)
        .where(ConsentLink.token_hash == _hash(token))
    ).one_or_none()
    if row is None:
        return None
    consent, shown, clip, person, institute_name = row
    return Asked(
        institute_name=institute_name,
        participant_name=name_or_number(person.name, person.id),
        contact_name=consent.contact_name,
        label=shown.label,
        kind=shown.kind,
        title=clip.title,
        about=clip.about,
        medium=clip.medium,
        state=consent.state,
        way=consent.way,
        answered_at=consent.answered_at,
        training=consent.training,
        locale=consent.locale,
        removed=clip.removed_at is not None,
        recording=_recording(clip),
    )


def check_answer(asked: Asked, sheet: AnswerSheet) -> dict[str, DomainError]:
    """Return what an answer lacks, by field; withdrawing needs nothing at all."""
    if sheet.decision not in list(Decision):
        return {"decision": errors.DecisionError()}
    if sheet.decision == Decision.NO:
        return {}
    problems: dict[str, DomainError] = {}
    if asked.kind is ShownKind.CHILD and not sheet.guardian:
        problems["guardian"] = errors.GuardianError()
    if not 1 <= len(sheet.name) <= NAME_LENGTH:
        problems["name"] = errors.SignatureError()
    return problems


def answer(token: str, sheet: AnswerSheet) -> bool:
    """Take an answer; return False where the link is unknown, or what stands is not what the page said.

    Saying what stands already changes nothing. A no to what was agreed withdraws it, and hides the recording at once.
    """
    with transaction() as session:
        link = session.get(ConsentLink, _hash(token))
        consent = session.get(Consent, link.consent_id, with_for_update=True) if link is not None else None
        if consent is None or consent.state != sheet.stands:
            return False
        wished = _next(consent.state, Decision(sheet.decision))
        if wished is consent.state:
            return True
        consent.state, consent.answered_at = wished, now()
        consent.training = sheet.training and wished is ConsentState.GIVEN
        if wished is ConsentState.GIVEN:
            consent.signed_name = sheet.name
        session.flush()
        note(consent, SaidBy.LINK, session=session)
        someone = Actor(
            institute_id=consent.institute_id, person_id=None, door="link", door_key=_hash(token)[:16]
        )
        audit.record(f"consent.{wished}", actor=someone, subject=("media_consent", consent.id))
        letters.tell_consent(consent)
        return True


def find_recording(token: str) -> StoredFile | None:
    """Return the recording that whoever decides may look at by a link."""
    asked = find_asked(token)
    return asked.recording if asked else None


def _next(state: ConsentState, decision: Decision) -> ConsentState:
    if decision is Decision.YES:
        return ConsentState.GIVEN
    if state is ConsentState.ASKED:
        return ConsentState.REFUSED
    return ConsentState.WITHDRAWN if state is ConsentState.GIVEN else state


def _recording(clip: Clip) -> StoredFile | None:
    shown = db.session.scalar(select(func.count()).where(PersonShown.clip_id == clip.id))
    if clip.file_id is None or clip.declared_at is None or shown != 1 or sharing.somebody_disagrees(clip):
        return None
    return db.session.get(StoredFile, clip.file_id)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()
