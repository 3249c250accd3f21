"""The mails of media: a clip waits for its coach's words; words are there; somebody shown has answered."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from typing import Any, Final

from flask import Flask
from sqlalchemy import select

from courses.cohorts.assigning import assigned_on, local_day
from courses.cohorts.models import CoachAssignment, Enrolment
from courses.media.models import Clip, ClipId, Consent, ConsentState, PersonShown
from courses.media.wording import say_consent
from institute.actors import PersonId, Role
from institute.db import db
from institute.i18n import lazy_gettext
from institute.messages import mail
from institute.messages.composing import isolated
from institute.messages.mail import About, MailKind, SignInTo
from institute.messages.topics import Topic
from institute.people.models import Person

SHARED: Final = "media.shared"
COMMENTED: Final = "media.commented"
ANSWERED: Final = "media.answered"
CONSENT: Final = "media.consent"
WEEK: Final = timedelta(days=7)
MEDIA: Final = Topic(
    "media",
    45,
    lazy_gettext("Videos and documents"),
    lazy_gettext("Somebody shows their work, has commented on it, or was asked whether it may be shown."),
)


def tell_shared(clip: Clip) -> None:
    """Tell today's coach that a clip waits; belongs into the transaction that shows it. Nobody without a coach."""
    _tell_coach(clip, SHARED)


def tell_comment(clip: Clip, speaker_id: PersonId) -> None:
    """Tell the other side that there are words; belongs into the transaction that wrote them."""
    if speaker_id == clip.person_id:
        _tell_coach(clip, ANSWERED)
    else:
        mail.tell(clip.person_id, COMMENTED, {"clip": clip.id}, institute_id=clip.institute_id)


def tell_consent(consent: Consent) -> None:
    """Tell the participant what somebody shown says; belongs into the transaction of the answer."""
    person = db.session.get_one(PersonShown, consent.person_shown_id)
    clip = db.session.get_one(Clip, person.clip_id)
    mail.tell(
        clip.person_id,
        CONSENT,
        {"clip": clip.id, "person": person.id},
        institute_id=clip.institute_id,
    )


def init_app(app: Flask) -> None:
    """Let ``tell`` know all kinds."""
    to_coach = partial(_sign_in, Role.COACH)
    to_participant = partial(_sign_in, Role.PARTICIPANT)
    for kind in (
        MailKind(
            kind=SHARED,
            subject=lazy_gettext("Somebody shows you their work"),
            template="courses/media/mail/shared.txt",
            facts=_for_coach,
            action=lazy_gettext("Look at it and comment"),
            sign_in=to_coach,
            topic=MEDIA,
        ),
        MailKind(
            kind=ANSWERED,
            subject=lazy_gettext("Your comment was answered"),
            template="courses/media/mail/answered.txt",
            facts=_for_coach,
            action=lazy_gettext("Read the answer"),
            sign_in=to_coach,
            topic=MEDIA,
        ),
        MailKind(
            kind=COMMENTED,
            subject=lazy_gettext("Your coach has commented on your work"),
            template="courses/media/mail/commented.txt",
            facts=_for_owner,
            action=lazy_gettext("Read the comments"),
            sign_in=to_participant,
            topic=MEDIA,
        ),
        MailKind(
            kind=CONSENT,
            subject=lazy_gettext("Somebody who is shown in your recording has answered"),
            template="courses/media/mail/consent.txt",
            facts=_answer_of,
            action=lazy_gettext("See who agrees"),
            sign_in=to_participant,
            topic=MEDIA,
        ),
    ):
        mail.add(app, kind)


def coach_of(clip: Clip) -> PersonId | None:
    """Return who coaches the person of a clip today."""
    enrolment = db.session.get_one(Enrolment, clip.enrolment_id)
    return db.session.scalar(
        select(CoachAssignment.coach_id).where(
            CoachAssignment.enrolment_id == enrolment.id,
            assigned_on(local_day(enrolment.cohort.timezone)),
        )
    )


def _tell_coach(clip: Clip, kind: str) -> None:
    coach_id = coach_of(clip)
    if coach_id is not None:
        mail.tell(coach_id, kind, {"clip": clip.id}, institute_id=clip.institute_id)


def _for_coach(person: Person, about: About) -> Mapping[str, Any] | None:
    clip = _clip(person, about)
    if clip is None or clip.shared_at is None or coach_of(clip) != person.id:
        return None
    enrolment = db.session.get_one(Enrolment, clip.enrolment_id)
    return {"name": isolated(enrolment.person.name), "title": clip.title}


def _for_owner(person: Person, about: About) -> Mapping[str, Any] | None:
    clip = _clip(person, about)
    return None if clip is None or clip.person_id != person.id else {"title": clip.title}


def _answer_of(person: Person, about: About) -> Mapping[str, Any] | None:
    clip = _clip(person, about)
    shown = db.session.get(PersonShown, int(about["person"]))
    if clip is None or shown is None or shown.clip_id != clip.id or clip.person_id != person.id:
        return None
    consent = db.session.scalar(select(Consent).where(Consent.person_shown_id == shown.id))
    if consent is None or consent.state is ConsentState.ASKED:
        return None
    return {"title": clip.title, "label": shown.label, "says": say_consent(consent.state)}


def _sign_in(role: Role, person: Person, about: About) -> SignInTo:
    clip = _clip(person, about)
    if clip is None:
        return SignInTo()
    enrolment = db.session.get_one(Enrolment, clip.enrolment_id)
    if role is Role.PARTICIPANT:
        target = mail.path_to("participant_media.show", clip_id=clip.id)
        return SignInTo(roles=(role,), place=enrolment.cohort_id, target=target, valid_for=WEEK)
    target = mail.path_to("coach_media.show", clip_id=clip.id)
    return SignInTo(place=enrolment.cohort_id, target=target, valid_for=WEEK)


def _clip(person: Person, about: About) -> Clip | None:
    clip = db.session.get(Clip, ClipId(int(about["clip"])))
    if clip is None or clip.institute_id != person.institute_id or clip.removed_at is not None:
        return None
    return clip
