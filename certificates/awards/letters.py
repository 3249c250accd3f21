"""What is told by mail about applications and certificates."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from flask import Flask
from sqlalchemy import select

from certificates.awards.applications.renewing import Renewal, Stage, renewal_of
from certificates.awards.lifetime import asking, changing, reminding
from certificates.awards.lifetime.models import CorrectionId, CorrectionRequest, CorrectionState
from certificates.awards.models import (
    Application,
    ApplicationId,
    ApplicationStep,
    Award,
    AwardChange,
    AwardId,
)
from certificates.awards.states import ApplicationState, AwardStatus
from certificates.awards.wording import say_last_day, say_local_day, say_reason
from certificates.levels.models import Track
from courses.cohorts.models import Enrolment
from institute.actors import GRANTABLE, Role, live_roles
from institute.db import db
from institute.i18n import lazy_gettext
from institute.messages import mail
from institute.messages.mail import VALID_FOR, About, MailKind, SignInTo
from institute.people.models import Institute, Person

REMINDER_OPENS: Final = timedelta(days=14)


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

    mail.add(
        app,
        MailKind(
            kind=reminding.LETTER,
            subject=lazy_gettext("Your certificate ends soon"),
            template="certificates/awards/mail/expiring.txt",
            facts=_expiring,
            action=lazy_gettext("Open your certificate"),
            sign_in=_to_certificate,
        ),
    )
    mail.add(
        app,
        MailKind(
            kind=changing.LETTER,
            subject=lazy_gettext("About your certificate"),
            template="certificates/awards/mail/changed.txt",
            facts=_changed,
            action=lazy_gettext("Open your certificate"),
            sign_in=_to_certificate,
        ),
    )
    mail.add(
        app,
        MailKind(
            kind=asking.ANSWERED,
            subject=lazy_gettext("About the name on your certificate"),
            template="certificates/awards/mail/name.txt",
            facts=_answered,
            action=lazy_gettext("Open your certificates"),
            sign_in=_to_own,
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
    decided = {ApplicationState.RETURNED, ApplicationState.DENIED, ApplicationState.UNDER_REVIEW}
    if application is None or application.state not in decided:
        return None
    step = db.session.get(ApplicationStep, int(about.get("step", 0)))
    if step is None or step.state is not application.state:  # who applied again needs no letter about before
        return None
    return {
        "level": application.level.name,
        "returned": step.state is ApplicationState.RETURNED,
        "taken_up": step.state is ApplicationState.UNDER_REVIEW,
        "reason": step.note,
    }


def _ready(person: Person, about: About) -> Mapping[str, Any] | None:
    award = _award(person, about)
    if award is None or award.status is not AwardStatus.VALID:
        return None
    kind = "corrected" if award.edition > 1 else "renewed" if award.supersedes_id is not None else "first"
    return {"level": award.level_name, "serial": award.serial, "kind": kind}


def _expiring(person: Person, about: About) -> Mapping[str, Any] | None:
    """Return what a reminder says, with what renewing takes; None where nothing ends any more."""
    award = _award(person, about)
    if award is None or award.status is not AwardStatus.VALID or award.valid_until is None:
        return None
    renewal = renewal_of(award)
    if renewal is not None and renewal.stage is Stage.ASKED:
        return None
    return {
        "level": award.level_name,
        "serial": award.serial,
        "day": say_last_day(award.valid_until, _timezone(award)),
        **_renewing(renewal, _timezone(award)),
    }


def _changed(person: Person, about: About) -> Mapping[str, Any] | None:
    """Return what became of a certificate; None where that was changed again, or is on its way to be renewed."""
    award = _award(person, about)
    if award is None:
        return None
    change = db.session.scalar(
        select(AwardChange).where(AwardChange.award_id == award.id).order_by(AwardChange.id.desc()).limit(1)
    )
    if change is None or change.id != about["change_id"]:
        return None
    renewal = renewal_of(award) if change.status is AwardStatus.EXPIRED else None
    if renewal is not None and renewal.stage is Stage.ASKED:
        return None
    zone = _timezone(award)
    return {
        "level": award.level_name,
        "serial": award.serial,
        "status": change.status,
        "day": say_local_day(change.at, zone),
        "last_day": say_last_day(award.valid_until, zone) if award.valid_until else "",
        "reason": say_reason(change.reason) if change.reason is not None else "",
        **_renewing(renewal, zone),
    }


def _renewing(renewal: Renewal | None, timezone: str) -> Mapping[str, Any]:
    """Return whether something can be renewed now, until when and what that takes."""
    opened = renewal is not None and renewal.stage is Stage.OPEN
    return {
        "renewable": opened,
        "closes": say_last_day(renewal.closes, timezone) if renewal is not None else "",
        "rules": [rule.rule for rule in renewal.rules] if renewal is not None else [],
    }


def _timezone(award: Award) -> str:
    return db.session.get_one(Institute, award.institute_id).timezone


def _answered(person: Person, about: About) -> Mapping[str, Any] | None:
    asked = db.session.get(CorrectionRequest, CorrectionId(int(about["correction_id"])))
    if asked is None or (asked.institute_id, asked.person_id) != (person.institute_id, person.id):
        return None
    return {"done": asked.state is CorrectionState.DONE, "note": asked.note}


def _to_certificate(person: Person, about: About) -> SignInTo:
    award = _award(person, about)
    return _to_own(person, about) if award is None else _sign_in(person, award, "show", award_id=award.id)


def _to_certificates(person: Person, about: About) -> SignInTo:
    return _sign_in(person, _award(person, about), "index")


def _to_own(person: Person, _about: About) -> SignInTo:
    return _sign_in(person, None, "index")


def _sign_in(person: Person, award: Award | None, page: str, **values: Any) -> SignInTo:
    """Return what opens a page of the holder's own certificates: in their course, or in no area at all.

    Powers that somebody was granted are opened by a link that is young, so theirs says how long it really works.
    """
    place = _place(award)
    taught = place is not None
    powerful = live_roles(person.id, place) & frozenset(GRANTABLE)
    return SignInTo(
        roles=(Role.PARTICIPANT,) if taught else (),
        place=place,
        target=mail.path_to(f"{'participant' if taught else 'holder'}_certificates.{page}", **values),
        valid_for=VALID_FOR if powerful else REMINDER_OPENS,
    )


def _to_level(person: Person, about: About) -> SignInTo:
    """Return what opens the page of the level that was applied for, in the area that its track belongs to."""
    application = _application(person, about)
    track = Track.PARTICIPANT if application is None else application.level.track
    if track is Track.PARTICIPANT:
        return SignInTo(
            roles=(Role.PARTICIPANT,),
            place=_place(application),
            target=mail.path_to("participant_level.index"),
        )
    if track is Track.TRAINER:
        return SignInTo(target=mail.path_to("trainer_level.index"))
    chosen = track if track is Track.MENTOR else None
    return SignInTo(target=mail.path_to("coach_level.index", track=chosen))


def _place(of: Application | Award | None) -> int | None:
    """Return the cohort that the link opens."""
    if of is None:
        return None
    return db.session.scalar(select(Enrolment.cohort_id).where(Enrolment.id == of.enrolment_id))
