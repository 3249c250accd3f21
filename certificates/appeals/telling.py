"""Mail to participants about their appeals: it was filed, it was decided."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Flask
from sqlalchemy import select

from certificates.appeals.concluding import DECIDED_MAIL
from certificates.appeals.filing import FILED_MAIL
from certificates.appeals.queries import appeal_line
from certificates.evidence.models import Submission
from courses.cohorts.models import Enrolment
from institute.actors import Actor, Role
from institute.db import db
from institute.i18n import lazy_gettext
from institute.messages import mail
from institute.messages.mail import About, MailKind, SignInTo
from institute.people.models import Person


def init_app(app: Flask) -> None:
    """Let filing and deciding tell the participant."""
    mail.add(
        app,
        MailKind(
            kind=FILED_MAIL,
            subject=lazy_gettext("Your appeal was received"),
            template="certificates/appeals/mail/filed.txt",
            facts=_facts,
            action=lazy_gettext("See where it stands"),
            sign_in=_sign_in,
        ),
    )
    mail.add(
        app,
        MailKind(
            kind=DECIDED_MAIL,
            subject=lazy_gettext("Your appeal was decided"),
            template="certificates/appeals/mail/decided.txt",
            facts=_facts,
            action=lazy_gettext("Read what came of it"),
            sign_in=_sign_in,
        ),
    )


def _facts(person: Person, about: About) -> Mapping[str, Any] | None:
    reader = Actor(institute_id=person.institute_id, person_id=person.id)
    line = appeal_line(reader, int(about["submission_id"]))
    return None if line is None or line.filed_at is None else {"appeal": line}


def _sign_in(person: Person, about: About) -> SignInTo:
    submission_id = int(about["submission_id"])
    place = db.session.scalar(
        select(Enrolment.cohort_id)
        .join(Submission, Submission.enrolment_id == Enrolment.id)
        .where(Submission.id == submission_id, Submission.person_id == person.id)
    )
    target = mail.path_to("participant_scores.released", submission_id=submission_id)
    return SignInTo(roles=(Role.PARTICIPANT,), place=place, target=target)
