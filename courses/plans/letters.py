"""The mails of plans: one waits for its coach's words; the words are there."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from typing import Any, Final

from flask import Flask
from sqlalchemy import select

from courses.cohorts.assigning import assigned_on, local_day
from courses.cohorts.models import CoachAssignment, Enrolment
from courses.plans.models import PlanReview, PlanVersion, PlanVersionId
from courses.plans.wording import say_outcome, say_plan
from institute.actors import PersonId, Role
from institute.db import db
from institute.i18n import lazy_gettext
from institute.messages import mail
from institute.messages.composing import isolated
from institute.messages.mail import About, MailKind, SignInTo
from institute.messages.topics import Topic
from institute.people.models import Person

SUBMITTED: Final = "plan.submitted"
REVIEWED: Final = "plan.reviewed"
WEEK: Final = timedelta(days=7)
PLANS: Final = Topic(
    "plans",
    40,
    lazy_gettext("Plans"),
    lazy_gettext("A plan was handed in, or somebody's coach has written about it."),
)


def tell_submitted(version: PlanVersion) -> None:
    """Tell today's coach that a plan waits; belongs into the transaction that hands it in. Nobody without a coach."""
    coach_id = _coach_of(version)
    if coach_id is not None:
        mail.tell(coach_id, SUBMITTED, {"version": version.id}, institute_id=version.institute_id)


def tell_reviewed(version: PlanVersion) -> None:
    """Tell the person of a plan what its coach wrote; belongs into the transaction of the review."""
    enrolment = db.session.get_one(Enrolment, version.enrolment_id)
    mail.tell(enrolment.person_id, REVIEWED, {"version": version.id}, institute_id=version.institute_id)


def init_app(app: Flask) -> None:
    """Let ``tell`` know both kinds."""
    mail.add(
        app,
        MailKind(
            kind=SUBMITTED,
            subject=lazy_gettext("A plan waits for your words"),
            template="courses/plans/mail/submitted.txt",
            facts=_waiting,
            action=lazy_gettext("Read the plan"),
            sign_in=partial(_sign_in, Role.COACH),
            topic=PLANS,
        ),
    )
    mail.add(
        app,
        MailKind(
            kind=REVIEWED,
            subject=lazy_gettext("Your coach has written about your plan"),
            template="courses/plans/mail/reviewed.txt",
            facts=_reviewed,
            action=lazy_gettext("Open your plan"),
            sign_in=partial(_sign_in, Role.PARTICIPANT),
            topic=PLANS,
        ),
    )


def _waiting(person: Person, about: About) -> Mapping[str, Any] | None:
    version = _version(person, about)
    if version is None or _review(version) is not None or _coach_of(version) != person.id:
        return None
    enrolment = db.session.get_one(Enrolment, version.enrolment_id)
    return {"name": isolated(enrolment.person.name), "plan": say_plan(version.kind), "words": version.words}


def _reviewed(person: Person, about: About) -> Mapping[str, Any] | None:
    version = _version(person, about)
    review = _review(version) if version else None
    if version is None or review is None:
        return None
    return {"plan": say_plan(version.kind), "outcome": say_outcome(review.outcome), "words": review.words}


def _sign_in(role: Role, person: Person, about: About) -> SignInTo:
    version = _version(person, about)
    if version is None:
        return SignInTo()
    enrolment = db.session.get_one(Enrolment, version.enrolment_id)
    if role is Role.PARTICIPANT:
        target = mail.path_to("participant_plan.version", plan_version_id=version.id)
        return SignInTo(roles=(role,), place=enrolment.cohort_id, target=target, valid_for=WEEK)
    target = mail.path_to(
        "coach_plans.version", enrolment_id=version.enrolment_id, plan_version_id=version.id
    )
    return SignInTo(place=enrolment.cohort_id, target=target, valid_for=WEEK)


def _version(person: Person, about: About) -> PlanVersion | None:
    return db.session.scalar(
        select(PlanVersion).where(
            PlanVersion.id == PlanVersionId(int(about["version"])),
            PlanVersion.institute_id == person.institute_id,
        )
    )


def _review(version: PlanVersion) -> PlanReview | None:
    return db.session.scalar(select(PlanReview).where(PlanReview.version_id == version.id))


def _coach_of(version: PlanVersion) -> PersonId | None:
    enrolment = db.session.get_one(Enrolment, version.enrolment_id)
    return db.session.scalar(
        select(CoachAssignment.coach_id).where(
            CoachAssignment.enrolment_id == enrolment.id, assigned_on(local_day(enrolment.cohort.timezone))
        )
    )
