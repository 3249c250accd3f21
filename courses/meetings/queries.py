"""Reading meetings for lists: where they stand, how many come, and what somebody has to do with them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Row, ScalarSelect, Select, func, select

from courses.catalogue.models import Programme, ProgrammeVersion
from courses.cohorts.models import Cohort
from courses.meetings.audience import led_by, meetings_of
from courses.meetings.models import (
    Audience,
    MakeUpState,
    Meeting,
    MeetingAttendance,
    MeetingId,
    MeetingKind,
    MeetingMakeUp,
    MeetingRegistration,
    MeetingSeriesId,
    Presence,
    RegistrationState,
)
from courses.meetings.wording import title_of
from institute.actors import Actor, PersonId
from institute.clock import now
from institute.db import db
from institute.i18n import Localised

MOST_SHOWN: Final = 200
RECENT: Final = timedelta(days=400)


@dataclass(frozen=True, slots=True)
class MeetingLine:
    """A meeting in a list. ``scope_name`` is its cohort's or programme's name, None for the whole institute.

    ``mine`` is whether the reader has a place, ``minutes_counted`` what counts for them; both None for who leads.
    """

    id: MeetingId
    series_id: MeetingSeriesId | None
    kind: MeetingKind
    audience: Audience
    title: str
    starts: datetime
    ends: datetime
    zone: str
    minutes: int
    place: str
    link: str
    scope_name: Localised | None
    capacity: int | None
    taken: int
    waiting: int
    present: int
    asked: int
    cancelled: bool
    cancel_reason: str
    mine: RegistrationState | None = None
    presence: Presence | None = None
    minutes_counted: int | None = None

    @property
    def over(self) -> bool:
        """Whether it has ended."""
        return self.ends <= now()

    @property
    def begun(self) -> bool:
        """Whether it has begun."""
        return self.starts <= now()

    @property
    def free(self) -> int | None:
        """How many places are left, None where they are not counted."""
        return None if self.capacity is None else self.capacity - self.taken


def led_meetings(actor: Actor, *, past: bool) -> list[MeetingLine]:
    """Return the meetings that an actor leads: those to come, the next first, or those that ended, the last first."""
    query = select(Meeting).where(led_by(actor))
    if past:
        query = query.where(Meeting.ends <= now()).order_by(Meeting.starts.desc(), Meeting.id.desc())
    else:
        query = query.where(Meeting.ends > now()).order_by(Meeting.starts, Meeting.id)
    return lines_of(query.limit(MOST_SHOWN))


def own_meetings(
    actor: Actor, *, coach: bool, to_come: bool = False, most: int = MOST_SHOWN
) -> list[MeetingLine]:
    """Return the meetings that somebody sees as a coach or as a participant, those of the last year included.

    With ``to_come`` those alone that have not ended; at most ``most``, the first ones.
    """
    query = meetings_of(actor, coach=coach).where(Meeting.ends > (now() if to_come else now() - RECENT))
    return lines_of(query.order_by(Meeting.starts, Meeting.id).limit(most), reader=actor.person_id)


def has_own_meetings(actor: Actor, *, coach: bool) -> bool:
    """Tell whether somebody sees any meeting as a coach or as a participant, those of the last year included."""
    query = meetings_of(actor, coach=coach).where(Meeting.ends > now() - RECENT)
    return bool(db.session.scalar(select(query.exists())))


def line_of(meeting: Meeting, *, reader: PersonId | None = None) -> MeetingLine:
    """Return one meeting as a line."""
    return lines_of(select(Meeting).where(Meeting.id == meeting.id), reader=reader)[0]


def lines_of(query: Select[Meeting], *, reader: PersonId | None = None) -> list[MeetingLine]:
    """Return the meetings of a query with their counts, and the reader's place and presence, in one statement."""
    beside: list[ScalarSelect[Any]] = [*_BESIDE]
    if reader is not None:
        beside += [
            _of(MeetingRegistration.state, MeetingRegistration, MeetingRegistration.person_id == reader),
            _of(MeetingAttendance.presence, MeetingAttendance, MeetingAttendance.person_id == reader),
        ]
    return [_line(row) for row in db.session.execute(query.add_columns(*beside))]


def _line(row: Row[Any]) -> MeetingLine:
    meeting: Meeting = row[0]
    waiting, present, asked, cohort, programme, *own = tuple(row)[1:]
    mine, presence = own or (None, None)
    return MeetingLine(
        id=meeting.id,
        series_id=meeting.series_id,
        kind=meeting.kind,
        audience=meeting.audience,
        title=title_of(meeting),
        starts=meeting.starts,
        ends=meeting.ends,
        zone=meeting.zone,
        minutes=meeting.minutes,
        place=meeting.place,
        link=meeting.link,
        scope_name=cohort or programme,
        capacity=meeting.capacity,
        taken=meeting.taken,
        waiting=waiting,
        present=present,
        asked=asked,
        cancelled=meeting.cancelled_at is not None,
        cancel_reason=meeting.cancel_reason,
        mine=mine,
        presence=presence,
    )


def _of(what: Any, model: Any, condition: Any) -> ScalarSelect[Any]:
    return select(what).where(model.meeting_id == Meeting.id, condition).correlate(Meeting).scalar_subquery()


# What stands beside each meeting of any list: who waits, who was there, what was asked, and whose it is.
_BESIDE: Final = (
    _of(func.count(), MeetingRegistration, MeetingRegistration.state == RegistrationState.WAITING),
    _of(func.count(), MeetingAttendance, MeetingAttendance.presence == Presence.PRESENT),
    _of(func.count(), MeetingMakeUp, MeetingMakeUp.state == MakeUpState.ASKED),
    select(Cohort.name).where(Cohort.id == Meeting.cohort_id).correlate(Meeting).scalar_subquery(),
    select(ProgrammeVersion.title)
    .join(Programme, Programme.current_version_id == ProgrammeVersion.id)
    .where(Programme.id == Meeting.programme_id)
    .correlate(Meeting)
    .scalar_subquery(),
)
