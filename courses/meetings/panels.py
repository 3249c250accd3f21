"""Meetings on the home pages, and in everybody's calendar."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from sqlalchemy import or_, select

from courses.calendar.entries import Entry, Window
from courses.meetings.audience import sees_as, takes_part
from courses.meetings.models import Meeting, MeetingRegistration, RegistrationState
from courses.meetings.queries import MeetingLine, led_meetings
from courses.meetings.taking_part import panel as own_panel
from courses.meetings.wording import title_of
from institute.actors import Actor, Role
from institute.db import db
from institute.messages import mail

SHOWN: Final = 3


@dataclass(frozen=True, slots=True)
class LedPanel:
    """The next meetings that somebody leads, and how many make-ups wait for an employer."""

    role: Role
    upcoming: list[MeetingLine]
    running: MeetingLine | None


def participant_panel(actor: Actor) -> list[MeetingLine] | None:
    """Return a participant's meetings, None where there is none."""
    return own_panel(actor, role=Role.PARTICIPANT)


def coach_panel(actor: Actor) -> list[MeetingLine] | None:
    """Return a coach's meetings, None where there is none."""
    return own_panel(actor, role=Role.COACH)


def facilitator_panel(actor: Actor) -> LedPanel | None:
    """Return the meetings of the cohort that is open, None where none is."""
    return None if actor.place is None else _led(actor, Role.FACILITATOR)


def coordinator_panel(actor: Actor) -> LedPanel:
    """Return the institute's meetings."""
    return _led(actor, Role.COORDINATOR)


def administrator_panel(actor: Actor) -> LedPanel:
    """Return the institute's meetings."""
    return _led(actor, Role.ADMINISTRATOR)


def calendar_entries(window: Window) -> Iterable[Entry]:
    """Return the meetings that stand in somebody's calendar: all they are invited to but those they gave back."""
    actor = Actor(institute_id=window.institute_id, person_id=window.person_id)
    withdrawn = select(MeetingRegistration.meeting_id).where(
        MeetingRegistration.person_id == window.person_id,
        MeetingRegistration.state == RegistrationState.WITHDRAWN,
    )
    holding = select(MeetingRegistration.meeting_id).where(
        MeetingRegistration.person_id == window.person_id,
        MeetingRegistration.state == RegistrationState.REGISTERED,
    )
    query = select(Meeting, takes_part(window.person_id)).where(
        or_(sees_as(actor, coach=False), sees_as(actor, coach=True)),
        Meeting.ends > window.since,
        Meeting.starts < window.until,
        Meeting.id.not_in(withdrawn),
        or_(Meeting.capacity.is_(None), Meeting.id.in_(holding)),
    )
    return [
        _entry(meeting, Role.PARTICIPANT if enrolled else Role.COACH)
        for meeting, enrolled in db.session.execute(query)
    ]


def _entry(meeting: Meeting, role: Role) -> Entry:
    return Entry(
        uid=f"meeting-{meeting.id}",
        starts=meeting.starts,
        ends=meeting.ends,
        zone=meeting.zone,
        title=title_of(meeting),
        place=meeting.place or meeting.link,
        path=mail.path_to(f"{role}_meetings.meeting", meeting_id=meeting.id),
        sequence=meeting.sequence,
        cancelled=meeting.cancelled_at is not None,
    )


def _led(actor: Actor, role: Role) -> LedPanel:
    lines = [line for line in led_meetings(actor, past=False) if not line.cancelled]
    running = next((line for line in lines if line.begun), None)
    return LedPanel(role, lines[:SHOWN], running)
