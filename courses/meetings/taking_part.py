"""What the pages of those who take part in meetings show: what is next, what counts, what can be made up for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from sqlalchemy import select

from courses.frameworks.queries import Named, named
from courses.meetings.attendance import Counted, counted_of
from courses.meetings.audience import find_own
from courses.meetings.codes import is_open
from courses.meetings.making_up import STANDING, Report, ReportChecked
from courses.meetings.models import (
    MakeUpState,
    Meeting,
    MeetingAttendance,
    MeetingId,
    MeetingMakeUp,
    MeetingSeriesId,
    Presence,
    RegistrationState,
)
from courses.meetings.queries import MeetingLine, has_own_meetings, line_of, own_meetings
from institute.actors import Actor, PersonId, Role
from institute.clock import now
from institute.db import db
from institute.errors import DomainError, NotFoundError
from institute.i18n import current_locale

ON_HOME: Final = 2


@dataclass(frozen=True, slots=True)
class SeriesFigure:
    """How much of a series counts for somebody, in minutes: of all its meetings that are not cancelled."""

    title: str
    meetings: int
    attended: int
    minutes: int
    whole: int


@dataclass(frozen=True, slots=True)
class OwnList:
    """Somebody's meetings: those to come, the next first, those that ended, the last first, and their series."""

    upcoming: list[MeetingLine]
    past: list[MeetingLine]
    series: list[SeriesFigure]

    @property
    def next(self) -> MeetingLine | None:
        """The next one that takes place."""
        return next((line for line in self.upcoming if not line.cancelled), None)


@dataclass(frozen=True, slots=True)
class OwnPage:
    """A meeting as somebody sees it who takes part. ``typed`` and ``problems`` are of the last form."""

    meeting: Meeting
    line: MeetingLine
    topics: list[Named]
    competencies: list[Named]
    attendance: MeetingAttendance | None
    counted: Counted | None
    make_up: MeetingMakeUp | None
    sign_in_open: bool
    typed_code: str = ""
    problems: Mapping[str, DomainError] = field(default_factory=dict)

    @property
    def present(self) -> bool:
        """Whether the reader is on the list as having been there."""
        return self.attendance is not None and self.attendance.presence is Presence.PRESENT

    @property
    def may_register(self) -> bool:
        """Whether a place can be taken."""
        free = self.line.mine in {None, RegistrationState.WITHDRAWN}
        return free and not self.line.over and not self.line.cancelled

    @property
    def may_make_up(self) -> bool:
        """Whether something of it was missed that no make-up stands for."""
        missed = self.attendance is None or self.attendance.minutes < self.line.minutes
        stands = self.make_up is not None and self.make_up.state in STANDING
        return self.line.over and not self.line.cancelled and missed and not stands


@dataclass(frozen=True, slots=True)
class MakeUpForm:
    """The form of a make-up."""

    line: MeetingLine
    checked: ReportChecked


def own_list(actor: Actor, *, role: Role) -> OwnList:
    """Return somebody's meetings as a coach or as a participant."""
    lines = _with_counted(own_meetings(actor, coach=role is Role.COACH), actor.person_id)
    upcoming = [line for line in lines if not line.over]
    past = [line for line in lines if line.over][::-1]
    return OwnList(upcoming, past, _series(lines))


def panel(actor: Actor, *, role: Role) -> list[MeetingLine] | None:
    """Return the next meetings for the home page, None where there is none at all, not even one that ended."""
    coach = role is Role.COACH
    upcoming = own_meetings(actor, coach=coach, to_come=True, most=ON_HOME)
    return upcoming if upcoming or has_own_meetings(actor, coach=coach) else None


def own_page(
    meeting_id: MeetingId,
    *,
    actor: Actor,
    typed_code: str = "",
    problems: Mapping[str, DomainError] | None = None,
) -> OwnPage:
    """Return a meeting as the actor sees it who takes part. Raises NotFoundError."""
    meeting = find_own(meeting_id, actor=actor, session=db.session())
    names = named(actor.institute_id, [*meeting.topics, *meeting.competencies])
    (line,) = _with_counted([line_of(meeting, reader=actor.person_id)], actor.person_id)
    return OwnPage(
        meeting=meeting,
        line=line,
        topics=[names[one] for one in meeting.topics],
        competencies=[names[one] for one in meeting.competencies],
        attendance=_attendance(meeting_id, actor),
        counted=counted_of(_person(actor), Meeting.id == meeting_id).get(meeting_id),
        make_up=_make_up(meeting_id, actor),
        sign_in_open=is_open(meeting.starts, meeting.ends, now()) and not line.cancelled,
        typed_code=typed_code,
        problems=problems or {},
    )


def make_up_form(meeting_id: MeetingId, *, actor: Actor, checked: ReportChecked | None = None) -> MakeUpForm:
    """Return the form of a make-up: for the whole meeting, unless something else was typed. Raises NotFoundError."""
    meeting = find_own(meeting_id, actor=actor, session=db.session())
    line = line_of(meeting)
    usual = Report(minutes=str(line.minutes), locale=current_locale())
    return MakeUpForm(line, checked or ReportChecked(usual))


def _with_counted(lines: list[MeetingLine], person_id: PersonId | None) -> list[MeetingLine]:
    """Return lines with what counts of each for the reader."""
    ids = [line.id for line in lines]
    counted = counted_of(person_id, Meeting.id.in_(ids)) if person_id is not None and ids else {}
    return [
        replace(line, minutes_counted=counted[line.id].minutes if line.id in counted else 0) for line in lines
    ]


def _series(lines: list[MeetingLine]) -> list[SeriesFigure]:
    found: dict[MeetingSeriesId, list[MeetingLine]] = {}
    for line in lines:
        if line.series_id is not None and not line.cancelled:
            found.setdefault(line.series_id, []).append(line)
    return [
        SeriesFigure(
            title=members[0].title,
            meetings=len(members),
            attended=sum(bool(one.minutes_counted) for one in members),
            minutes=sum(one.minutes_counted or 0 for one in members),
            whole=sum(one.minutes for one in members),
        )
        for members in found.values()
    ]


def _attendance(meeting_id: MeetingId, actor: Actor) -> MeetingAttendance | None:
    return db.session.scalar(
        select(MeetingAttendance).where(
            MeetingAttendance.meeting_id == meeting_id, MeetingAttendance.person_id == actor.person_id
        )
    )


def _make_up(meeting_id: MeetingId, actor: Actor) -> MeetingMakeUp | None:
    return db.session.scalar(
        select(MeetingMakeUp)
        .where(
            MeetingMakeUp.meeting_id == meeting_id,
            MeetingMakeUp.person_id == actor.person_id,
            MeetingMakeUp.state != MakeUpState.WITHDRAWN,
        )
        .order_by(MeetingMakeUp.id.desc())
        .limit(1)
    )


def _person(actor: Actor) -> PersonId:
    if actor.person_id is None:
        raise NotFoundError
    return actor.person_id
