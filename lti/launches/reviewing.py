"""Reviewing work from a platform's gradebook: whose it is, what the column shows, and who may see how much of it.

Nobody sees more than without the gradebook: a facilitator and a coach the page that they have of the person, a learner
their own. Released scores of evidence are in the gradebook already; the evidence itself stays with its author.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final, cast

from flask import Flask, current_app
from sqlalchemy import Row, select

from certificates.scoring.outcomes.queries import Outcome, released_for, results_in_cohort
from courses.catalogue.queries import load_outline
from courses.cohorts.acting import acting_row
from courses.cohorts.models import CohortId, Enrolment, EnrolmentId
from courses.cohorts.queries import Standing, done_steps
from courses.cohorts.rosters import find_coached
from institute.actors import Actor, PersonId, Role
from institute.db import db
from institute.errors import DeniedError, NotFoundError
from institute.i18n import lazy_gettext
from institute.messages.mail import path_to
from institute.people.models import Person
from lti.launches import targets
from lti.launches.mentoring import find_mentored
from lti.launches.models import ContextId, LtiIdentity, LtiLaunch, LtiReview, ResourceLinkId
from lti.platforms.models import Deployment

EVIDENCE: Final = "evidence"
LEADING: Final = frozenset({Role.FACILITATOR, Role.ADMINISTRATOR})


class NotYoursToReviewError(DeniedError):
    """Only who accompanies a person may see their work."""

    code = "LTI-REVIEW"
    title = lazy_gettext("This is for those who accompany the person")
    sentence = lazy_gettext(
        "Only who leads the cohort, or coaches the person, can open somebody's work from here."
    )


@dataclass(frozen=True, slots=True)
class ReviewedColumn:
    """What a column of a gradebook shows: a kind of grade (``progress``, ``evidence``, …) of a target, or of all."""

    kind: str
    target: str | None


FindColumn = Callable[[str, ResourceLinkId | None, ContextId | None], ReviewedColumn | None]


@dataclass(frozen=True, slots=True)
class Review:
    """What somebody's cell in a gradebook leads to: a ``path`` inside the session, or what the page shows.

    Without a standing the person is not in the cohort: they have not come yet, or the institute has not let them in.
    """

    path: str | None = None
    enrolment_id: EnrolmentId | None = None
    """For a facilitator, who has a page of the person besides."""
    person_id: PersonId | None = None
    name: str = ""
    standing: Standing | None = None
    evidence_key: str | None = None
    outcome: Outcome | None = None
    return_url: str | None = None


def find_columns(app: Flask, find: FindColumn) -> None:
    """Let ``find`` tell what a column (its address, the link and the course of the launch) shows."""
    app.extensions["lti_columns"] = find


def open_review(actor: Actor) -> Review:
    """Return where the review leads that the actor's launch asked for.

    Raises NotFoundError without one, NotYoursToReviewError for who does not accompany the person.
    """
    asked = _asked(actor)
    if asked is None:
        raise NotFoundError
    launch: LtiLaunch = asked.LtiLaunch
    if actor.place is None:
        return Review(path=path_to("lti_course.index"))
    column = _column(asked.LtiReview, launch)
    person_id = _person(asked, actor)
    if person_id is not None and person_id == actor.person_id and actor.has(Role.PARTICIPANT):
        return Review(path=targets.locate(column.target, actor) or targets.HOME)
    enrolment = _enrolment(person_id, actor)
    if not actor.roles & LEADING:
        return Review(path=_path_of_companion(enrolment, actor))
    if enrolment is None:
        return Review(return_url=launch.return_url)
    if actor.has(Role.FACILITATOR) and column.kind != EVIDENCE:
        return Review(path=path_to("facilitator_cohort.member", enrolment_id=enrolment.id))
    page = _page(enrolment, column, launch.return_url)
    return replace(page, enrolment_id=enrolment.id) if actor.has(Role.FACILITATOR) else page


def _asked(actor: Actor) -> Row[LtiReview, LtiLaunch, int] | None:
    return db.session.execute(
        select(LtiReview, LtiLaunch, Deployment.registration_id)
        .join(LtiLaunch, LtiLaunch.session_id == LtiReview.session_id)
        .join(Deployment, Deployment.id == LtiLaunch.deployment_id)
        .where(LtiReview.session_id == actor.session_id, LtiReview.institute_id == actor.institute_id)
    ).one_or_none()


def _column(review: LtiReview, launch: LtiLaunch) -> ReviewedColumn:
    find = cast("FindColumn | None", current_app.extensions.get("lti_columns"))
    found = find(review.lineitem_url, launch.resource_link_id, launch.context_id) if find else None
    return found or ReviewedColumn("", None)


def _person(asked: Row[LtiReview, LtiLaunch, int], actor: Actor) -> PersonId | None:
    """Return whose work is asked for, as the one who takes part in the cohort where they have several rows."""
    row = db.session.execute(
        select(Person.id, Person.linked)
        .join(LtiIdentity, LtiIdentity.person_id == Person.id)
        .where(
            LtiIdentity.registration_id == asked.registration_id,
            LtiIdentity.institute_id == actor.institute_id,
            LtiIdentity.sub == asked.LtiReview.sub,
        )
    ).one_or_none()
    if row is None:
        return None
    acting = acting_row(row.id, CohortId(actor.place)) if row.linked and actor.place is not None else None
    return acting.person_id if acting else cast("PersonId", row.id)


def _enrolment(person_id: PersonId | None, actor: Actor) -> Enrolment | None:
    return db.session.scalar(
        select(Enrolment).where(
            Enrolment.institute_id == actor.institute_id,
            Enrolment.cohort_id == actor.place,
            Enrolment.person_id == person_id,
        )
    )


def _path_of_companion(enrolment: Enrolment | None, actor: Actor) -> str:
    """Return a coach's or a mentor's page of the person. Raises NotYoursToReviewError if they are neither's."""
    wanted: EnrolmentId | None = enrolment.id if enrolment else None
    if actor.has(Role.COACH) and any(one.enrolment_id == wanted for one in find_coached(actor)):
        return path_to("coach_participants.member", enrolment_id=wanted)
    if actor.has(Role.MENTOR) and any(one.enrolment_id == wanted for one in find_mentored(actor)):
        return path_to("lti_mentoring.person", enrolment_id=wanted)
    raise NotYoursToReviewError


def _page(enrolment: Enrolment, column: ReviewedColumn, return_url: str | None) -> Review:
    name = db.session.scalars(select(Person.name).where(Person.id == enrolment.person_id)).one()
    key = (column.target or "").removeprefix(f"{EVIDENCE}:") if column.kind == EVIDENCE else None
    outline = load_outline(enrolment.institute_id, enrolment.version_id)
    return Review(
        person_id=enrolment.person_id,
        name=name,
        standing=Standing(outline, done_steps(enrolment.id)),
        evidence_key=key,
        outcome=_released(enrolment, key) if key else None,
        return_url=return_url,
    )


def _released(enrolment: Enrolment, key: str) -> Outcome | None:
    """Return the latest scores that were released for a requirement, as their author reads them."""
    result = results_in_cohort(enrolment.person_id, CohortId(enrolment.cohort_id)).get(key)
    if result is None:
        return None
    author = Actor(institute_id=enrolment.institute_id, person_id=enrolment.person_id)
    return released_for(result.submission_id, author)
