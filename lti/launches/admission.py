"""What an arrival may do here, and where it begins."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from flask import url_for

from courses.cohorts.enrolling import enrol
from courses.cohorts.models import CohortId, EnrolmentState
from institute.actors import Actor, Role, live_roles
from lti.launches import targets
from lti.launches.arrivals import Arrival
from lti.platforms.models import DOOR

MAX_PATH: Final = 500
INVITED: Final = EnrolmentState.INVITED
BINDERS: Final = frozenset({Role.FACILITATOR, Role.ADMINISTRATOR})
EVERYWHERE: Final = frozenset({Role.ADMINISTRATOR, Role.PLATFORM_ADMINISTRATOR})


@dataclass(frozen=True, slots=True)
class Admission:
    """The roles that the door gives, inside which cohort, and the path inside the session where it begins.

    ``held`` are the roles that the launch would have in a bound course.
    """

    roles: frozenset[Role]
    held: frozenset[Role]
    place: CohortId | None
    path: str


def admit(arrival: Arrival) -> Admission:
    """Decide what an arrival may do; enrol a learner where the course's binding says so.

    Somebody who is assigned as a coach in the cohort is not enrolled as a participant because an LMS, which knows
    no coaches, calls them a learner.
    """
    trusted = arrival.deployment.trusts_administrators(arrival.platform)
    held = arrival.mapped.held(trust_administrators=trusted)
    place = arrival.context.cohort_id if arrival.context else None
    if place is None:
        return Admission(held & EVERYWHERE, held, None, _path_without_cohort(arrival, held))
    live = live_roles(arrival.person.id, place)
    learns = arrival.mapped.is_enrollable and Role.COACH not in live and arrival.opens_link
    state = arrival.enrolment
    to_enrol = arrival.context is not None and arrival.context.enrol_learners and state in {None, INVITED}
    if learns and to_enrol:
        enrol(place, arrival.person.id, actor=_actor(arrival, held | live, place))
    enrolled = state is not None or (learns and to_enrol)
    roles = held if enrolled or not live else held - {Role.PARTICIPANT}
    actor = _actor(arrival, roles | live, place)
    return Admission(roles, held, place, _path_in_cohort(arrival, actor, enrolled=enrolled))


def _actor(arrival: Arrival, roles: frozenset[Role], place: CohortId) -> Actor:
    return Actor(
        institute_id=arrival.deployment.institute_id,
        person_id=arrival.person.id,
        roles=roles,
        place=place,
        door=DOOR,
        door_key=arrival.platform.door_key,
    )


def _path_without_cohort(arrival: Arrival, held: frozenset[Role]) -> str:
    if arrival.claims.deep_linking is not None:
        return _path_to_choose(arrival, held)
    if arrival.claims.for_user is not None:
        return url_for("lti_course.index")
    if held == {Role.PLATFORM_ADMINISTRATOR}:
        return url_for("platform_administrator_settings.show")
    return url_for("lti_course.index")


def _path_to_choose(arrival: Arrival, held: frozenset[Role]) -> str:
    """Return where content is chosen, or, for who may connect the course to a cohort, that page before it."""
    may_bind = BINDERS & held or Role.ADMINISTRATOR in live_roles(arrival.person.id, None)
    return url_for("lti_course.index") if arrival.context and may_bind else targets.path_to_choose()


def _path_in_cohort(arrival: Arrival, actor: Actor, *, enrolled: bool) -> str:
    """Return what the launch opens, or the page that says why it cannot."""
    if arrival.claims.deep_linking is not None:
        return targets.path_to_choose()
    if arrival.claims.for_user is not None:
        return url_for(targets.REVIEW)
    if actor.roles == {Role.PLATFORM_ADMINISTRATOR}:
        return url_for("platform_administrator_settings.show")
    if actor.roles == {Role.MENTOR}:
        return url_for("mentor_home.index")
    if actor.roles == {Role.PARTICIPANT} and not enrolled:
        return url_for("lti_course.index")
    path = targets.locate(arrival.link.target if arrival.link else None, actor)
    return path if path is not None and len(path) <= MAX_PATH else url_for("lti_course.gone")
