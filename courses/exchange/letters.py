"""The mail to participants whose sessions came in by a file: one for all of them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from courses.cohorts.models import Enrolment
from courses.exchange.models import ImportBatchId, ImportedRow
from courses.sessions.models import SessionLog, SessionState
from institute.actors import InstituteId, Role
from institute.db import db
from institute.i18n import lazy_gettext
from institute.messages import mail
from institute.messages.mail import About, MailKind, SignInTo
from institute.people.models import Person

IMPORTED: Final = "exchange.to-confirm"
WEEK: Final = timedelta(days=7)


def tell_participants(batch_id: ImportBatchId, *, institute_id: InstituteId, session: Session) -> None:
    """Ask everybody whose sessions a file brought in to confirm them; belongs into the run's last transaction."""
    people = select(SessionLog.participant_id).join(ImportedRow, ImportedRow.log_id == SessionLog.id)
    for person_id in session.scalars(people.where(ImportedRow.batch_id == batch_id).distinct()):
        mail.tell(person_id, IMPORTED, {"batch": batch_id}, institute_id=institute_id)


def init_app(app: Flask) -> None:
    """Let ``tell`` know the kind."""
    mail.add(
        app,
        MailKind(
            kind=IMPORTED,
            subject=lazy_gettext("Coaching sessions wait for your answer"),
            template="courses/exchange/mail/to_confirm.txt",
            facts=_facts,
            action=lazy_gettext("Look at the sessions"),
            sign_in=_sign_in,
        ),
    )


def _facts(person: Person, about: About) -> Mapping[str, Any] | None:
    """Return how many still wait, or None where none does."""
    waiting = db.session.scalar(
        select(func.count(SessionLog.id))
        .join(ImportedRow, ImportedRow.log_id == SessionLog.id)
        .where(
            ImportedRow.batch_id == int(about["batch"]),
            SessionLog.institute_id == person.institute_id,
            SessionLog.participant_id == person.id,
            SessionLog.state == SessionState.SUBMITTED,
        )
    )
    return {"count": waiting} if waiting else None


def _sign_in(person: Person, about: About) -> SignInTo:
    cohort_id = db.session.scalar(
        select(Enrolment.cohort_id)
        .join(SessionLog, SessionLog.enrolment_id == Enrolment.id)
        .join(ImportedRow, ImportedRow.log_id == SessionLog.id)
        .where(ImportedRow.batch_id == int(about["batch"]), SessionLog.participant_id == person.id)
        .order_by(SessionLog.start_utc.desc())
        .limit(1)
    )
    return SignInTo(
        roles=(Role.PARTICIPANT,),
        place=cohort_id,
        target=mail.path_to("participant_hours.index"),
        valid_for=WEEK,
    )
