"""Mail to raters: what they are qualified for ends soon, or they may try again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from flask import Flask
from sqlalchemy import select

from certificates.calibration.attempts import CalibrationUnlock, QualificationId, RaterQualification
from certificates.calibration.qualified import REMIND_BEFORE, until_of
from certificates.rubrics.models import Rubric
from courses.coaches.periods import institute_day
from institute.actors import InstituteId, Role
from institute.db import db, transaction
from institute.i18n import Localised, lazy_gettext
from institute.jobs import daily
from institute.messages import mail
from institute.messages.mail import About, MailKind, SignInTo
from institute.people.models import Person

EXPIRING_MAIL: Final = "calibration.expiring"
UNLOCKED_MAIL: Final = "calibration.unlocked"


def init_app(app: Flask) -> None:
    """Add the two kinds, and look once a day for what ends soon."""
    mail.add(
        app,
        MailKind(
            kind=EXPIRING_MAIL,
            subject=lazy_gettext("Your calibration ends soon"),
            template="certificates/calibration/mail/expiring.txt",
            facts=_expiring,
            action=lazy_gettext("Renew your calibration"),
            sign_in=_sign_in,
        ),
    )
    mail.add(
        app,
        MailKind(
            kind=UNLOCKED_MAIL,
            subject=lazy_gettext("You can try the calibration again"),
            template="certificates/calibration/mail/unlocked.txt",
            facts=_unlocked,
            action=lazy_gettext("Begin the next attempt"),
            sign_in=_sign_in,
        ),
    )
    daily.add(app, "calibration.expiring", remind_of_ends)


def remind_of_ends(day: date) -> None:
    """Tell everybody once whose qualification ends within thirty days, unless they renewed it."""
    ending = db.session.execute(
        select(RaterQualification.id, RaterQualification.person_id, RaterQualification.institute_id)
        .where(
            RaterQualification.ended_at.is_(None),
            RaterQualification.until >= day,
            RaterQualification.until <= day + REMIND_BEFORE,
        )
        .order_by(RaterQualification.id)
    ).all()
    for qualification_id, person_id, institute_id in ending:
        with transaction():
            about = {"qualification_id": qualification_id}
            mail.tell_once(person_id, EXPIRING_MAIL, about, institute_id=institute_id)


def title_of(institute_id: InstituteId, rubric_key: str) -> Localised:
    """Return the title of a rubric's newest version."""
    return db.session.scalars(
        select(Rubric.title)
        .where(Rubric.institute_id == institute_id, Rubric.key == rubric_key)
        .order_by(Rubric.version.desc())
        .limit(1)
    ).one()


def _expiring(person: Person, about: About) -> Mapping[str, Any] | None:
    held = db.session.get(RaterQualification, QualificationId(int(about["qualification_id"])))
    if held is None or held.person_id != person.id or held.ended_at is not None:
        return None
    until = until_of(person.id, held.rubric_key)
    today = institute_day(held.institute_id)
    if held.until < today or (until is not None and until > held.until):
        return None
    return {"title": title_of(held.institute_id, held.rubric_key), "until": held.until}


def _unlocked(person: Person, about: About) -> Mapping[str, Any] | None:
    unlocked = db.session.get(CalibrationUnlock, int(about["unlock_id"]))
    if unlocked is None or unlocked.person_id != person.id:
        return None
    return {"title": title_of(unlocked.institute_id, unlocked.rubric_key)}


def _sign_in(_person: Person, _about: About) -> SignInTo:
    return SignInTo(roles=(Role.TRAINER,), target=mail.path_to("trainer_calibration.index"))
