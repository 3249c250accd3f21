"""What the pages of a launch show."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from enum import Enum
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from courses.cohorts.models import Cohort, CohortId
from institute.actors import Actor, InstituteId
from institute.db import db
from institute.errors import NotFoundError
from institute.i18n import Localised
from institute.messages.mail import path_to
from lti.launches import targets
from lti.launches.binding import may_bind
from lti.launches.messages import DEEP_LINKING_REQUEST, SUBMISSION_REVIEW_REQUEST
from lti.launches.models import Context, LtiLaunch, ResourceLink
from lti.platforms.models import Deployment, RegistrationId

LATEST: Final = 500
MOST_ROLES: Final = 50


class CourseState(Enum):
    """What can be said about the course that a launch came from; the value is the name of its page."""

    CHOOSE = "choose_cohort"
    NOT_SET_UP = "not_set_up"
    OUTSIDE = "outside_course"
    READY = "ready"
    NOT_ENROLLED = "not_enrolled"


@dataclass(frozen=True, slots=True)
class CohortChoice:
    """A cohort that a course can be bound to."""

    id: CohortId
    name: Localised
    programme: Localised
    enrols_learners: bool


@dataclass(frozen=True, slots=True)
class CoursePage:
    """The course that a launch came from, and what can be done about it."""

    state: CourseState
    title: str
    cohorts: tuple[CohortChoice, ...]
    return_url: str | None
    origin_cohort_id: CohortId | None = None
    """The cohort of the course that this one is a copy of: it stands first in the list."""


def show_course(actor: Actor) -> CoursePage:
    """Return what the reader may know and do about their course. Raises NotFoundError without a launch."""
    launch = db.session.scalar(
        select(LtiLaunch)
        .where(LtiLaunch.session_id == actor.session_id)
        .options(joinedload(LtiLaunch.context))
    )
    if launch is None:
        raise NotFoundError
    state = _state(launch, actor)
    title = launch.context.title or launch.context.label if launch.context else ""
    if state is not CourseState.CHOOSE or launch.context is None:
        return CoursePage(state, title, (), launch.return_url)
    first = _cohort_of_origin(launch.context)
    return CoursePage(state, title, _cohorts(actor, first), launch.return_url, first)


def _cohort_of_origin(context: Context) -> CohortId | None:
    """Return the cohort of the nearest course, of those that this one goes back to, that has one."""
    seen: set[int] = set()
    origin_id = context.origin_id
    while origin_id is not None and origin_id not in seen:
        seen.add(origin_id)
        origin = db.session.get_one(Context, origin_id)
        if origin.cohort_id is not None:
            return origin.cohort_id
        origin_id = origin.origin_id
    return None


def _state(launch: LtiLaunch, actor: Actor) -> CourseState:
    context: Context | None = launch.context
    if context is None:
        return CourseState.OUTSIDE
    if context.cohort_id is not None:
        return CourseState.READY if actor.place is None else CourseState.NOT_ENROLLED
    return CourseState.CHOOSE if may_bind(launch, actor) else CourseState.NOT_SET_UP


def _cohorts(actor: Actor, first: CohortId | None) -> tuple[CohortChoice, ...]:
    found = db.session.scalars(
        select(Cohort)
        .where(Cohort.institute_id == actor.institute_id)
        .options(joinedload(Cohort.programme))
        .order_by(Cohort.id != first, Cohort.starts.desc(), Cohort.id)
    )
    return tuple(CohortChoice(one.id, one.name, one.programme.title, one.enrols_learners) for one in found)


def roles_met(registration_id: RegistrationId, institute_id: InstituteId) -> list[str]:
    """Return the role names of an institute's latest launches of a registration that mean nothing here.

    The commonest come first.
    """
    launches = db.session.scalars(
        select(LtiLaunch.other_roles)
        .join(Deployment, Deployment.id == LtiLaunch.deployment_id)
        .where(Deployment.registration_id == registration_id, LtiLaunch.institute_id == institute_id)
        .order_by(LtiLaunch.id.desc())
        .limit(LATEST)
    )
    counted = Counter(name for names in launches for name in names)
    return [name for name, _ in counted.most_common(MOST_ROLES)]


def path_of_launch(actor: Actor) -> str | None:
    """Return the path, inside the session, of what the actor's launch was for; None if it is not there."""
    launched = db.session.execute(
        select(LtiLaunch.message_type, ResourceLink.target)
        .outerjoin(ResourceLink, ResourceLink.id == LtiLaunch.resource_link_id)
        .where(LtiLaunch.session_id == actor.session_id)
    ).one_or_none()
    if launched is None:
        return None
    if launched.message_type == DEEP_LINKING_REQUEST:
        return targets.path_to_choose()
    if launched.message_type == SUBMISSION_REVIEW_REQUEST:
        return path_to(targets.REVIEW)
    return targets.locate(launched.target, actor)
