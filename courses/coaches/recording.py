"""Writing down what was verified of a coach: evidence, trainings, waivers; and ending what does not hold any more."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from courses.coaches import errors
from courses.coaches.models import (
    WORDS_LENGTH,
    CoachRecord,
    CoachRecordId,
    CoachRequirement,
    RecordKind,
    RequirementKind,
)
from courses.coaches.periods import institute_day, months_after, typed_day, typed_number
from institute import audit
from institute.actors import Actor, PersonId
from institute.clock import now
from institute.db import transaction
from institute.errors import ConflictError, DomainError, NotFoundError
from institute.files.handing import KeptFile
from institute.files.storing import record as record_file
from institute.i18n import lazy_gettext
from institute.people.linking import same_person
from institute.people.models import Person
from institute.web.forms import storable

LONGEST_TRAINING = 60_000


class RecordEndedError(ConflictError):
    """The record was ended before."""

    code = "COACH-RECORD-ENDED"
    sentence = lazy_gettext("This was ended before.")


@dataclass(frozen=True, slots=True)
class RecordSheet:
    """The form of one record, as it was typed; ``requirement`` is the key."""

    requirement: str = ""
    kind: str = RecordKind.EVIDENCE
    on: str = ""
    expires: str = ""
    minutes: str = ""
    words: str = ""
    reason: str = ""
    pathway: str = ""

    @classmethod
    def read(cls, form: Mapping[str, str]) -> RecordSheet:
        """Take the fields of a form; what is too long to be meant is cut where nobody would type it."""
        return cls(
            **{name: storable(form.get(name, "")).strip()[:20_000] for name in cls.__dataclass_fields__}
        )


@dataclass
class RecordChecked:
    """A sheet with what is wrong in it, by field, and the record that it makes where nothing is."""

    sheet: RecordSheet
    problems: dict[str, DomainError] = field(default_factory=dict)
    record_id: CoachRecordId | None = None

    @property
    def summary(self) -> list[tuple[str, str]]:
        """What has to be mended, as (field, sentence)."""
        return [(name, problem.text) for name, problem in self.problems.items()]


def record_qualification(
    person_id: PersonId, sheet: RecordSheet, file: KeptFile | None, *, actor: Actor
) -> RecordChecked:
    """Write down what was verified of a person, or a waiver; nothing is written where something is wrong.

    ``file`` is the evidence, kept before. Raises NotFoundError for a person or requirement of elsewhere,
    OwnQualificationError for the actor's own.
    """
    with transaction() as session:
        person = session.get(Person, person_id, with_for_update=True)
        if person is None or person.institute_id != actor.institute_id:
            raise NotFoundError
        if actor.person_id in same_person(person_id):
            raise errors.OwnQualificationError
        requirement = _requirement(sheet.requirement, actor, session)
        checked = RecordChecked(sheet)
        record = _read(checked, requirement, institute_day(actor.institute_id))
        if checked.problems or record is None:
            return checked
        record.institute_id, record.person_id = actor.institute_id, person_id
        record.requirement_id, record.verified_by = requirement.id, actor.person_id
        if file is not None:
            record.file_id = record_file(
                file.blob,
                institute_id=actor.institute_id,
                name=file.checked.name,
                media_type=file.checked.media_type,
                owner_id=actor.person_id,
            )
        session.add(record)
        session.flush()
        audit.record(
            f"coach.{record.kind}-recorded",
            actor=actor,
            subject=("coach_record", record.id),
            details={"person": person_id, "requirement": requirement.id},
        )
        checked.record_id = record.id
        return checked


def end_record(record_id: CoachRecordId, reason: str, *, actor: Actor) -> PersonId:
    """End a record from now on, with a word; return whose it is. Whoever is assigned stays so.

    Raises NotFoundError, RecordEndedError, ReasonMissingError, OwnQualificationError.
    """
    with transaction() as session:
        record = find_record(record_id, actor=actor, session=session)
        # An assignment that looks at the same person's records waits here, or is waited for.
        session.get(Person, record.person_id, with_for_update=True)
        session.refresh(record)
        if actor.person_id in same_person(record.person_id):
            raise errors.OwnQualificationError
        if record.ended_at is not None:
            raise RecordEndedError
        words = storable(reason).strip()[:WORDS_LENGTH]
        if not words:
            raise errors.ReasonMissingError
        record.ended_at, record.ended_by, record.end_reason = now(), actor.person_id, words
        audit.record(
            "coach.record-ended",
            actor=actor,
            subject=("coach_record", record.id),
            details={"person": record.person_id},
        )
        return record.person_id


def find_record(record_id: CoachRecordId, *, actor: Actor, session: Session) -> CoachRecord:
    """Return a record of the actor's institute. Raises NotFoundError."""
    record = session.get(CoachRecord, record_id)
    if record is None or record.institute_id != actor.institute_id:
        raise NotFoundError
    return record


def _requirement(key: str, actor: Actor, session: Session) -> CoachRequirement:
    found = session.scalar(
        select(CoachRequirement).where(
            CoachRequirement.institute_id == actor.institute_id,
            CoachRequirement.key == key[:100].replace("\0", ""),
            CoachRequirement.retired_at.is_(None),
        )
    )
    if found is None:
        raise NotFoundError
    return found


def _read(checked: RecordChecked, requirement: CoachRequirement, today: date) -> CoachRecord | None:
    sheet, problems = checked.sheet, checked.problems
    waiver = sheet.kind == RecordKind.WAIVER
    if sheet.kind and sheet.kind not in set(RecordKind):
        problems["kind"] = errors.KindError()
    training = requirement.kind is RequirementKind.TRAINING and not waiver
    day = typed_day(sheet.on)
    if day is None or day > today:
        problems["on"] = errors.RequirementDayError()
    expires = typed_day(sheet.expires) if sheet.expires else None
    if (sheet.expires or waiver) and (expires is None or (day is not None and expires < day)):
        problems["expires"] = errors.ExpiryError()
    minutes = typed_number(sheet.minutes, most=LONGEST_TRAINING) if training and sheet.minutes else None
    if training and (requirement.minutes or sheet.minutes) and not minutes:
        problems["minutes"] = errors.MinutesError()
    _check_words(checked, waiver=waiver)
    if problems or day is None:
        return None
    if expires is None and requirement.renews_months:
        expires = months_after(day, requirement.renews_months)
    kind = RecordKind.WAIVER if waiver else (RecordKind.TRAINING if training else RecordKind.EVIDENCE)
    return CoachRecord(
        kind=kind,
        on_day=day,
        expires=expires,
        minutes=minutes,
        words=sheet.words,
        reason=sheet.reason if waiver else "",
        pathway=sheet.pathway if waiver else "",
    )


def _check_words(checked: RecordChecked, *, waiver: bool) -> None:
    for name, wanted in (("words", False), ("reason", waiver), ("pathway", waiver)):
        text: str = getattr(checked.sheet, name)
        if wanted and not text:
            checked.problems[name] = errors.WaiverWordsError()
        elif len(text) > WORDS_LENGTH:
            checked.problems[name] = errors.WordsTooLongError(length=len(text), most=WORDS_LENGTH)
