"""Mail to participants: the scores are there, or the evidence came back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Flask
from sqlalchemy import select

from certificates.evidence.models import Submission
from certificates.scoring.queries import Outcome, released_for
from certificates.scoring.releasing import RELEASED_MAIL, RETURNED_MAIL
from courses.cohorts.models import Enrolment
from institute.actors import Actor, Role
from institute.db import db
from institute.i18n import lazy_gettext
from institute.messages import mail
from institute.messages.mail import About, MailKind, SignInTo
from institute.people.models import Person


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


def _outcome(person: Person, about: About) -> Outcome | None:
    reader = Actor(institute_id=person.institute_id, person_id=person.id)
    return released_for(_submission(about), reader)


def _submission(about: About) -> Any:
    return int(about["submission_id"])


def _facts(person: Person, about: About) -> Mapping[str, Any] | None:
    outcome = _outcome(person, about)
    return None if outcome is None else {"outcome": outcome}


def _sign_in(person: Person, about: About) -> SignInTo:
    place = db.session.scalar(
        select(Enrolment.cohort_id)
        .join(Submission, Submission.enrolment_id == Enrolment.id)
        .where(Submission.id == _submission(about), Submission.person_id == person.id)
    )
    target = mail.path_to("participant_scores.released", submission_id=_submission(about))
    return SignInTo(roles=(Role.PARTICIPANT,), place=place, target=target)
