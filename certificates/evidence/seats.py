"""Tools outside and their places: written by an administrator, given to people, shown to whoever has one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from sqlalchemy import select, update

from certificates.evidence.errors import RequirementChangedError, SeatsGivenError
from certificates.evidence.models import LONGEST_ADDRESS, LONGEST_TITLE
from certificates.evidence.tool_models import (
    LONGEST_LICENCE,
    MOST_SEATS,
    SeatId,
    SlotId,
    ToolSeat,
    ToolSlot,
)
from courses.catalogue.models import Programme, ProgrammeId
from courses.coaches.periods import typed_number
from courses.cohorts.models import Cohort, Enrolment
from courses.cohorts.queries import LEFT
from courses.library.checking import is_web_address
from institute import audit
from institute.actors import Actor, PersonId
from institute.clock import now
from institute.db import db, insert_into, transaction
from institute.errors import NotFoundError
from institute.i18n import LOCALES, Localised, gettext
from institute.people.linking import same_person
from institute.people.models import Person
from institute.people.naming import name_or_number
from institute.web.forms import storable

MOST_PEOPLE: Final = 2_000


@dataclass(frozen=True, slots=True)
class ToolLine:
    """A tool as whoever has a place in it sees it."""

    title: Localised
    address: str
    licence: str


@dataclass(frozen=True, slots=True)
class SlotLine:
    """A tool in the administrator's list."""

    slot: ToolSlot
    programme: Localised


@dataclass(frozen=True, slots=True)
class SeatLine:
    """Somebody's place."""

    id: SeatId
    name: str
    email: str
    given_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class SlotSheet:
    """The form of a tool, as it was typed; ``titles`` by locale."""

    titles: Mapping[str, str] = field(default_factory=dict)
    programme: str = ""
    address: str = ""
    licence: str = ""
    seats: str = ""
    revision: str = "0"

    @classmethod
    def read(cls, form: Mapping[str, str]) -> SlotSheet:
        """Take the fields of a form."""

        def line(name: str) -> str:
            return " ".join(storable(form.get(name, "")).split())[: LONGEST_ADDRESS + 1]

        titles = {locale: line(f"title.{locale}") for locale in LOCALES}
        return cls(
            titles, line("programme"), line("address"), line("licence"), line("seats"), line("_revision")
        )

    @classmethod
    def of(cls, slot: ToolSlot) -> SlotSheet:
        """Fill the form with what is written."""
        return cls(
            dict(slot.title.texts),
            str(slot.programme_id),
            slot.address,
            slot.licence,
            str(slot.seats or ""),
            str(slot.revision),
        )


@dataclass
class SlotChecked:
    """A sheet with what is wrong in it, by field; ``slot_id`` where it was saved."""

    sheet: SlotSheet
    problems: dict[str, str] = field(default_factory=dict)
    slot_id: SlotId | None = None

    @property
    def summary(self) -> list[tuple[str, str]]:
        """What has to be mended, as (field, sentence)."""
        return list(self.problems.items())


def tools_of(actor: Actor) -> tuple[ToolLine, ...]:
    """Return the tools that the actor has a place in, with whichever of their accounts."""
    if actor.person_id is None:
        return ()
    seated = select(ToolSeat.slot_id).where(
        ToolSeat.person_id.in_(same_person(actor.person_id)), ToolSeat.ended_at.is_(None)
    )
    rows = db.session.scalars(
        select(ToolSlot)
        .where(
            ToolSlot.institute_id == actor.institute_id,
            ToolSlot.retired_at.is_(None),
            ToolSlot.id.in_(seated),
        )
        .order_by(ToolSlot.id)
    )
    return tuple(ToolLine(one.title, one.address, one.licence) for one in rows)


def slots_of(actor: Actor) -> tuple[SlotLine, ...]:
    """Return the tools of the actor's institute, those in use first."""
    rows = db.session.execute(
        select(ToolSlot, Programme.title)
        .join(Programme, Programme.id == ToolSlot.programme_id)
        .where(ToolSlot.institute_id == actor.institute_id)
        .order_by(ToolSlot.retired_at.is_not(None), ToolSlot.id)
    )
    return tuple(SlotLine(slot, title) for slot, title in rows)


def programmes_of(actor: Actor) -> list[tuple[ProgrammeId, Localised]]:
    """Return the programmes that a tool may belong to."""
    rows = db.session.execute(
        select(Programme.id, Programme.title)
        .where(Programme.institute_id == actor.institute_id)
        .order_by(Programme.id)
    )
    return [(number, title) for number, title in rows]


def find_slot(slot_id: SlotId, *, actor: Actor) -> ToolSlot:
    """Return a tool of the actor's institute. Raises NotFoundError."""
    slot = db.session.get(ToolSlot, slot_id)
    if slot is None or slot.institute_id != actor.institute_id:
        raise NotFoundError
    return slot


def seats_in(slot_id: SlotId, *, actor: Actor, ended: bool = False) -> list[SeatLine]:
    """Return the places that are given, by name; with ``ended`` also those taken back. Raises NotFoundError."""
    find_slot(slot_id, actor=actor)
    query = (
        select(ToolSeat, Person.name, Person.email)
        .join(Person, Person.id == ToolSeat.person_id)
        .where(ToolSeat.slot_id == slot_id)
        .order_by(ToolSeat.ended_at.is_not(None), Person.name, ToolSeat.id)
    )
    if not ended:
        query = query.where(ToolSeat.ended_at.is_(None))
    return [
        SeatLine(seat.id, name_or_number(name, seat.person_id), email, seat.given_at, seat.ended_at)
        for seat, name, email in db.session.execute(query)
    ]


def without_seat(slot_id: SlotId, *, actor: Actor) -> list[tuple[PersonId, str]]:
    """Return who is enrolled in the tool's programme and has no place in it, by name. Raises NotFoundError."""
    slot = find_slot(slot_id, actor=actor)
    seated = select(ToolSeat.person_id).where(ToolSeat.slot_id == slot_id, ToolSeat.ended_at.is_(None))
    rows = db.session.execute(
        select(Person.id, Person.name)
        .join(Enrolment, Enrolment.person_id == Person.id)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .where(
            Cohort.programme_id == slot.programme_id,
            Cohort.institute_id == actor.institute_id,
            Enrolment.state.not_in(LEFT),
            Person.id.not_in(seated),
        )
        .order_by(Person.name, Person.id)
        .limit(MOST_PEOPLE)
        .distinct()
    )
    return [(number, name_or_number(name, number)) for number, name in rows]


def write_slot(slot_id: SlotId | None, sheet: SlotSheet, *, actor: Actor) -> SlotChecked:
    """Make or change a tool as a form says it; nothing happens where something is wrong.

    Raises NotFoundError, RequirementChangedError where somebody else changed it meanwhile.
    """
    checked = SlotChecked(sheet)
    with transaction() as session:
        slot = None if slot_id is None else find_slot(slot_id, actor=actor)
        seats = _check(checked, actor, slot)
        if checked.problems:
            return checked
        if slot is not None and sheet.revision != str(slot.revision):
            raise RequirementChangedError
        titles = {locale: text for locale, text in sheet.titles.items() if text}
        source = slot.title.source if slot and slot.title.source in titles else next(iter(titles))
        if slot is None:
            slot = ToolSlot(institute_id=actor.institute_id, revision=0)
            session.add(slot)
        slot.title, slot.programme_id = Localised.of(titles, source), ProgrammeId(int(sheet.programme))
        slot.address, slot.licence, slot.seats = sheet.address, sheet.licence, seats
        slot.revision += 1
        session.flush()
        audit.record("tool.written", actor=actor, subject=("tool_slot", slot.id))
        checked.slot_id = slot.id
        return checked


def retire_slot(slot_id: SlotId, *, retired: bool, actor: Actor) -> None:
    """Show a tool to nobody any more, or again; its places stay. Raises NotFoundError."""
    with transaction():
        slot = find_slot(slot_id, actor=actor)
        if (slot.retired_at is not None) == retired:
            return
        slot.retired_at = now() if retired else None
        audit.record(
            "tool.retired" if retired else "tool.restored", actor=actor, subject=("tool_slot", slot_id)
        )


def give_seat(slot_id: SlotId, person: str, *, actor: Actor) -> str | None:
    """Give somebody a place; return why not, None once they have it. Raises NotFoundError, SeatsGivenError."""
    with transaction() as session:
        slot = find_slot(slot_id, actor=actor)
        session.refresh(
            slot, with_for_update=True
        )  # of two who give the same person a place, the second is told
        waiting = {str(number): number for number, _ in without_seat(slot_id, actor=actor)}
        if person not in waiting:
            return gettext("Choose somebody of the programme who has no place yet.")
        free = update(ToolSlot).where(
            ToolSlot.id == slot_id, (ToolSlot.seats.is_(None)) | (ToolSlot.taken < ToolSlot.seats)
        )
        if session.scalar(free.values(taken=ToolSlot.taken + 1).returning(ToolSlot.id)) is None:
            raise SeatsGivenError(seats=slot.seats)
        session.execute(
            insert_into(session, ToolSeat).values(
                institute_id=actor.institute_id,
                slot_id=slot_id,
                person_id=waiting[person],
                given_by=actor.person_id,
                given_at=now(),
            )
        )
        audit.record(
            "tool.seat-given",
            actor=actor,
            subject=("tool_slot", slot_id),
            details={"person": waiting[person]},
        )
        return None


def take_back(slot_id: SlotId, seat_id: SeatId, *, actor: Actor) -> None:
    """Take a place back. Taking it back twice changes nothing. Raises NotFoundError."""
    with transaction() as session:
        find_slot(slot_id, actor=actor)
        seat = session.get(ToolSeat, seat_id, with_for_update=True)
        if seat is None or seat.slot_id != slot_id:
            raise NotFoundError
        if seat.ended_at is not None:
            return
        seat.ended_at = now()
        session.execute(update(ToolSlot).where(ToolSlot.id == slot_id).values(taken=ToolSlot.taken - 1))
        audit.record(
            "tool.seat-ended",
            actor=actor,
            subject=("tool_slot", slot_id),
            details={"person": seat.person_id},
        )


def _check(checked: SlotChecked, actor: Actor, slot: ToolSlot | None) -> int | None:
    sheet, problems = checked.sheet, checked.problems
    locale = slot.title.source if slot is not None else next(iter(LOCALES))
    if not any(sheet.titles.values()):
        problems[f"title.{locale}"] = gettext("Say what the tool is called, in one language at least.")
    for name, text in sheet.titles.items():
        if len(text) > LONGEST_TITLE:
            problems[f"title.{name}"] = gettext(
                "The name has %(most)s characters at most.", most=LONGEST_TITLE
            )
    return _check_facts(checked, actor, 0 if slot is None else slot.taken)


def _check_facts(checked: SlotChecked, actor: Actor, taken: int) -> int | None:
    sheet, problems = checked.sheet, checked.problems
    if sheet.programme not in {str(number) for number, _ in programmes_of(actor)}:
        problems["programme"] = gettext("Choose the programme that holds the licence.")
    if not is_web_address(sheet.address):
        problems["address"] = gettext("This is no address on the web. It begins with https://.")
    if len(sheet.licence) > LONGEST_LICENCE:
        problems["licence"] = gettext("The licence has %(most)s characters at most.", most=LONGEST_LICENCE)
    seats = typed_number(sheet.seats, most=MOST_SEATS) if sheet.seats else None
    if sheet.seats and not seats:
        problems["seats"] = gettext("Say how many places there are, as a number, or nothing.")
    elif seats is not None and seats < taken:
        problems["seats"] = gettext("%(taken)s places are given. Take some back first.", taken=taken)
    return seats
