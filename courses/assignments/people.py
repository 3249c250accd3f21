"""The people of each cohort, as a coordinator sees them, with what is known of them as recipients."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from sqlalchemy import case, func, select

from courses.assignments import errors
from courses.assignments.pages import PersonPage, site_choices
from courses.coaches.languages import is_spoken
from courses.coaches.periods import typed_day
from courses.cohorts import recipients
from courses.cohorts.assigning import IS_THERE, assigned_on, local_day
from courses.cohorts.coordinating import WHOLE, scope_of, seen_by, sees
from courses.cohorts.errors import RecipientTooEarlyError
from courses.cohorts.folding import folded
from courses.cohorts.models import (
    CoachAssignment,
    Cohort,
    CohortId,
    Enrolment,
    EnrolmentId,
    NeedLevel,
    Recipient,
    RecipientType,
    Setting,
)
from courses.cohorts.recipients import RecipientDraft
from institute.actors import Actor
from institute.db import db, transaction
from institute.errors import DomainError, NotFoundError
from institute.files.handing import KeptFile
from institute.files.models import StoredFile
from institute.files.reading import find_file
from institute.i18n import Localised
from institute.people.models import Organisation, OrganisationId, Person
from institute.people.naming import name_or_number
from institute.web.forms import storable

PER_PAGE: Final = 50


@dataclass(frozen=True, slots=True)
class CohortLine:
    """A cohort: how many people of it the coordinator sees, and of how many nothing is recorded."""

    id: CohortId
    name: Localised
    people: int
    unknown: int


@dataclass(frozen=True, slots=True)
class PersonLine:
    """Somebody of a cohort. ``recipient`` is None while nothing is recorded."""

    enrolment_id: EnrolmentId
    name: str
    recipient: Recipient | None
    site: Localised | None
    coach_name: str | None


@dataclass(frozen=True, slots=True)
class CohortPeople:
    """A page of a cohort's people, by name."""

    id: CohortId
    name: Localised
    people: tuple[PersonLine, ...]
    found: int
    page: int

    @property
    def pages(self) -> int:
        """How many pages there are."""
        return max(-(-self.found // PER_PAGE), 1)


@dataclass(frozen=True, slots=True)
class RecipientSheet:
    """The form of what is known of a recipient, as it was typed."""

    type: str = ""
    setting: str = ""
    need: str = NeedLevel.STANDARD
    language: str = ""
    site: str = ""
    since: str = ""

    @classmethod
    def read(cls, form: Mapping[str, str]) -> RecipientSheet:
        """Take the fields of a form."""
        return cls(**{name: storable(form.get(name, "")).strip()[:200] for name in cls.__dataclass_fields__})

    @classmethod
    def of(cls, page: PersonPage) -> RecipientSheet:
        """Fill the form with what is known today; a track for one type of recipients proposes that type."""
        known = page.recipient
        if known is None:
            proposed = page.track.recipient_type
            return cls(type=proposed or "", since=page.today.isoformat())
        return cls(
            type=known.type,
            setting=known.setting,
            need=known.need,
            language=known.language,
            site=str(known.site_id or ""),
            since=page.today.isoformat(),
        )


@dataclass
class RecipientChecked:
    """A sheet with what is wrong in it, by field; ``changed`` tells whether it said anything new."""

    sheet: RecipientSheet
    problems: dict[str, DomainError] = field(default_factory=dict)
    changed: bool = False

    @property
    def summary(self) -> list[tuple[str, str]]:
        """What has to be mended, as (field, sentence)."""
        return [(name, problem.text) for name, problem in self.problems.items()]


def cohort_lines(actor: Actor) -> list[CohortLine]:
    """Return the cohorts in which a coordinator sees somebody, the latest first."""
    known = select(Recipient.id).where(Recipient.enrolment_id == Enrolment.id).correlate(Enrolment).exists()
    rows = db.session.execute(
        select(
            Cohort.id,
            Cohort.name,
            func.count(Enrolment.id).label("people"),
            func.sum(case((known, 0), else_=1)).label("unknown"),
        )
        .join(Enrolment, Enrolment.cohort_id == Cohort.id)
        .where(seen_by(actor), *IS_THERE)
        .group_by(Cohort.id)
        .order_by(Cohort.starts.desc(), Cohort.id.desc())
    )
    return [CohortLine(row.id, row.name, row.people, int(row.unknown or 0)) for row in rows]


def cohort_people(cohort_id: CohortId, page: int, *, actor: Actor) -> CohortPeople:
    """Return a page of the people of a cohort whom the coordinator sees. Raises NotFoundError where there is none."""
    cohort = db.session.get(Cohort, cohort_id)
    if cohort is None or cohort.institute_id != actor.institute_id:
        raise NotFoundError
    mine = (Enrolment.cohort_id == cohort_id, seen_by(actor), *IS_THERE)
    found = db.session.scalar(select(func.count(Enrolment.id)).where(*mine)) or 0
    if not found:
        raise NotFoundError
    page = page if (page - 1) * PER_PAGE < found else 1
    day = local_day(cohort.timezone)
    rows = db.session.execute(
        select(Enrolment.id, Enrolment.person_id, Person.name)
        .join(Person, Person.id == Enrolment.person_id)
        .where(*mine)
        .order_by(case((Person.name == "", 1), else_=0), folded(Person.name), Enrolment.id)
        .limit(PER_PAGE)
        .offset((page - 1) * PER_PAGE)
    ).all()
    known = recipients.recipients_on(actor.institute_id, day)
    coaches = _coach_names([row.id for row in rows], day)
    names = _site_names(actor)
    lines = []
    for row in rows:
        recipient = known.get(row.id)
        lines.append(
            PersonLine(
                enrolment_id=row.id,
                name=name_or_number(row.name, row.person_id),
                recipient=recipient,
                site=names.get(recipient.site_id) if recipient and recipient.site_id else None,
                coach_name=coaches.get(row.id),
            )
        )
    return CohortPeople(cohort_id, cohort.name, tuple(lines), found, page)


def record(enrolment_id: EnrolmentId, sheet: RecipientSheet, *, actor: Actor) -> RecipientChecked:
    """Record what a form says of somebody whom the coordinator sees; nothing happens where something is wrong.

    Who works for some organisations places people only below those. Raises NotFoundError.
    """
    with transaction():
        if not sees(enrolment_id, actor):
            raise NotFoundError
        checked = RecipientChecked(sheet)
        since = _check(checked, actor)
        if checked.problems or since is None:
            return checked
        draft = RecipientDraft(
            type=RecipientType(sheet.type),
            setting=Setting(sheet.setting),
            need=NeedLevel(sheet.need),
            language=sheet.language,
            site_id=OrganisationId(int(sheet.site)) if sheet.site else None,
        )
        try:
            checked.changed = recipients.record_recipient(enrolment_id, draft, since=since, actor=actor)
        except RecipientTooEarlyError as error:
            checked.problems["since"] = error
        return checked


def keep_confidential(enrolment_id: EnrolmentId, letter: KeptFile | None, *, actor: Actor) -> None:
    """Keep the name of somebody whom the coordinator sees out of lists. Raises NotFoundError, LetterMissingError."""
    if not sees(enrolment_id, actor):
        raise NotFoundError
    if letter is None:
        raise errors.LetterMissingError
    recipients.keep_confidential(enrolment_id, letter, actor=actor)


def end_confidential(enrolment_id: EnrolmentId, *, actor: Actor) -> None:
    """Let that name stand in lists again. Raises NotFoundError."""
    if not sees(enrolment_id, actor):
        raise NotFoundError
    recipients.end_confidential(enrolment_id, actor=actor)


def find_letter(enrolment_id: EnrolmentId, *, actor: Actor) -> StoredFile:
    """Return the letter by which somebody's name is confidential now. Raises NotFoundError."""
    row = recipients.confidential_letter(enrolment_id) if sees(enrolment_id, actor) else None
    if row is None:
        raise NotFoundError
    return find_file(row.letter_id, institute_id=actor.institute_id)


def _check(checked: RecipientChecked, actor: Actor) -> date | None:
    """Return the day of a sheet, and note what is wrong in it."""
    sheet, problems = checked.sheet, checked.problems
    since = typed_day(sheet.since)
    if since is None:
        problems["since"] = errors.DayError()
    for name, kind in (("type", RecipientType), ("setting", Setting), ("need", NeedLevel)):
        if getattr(sheet, name) not in list(kind):
            problems[name] = errors.ChoiceError()
    if sheet.language and not is_spoken(sheet.language):
        problems["language"] = errors.ChoiceError()
    scope = scope_of(actor)
    there = {str(one) for one, _ in site_choices(actor) if scope is WHOLE or one in scope}
    if (sheet.site or scope is not WHOLE) and sheet.site not in there:
        problems["site"] = errors.ChoiceError()
    return since


def _coach_names(enrolments: list[EnrolmentId], day: date) -> dict[EnrolmentId, str]:
    rows = db.session.execute(
        select(CoachAssignment.enrolment_id, CoachAssignment.coach_id, Person.name)
        .join(Person, Person.id == CoachAssignment.coach_id)
        .where(CoachAssignment.enrolment_id.in_(enrolments), assigned_on(day))
    )
    return {row.enrolment_id: name_or_number(row.name, row.coach_id) for row in rows}


def _site_names(actor: Actor) -> dict[OrganisationId, Localised]:
    rows = db.session.execute(
        select(Organisation.id, Organisation.name).where(Organisation.institute_id == actor.institute_id)
    )
    return {row.id: row.name for row in rows}
