"""Consent, from the participant's side: asking by a link, attesting what was signed, noting what they were told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from courses.coaches.periods import institute_day, typed_day
from courses.media import errors
from courses.media.models import (
    NAME_LENGTH,
    ClipId,
    Consent,
    ConsentLink,
    ConsentState,
    ConsentWay,
    ConsentWord,
    PersonShown,
    PersonShownId,
    SaidBy,
)
from courses.media.people import find_person
from institute import audit
from institute.actors import Actor
from institute.clock import now
from institute.db import db, transaction
from institute.errors import DomainError, NotFoundError
from institute.files.handing import KeptFile
from institute.files.storing import expect_sweep, record
from institute.i18n import LOCALES
from institute.messages import outside
from institute.messages.addresses import parse_address
from institute.people.models import Person

LETTER: Final = "media.consent"
MOST_LETTERS: Final = 4
ENDED: Final = (ConsentState.REFUSED, ConsentState.WITHDRAWN)


@dataclass(frozen=True, slots=True)
class AskSheet:
    """What a participant types to ask somebody: who decides, where they are reached, in which language."""

    contact_name: str
    email: str
    locale: str


@dataclass(frozen=True, slots=True)
class AttestSheet:
    """What a participant types beside a signed document; an address is only there so that a link can be sent."""

    contact_name: str
    email: str
    locale: str
    signed_on: str
    attested: bool
    training: bool
    kept: KeptFile | None = None
    refused: DomainError | None = None


def check_ask(sheet: AskSheet, *, actor: Actor) -> dict[str, DomainError]:
    """Return what a wish to ask lacks, by field."""
    problems = _check_contact(sheet.contact_name, sheet.locale)
    if parse_address(sheet.email) is None:
        problems["email"] = errors.AddressError()
    elif _is_own(sheet.email, actor):
        problems["email"] = errors.OwnAddressError()
    return problems


def check_attest(sheet: AttestSheet, *, actor: Actor) -> dict[str, DomainError]:
    """Return what an attestation lacks, by field."""
    problems = _check_contact(sheet.contact_name, sheet.locale)
    if sheet.email and parse_address(sheet.email) is None:
        problems["email"] = errors.AddressError()
    elif sheet.email and _is_own(sheet.email, actor):
        problems["email"] = errors.OwnAddressError()
    signed_on = typed_day(sheet.signed_on)
    if signed_on is None or signed_on > institute_day(actor.institute_id):
        problems["signed_on"] = errors.SignedDayError()
    if sheet.refused is not None:
        problems["document"] = sheet.refused
    elif sheet.kept is None:
        problems["document"] = errors.SignedDocumentError()
    if not sheet.attested:
        problems["attested"] = errors.AttestError()
    return problems


def ask(clip_id: ClipId, person_id: PersonShownId, sheet: AskSheet, *, actor: Actor) -> None:
    """Mail whoever decides a link; asked again before they answer, they get another letter.

    Links that went to another address end then. Raises NotFoundError, ConsentGivenError,
    ConsentEndedError, ConsentOftenError.
    """
    with transaction() as session:
        person = find_person(clip_id, person_id, actor=actor, session=session)
        consent = _open_consent(person, session)
        if consent is None:
            consent = _new(person, sheet.contact_name, sheet.email, sheet.locale)
            session.add(consent)
        elif consent.letters >= MOST_LETTERS:
            raise errors.ConsentOftenError(most=MOST_LETTERS)
        elif consent.contact_email != sheet.email:
            session.execute(delete(ConsentLink).where(ConsentLink.consent_id == consent.id))
        consent.contact_name, consent.contact_email = sheet.contact_name, sheet.email
        consent.locale, consent.letters, consent.asked_at = sheet.locale, consent.letters + 1, now()
        session.flush()
        audit.record("consent.asked", actor=actor, subject=("media_consent", consent.id))
        outside.tell(LETTER, {"consent": consent.id}, key=str(consent.id), locale=sheet.locale)


def attest(clip_id: ClipId, person_id: PersonShownId, sheet: AttestSheet, *, actor: Actor) -> None:
    """Record that somebody agreed on a signed document, which is kept; where an address is known they get a link.

    Raises NotFoundError, ConsentGivenError, ConsentEndedError.
    """
    with transaction() as session:
        person = find_person(clip_id, person_id, actor=actor, session=session)
        signed_on = typed_day(sheet.signed_on)
        assert sheet.kept is not None  # noqa: S101  (check_attest refuses what lacks it)
        assert signed_on is not None  # noqa: S101
        try:
            consent = _open_consent(person, session)
        except DomainError:
            expect_sweep()
            raise
        if consent is None:
            consent = _new(person, sheet.contact_name, sheet.email, sheet.locale)
        consent.document_id = record(
            sheet.kept.blob,
            institute_id=person.institute_id,
            name=sheet.kept.checked.name,
            media_type=sheet.kept.checked.media_type,
            owner_id=actor.person_id,
        )
        consent.way, consent.state, consent.answered_at = ConsentWay.PAPER, ConsentState.GIVEN, now()
        consent.contact_name = consent.signed_name = sheet.contact_name
        consent.contact_email, consent.locale = sheet.email or consent.contact_email, sheet.locale
        consent.signed_on, consent.training = signed_on, sheet.training
        session.add(consent)
        session.flush()
        note(consent, SaidBy.PARTICIPANT, session=session)
        audit.record(
            "consent.attested",
            actor=actor,
            subject=("media_consent", consent.id),
            details={"document": sheet.kept.blob.sha256},
        )
        if consent.contact_email:
            consent.letters += 1
            outside.tell(LETTER, {"consent": consent.id}, key=str(consent.id), locale=sheet.locale)


def withdraw(clip_id: ClipId, person_id: PersonShownId, *, actor: Actor) -> None:
    """Note that somebody told the participant that they do not agree any more; it holds at once.

    Noting it again changes nothing. Raises NotFoundError where nobody agreed or was asked.
    """
    with transaction() as session:
        person = find_person(clip_id, person_id, actor=actor, session=session)
        consent = session.scalar(
            select(Consent).where(Consent.person_shown_id == person.id).with_for_update()
        )
        if consent is None:
            raise NotFoundError
        if consent.state in ENDED:
            return
        consent.state, consent.answered_at, consent.training = ConsentState.WITHDRAWN, now(), False
        session.flush()
        note(consent, SaidBy.PARTICIPANT, session=session)
        audit.record("consent.withdrawn", actor=actor, subject=("media_consent", consent.id))


def note(consent: Consent, by: SaidBy, *, session: Session) -> None:
    """Keep what was said, beside what is said now."""
    session.add(
        ConsentWord(
            institute_id=consent.institute_id,
            consent_id=consent.id,
            said=consent.state,
            by=by,
            training=consent.training,
        )
    )


def _open_consent(person: PersonShown, session: Session) -> Consent | None:
    """Return what waits for somebody's answer. Raises ConsentGivenError, ConsentEndedError where they have answered."""
    consent = session.scalar(select(Consent).where(Consent.person_shown_id == person.id).with_for_update())
    if consent is None or consent.state is ConsentState.ASKED:
        return consent
    raise errors.ConsentGivenError if consent.state is ConsentState.GIVEN else errors.ConsentEndedError


def _new(person: PersonShown, name: str, email: str, locale: str) -> Consent:
    return Consent(
        institute_id=person.institute_id,
        person_shown_id=person.id,
        state=ConsentState.ASKED,
        way=ConsentWay.LINK,
        contact_name=name,
        contact_email=email,
        locale=locale,
        letters=0,
        signed_name="",
        training=False,
    )


def _check_contact(name: str, locale: str) -> dict[str, DomainError]:
    problems: dict[str, DomainError] = {}
    if not 1 <= len(name) <= NAME_LENGTH:
        problems["contact_name"] = errors.ContactNameError()
    if locale not in LOCALES:
        problems["locale"] = errors.LanguageError()
    return problems


def _is_own(email: str, actor: Actor) -> bool:
    person = db.session.get(Person, actor.person_id) if actor.person_id is not None else None
    return person is not None and (person.email or "").casefold() == email.casefold()
