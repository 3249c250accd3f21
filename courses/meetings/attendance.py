"""What somebody attended, in minutes that count: the answer for hours, requirements and certificates."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, select

from courses.meetings.counting import counted_minutes
from courses.meetings.models import (
    MakeUpState,
    Meeting,
    MeetingAttendance,
    MeetingId,
    MeetingKind,
    MeetingMakeUp,
    MeetingSeriesId,
)
from institute.actors import PersonId
from institute.db import db
from institute.people.linking import same_person


@dataclass(frozen=True, slots=True)
class Counted:
    """What counts of one meeting for one person, in minutes. ``length`` is the meeting's own."""

    meeting_id: MeetingId
    kind: MeetingKind
    starts: datetime
    length: int
    attended: int
    made_up: int
    key: str = ""

    @property
    def minutes(self) -> int:
        """The minutes that count: a make-up stands in the place of the meeting."""
        return counted_minutes(self.length, self.attended, self.made_up)


def minutes_of(
    person_id: PersonId,
    types: Collection[MeetingKind] | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
) -> int:
    """Return the minutes of meetings that count for a person with all of their accounts.

    ``types`` narrows them down, ``since`` and ``until`` (aware) to meetings that begin from the one until before the
    other. Cancelled meetings count nothing. Each meeting counts once, whichever account attended.
    """
    conditions: list[ColumnElement[bool]] = []
    if types is not None:
        conditions.append(Meeting.kind.in_(types))
    if since is not None:
        conditions.append(Meeting.starts >= since)
    if until is not None:
        conditions.append(Meeting.starts < until)
    return sum(one.minutes for one in counted_of(person_id, *conditions).values())


def series_minutes(person_id: PersonId, series_id: MeetingSeriesId) -> int:
    """Return what counts of a series for a person."""
    return sum(one.minutes for one in counted_of(person_id, Meeting.series_id == series_id).values())


def counted_of(person_id: PersonId, *conditions: ColumnElement[bool]) -> Mapping[MeetingId, Counted]:
    """Return what counts of each meeting that a person attended or made up for, in one query."""
    rows = same_person(person_id)
    made_up = and_(
        MeetingMakeUp.meeting_id == Meeting.id,
        MeetingMakeUp.person_id.in_(rows),
        MeetingMakeUp.state == MakeUpState.VERIFIED,
    )
    attended = and_(MeetingAttendance.meeting_id == Meeting.id, MeetingAttendance.person_id.in_(rows))
    found = db.session.execute(
        select(Meeting, MeetingAttendance.minutes, MeetingMakeUp.minutes)
        .outerjoin(MeetingAttendance, attended)
        .outerjoin(MeetingMakeUp, made_up)
        .where(
            Meeting.cancelled_at.is_(None),
            MeetingAttendance.id.is_not(None) | MeetingMakeUp.id.is_not(None),
            *conditions,
        )
        .order_by(Meeting.starts, Meeting.id)
    )
    counted: dict[MeetingId, Counted] = {}
    for meeting, minutes, replaced in found:
        before = counted.get(meeting.id)
        counted[meeting.id] = Counted(
            meeting.id,
            meeting.kind,
            meeting.starts,
            meeting.minutes,
            max(minutes or 0, before.attended if before else 0),
            max(replaced or 0, before.made_up if before else 0),
            meeting.key,
        )
    return counted
