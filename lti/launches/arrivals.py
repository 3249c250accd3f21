"""Who came, from which course, through which link: a launch's claims turned into our rows."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from institute.i18n import supported
from institute.people.models import Person
from lti.launches import targets
from lti.launches.claims import LaunchClaims
from lti.launches.models import Context, IdentityId, ResourceLink
from lti.launches.people import find_or_make_person
from lti.launches.places import find_or_make_context, find_or_make_link
from lti.launches.roles import MappedRoles, map_roles
from lti.platforms.models import Deployment, PlatformFacts


@dataclass(frozen=True, slots=True)
class Arrival:
    """A launch from an active deployment, before it is decided what it may do here."""

    claims: LaunchClaims
    platform: PlatformFacts
    deployment: Deployment
    context: Context | None
    link: ResourceLink
    person: Person
    identity_id: IdentityId | None
    mapped: MappedRoles

    @property
    def locale(self) -> str | None:
        """The language of the launch, else the one that the person chose, else None for the browser's."""
        return supported(self.claims.locale) or self.person.locale


def note_arrival(
    claims: LaunchClaims, platform: PlatformFacts, deployment: Deployment, session: Session
) -> Arrival:
    """Find or make the rows that a launch speaks of."""
    mapped = map_roles(claims.roles)
    person, identity_id = find_or_make_person(
        claims.person, platform, may_claim=not mapped.is_test_user, session=session
    )
    context = find_or_make_context(claims.context, deployment, session) if claims.context else None
    link = find_or_make_link(
        claims, targets.wanted_target(claims), context=context, deployment=deployment, session=session
    )
    return Arrival(claims, platform, deployment, context, link, person, identity_id, mapped)
