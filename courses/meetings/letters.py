"""The mails of the meetings: a place came to somebody, something changed or was cancelled, a way in after a scan."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from typing import Any, Final

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from courses.meetings.audience import enrolled_in, is_invited
from courses.meetings.models import (
    MakeUpState,
    Meeting,
    MeetingMakeUp,
    MeetingRegistration,
    RegistrationState,
)
from courses.meetings.wording import say_meeting_kind, say_when, title_of
from institute.actors import PersonId, Role
from institute.clock import now
from institute.db import db
from institute.i18n import LazyText, lazy_gettext
from institute.messages import mail
from institute.messages.composing import isolated
from institute.messages.mail import About, MailKind, SignInTo
from institute.messages.topics import Topic
from institute.people.models import Person

PLACE: Final = "meeting.place"
CHANGED: Final = "meeting.changed"
CANCELLED: Final = "meeting.cancelled"
REMINDER: Final = "meeting.reminder"
ANSWERED: Final = "make-up.answered"
SCANNED: Final = "meeting.scanned"
WEEK: Final = timedelta(days=7)
HALF_HOUR: Final = timedelta(minutes=30)
FOLDER: Final = "courses/meetings/mail"
HOLDING: Final = (RegistrationState.REGISTERED, RegistrationState.WAITING)
TOPIC: Final = Topic(
    key="meetings",
    order=40,
    name=lazy_gettext("Meetings"),
    hint=lazy_gettext(
        "A meeting tomorrow, a place that came free for you, another time or place, a meeting that is cancelled, "
        "an answer to what you made up for."
    ),
)


def tell_place(meeting: Meeting, person_id: PersonId) -> None:
    """Tell somebody who waited that they have a place now, in the transaction that gave it."""
    mail.tell(person_id, PLACE, {"meeting": meeting.id}, institute_id=meeting.institute_id)


def tell_changed(meeting: Meeting, *, session: Session) -> None:
    """Tell everybody who has or waits for a place of another time or place."""
    about = {"meeting": meeting.id, "sequence": meeting.sequence}
    for person_id in _holders(meeting, session):
        mail.tell(person_id, CHANGED, about, institute_id=meeting.institute_id)


def tell_cancelled(meeting: Meeting, *, session: Session) -> None:
    """Tell the same people that it is cancelled."""
    for person_id in _holders(meeting, session):
        mail.tell(person_id, CANCELLED, {"meeting": meeting.id}, institute_id=meeting.institute_id)


def tell_answered(made: MeetingMakeUp) -> None:
    """Tell somebody what became of what they made up for."""
    about = {"meeting": made.meeting_id, "make_up": made.id}
    mail.tell(made.person_id, ANSWERED, about, institute_id=made.institute_id)


def tell_scanned(meeting: Meeting, person_id: PersonId, passed: str) -> None:
    """Mail somebody who scanned the code their own way in."""
    about: dict[str, int | str] = {"meeting": meeting.id, "pass": passed}
    mail.tell(person_id, SCANNED, about, institute_id=meeting.institute_id)


def init_app(app: Flask) -> None:
    """Let ``tell`` know the kinds."""
    _add(app, PLACE, "place.txt", lazy_gettext("A place in a meeting is yours"), _place_facts)
    _add(app, CHANGED, "changed.txt", lazy_gettext("A meeting has another time or place"), _changed_facts)
    _add(app, REMINDER, "reminder.txt", lazy_gettext("A meeting is near"), _reminder_facts)
    _add(app, ANSWERED, "answered.txt", lazy_gettext("Your make-up was answered"), _answered_facts)
    _add(app, CANCELLED, "cancelled.txt", lazy_gettext("A meeting is cancelled"), _cancelled_facts)
    mail.add(
        app,
        MailKind(
            kind=SCANNED,
            subject=lazy_gettext("Your way into the meeting"),
            template=f"{FOLDER}/scanned.txt",
            facts=_scanned_facts,
            action=lazy_gettext("Sign in to the meeting"),
            sign_in=_to_arrival,
            good_for=HALF_HOUR,
        ),
    )


def _add(app: Flask, kind: str, template: str, subject: LazyText, facts: Any) -> None:
    mail.add(
        app,
        MailKind(
            kind=kind,
            subject=subject,
            template=f"{FOLDER}/{template}",
            facts=facts,
            action=lazy_gettext("See the meeting"),
            sign_in=partial(_to_page, "meeting"),
            topic=TOPIC,
        ),
    )


def _place_facts(person: Person, about: About) -> Mapping[str, Any] | None:
    meeting = _meeting(person, about)
    if meeting is None or meeting.cancelled_at is not None or meeting.ends <= now():
        return None
    held = _state(meeting, person) is RegistrationState.REGISTERED
    return _facts(meeting) if held else None


def _changed_facts(person: Person, about: About) -> Mapping[str, Any] | None:
    meeting = _meeting(person, about)
    if meeting is None or meeting.cancelled_at is not None or meeting.ends <= now():
        return None
    newest = meeting.sequence == about["sequence"]
    return _facts(meeting) if newest and _state(meeting, person) in HOLDING else None


def _reminder_facts(person: Person, about: About) -> Mapping[str, Any] | None:
    """Return what a reminder says; nobody needs it of another time, or who has no place or is not invited any more."""
    meeting = _meeting(person, about)
    if meeting is None or meeting.cancelled_at is not None or meeting.starts <= now():
        return None
    state = _state(meeting, person)
    comes = state is RegistrationState.REGISTERED or (state is None and meeting.capacity is None)
    still = meeting.sequence == about["sequence"] and comes and is_invited(meeting, person.id)
    return _facts(meeting) if still else None


def _answered_facts(person: Person, about: About) -> Mapping[str, Any] | None:
    meeting = _meeting(person, about)
    made = db.session.get(MeetingMakeUp, int(about["make_up"]))
    if meeting is None or made is None or made.person_id != person.id or made.answered_at is None:
        return None
    verified = made.state is MakeUpState.VERIFIED
    return {**_facts(meeting), "verified": verified, "answer": isolated(made.answer)}


def _cancelled_facts(person: Person, about: About) -> Mapping[str, Any] | None:
    meeting = _meeting(person, about)
    if meeting is None or meeting.cancelled_at is None:
        return None
    return {**_facts(meeting), "reason": isolated(meeting.cancel_reason)}


def _scanned_facts(person: Person, about: About) -> Mapping[str, Any] | None:
    meeting = _meeting(person, about)
    if meeting is None or meeting.cancelled_at is not None or not is_invited(meeting, person.id):
        return None
    return _facts(meeting)


def _facts(meeting: Meeting) -> dict[str, Any]:
    return {
        "title": isolated(title_of(meeting)),
        "kind": say_meeting_kind(meeting.kind),
        "when": say_when(meeting.starts, meeting.ends, meeting.zone),
        "place": isolated(meeting.place),
    }


def _to_page(endpoint: str, person: Person, about: About) -> SignInTo:
    """Return the link to somebody's page of a meeting; a coach's role is live, so the link need not carry it."""
    meeting = _meeting(person, about)
    if meeting is None:
        return SignInTo()
    cohort_id = enrolled_in(meeting, person.id)
    role = Role.COACH if cohort_id is None else Role.PARTICIPANT
    values = {f"{role}_passed": str(about["pass"])} if "pass" in about else {}
    return SignInTo(
        roles=() if cohort_id is None else (role,),
        place=cohort_id,
        target=mail.path_to(f"{role}_meetings.{endpoint}", meeting_id=meeting.id, **values),
        valid_for=WEEK,
    )


def _to_arrival(person: Person, about: About) -> SignInTo:
    found = _to_page("arrival", person, about)
    return SignInTo(roles=found.roles, place=found.place, target=found.target, valid_for=HALF_HOUR)


def _meeting(person: Person, about: About) -> Meeting | None:
    return db.session.scalar(
        select(Meeting).where(
            Meeting.id == int(about["meeting"]), Meeting.institute_id == person.institute_id
        )
    )


def _state(meeting: Meeting, person: Person) -> RegistrationState | None:
    return db.session.scalar(
        select(MeetingRegistration.state).where(
            MeetingRegistration.meeting_id == meeting.id, MeetingRegistration.person_id == person.id
        )
    )


def _holders(meeting: Meeting, session: Session) -> list[PersonId]:
    return list(
        session.scalars(
            select(MeetingRegistration.person_id)
            .where(MeetingRegistration.meeting_id == meeting.id, MeetingRegistration.state.in_(HOLDING))
            .order_by(MeetingRegistration.id)
        )
    )
