"""Letting a verified launch in: one transaction from the person to the open session."""

from __future__ import annotations

from dataclasses import dataclass

from flask import url_for
from sqlalchemy.orm import Session

from courses.cohorts.enrolling import enrol
from institute import events
from institute.actors import Actor, Role, live_roles
from institute.db import transaction
from institute.i18n import supported
from institute.people.models import Person
from institute.web import sessions
from lti.launches import targets
from lti.launches.claims import LaunchClaims
from lti.launches.errors import DeploymentDisabledError, DeploymentPendingError
from lti.launches.events import LinkLaunched
from lti.launches.models import Context, IdentityId, LoginId, LtiLaunch, ResourceLink
from lti.launches.origins import registration_origins
from lti.launches.people import find_or_make_person
from lti.launches.places import (
    find_or_make_context,
    find_or_make_deployment,
    find_or_make_link,
    lock_platform,
)
from lti.launches.roles import MappedRoles, map_roles
from lti.platforms.models import DOOR, Deployment, DeploymentState, PlatformFacts

MAX_PATH = 500


@dataclass(frozen=True, slots=True)
class Entrance:
    """The session that a launch opened. ``path`` is where to go, from the root of the site."""

    session_id: str
    secret: str
    path: str


@dataclass(frozen=True, slots=True)
class _Arrival:
    """Who came, through what, and as what."""

    claims: LaunchClaims
    platform: PlatformFacts
    deployment: Deployment
    context: Context | None
    link: ResourceLink
    person: Person
    identity_id: IdentityId | None
    mapped: MappedRoles
    held: frozenset[Role]


def enter(claims: LaunchClaims, platform: PlatformFacts, login_id: LoginId) -> Entrance:
    """Open a session for a launch whose token was verified: person, course, link, roles, enrolment, or nothing.

    Raises DeploymentPendingError (an unknown deployment is noted down all the same), DeploymentDisabledError, or
    PlatformDisabledError.
    """
    with transaction() as session:
        lock_platform(platform, session)
        deployment = find_or_make_deployment(platform, claims.deployment_id, session)
        state = deployment.state
        if state is DeploymentState.ACTIVE:
            return _open(_arrive(claims, platform, deployment, session), login_id, session)
    raise DeploymentPendingError if state is DeploymentState.PENDING else DeploymentDisabledError


def _arrive(
    claims: LaunchClaims, platform: PlatformFacts, deployment: Deployment, session: Session
) -> _Arrival:
    mapped = map_roles(claims.roles)
    person, identity_id = find_or_make_person(
        claims.person, platform, may_claim=not mapped.is_test_user, session=session
    )
    context = find_or_make_context(claims.context, deployment, session) if claims.context else None
    link = find_or_make_link(
        claims, targets.wanted_target(claims), context=context, deployment=deployment, session=session
    )
    return _Arrival(
        claims=claims,
        platform=platform,
        deployment=deployment,
        context=context,
        link=link,
        person=person,
        identity_id=identity_id,
        mapped=mapped,
        held=mapped.held(trust_administrators=platform.trust_administrators),
    )


def _open(arrival: _Arrival, login_id: LoginId, session: Session) -> Entrance:
    person, platform, claims = arrival.person, arrival.platform, arrival.claims
    place = arrival.context.cohort_id if arrival.context else None
    locale = supported(claims.locale) or person.locale
    roles = door_roles(arrival.held, arrival.mapped.is_learner, person, place)
    actor = Actor(
        institute_id=platform.institute_id,
        person_id=person.id,
        roles=roles | live_roles(person.id, place),
        place=place,
        door=DOOR,
        door_key=platform.door_key,
    )
    if (
        arrival.context
        and place is not None
        and arrival.context.enrol_learners
        and _is_enrollable(arrival.mapped)
    ):
        enrol(arrival.context.cohort_id, person.id, actor=actor)  # type: ignore[arg-type]
    path = _first_path(arrival.link.target, actor)
    opened, secret = sessions.open_session(
        institute_id=platform.institute_id,
        person_id=person.id,
        door=DOOR,
        door_key=platform.door_key,
        roles=roles,
        place=place,
        target=path,
        locale=locale,
        frame_origins=registration_origins(platform, claims.return_url),
        return_url=claims.return_url or "",
    )
    _note_launch(arrival, login_id, opened.id, locale, session)
    return Entrance(opened.id, secret, sessions.session_path(opened.id, path))


def _note_launch(
    arrival: _Arrival, login_id: LoginId, session_id: str, locale: str | None, session: Session
) -> None:
    """Write the launch down and tell the services of it."""
    claims, platform, context = arrival.claims, arrival.platform, arrival.context
    session.add(
        LtiLaunch(
            institute_id=platform.institute_id,
            session_id=session_id,
            login_id=login_id,
            deployment_id=arrival.deployment.id,
            context_id=context.id if context else None,
            resource_link_id=arrival.link.id,
            identity_id=arrival.identity_id,
            message_type=claims.message_type,
            roles=sorted(arrival.held),
            is_learner=arrival.mapped.is_learner,
            is_test_user=arrival.mapped.is_test_user,
            locale=locale,
            return_url=claims.return_url,
        )
    )
    session.flush()
    if context is not None and arrival.identity_id is not None:
        events.publish(
            LinkLaunched(
                institute_id=platform.institute_id,
                resource_link_id=arrival.link.id,
                context_id=context.id,
                person_id=arrival.person.id,
                identity_id=arrival.identity_id,
                is_gradable=_is_enrollable(arrival.mapped),
            )
        )


def door_roles(held: frozenset[Role], is_learner: bool, person: Person, place: int | None) -> frozenset[Role]:
    """Return the roles that a door gives, which hold inside the bound cohort only.

    Before a cohort is bound nobody is anything in it; who runs the platform is so anyhow. The participant's pages are
    for learners and for whoever has no others.
    """
    if place is None:
        return held & {Role.ADMINISTRATOR, Role.PLATFORM_ADMINISTRATOR}
    if held == {Role.PARTICIPANT} and not is_learner and live_roles(person.id, place):
        return frozenset()
    return held


def _is_enrollable(mapped: MappedRoles) -> bool:
    return mapped.is_learner and not mapped.is_test_user


def _first_path(target: str | None, actor: Actor) -> str:
    """Return where a session begins: what the link opens, or the page that says why it cannot."""
    if actor.roles == {Role.PLATFORM_ADMINISTRATOR}:
        return url_for("platform_administrator_settings.show")
    if actor.place is None:
        return url_for("lti_course.index")
    path = targets.locate(target, actor)
    return path if path is not None and len(path) <= MAX_PATH else url_for("lti_course.gone")
