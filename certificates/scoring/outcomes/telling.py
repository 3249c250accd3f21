"""Mail to participants: the scores are there, or the evidence came back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Flask
from sqlalchemy import select

from certificates.evidence.models import Submission
from certificates.scoring.outcomes.leaves import LEAVE_MAIL, STUCK_MAIL, find_stuck
from certificates.scoring.outcomes.queries import Outcome, released_for
from certificates.scoring.outcomes.releasing import RELEASED_MAIL, RETURNED_MAIL
from courses.cohorts.models import Enrolment
from institute.actors import Actor, Role
from institute.db import db
from institute.errors import NotFoundError
from institute.i18n import lazy_gettext
from institute.messages import mail
from institute.messages.mail import About, MailKind, SignInTo
from institute.people.models import Person
from institute.people.naming import name_or_number


def init_app(app: Flask) -> None:
    """Let releasing and returning tell the participant."""
    mail.add(
        app,
        MailKind(
            kind=RELEASED_MAIL,
            subject=lazy_gettext("Your evidence was scored"),
            template="certificates/scoring/mail/released.txt",
            facts=_facts,
            action=lazy_gettext("Read your scores"),
            sign_in=_sign_in,
        ),
    )
    mail.add(
        app,
        MailKind(
            kind=RETURNED_MAIL,
            subject=lazy_gettext("Your evidence was returned"),
            template="certificates/scoring/mail/returned.txt",
            facts=_facts,
            action=lazy_gettext("Read why"),
            sign_in=_sign_in,
        ),
    )

    mail.add(
        app,
        MailKind(
            kind=LEAVE_MAIL,
            subject=lazy_gettext("You may send another version"),
            template="certificates/scoring/mail/leave.txt",
            facts=_leave,
            action=lazy_gettext("Open your scores"),
            sign_in=_sign_in,
        ),
    )
    mail.add(
        app,
        MailKind(
            kind=STUCK_MAIL,
            subject=lazy_gettext("Somebody has made all attempts"),
            template="certificates/scoring/mail/stuck.txt",
            facts=_stuck,
            action=lazy_gettext("See who"),
            sign_in=_to_attempts,
        ),
    )


def _outcome(person: Person, about: About) -> Outcome | None:
    reader = Actor(institute_id=person.institute_id, person_id=person.id)
    return released_for(_submission(about), reader)


def _submission(about: About) -> Any:
    return int(about["submission_id"])


def _facts(person: Person, about: About) -> Mapping[str, Any] | None:
    outcome = _outcome(person, about)
    return None if outcome is None else {"outcome": outcome}


def _leave(person: Person, about: About) -> Mapping[str, Any] | None:
    outcome = _outcome(person, about)
    return {"outcome": outcome} if outcome and outcome.retake and outcome.retake.leave else None


def _stuck(person: Person, about: About) -> Mapping[str, Any] | None:
    reader = Actor(institute_id=person.institute_id, person_id=person.id, roles=frozenset({Role.COORDINATOR}))
    try:
        line = find_stuck(_submission(about), actor=reader)
    except NotFoundError:
        return None  # somebody gave leave already, or they are another coordinator's now
    return {"name": name_or_number(line.name, line.person_id), "title": line.title}


def _to_attempts(_person: Person, about: About) -> SignInTo:
    return SignInTo(target=mail.path_to("coordinator_attempts.show", stuck_id=_submission(about)))


def _sign_in(person: Person, about: About) -> SignInTo:
    place = db.session.scalar(
        select(Enrolment.cohort_id)
        .join(Submission, Submission.enrolment_id == Enrolment.id)
        .where(Submission.id == _submission(about), Submission.person_id == person.id)
    )
    target = mail.path_to("participant_scores.released", submission_id=_submission(about))
    return SignInTo(roles=(Role.PARTICIPANT,), place=place, target=target)
