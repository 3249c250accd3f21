"""What is known already of a launch: its deployment, person, course and link, read in one query."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any, Final, TypeVar

from sqlalchemy import and_, bindparam, select
from sqlalchemy.orm import Session

from courses.cohorts.models import CohortId, Enrolment, EnrolmentState
from institute.actors import InstituteId, PersonId
from institute.people.models import Person
from lti.launches.claims import LaunchClaims
from lti.launches.models import Context, ContextId, IdentityId, LtiIdentity, ResourceLink, ResourceLinkId
from lti.platforms.models import (
    Deployment,
    DeploymentId,
    DeploymentState,
    PlatformFacts,
    Registration,
)


@dataclass(frozen=True, slots=True)
class KnownDeployment:
    """Where in the platform a launch comes from, and the institute that everything from there belongs to."""

    id: DeploymentId
    institute_id: InstituteId
    state: DeploymentState

    def trusts_administrators(self, platform: PlatformFacts) -> bool:
        """Tell whether who runs the platform is an administrator here.

        That is for each institute to say: a registration's own says it for no other institute's deployments.
        """
        return platform.trust_administrators and platform.institute_id == self.institute_id


@dataclass(frozen=True, slots=True)
class KnownPerson:
    """Who comes. ``identity_id`` is how they are known to the platform; an anonymous launch has none.

    ``linked``: another row is the same person, who has come through another platform too.
    """

    id: PersonId
    identity_id: IdentityId | None
    name: str
    email: str
    locale: str | None
    linked: bool


@dataclass(frozen=True, slots=True)
class KnownContext:
    """The course that a launch comes from, and the cohort it is bound to."""

    id: ContextId
    title: str
    label: str
    cohort_id: CohortId | None
    enrol_learners: bool
    origin_id: ContextId | None


@dataclass(frozen=True, slots=True)
class KnownLink:
    """The link that was opened, with what its launches named before."""

    id: ResourceLinkId
    context_id: ContextId | None
    target: str | None
    copied: bool
    title: str
    lineitem_url: str | None
    lineitems_url: str | None
    ags_scopes: list[str]
    nrps_url: str | None


@dataclass(frozen=True, slots=True)
class Known:
    """The rows that a launch speaks of, None where there is none yet.

    ``platform`` is as administrators have it by now: it may be paused, or trusted no longer, while its keys were
    fetched. ``enrolment`` is the person's state in the cohort that the course is bound to.
    """

    platform: PlatformFacts
    deployment: KnownDeployment | None
    person: KnownPerson | None
    context: KnownContext | None
    link: KnownLink | None
    enrolment: EnrolmentState | None

    def is_whole(self, claims: LaunchClaims) -> bool:
        """Tell whether nothing has to be made for this launch."""
        has_link = claims.resource_link is None or self.link is not None
        has_context = claims.context is None or self.context is not None
        return self.deployment is not None and self.person is not None and has_link and has_context


_REGISTRATION: Final = Registration.__table__
_DEPLOYMENT: Final = Deployment.__table__
_IDENTITY: Final = LtiIdentity.__table__
_PERSON: Final = Person.__table__
_CONTEXT: Final = Context.__table__
_LINK: Final = ResourceLink.__table__
_ENROLMENT: Final = Enrolment.__table__

_DECIDED: Final = ("state", "trust_administrators", "deployment_policy", "role_overrides")

# The columns of each part stand together and in the order of its fields.
_KNOWN: Final = (
    select(
        *(_REGISTRATION.c[name] for name in _DECIDED),
        *(_DEPLOYMENT.c.id, _DEPLOYMENT.c.institute_id, _DEPLOYMENT.c.state),
        *(_PERSON.c.id, _IDENTITY.c.id, _PERSON.c.name, _PERSON.c.email, _PERSON.c.locale),
        _PERSON.c.linked,
        *(_CONTEXT.c.id, _CONTEXT.c.title, _CONTEXT.c.label, _CONTEXT.c.cohort_id, _CONTEXT.c.enrol_learners),
        _CONTEXT.c.origin_id,
        *(_LINK.c.id, _LINK.c.context_id, _LINK.c.target, _LINK.c.copied, _LINK.c.title),
        *(_LINK.c.lineitem_url, _LINK.c.lineitems_url, _LINK.c.ags_scopes, _LINK.c.nrps_url),
        _ENROLMENT.c.state,
    )
    .select_from(_REGISTRATION)
    .outerjoin(
        _DEPLOYMENT,
        and_(
            _DEPLOYMENT.c.registration_id == _REGISTRATION.c.id,
            _DEPLOYMENT.c.deployment_id == bindparam("deployment"),
        ),
    )
    .outerjoin(
        _IDENTITY,
        and_(
            _IDENTITY.c.registration_id == _REGISTRATION.c.id,
            _IDENTITY.c.institute_id == _DEPLOYMENT.c.institute_id,
            _IDENTITY.c.sub == bindparam("sub"),
        ),
    )
    .outerjoin(_PERSON, _PERSON.c.id == _IDENTITY.c.person_id)
    .outerjoin(
        _CONTEXT,
        and_(_CONTEXT.c.deployment_id == _DEPLOYMENT.c.id, _CONTEXT.c.context_id == bindparam("context")),
    )
    .outerjoin(
        _LINK,
        and_(_LINK.c.deployment_id == _DEPLOYMENT.c.id, _LINK.c.resource_link_id == bindparam("link")),
    )
    .outerjoin(
        _ENROLMENT,
        and_(_ENROLMENT.c.cohort_id == _CONTEXT.c.cohort_id, _ENROLMENT.c.person_id == _PERSON.c.id),
    )
    .where(_REGISTRATION.c.id == bindparam("registration"))
    .with_for_update(key_share=True, of=_REGISTRATION)
)


def read_known(claims: LaunchClaims, platform: PlatformFacts, session: Session) -> Known:
    """Return what is known of a launch. Launches of one platform go one after the other from here on.

    Whoever waited for another launch may miss what that one made: PostgreSQL reads the other tables as they were when
    the waiting began. So where something is missing it is looked for once more, before it is made.
    """
    known = _look(claims, platform, session)
    return known if known.is_whole(claims) else _look(claims, platform, session)


def _look(claims: LaunchClaims, platform: PlatformFacts, session: Session) -> Known:
    asked = {
        "registration": platform.id,
        "deployment": claims.deployment_id,
        "sub": claims.person.sub,
        "context": claims.context.id if claims.context else None,
        "link": claims.resource_link.id if claims.resource_link else None,
    }
    values = iter(session.connection().execute(_KNOWN, asked).one())
    return Known(
        platform=replace(platform, **{name: next(values) for name in _DECIDED}),
        deployment=_part(KnownDeployment, values),
        person=_part(KnownPerson, values),
        context=_part(KnownContext, values),
        link=_part(KnownLink, values),
        enrolment=next(values),
    )


Part = TypeVar("Part", KnownDeployment, KnownPerson, KnownContext, KnownLink)


def _part(kind: type[Part], values: Iterator[Any]) -> Part | None:
    """Take the next values of a row as one part of it; without an id, the first of them, it is not there."""
    own = tuple(islice(values, len(kind.__slots__)))
    return kind(*own) if own[0] is not None else None
