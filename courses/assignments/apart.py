"""Who must be kept apart: declared conflicts and supervisions, as a coordinator enters and ends them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select

from courses.assignments import errors
from courses.coaches.periods import institute_day, typed_day
from courses.cohorts.assigning import IS_THERE, assigned_on
from courses.cohorts.coordinating import WHOLE, scope_of, seen_by
from courses.cohorts.models import CoachAssignment, Enrolment, EnrolmentId
from institute.actors import Actor, PersonId
from institute.db import db, transaction
from institute.errors import DomainError, NotFoundError
from institute.folding import fold
from institute.people import conflicts, supervising
from institute.people.models import (
    ConflictDeclaration,
    ConflictDeclarationId,
    Person,
    Supervision,
    SupervisionId,
)
from institute.people.naming import name_or_number
from institute.web.forms import storable


@dataclass(frozen=True, slots=True)
class ConflictLine:
    """A declaration that holds. ``enrolment_id`` is a coaching that goes on between the two in spite of it."""

    row: ConflictDeclaration
    person: str
    other: str | None
    enrolment_id: EnrolmentId | None


@dataclass(frozen=True, slots=True)
class SupervisionLine:
    """Who directs whose work."""

    row: Supervision
    supervisor: str
    subordinate: str


@dataclass(frozen=True, slots=True)
class ApartPage:
    """Everything that keeps people apart whom the coordinator sees."""

    conflicts: tuple[ConflictLine, ...]
    supervisions: tuple[SupervisionLine, ...]
    today: date


@dataclass(frozen=True, slots=True)
class ApartSheet:
    """The form of a conflict or a supervision, as it was typed: two people by name or address."""

    one: str = ""
    other: str = ""
    since: str = ""
    until: str = ""
    reason: str = ""

    @classmethod
    def read(cls, form: Mapping[str, str]) -> ApartSheet:
        """Take the fields of a form."""
        return cls(**{name: storable(form.get(name, "")).strip()[:2000] for name in cls.__dataclass_fields__})


@dataclass
class ApartChecked:
    """A sheet with what is wrong in it, by field."""

    sheet: ApartSheet
    problems: dict[str, DomainError] = field(default_factory=dict)

    @property
    def summary(self) -> list[tuple[str, str]]:
        """What has to be mended, as (field, sentence)."""
        return [(name, problem.text) for name, problem in self.problems.items()]


def apart_page(actor: Actor) -> ApartPage:
    """Return what keeps people apart. Who works for some organisations sees what concerns somebody there."""
    declared = conflicts.running(actor.institute_id)
    directing = supervising.supervisions_of(actor.institute_id)
    visible = _visible(actor)
    if visible is not None:
        declared = [row for row in declared if visible & {row.person_id, row.other_id}]
        directing = [row for row in directing if visible & {row.supervisor_id, row.subordinate_id}]
    names = _names(
        {one for row in declared for one in (row.person_id, row.other_id) if one is not None}
        | {one for row in directing for one in (row.supervisor_id, row.subordinate_id)}
    )
    coached = _coached_in_spite(declared, actor)
    return ApartPage(
        conflicts=tuple(
            ConflictLine(
                row, names[row.person_id], names[row.other_id] if row.other_id else None, coached.get(row.id)
            )
            for row in declared
        ),
        supervisions=tuple(
            SupervisionLine(row, names[row.supervisor_id], names[row.subordinate_id]) for row in directing
        ),
        today=institute_day(actor.institute_id),
    )


def declare(sheet: ApartSheet, *, actor: Actor) -> ApartChecked:
    """Declare a conflict between two people; nothing happens where something is wrong."""
    with transaction():
        checked = ApartChecked(sheet)
        one, other = _two(checked, actor)
        if not sheet.reason:
            checked.problems["reason"] = conflicts.ConflictReasonError()
        if not checked.problems and one is not None and other is not None:
            conflicts.declare_between(one, other, sheet.reason, actor=actor)
        return checked


def supervise(sheet: ApartSheet, *, actor: Actor) -> ApartChecked:
    """Note who supervises whom; nothing happens where something is wrong."""
    with transaction():
        checked = ApartChecked(sheet)
        one, other = _two(checked, actor)
        since = typed_day(sheet.since)
        until = typed_day(sheet.until) if sheet.until else None
        if since is None or (sheet.until and (until is None or until < since)):
            checked.problems["since"] = supervising.SupervisionDaysError()
        if checked.problems or since is None or one is None or other is None:
            return checked
        try:
            supervising.note_supervision(one, other, since=since, until=until, actor=actor)
        except supervising.SupervisionConflictError as error:
            checked.problems["other"] = error
        return checked


def place(declaration_id: ConflictDeclarationId, typed: str, *, actor: Actor) -> str | None:
    """Say who is meant by a name; return what is wrong, None where nothing is. Raises NotFoundError."""
    with transaction() as session:
        row = session.get(ConflictDeclaration, declaration_id)
        mine = row is not None and row.institute_id == actor.institute_id
        _refuse_unseen(actor, {row.person_id, row.other_id} if row and mine else set())
        found = _called(typed, actor)
        if found is None:
            return errors.PersonUnknownError().text
        try:
            conflicts.place(declaration_id, found, actor=actor)
        except conflicts.ConflictNameError as error:
            return error.text
        return None


def end_conflict(declaration_id: ConflictDeclarationId, *, actor: Actor) -> None:
    """End a declaration that the coordinator sees. Raises NotFoundError."""
    with transaction() as session:
        row = session.get(ConflictDeclaration, declaration_id)
        mine = row is not None and row.institute_id == actor.institute_id
        _refuse_unseen(actor, {row.person_id, row.other_id} if row and mine else set())
        conflicts.end_conflict(declaration_id, actor=actor)


def end_supervision(supervision_id: SupervisionId, *, actor: Actor) -> None:
    """End a supervision that the coordinator sees. Raises NotFoundError."""
    with transaction() as session:
        row = session.get(Supervision, supervision_id)
        _refuse_unseen(actor, {row.supervisor_id, row.subordinate_id} if row else set())
        day = max(institute_day(actor.institute_id), row.since) if row else None
        supervising.end_supervision(supervision_id, last_day=day, actor=actor)


def _refuse_unseen(actor: Actor, people: set[PersonId | None]) -> None:
    visible = _visible(actor)
    if not people or (visible is not None and not visible & people):
        raise NotFoundError


def _visible(actor: Actor) -> frozenset[PersonId] | None:
    """Return whom a coordinator of some organisations sees; None for everybody."""
    if scope_of(actor) is WHOLE:
        return None
    return frozenset(db.session.scalars(select(Enrolment.person_id).where(seen_by(actor))))


def _two(checked: ApartChecked, actor: Actor) -> tuple[PersonId | None, PersonId | None]:
    found: list[PersonId | None] = []
    for name in ("one", "other"):
        person_id = _called(getattr(checked.sheet, name), actor)
        if person_id is None:
            checked.problems[name] = errors.PersonUnknownError()
        found.append(person_id)
    one, other = found
    if one is not None and one == other:
        checked.problems["other"] = conflicts.ConflictNameError()
    visible = _visible(actor)
    if visible is not None and not checked.problems and not visible & {one, other}:
        checked.problems["one"] = errors.PersonUnknownError()
    return one, other


def _called(typed: str, actor: Actor) -> PersonId | None:
    """Return the only person who has an address, or else a name; by name only whom the coordinator sees."""
    wanted = " ".join(storable(typed).split())[:300]
    if not wanted:
        return None
    mine = select(Person.id, Person.name).where(Person.institute_id == actor.institute_id)
    found = [row.id for row in db.session.execute(mine.where(Person.email == wanted.lower()).limit(2))]
    if not found:
        visible = _visible(actor)
        found = [
            row.id
            for row in db.session.execute(mine)
            if row.name and fold(row.name) == fold(wanted) and (visible is None or row.id in visible)
        ]
    return found[0] if len(found) == 1 else None


def _coached_in_spite(
    rows: list[ConflictDeclaration], actor: Actor
) -> dict[ConflictDeclarationId, EnrolmentId]:
    """Return the coachings of today between people who declared a conflict, by the declaration."""
    found = {}
    for row in rows:
        pair = {row.person_id, row.other_id}
        if None in pair:
            continue
        enrolment_id = db.session.scalar(
            select(Enrolment.id)
            .join(CoachAssignment, CoachAssignment.enrolment_id == Enrolment.id)
            .where(
                CoachAssignment.coach_id.in_(pair),
                Enrolment.person_id.in_(pair),
                assigned_on(institute_day(actor.institute_id)),
                seen_by(actor),
                *IS_THERE,
            )
            .limit(1)
        )
        if enrolment_id is not None:
            found[row.id] = enrolment_id
    return found


def _names(people: set[PersonId]) -> dict[PersonId, str]:
    rows = db.session.execute(select(Person.id, Person.name).where(Person.id.in_(people))) if people else ()
    return {row.id: name_or_number(row.name, row.id) for row in rows}
