"""What pages and commands show of platforms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from institute.actors import Actor, InstituteId
from institute.db import db
from lti.platforms.errors import RegistrationMissingError
from lti.platforms.models import (
    DOOR,
    Deployment,
    DeploymentId,
    DeploymentPolicy,
    DeploymentState,
    Family,
    Registration,
    RegistrationId,
)


@dataclass(frozen=True, slots=True)
class DeploymentRow:
    """One deployment of a registration."""

    id: DeploymentId
    deployment_id: str
    state: DeploymentState


@dataclass(frozen=True, slots=True)
class PlatformRow:
    """A registration with its deployments; the ids here are public by nature, there is no secret among them."""

    id: RegistrationId
    name: str
    family: Family
    version: str
    issuer: str
    client_id: str
    auth_url: str
    token_url: str
    jwks_url: str
    token_audience: str
    is_active: bool
    allow_anonymous: bool
    trust_administrators: bool
    approves_deployments: bool
    deployments: tuple[DeploymentRow, ...]


def list_platforms(institute_id: InstituteId | None = None) -> list[PlatformRow]:
    """Return the registrations of an institute, or of all, in the order they were made. Two queries."""
    wanted = select(Registration).order_by(Registration.id)
    if institute_id is not None:
        wanted = wanted.where(Registration.institute_id == institute_id)
    registrations = db.session.scalars(wanted).all()
    deployments = _deployments_of(registrations)
    return [_row(one, deployments.get(one.id, ())) for one in registrations]


def show_own_platform(actor: Actor) -> PlatformRow:
    """Return the registration that the actor's session came through, and no other, with the institute's deployments.

    It may be another institute's of which the actor's has a deployment. Raises RegistrationMissingError if the session
    came through none.
    """
    registration = own_registration(actor)
    return _row(registration, _deployments_of([registration], actor.institute_id).get(registration.id, ()))


def own_registration(actor: Actor) -> Registration:
    """Return the registration that the actor's session came through. Raises RegistrationMissingError."""
    kind, _, number = actor.door_key.partition("/")
    if actor.door != DOOR or kind != "registration" or not number.isdigit():
        raise RegistrationMissingError
    registration = db.session.get(Registration, int(number))
    if registration is None:
        raise RegistrationMissingError
    mine = (Deployment.registration_id == registration.id, Deployment.institute_id == actor.institute_id)
    has_deployment = db.session.scalar(select(Deployment.id).where(*mine).limit(1)) is not None
    if registration.institute_id != actor.institute_id and not has_deployment:
        raise RegistrationMissingError
    return registration


def _deployments_of(
    registrations: Sequence[Registration], institute_id: InstituteId | None = None
) -> dict[RegistrationId, tuple[DeploymentRow, ...]]:
    """Return the deployments of registrations, of one institute or of all."""
    ids = [registration.id for registration in registrations]
    found: dict[RegistrationId, tuple[DeploymentRow, ...]] = {}
    wanted = select(Deployment).where(Deployment.registration_id.in_(ids)).order_by(Deployment.id)
    if institute_id is not None:
        wanted = wanted.where(Deployment.institute_id == institute_id)
    for row in db.session.scalars(wanted):
        shown = DeploymentRow(row.id, row.deployment_id, row.state)
        found[row.registration_id] = (*found.get(row.registration_id, ()), shown)
    return found


def _row(one: Registration, deployments: tuple[DeploymentRow, ...]) -> PlatformRow:
    return PlatformRow(
        id=one.id,
        name=one.name,
        family=one.family,
        version=one.version,
        issuer=one.issuer,
        client_id=one.client_id,
        auth_url=one.auth_url,
        token_url=one.token_url,
        jwks_url=one.jwks_url,
        token_audience=one.token_audience or one.token_url,
        is_active=one.is_active,
        allow_anonymous=one.allow_anonymous,
        trust_administrators=one.trust_administrators,
        approves_deployments=one.deployment_policy is DeploymentPolicy.APPROVE,
        deployments=deployments,
    )
