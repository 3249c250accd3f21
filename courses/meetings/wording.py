"""Meetings in words, the same everywhere."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from courses.meetings.models import Audience, MakeUpState, Meeting, MeetingKind, Presence, RegistrationState
from courses.sessions.wording import say_day, say_times
from institute.i18n import pgettext


def say_meeting_kind(kind: MeetingKind) -> str:  # noqa: C901, PLR0911  (a word for each)
    """Return what is held."""
    match kind:
        case MeetingKind.COACH:
            return pgettext("kind of meeting", "Coach meeting")
        case MeetingKind.COHORT:
            return pgettext("kind of meeting", "Cohort meeting")
        case MeetingKind.TRAINING:
            return pgettext("kind of meeting", "Training")
        case MeetingKind.PROFESSIONAL_LEARNING:
            return pgettext("kind of meeting", "Professional learning")
        case MeetingKind.COMMUNITY:
            return pgettext("kind of meeting", "Community of practice")
        case MeetingKind.CHECK_IN:
            return pgettext("kind of meeting", "Virtual check-in")
        case MeetingKind.CALIBRATION:
            return pgettext("kind of meeting", "Calibration")
        case MeetingKind.ORIENTATION:
            return pgettext("kind of meeting", "Orientation")
        case MeetingKind.INTERAGENCY:
            return pgettext("kind of meeting", "Interagency meeting")
        case MeetingKind.END_OF_YEAR:
            return pgettext("kind of meeting", "End-of-year meeting")


def say_audience(audience: Audience) -> str:
    """Return whom a meeting is for."""
    match audience:
        case Audience.COACHES:
            return pgettext("whom a meeting is for", "Coaches")
        case Audience.PARTICIPANTS:
            return pgettext("whom a meeting is for", "Participants")
        case Audience.EVERYBODY:
            return pgettext("whom a meeting is for", "Coaches and participants")


def say_registration(state: RegistrationState) -> str:
    """Return whether somebody has a place."""
    match state:
        case RegistrationState.REGISTERED:
            return pgettext("registration", "Registered")
        case RegistrationState.WAITING:
            return pgettext("registration", "On the waiting list")
        case RegistrationState.WITHDRAWN:
            return pgettext("registration", "Not coming")


def say_presence(presence: Presence) -> str:
    """Return whether somebody was there."""
    match presence:
        case Presence.PRESENT:
            return pgettext("attendance", "There")
        case Presence.ABSENT:
            return pgettext("attendance", "Not there")
        case Presence.EXCUSED:
            return pgettext("attendance", "Excused")


def say_make_up(state: MakeUpState) -> str:
    """Return what an employer says of a make-up."""
    match state:
        case MakeUpState.ASKED:
            return pgettext("make-up", "Waits for the employer")
        case MakeUpState.VERIFIED:
            return pgettext("make-up", "Verified")
        case MakeUpState.DECLINED:
            return pgettext("make-up", "Not verified")
        case MakeUpState.WITHDRAWN:
            return pgettext("make-up", "Taken back")


def title_of(meeting: Meeting) -> str:
    """Return what a meeting is called: its own title, or its kind."""
    return meeting.title or say_meeting_kind(meeting.kind)


def say_when(starts: datetime, ends: datetime, zone: str) -> str:
    """Return the day and the times of a meeting on the clock of its zone."""
    day = say_day(starts.astimezone(ZoneInfo(zone)).date())
    return pgettext("day and times", "%(day)s, %(times)s", day=day, times=say_times(starts, ends, zone))
