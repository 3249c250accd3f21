"""What the pages of those who lead meetings show: the form, the list of people, what was made up for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from sqlalchemy import select

from courses.catalogue.queries import list_programmes
from courses.coaches.qualifying import requirements_of
from courses.frameworks.queries import ChoiceGroup, Named, element_choices, named, tag_choices
from courses.meetings.attending import ListRow
from courses.meetings.audience import cohorts_led, find_led, invited_to, leads_all
from courses.meetings.codes import is_open
from courses.meetings.making import was_held, zone_for
from courses.meetings.models import (
    MakeUpId,
    MakeUpState,
    Meeting,
    MeetingAttendance,
    MeetingId,
    MeetingMakeUp,
    MeetingRegistration,
    Presence,
    RegistrationId,
    RegistrationState,
    Way,
)
from courses.meetings.queries import MeetingLine, line_of
from courses.meetings.sheets import SHOWN_DAYS, Checked, sheet_of, usual_sheet
from institute.actors import Actor, PersonId
from institute.clock import now
from institute.db import db
from institute.errors import DomainError
from institute.files.models import StoredFileId
from institute.people.models import Person
from institute.people.naming import name_or_number

TOPICS: Final = "topics"


@dataclass(frozen=True, slots=True)
class PersonRow:
    """Somebody on the list of a meeting; ``late`` and ``early`` stand as typed or as recorded."""

    person_id: PersonId
    name: str
    registration_id: RegistrationId | None
    state: RegistrationState | None
    presence: str
    late: str
    early: str
    minutes: int
    way: Way | None
    problem: str = ""


@dataclass(frozen=True, slots=True)
class MakeUpLine:
    """What somebody says to have made up for."""

    made: MeetingMakeUp
    name: str

    @property
    def id(self) -> MakeUpId:
        """The make-up's id."""
        return self.made.id

    @property
    def sheet_id(self) -> StoredFileId | None:
        """The sign-in sheet, if there is one."""
        return self.made.sheet_id

    @property
    def stands(self) -> bool:
        """Whether it counts or may come to count."""
        return self.made.state in {MakeUpState.ASKED, MakeUpState.VERIFIED}


@dataclass(frozen=True, slots=True)
class LedPage:
    """A meeting with its people, for whoever leads it. ``problems`` are by field of the small forms."""

    meeting: Meeting
    line: MeetingLine
    rows: list[PersonRow]
    waiting: list[PersonRow]
    make_ups: list[MakeUpLine]
    topics: list[Named]
    competencies: list[Named]
    held: bool
    problems: Mapping[str, DomainError] = field(default_factory=dict)
    typed: Mapping[str, str] = field(default_factory=dict)

    @property
    def soon(self) -> bool:
        """Whether people may sign in now."""
        return is_open(self.meeting.starts, self.meeting.ends, now())

    @property
    def summary(self) -> list[tuple[str, str]]:
        """What has to be mended, as (field, sentence)."""
        rows = [(f"late-{row.person_id}", f"{row.name}: {row.problem}") for row in self.rows if row.problem]
        return [*((name, one.text) for name, one in self.problems.items()), *rows]


@dataclass(frozen=True, slots=True)
class MeetingForm:
    """The form of a meeting, with what there is to choose. ``scopes`` are (value, name)."""

    checked: Checked
    zone: str
    scopes: list[tuple[str, object]]
    topics: list[ChoiceGroup]
    competencies: list[ChoiceGroup]
    requirements: list[tuple[str, object]]
    meeting: Meeting | None = None

    @property
    def days(self) -> list[str]:
        """What stands in the fields for days: four of them for a new meeting, more where more were typed."""
        typed = list(self.checked.sheet.days)
        if self.meeting is not None:
            return typed[:1] or [""]
        return typed + [""] * max(SHOWN_DAYS - len(typed), 0)


def led_page(
    meeting_id: MeetingId,
    *,
    actor: Actor,
    typed_rows: Mapping[PersonId, ListRow] | None = None,
    row_problems: Mapping[PersonId, DomainError] | None = None,
    problems: Mapping[str, DomainError] | None = None,
    typed: Mapping[str, str] | None = None,
) -> LedPage:
    """Return a meeting as who leads it sees it, with what was typed last. Raises NotFoundError."""
    meeting = find_led(meeting_id, actor=actor, session=db.session())
    rows = _rows(meeting, typed_rows or {}, row_problems or {})
    names = named(actor.institute_id, [*meeting.topics, *meeting.competencies])
    return LedPage(
        meeting=meeting,
        line=line_of(meeting),
        rows=[row for row in rows if row.state is not RegistrationState.WAITING],
        waiting=[row for row in rows if row.state is RegistrationState.WAITING],
        make_ups=_make_ups(meeting),
        topics=[names[one] for one in meeting.topics],
        competencies=[names[one] for one in meeting.competencies],
        held=was_held(meeting, db.session()),
        problems=problems or {},
        typed=typed or {},
    )


def new_form(actor: Actor, *, checked: Checked | None = None) -> MeetingForm:
    """Return the form of a new meeting, filled in as usual or as it was typed."""
    cohorts = cohorts_led(actor)
    scope = f"cohort-{cohorts[0].id}" if cohorts else "institute"
    sheet = usual_sheet("institute" if leads_all(actor) else scope, coaches=leads_all(actor))
    return _form(checked or Checked(sheet), actor=actor)


def change_form(meeting_id: MeetingId, *, actor: Actor, checked: Checked | None = None) -> MeetingForm:
    """Return the form that changes a meeting. Raises NotFoundError."""
    meeting = find_led(meeting_id, actor=actor, session=db.session())
    return _form(checked or Checked(sheet_of(meeting)), actor=actor, meeting=meeting)


def _form(checked: Checked, *, actor: Actor, meeting: Meeting | None = None) -> MeetingForm:
    scopes: list[tuple[str, object]] = []
    if leads_all(actor):
        scopes.append(("institute", ""))
        scopes += [(f"programme-{one.id}", one.title) for one in list_programmes(actor.institute_id)]
    scopes += [(f"cohort-{one.id}", one.name) for one in cohorts_led(actor)]
    asked = requirements_of(actor.institute_id) if leads_all(actor) else []
    return MeetingForm(
        checked=checked,
        zone=meeting.zone if meeting else zone_for(checked.sheet, actor=actor),
        scopes=scopes,
        topics=_topics(tag_choices(actor.institute_id)),
        competencies=_with(element_choices(actor.institute_id)),
        requirements=[(one.key, one.title) for one in asked],
        meeting=meeting,
    )


def _topics(groups: list[ChoiceGroup]) -> list[ChoiceGroup]:
    """Return the institute's list of topics, or, where it has none, every list of tags."""
    own = [group for group in groups if group.key == TOPICS]
    return _with(own or groups)


def _with(groups: list[ChoiceGroup]) -> list[ChoiceGroup]:
    return [group for group in groups if group.choices]


def _rows(
    meeting: Meeting,
    typed: Mapping[PersonId, ListRow],
    problems: Mapping[PersonId, DomainError],
) -> list[PersonRow]:
    registered = {
        one.person_id: one
        for one in db.session.scalars(
            select(MeetingRegistration).where(MeetingRegistration.meeting_id == meeting.id)
        )
    }
    attended = {
        one.person_id: one
        for one in db.session.scalars(
            select(MeetingAttendance).where(MeetingAttendance.meeting_id == meeting.id)
        )
    }
    rows = []
    for one in invited_to(meeting):
        registration, attendance = registered.get(one.person_id), attended.get(one.person_id)
        if _stays_away(registration, attendance):
            continue
        said = typed.get(one.person_id) or _recorded(attendance)
        problem = problems.get(one.person_id)
        rows.append(
            PersonRow(
                person_id=one.person_id,
                name=one.name,
                registration_id=registration.id if registration else None,
                state=registration.state if registration else None,
                presence=said.presence,
                late=said.late,
                early=said.early,
                minutes=attendance.minutes if attendance else 0,
                way=attendance.way if attendance else None,
                problem=problem.text if problem else "",
            )
        )
    return rows


def _stays_away(registration: MeetingRegistration | None, attendance: MeetingAttendance | None) -> bool:
    """Tell whether somebody gave their place back and is not recorded."""
    gone = registration is not None and registration.state is RegistrationState.WITHDRAWN
    return gone and attendance is None


def _recorded(attendance: MeetingAttendance | None) -> ListRow:
    if attendance is None:
        return ListRow()
    shown = attendance.presence is Presence.PRESENT
    return ListRow(
        attendance.presence,
        str(attendance.late) if shown and attendance.late else "",
        str(attendance.early) if shown and attendance.early else "",
    )


def _make_ups(meeting: Meeting) -> list[MakeUpLine]:
    rows = db.session.execute(
        select(MeetingMakeUp, Person.name)
        .join(Person, Person.id == MeetingMakeUp.person_id)
        .where(MeetingMakeUp.meeting_id == meeting.id, MeetingMakeUp.state != MakeUpState.WITHDRAWN)
        .order_by(MeetingMakeUp.reported_at, MeetingMakeUp.id)
    )
    return [MakeUpLine(made, name_or_number(name, made.person_id)) for made, name in rows]
