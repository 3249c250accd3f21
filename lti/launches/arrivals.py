"""Who came, from which course, through which link: a launch's claims turned into our rows."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from courses.cohorts.acting import acting_row
from courses.cohorts.models import CohortId, Enrolment, EnrolmentState
from institute.actors import live_roles
from institute.i18n import supported
from lti.launches.claims import LaunchClaims
from lti.launches.copies import COURSE_HISTORY, read_history
from lti.launches.known import Known, KnownContext, KnownDeployment, KnownLink, KnownPerson
from lti.launches.messages import RESOURCE_LINK_REQUEST
from lti.launches.people import note_person
from lti.launches.places import note_context, note_link
from lti.launches.roles import MappedRoles, map_roles
from lti.platforms.models import PlatformFacts


@dataclass(frozen=True, slots=True)
class Arrival:
    """A launch from an active deployment, before it is decided what it may do here.

    A request for content comes through no link. ``enrolment`` is the person's state in the cohort that the course is
    bound to, None if they are not in it.
    """

    claims: LaunchClaims
    platform: PlatformFacts
    deployment: KnownDeployment
    context: KnownContext | None
    link: KnownLink | None
    person: KnownPerson
    enrolment: EnrolmentState | None
    mapped: MappedRoles

    @property
    def opens_link(self) -> bool:
        """Whether somebody comes to take part, rather than to choose content or to review work."""
        return self.claims.message_type == RESOURCE_LINK_REQUEST

    @property
    def locale(self) -> str | None:
        """The language of the launch, else the one that the person chose, else None for the browser's."""
        return supported(self.claims.locale) or self.person.locale


def note_arrival(
    claims: LaunchClaims, platform: PlatformFacts, deployment: KnownDeployment, known: Known, session: Session
) -> Arrival:
    """Make the rows that a launch speaks of and nobody knows yet, and bring the others up to date."""
    mapped = map_roles(claims.roles, platform.role_overrides)
    person = note_person(
        claims.person,
        known.person,
        platform=platform,
        deployment=deployment,
        may_claim=not mapped.is_test_user,
        session=session,
    )
    context = (
        note_context(
            claims.context,
            known.context,
            deployment_id=deployment.id,
            institute_id=deployment.institute_id,
            origins=read_history(claims.custom, COURSE_HISTORY),
            session=session,
        )
        if claims.context
        else None
    )
    link = (
        note_link(
            claims,
            claims.resource_link,
            known.link,
            context=context,
            deployment=deployment,
            session=session,
        )
        if claims.resource_link
        else None
    )
    enrolment = known.enrolment if known.person else _enrolment(person, context, session)
    if person.linked and context is not None and context.cohort_id is not None:
        trusted = deployment.trusts_administrators(platform)
        person, enrolment = _acting(person, enrolment, context.cohort_id, trusted=trusted)
    return Arrival(claims, platform, deployment, context, link, person, enrolment, mapped)


def _acting(
    person: KnownPerson, enrolment: EnrolmentState | None, cohort_id: CohortId, *, trusted: bool
) -> tuple[KnownPerson, EnrolmentState | None]:
    """Return as which of their rows somebody takes part: the one in the cohort, else that of the platform.

    Rights that the institute gave another row since the two were joined do not come through a platform that is not
    trusted with them: from there somebody is only who they are to the platform.
    """
    acting = acting_row(person.id, cohort_id)
    if acting is None or acting.person_id == person.id:
        return person, enrolment
    if not trusted and live_roles(acting.person_id, cohort_id) - live_roles(person.id, cohort_id):
        return person, enrolment
    return replace(person, id=acting.person_id), acting.state


def _enrolment(person: KnownPerson, context: KnownContext | None, session: Session) -> EnrolmentState | None:
    """Return the state of somebody who was entered beforehand and comes through this platform for the first time."""
    cohort_id = context.cohort_id if context else None
    named = (Enrolment.cohort_id == cohort_id, Enrolment.person_id == person.id)
    return session.scalar(select(Enrolment.state).where(*named))
