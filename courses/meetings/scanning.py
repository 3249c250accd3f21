"""Somebody scanned the code with a browser that nobody is signed in with: their own way in goes to their address."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import select

from courses.meetings.audience import is_invited
from courses.meetings.codes import accepts, is_fresh, is_open, make_pass, read_pass
from courses.meetings.letters import SCANNED, tell_scanned
from courses.meetings.models import Meeting, MeetingId
from courses.meetings.wording import title_of
from institute.actors import PersonId
from institute.clock import now
from institute.db import db
from institute.i18n import Localised
from institute.messages import mail
from institute.messages.addresses import Address
from institute.people.models import Institute, Person
from institute.web import limits

NOBODY: Final = PersonId(0)
PURPOSE: Final = "meeting.scanned"


@dataclass(frozen=True, slots=True)
class ScannedPage:
    """What somebody sees who scanned the code in time. ``ticket`` says when; the form carries it."""

    meeting_id: MeetingId
    title: str
    institute_name: Localised
    ticket: str


def scanned_page(meeting_id: MeetingId, code: str) -> ScannedPage | None:
    """Return what stands behind a code that is shown now, None for any other, or where one cannot sign in now."""
    meeting = _open_meeting(meeting_id)
    if meeting is None or not accepts(meeting.id, code, now()):
        return None
    return _page(meeting, make_pass(meeting.id, NOBODY, now()))


def continued_page(meeting_id: MeetingId, ticket: str) -> ScannedPage | None:
    """Return the same for a form that carries its ticket, None where that is too old or none."""
    meeting = _open_meeting(meeting_id)
    if meeting is None or _scanned(meeting_id, ticket) is None:
        return None
    return _page(meeting, ticket)


def mail_way_in(meeting_id: MeetingId, ticket: str, address: Address) -> None:
    """Mail their way in to those invited who have this address; to anybody else nothing, with as much work.

    At most five an hour for one address.
    """
    meeting = _open_meeting(meeting_id)
    scanned = _scanned(meeting_id, ticket)
    key = hashlib.sha256(address.spellings[0].encode()).hexdigest()
    allowed = limits.seldom(PURPOSE, key)
    people = _invited_at(meeting, address) if meeting is not None else []
    if meeting is None or scanned is None or not allowed or not people:
        mail.tell_nobody(SCANNED)
        return
    for person_id in people:
        tell_scanned(meeting, person_id, make_pass(meeting.id, person_id, scanned))


def _scanned(meeting_id: MeetingId, ticket: str) -> datetime | None:
    scanned = read_pass(meeting_id, NOBODY, ticket)
    return scanned if scanned is not None and is_fresh(scanned, now()) else None


def _page(meeting: Meeting, ticket: str) -> ScannedPage:
    institute = db.session.get_one(Institute, meeting.institute_id)
    return ScannedPage(meeting.id, title_of(meeting), institute.name, ticket)


def _open_meeting(meeting_id: MeetingId) -> Meeting | None:
    meeting = db.session.get(Meeting, meeting_id)
    if meeting is None or meeting.cancelled_at is not None:
        return None
    return meeting if is_open(meeting.starts, meeting.ends, now()) else None


def _invited_at(meeting: Meeting, address: Address) -> list[PersonId]:
    found = db.session.scalars(
        select(Person.id)
        .where(Person.institute_id == meeting.institute_id, Person.email.in_(address.spellings))
        .order_by(Person.id)
        .limit(5)
    )
    return [person_id for person_id in found if is_invited(meeting, person_id)]
