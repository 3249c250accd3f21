"""Reminders of coaching: a session waits for its confirmation, a month falls short. Each is sent once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, Final

from flask import Flask
from sqlalchemy import select

from courses.catalogue.durations import say_minutes
from courses.cohorts.assigning import assigned_on, local_day
from courses.cohorts.models import CoachAssignment, Cohort, Enrolment, EnrolmentId, EnrolmentState
from courses.hours.figures import MonthFigure
from courses.hours.months import last_day, month_of
from courses.hours.queries import hours_of, hours_of_several
from courses.schedule.models import PlanState
from courses.schedule.queries import planned_for
from courses.schedule.topics import REMINDERS
from courses.sessions.models import SessionLog, SessionState
from courses.sessions.wording import say_day, say_month, say_times
from institute.actors import InstituteId, PersonId, Role
from institute.clock import now
from institute.db import db, transaction
from institute.i18n import lazy_gettext
from institute.jobs import daily
from institute.messages import mail
from institute.messages.composing import isolated
from institute.messages.mail import About, MailKind, SignInTo
from institute.parting import parts_of
from institute.people.models import Person
from institute.people.naming import name_or_number

STILL_WAITS: Final = "session.still-waits"
MONTH_SHORT: Final = "hours.month-short"
WAITS_DAYS: Final = (3, 7)
DAYS_LEFT: Final = 10
OPEN_FOR: Final = timedelta(days=7)
MOST_AT_ONCE: Final = 500


def remind_to_confirm(log_id: int, participant_id: PersonId, *, institute_id: InstituteId) -> None:
    """Wish for the reminders of a log that waits; belongs into the transaction that sends it.

    A log that is sent again begins anew: the reminders that still wait are put off.
    """
    for days in WAITS_DAYS:
        about = {"log": log_id, "days": days}
        after = now() + timedelta(days=days)
        mail.tell(participant_id, STILL_WAITS, about, institute_id=institute_id, after=after)


def remind_of_months(_day: date) -> None:
    """Remind participants and coaches of present months that fall short ten days before they end, once for each."""
    rows = db.session.execute(
        select(Enrolment.id, Enrolment.person_id, Enrolment.institute_id, Cohort.timezone)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .where(Enrolment.state == EnrolmentState.ACTIVE)
        .order_by(Enrolment.id)
    ).all()
    near = [row for row in rows if _is_near_end(row.timezone)]
    for part in parts_of(near, MOST_AT_ONCE):
        hours = hours_of_several(row.id for row in part)
        with transaction():
            for row in part:
                month = hours[row.id].present
                if falls_short(month) and not _is_planned(row.id, row.institute_id, month):
                    about = {"enrolment": row.id, "month": month.first_day.isoformat()}
                    _tell_both(row.id, row.person_id, row.institute_id, about, local_day(row.timezone))


def falls_short(month: MonthFigure) -> bool:
    """Tell whether a month lacks what is asked of it even when everything that waits is confirmed."""
    return not month.excused and month.expected < month.minimum


def _is_planned(enrolment_id: EnrolmentId, institute_id: InstituteId, month: MonthFigure) -> bool:
    """Tell whether what is planned in the rest of a month reaches its minimum."""
    until = now() + timedelta(days=DAYS_LEFT + 1)
    plans = planned_for(enrolment_id, institute_id=institute_id, since=now(), until=until)
    first = month.first_day
    minutes = sum(
        plan.minutes
        for plan in plans
        if plan.state is PlanState.PLANNED and not plan.over and month_of(plan.day) == first
    )
    return month.expected + minutes >= month.minimum


def _is_near_end(timezone: str) -> bool:
    today = local_day(timezone)
    return (last_day(today) - today).days <= DAYS_LEFT


def _tell_both(
    enrolment_id: EnrolmentId, person_id: PersonId, institute_id: InstituteId, about: About, today: date
) -> None:
    coach_id = _coach_on(enrolment_id, today)
    for reader in (person_id, coach_id):
        if reader is not None:
            mail.tell_once(reader, MONTH_SHORT, about, institute_id=institute_id)


def _coach_on(enrolment_id: EnrolmentId, day: date) -> PersonId | None:
    return db.session.scalar(
        select(CoachAssignment.coach_id)
        .where(CoachAssignment.enrolment_id == enrolment_id, assigned_on(day))
        .limit(1)
    )


def _waiting_facts(person: Person, about: About) -> Mapping[str, Any] | None:
    """Return what the reminder says, or None where the log went on, or was sent anew since."""
    row = db.session.execute(
        select(SessionLog, Person.name)
        .join(Person, Person.id == SessionLog.coach_id)
        .where(
            SessionLog.id == int(about["log"]),
            SessionLog.institute_id == person.institute_id,
            SessionLog.participant_id == person.id,
            SessionLog.state == SessionState.SUBMITTED,
        )
    ).one_or_none()
    if row is None:
        return None
    log = row[0]
    if log.submitted_at is None or now() < log.submitted_at + timedelta(days=int(about["days"])):
        return None
    return {
        "other": isolated(row.name),
        "day": say_day(log.local_day),
        "times": say_times(log.start_utc, log.end_utc, log.zone),
        "length": say_minutes(log.minutes),
    }


def _waiting_sign_in(person: Person, about: About) -> SignInTo:
    place = db.session.scalar(
        select(Enrolment.cohort_id)
        .join(SessionLog, SessionLog.enrolment_id == Enrolment.id)
        .where(SessionLog.id == int(about["log"]), SessionLog.institute_id == person.institute_id)
    )
    target = mail.path_to("participant_hours.detail", log_id=int(about["log"]))
    return SignInTo(roles=(Role.PARTICIPANT,), place=place, target=target, valid_for=OPEN_FOR)


def _short_facts(person: Person, about: About) -> Mapping[str, Any] | None:
    """Return what the reminder says, or None where the month is over, was made up for, or is nobody's of these."""
    enrolment = _enrolment(person, about)
    if enrolment is None or enrolment.state is not EnrolmentState.ACTIVE:
        return None
    month = date.fromisoformat(str(about["month"]))
    today = local_day(enrolment.cohort.timezone)
    figure = hours_of(enrolment.id).present
    coach_id = _coach_on(enrolment.id, today)
    involved = person.id in {enrolment.person_id, coach_id}
    if not involved or month != month_of(today) or not falls_short(figure):
        return None
    mine = person.id == enrolment.person_id
    return {
        "other": "" if mine else isolated(name_or_number(enrolment.person.name, enrolment.person_id)),
        "month": say_month(month),
        "last_day": say_day(last_day(month)),
        "missing": say_minutes(figure.missing),
        "minimum": say_minutes(figure.minimum),
        "waiting": say_minutes(figure.expected - figure.filled) if figure.expected > figure.filled else "",
        "mine": mine,
    }


def _short_sign_in(person: Person, about: About) -> SignInTo:
    enrolment = _enrolment(person, about)
    if enrolment is None:
        return SignInTo()
    if enrolment.person_id == person.id:
        target = mail.path_to("participant_hours.index")
        return SignInTo((Role.PARTICIPANT,), enrolment.cohort_id, target, OPEN_FOR)
    target = mail.path_to("coach_sessions.index")
    return SignInTo(place=enrolment.cohort_id, target=target, valid_for=OPEN_FOR)


def _enrolment(person: Person, about: About) -> Enrolment | None:
    return db.session.scalar(
        select(Enrolment).where(
            Enrolment.id == int(about["enrolment"]), Enrolment.institute_id == person.institute_id
        )
    )


def init_app(app: Flask) -> None:
    """Let ``tell`` know both kinds, and look at months once a day."""
    mail.add(
        app,
        MailKind(
            kind=STILL_WAITS,
            subject=lazy_gettext("A coaching session still waits for your answer"),
            template="courses/coaching/mail/still_waits.txt",
            facts=_waiting_facts,
            action=lazy_gettext("Confirm or correct the session"),
            sign_in=_waiting_sign_in,
            topic=REMINDERS,
        ),
    )
    mail.add(
        app,
        MailKind(
            kind=MONTH_SHORT,
            subject=lazy_gettext("Coaching hours of this month are missing"),
            template="courses/coaching/mail/month_short.txt",
            facts=_short_facts,
            action=lazy_gettext("Look at the hours"),
            sign_in=_short_sign_in,
            topic=REMINDERS,
        ),
    )
    daily.add(app, "coaching.months", remind_of_months)
