"""What is told by mail about applications and certificates."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Flask
from sqlalchemy import select

from certificates.awards.models import Application, ApplicationId, ApplicationStep, Award, AwardId
from certificates.awards.states import ApplicationState, AwardStatus
from courses.cohorts.models import Enrolment
from institute.actors import Role
from institute.db import db
from institute.i18n import lazy_gettext
from institute.messages import mail
from institute.messages.mail import About, MailKind, SignInTo
from institute.people.models import Person


def init_app(app: Flask) -> None:
    """Add the kinds of mail."""
    mail.add(
        app,
        MailKind(
            kind="application.returned",
            subject=lazy_gettext("About your application for a level"),
            template="certificates/awards/mail/decided.txt",
            facts=_decided,
            action=lazy_gettext("Open the page of your level"),
            sign_in=_to_level,
        ),
    )
    mail.add(
        app,
        MailKind(
            kind="certificate.ready",
            subject=lazy_gettext("Your certificate is ready"),
            template="certificates/awards/mail/ready.txt",
            facts=_ready,
            action=lazy_gettext("Open your certificates"),
            sign_in=_to_certificates,
        ),
    )


def _application(person: Person, about: About) -> Application | None:
    found = db.session.get(Application, ApplicationId(int(about["application_id"])))
    mine = found is not None and (found.institute_id, found.person_id) == (person.institute_id, person.id)
    return found if mine else None


def _award(person: Person, about: About) -> Award | None:
    found = db.session.get(Award, AwardId(int(about["award_id"])))
    mine = found is not None and (found.institute_id, found.person_id) == (person.institute_id, person.id)
    return found if mine else None


def _decided(person: Person, about: About) -> Mapping[str, Any] | None:
    application = _application(person, about)
    decided = {ApplicationState.RETURNED, ApplicationState.DENIED}
    if application is None or application.state not in decided:
        return None
    reason = db.session.scalar(
        select(ApplicationStep.note)
        .where(ApplicationStep.application_id == application.id, ApplicationStep.state == application.state)
        .order_by(ApplicationStep.id.desc())
        .limit(1)
    )
    return {
        "level": application.level.name,
        "returned": application.state is ApplicationState.RETURNED,
        "reason": reason or "",
    }


def _ready(person: Person, about: About) -> Mapping[str, Any] | None:
    award = _award(person, about)
    if award is None or award.status is not AwardStatus.VALID:
        return None
    return {"level": award.level_name, "serial": award.serial}


def _to_level(person: Person, about: About) -> SignInTo:
    return SignInTo(
        roles=(Role.PARTICIPANT,),
        place=_place(_application(person, about)),
        target=mail.path_to("participant_level.index"),
    )


def _to_certificates(person: Person, about: About) -> SignInTo:
    return SignInTo(
        roles=(Role.PARTICIPANT,),
        place=_place(_award(person, about)),
        target=mail.path_to("participant_certificates.index"),
    )


def _place(of: Application | Award | None) -> int | None:
    """Return the cohort that the link opens."""
    if of is None:
        return None
    return db.session.scalar(select(Enrolment.cohort_id).where(Enrolment.id == of.enrolment_id))
