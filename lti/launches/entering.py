"""Letting a verified launch in: one transaction from the person to the open session."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any, Final, cast

from sqlalchemy import Table, insert
from sqlalchemy.orm import Session

from institute import events
from institute.db import transaction
from institute.web import sessions
from lti.launches import targets
from lti.launches.admission import Admission, admit
from lti.launches.arrivals import Arrival, note_arrival
from lti.launches.claims import LaunchClaims
from lti.launches.errors import DeploymentDisabledError, DeploymentPendingError, PlatformDisabledError
from lti.launches.events import LinkLaunched
from lti.launches.known import read_known
from lti.launches.logins import spend_login
from lti.launches.messages import DeepLinkingClaim
from lti.launches.models import DeepLinkingRequest, LoginId, LtiLaunch, LtiReview
from lti.launches.origins import registration_origins
from lti.launches.places import note_deployment
from lti.launches.roles import without_meaning
from lti.platforms.models import DOOR, MAX_ID_LENGTH, DeploymentState, PlatformFacts
from lti.platforms.strings import is_clean


@dataclass(frozen=True, slots=True)
class Entrance:
    """The session that a launch opened. ``path`` is where to go, from the root of the site."""

    session_id: str
    secret: str
    path: str


MOST_ROLES: Final = 20
_NOTE: Final = insert(cast("Table", LtiLaunch.__table__))
_REVIEW: Final = insert(cast("Table", LtiReview.__table__))
_ASK: Final = insert(cast("Table", DeepLinkingRequest.__table__))


def enter(claims: LaunchClaims, platform: PlatformFacts, login_id: LoginId, *, token: str) -> Entrance:
    """Open a session for a launch whose token was verified: person, course, link, roles, enrolment, or nothing.

    The login is used up in the same transaction. Raises ReplayError or StateExpiredError if it cannot be,
    DeploymentPendingError (an unknown deployment is noted down all the same), DeploymentDisabledError, or
    PlatformDisabledError.
    """
    with transaction() as session:
        spend_login(login_id, token=token)
        known = read_known(claims, platform, session)
        platform = known.platform
        if not platform.is_active:
            raise PlatformDisabledError
        deployment = known.deployment or note_deployment(platform, claims.deployment_id, session)
        if deployment.state is DeploymentState.ACTIVE:
            arrival = note_arrival(claims, platform, deployment, known, session)
            return _open(arrival, admit(arrival), login_id, session)
    raise DeploymentPendingError if deployment.state is DeploymentState.PENDING else DeploymentDisabledError


def _open(arrival: Arrival, admission: Admission, login_id: LoginId, session: Session) -> Entrance:
    opened, secret = sessions.open_session(
        institute_id=arrival.deployment.institute_id,
        person_id=arrival.person.id,
        door=DOOR,
        door_key=arrival.platform.door_key,
        roles=admission.roles,
        place=admission.place,
        target=admission.path,
        locale=arrival.locale,
        frame_origins=registration_origins(arrival.platform, *arrival.claims.return_urls),
        return_url=arrival.claims.return_url or "",
    )
    _note_launch(arrival, admission, login_id, opened.id, session)
    return Entrance(opened.id, secret, sessions.session_path(opened.id, admission.path))


def _note_launch(
    arrival: Arrival, admission: Admission, login_id: LoginId, session_id: str, session: Session
) -> None:
    """Write the launch down and tell the services of it."""
    claims, context, identity_id = arrival.claims, arrival.context, arrival.person.identity_id
    link = arrival.link
    values = {
        "institute_id": arrival.deployment.institute_id,
        "session_id": session_id,
        "login_id": login_id,
        "deployment_id": arrival.deployment.id,
        "context_id": context.id if context else None,
        "resource_link_id": link.id if link else None,
        "identity_id": identity_id,
        "message_type": claims.message_type,
        "roles": sorted(admission.held),
        "is_learner": arrival.mapped.learns,
        "is_test_user": arrival.mapped.is_test_user,
        "locale": arrival.locale,
        "return_url": claims.return_url,
        "mentored": list(claims.mentored) if arrival.mapped.is_mentor else [],
        "other_roles": [name for name in without_meaning(claims.roles) if _is_name(name)][:MOST_ROLES],
    }
    session.connection().execute(_NOTE, values)
    if claims.deep_linking is not None:
        session.connection().execute(_ASK, _asked(claims.deep_linking, arrival, session_id))
    if claims.for_user is not None:
        asked = {
            "institute_id": arrival.deployment.institute_id,
            "session_id": session_id,
            "sub": claims.for_user,
        }
        session.connection().execute(_REVIEW, {**asked, "lineitem_url": claims.services.lineitem_url})
    if arrival.opens_link and link is not None and context is not None and identity_id is not None:
        events.publish(
            LinkLaunched(
                institute_id=arrival.deployment.institute_id,
                resource_link_id=link.id,
                context_id=context.id,
                person_id=arrival.person.id,
                identity_id=identity_id,
                is_gradable=arrival.mapped.is_enrollable,
                ags_scopes=frozenset(link.ags_scopes),
                has_gradebook=bool(link.lineitem_url or link.lineitems_url),
                offers_roster=link.nrps_url is not None and context.cohort_id is not None,
                custom=targets.parameters(claims),
            )
        )


def _is_name(role: str) -> bool:
    return len(role) <= MAX_ID_LENGTH and is_clean(role)


def _asked(claim: DeepLinkingClaim, arrival: Arrival, session_id: str) -> dict[str, Any]:
    """Return the row of a request for content."""
    return {
        "institute_id": arrival.deployment.institute_id,
        "session_id": session_id,
        "context_id": arrival.context.id if arrival.context else None,
        **{field.name: getattr(claim, field.name) for field in fields(claim)},
        "accept_types": list(claim.accept_types),
        "accept_targets": list(claim.accept_targets),
    }
