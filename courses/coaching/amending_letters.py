"""The mails of amendments: a change waits for the other side's answer; the answer to what somebody proposed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from typing import Any, Final

from flask import Flask
from sqlalchemy import select

from courses.coaching.differences import differences
from courses.cohorts.models import Enrolment
from courses.sessions.models import (
    AmendmentState,
    SessionAmendment,
    SessionAmendmentId,
    SessionLog,
    SessionRevision,
    SessionState,
)
from courses.sessions.wording import say_day
from institute.actors import InstituteId, PersonId, Role
from institute.db import db
from institute.i18n import lazy_gettext
from institute.messages import mail
from institute.messages.composing import isolated
from institute.messages.mail import About, MailKind, SignInTo
from institute.people.models import Person

PROPOSED: Final = "session.amendment-proposed"
ANSWERED: Final = "session.amendment-answered"
WEEK: Final = timedelta(days=7)


def tell_proposed(
    amendment_id: SessionAmendmentId, person_id: PersonId, *, institute_id: InstituteId
) -> None:
    """Ask the other side by mail to answer; belongs into the transaction of the proposal."""
    mail.tell(person_id, PROPOSED, {"amendment": amendment_id}, institute_id=institute_id)


def tell_answered(
    amendment_id: SessionAmendmentId, person_id: PersonId, *, institute_id: InstituteId
) -> None:
    """Tell who proposed a change what came of it; belongs into the transaction of the answer."""
    mail.tell(person_id, ANSWERED, {"amendment": amendment_id}, institute_id=institute_id)


def init_app(app: Flask) -> None:
    """Let ``tell`` know both kinds. Both are duties: somebody's hours wait for them."""
    waiting, settled = (AmendmentState.PROPOSED,), (AmendmentState.ACCEPTED, AmendmentState.DECLINED)
    for kind, subject, action, wanted in (
        (
            PROPOSED,
            lazy_gettext("A change to a confirmed session waits for your answer"),
            lazy_gettext("Look at the change"),
            waiting,
        ),
        (
            ANSWERED,
            lazy_gettext("Your change to a session was answered"),
            lazy_gettext("Look at the session"),
            settled,
        ),
    ):
        mail.add(
            app,
            MailKind(
                kind=kind,
                subject=subject,
                template=f"courses/coaching/mail/{kind.partition('.')[2].replace('-', '_')}.txt",
                facts=partial(_facts, wanted),
                action=action,
                sign_in=_sign_in,
                duty=True,
            ),
        )


def facts_before(amendment: SessionAmendment) -> dict[str, Any]:
    """Return what the log said, as it was recorded, before an amendment: its newest sent version by then."""
    found = db.session.scalar(
        select(SessionRevision.facts)
        .where(
            SessionRevision.log_id == amendment.log_id,
            SessionRevision.version <= amendment.version,
            SessionRevision.state.not_in((SessionState.DRAFT, SessionState.VOIDED)),
        )
        .order_by(SessionRevision.version.desc())
        .limit(1)
    )
    return found or {}


def _facts(wanted: tuple[AmendmentState, ...], person: Person, about: About) -> Mapping[str, Any] | None:
    amendment, log = _both(person, about)
    if amendment is None or log is None or amendment.state not in wanted:
        return None
    if person.id not in {log.coach_id, log.participant_id}:
        return None
    other_id = amendment.proposed_by if amendment.answered_by is None else amendment.answered_by
    changes = differences(facts_before(amendment), amendment.facts, log.institute_id)
    return {
        "other": isolated(db.session.get_one(Person, other_id).name),
        "day": say_day(log.local_day),
        "reason": amendment.reason,
        "accepted": amendment.state is AmendmentState.ACCEPTED,
        "answer": amendment.answer,
        "changes": [one for one in changes if not one.typed],
    }


def _sign_in(person: Person, about: About) -> SignInTo:
    """Return the link to the session; a coach's role is live, so the link need not carry it."""
    _amendment, log = _both(person, about)
    cohort_id = None
    coaches = log is not None and log.coach_id == person.id
    if log is not None:
        cohort_id = db.session.scalar(select(Enrolment.cohort_id).where(Enrolment.id == log.enrolment_id))
    return SignInTo(
        roles=() if coaches else (Role.PARTICIPANT,),
        place=cohort_id,
        target=mail.path_to(
            "coach_sessions.detail" if coaches else "participant_hours.detail", log_id=log.id if log else 0
        ),
        valid_for=WEEK,
    )


def _both(person: Person, about: About) -> tuple[SessionAmendment | None, SessionLog | None]:
    row = db.session.execute(
        select(SessionAmendment, SessionLog)
        .join(SessionLog, SessionLog.id == SessionAmendment.log_id)
        .where(
            SessionAmendment.id == int(about["amendment"]),
            SessionAmendment.institute_id == person.institute_id,
        )
    ).one_or_none()
    return (None, None) if row is None else (row[0], row[1])
