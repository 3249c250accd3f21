"""The mails of coaching: a session waits for its participant's answer; a log came back to its coach."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from typing import Any, Final

from flask import Flask
from sqlalchemy import select

from courses.catalogue.durations import say_minutes
from courses.coaching.histories import words_of
from courses.coaching.queries import find_line
from courses.coaching.reminding import remind_to_confirm
from courses.cohorts.models import Enrolment
from courses.sessions.models import SessionAnswer, SessionLog, SessionState, Verdict
from courses.sessions.wording import say_day, say_difference, say_mode, say_times
from institute.actors import InstituteId, PersonId, Role
from institute.db import db
from institute.i18n import lazy_gettext
from institute.messages import mail
from institute.messages.composing import isolated
from institute.messages.mail import About, MailKind, SignInTo
from institute.people.models import Person

TO_CONFIRM: Final = "session.to-confirm"
DISPUTED: Final = "session.disputed"
WEEK: Final = timedelta(days=7)


def ask_to_confirm(log_id: int, participant_id: PersonId, *, institute_id: InstituteId) -> None:
    """Ask a participant by mail to answer, now and if they do not; belongs into the transaction that sends the log."""
    mail.tell(participant_id, TO_CONFIRM, {"log": log_id}, institute_id=institute_id)
    remind_to_confirm(log_id, participant_id, institute_id=institute_id)


def tell_disputed(log_id: int, coach_id: PersonId, *, institute_id: InstituteId) -> None:
    """Tell a coach by mail that a log came back; belongs into the transaction of the dispute."""
    mail.tell(coach_id, DISPUTED, {"log": log_id}, institute_id=institute_id)


def init_app(app: Flask) -> None:
    """Let ``tell`` know both kinds."""
    mail.add(
        app,
        MailKind(
            kind=TO_CONFIRM,
            subject=lazy_gettext("A coaching session waits for your answer"),
            template="courses/coaching/mail/to_confirm.txt",
            facts=partial(_facts, SessionState.SUBMITTED),
            action=lazy_gettext("Confirm or correct the session"),
            sign_in=partial(_sign_in, Role.PARTICIPANT, "participant_hours.detail"),
        ),
    )
    mail.add(
        app,
        MailKind(
            kind=DISPUTED,
            subject=lazy_gettext("A session log came back to you"),
            template="courses/coaching/mail/disputed.txt",
            facts=partial(_facts, SessionState.DISPUTED),
            action=lazy_gettext("Look at the log"),
            sign_in=partial(_sign_in, Role.COACH, "coach_sessions.detail"),
        ),
    )


def _facts(wanted: SessionState, person: Person, about: About) -> Mapping[str, Any] | None:
    """Return what a mail says, or None where the log went on meanwhile."""
    log = _log(person, about)
    if log is None or log.state is not wanted or person.id not in {log.coach_id, log.participant_id}:
        return None
    other_id = log.participant_id if person.id == log.coach_id else log.coach_id
    answer = db.session.scalar(
        select(SessionAnswer)
        .where(SessionAnswer.log_id == log.id, SessionAnswer.verdict == Verdict.DISPUTED)
        .order_by(SessionAnswer.version.desc())
        .limit(1)
    )
    return {
        "other": isolated(db.session.get_one(Person, other_id).name),
        "day": say_day(log.local_day),
        "times": say_times(log.start_utc, log.end_utc, log.zone),
        "length": say_minutes(log.minutes),
        "mode": say_mode(log.mode),
        "counts": find_line(log.id, institute_id=log.institute_id).counts,
        "difference": say_difference(answer.difference) if answer and answer.difference else "",
        "reason": words_of(answer) if answer else "",
    }


def _sign_in(role: Role, endpoint: str, person: Person, about: About) -> SignInTo:
    """Return the link to the log; a coach's role is live, so the link need not carry it."""
    log = _log(person, about)
    cohort_id = None
    if log is not None:
        cohort_id = db.session.scalar(select(Enrolment.cohort_id).where(Enrolment.id == log.enrolment_id))
    return SignInTo(
        roles=(role,) if role is Role.PARTICIPANT else (),
        place=cohort_id,
        target=mail.path_to(endpoint, log_id=int(about["log"])),
        valid_for=WEEK,
    )


def _log(person: Person, about: About) -> SessionLog | None:
    return db.session.scalar(
        select(SessionLog).where(
            SessionLog.id == int(about["log"]), SessionLog.institute_id == person.institute_id
        )
    )
