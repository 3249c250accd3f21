"""Giving a platform, or one deployment of it, to another institute of the installation: an operator's decision."""

from __future__ import annotations

from sqlalchemy import ColumnElement, delete, exists, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from institute import audit
from institute.actors import Actor, InstituteId
from institute.clock import now
from institute.db import transaction
from institute.errors import ConflictError
from institute.i18n import lazy_gettext
from lti.launches.models import Context, LtiIdentity, LtiLaunch, ResourceLink
from lti.platforms.dynamic_models import Invitation, RegistrationRequest
from lti.platforms.errors import DeploymentMissingError, RegistrationMissingError
from lti.platforms.models import Deployment, DeploymentId, Registration, RegistrationId
from lti.setup.models import RegistrationCheck


class PlatformKnownError(ConflictError):
    """People or courses came from the platform, and what they did belongs to the institute."""

    code = "LTI-GIVE-PLATFORM"
    sentence = lazy_gettext(
        "People or courses of this platform are known to its institute already, so it stays there. Give away a "
        "deployment that has none yet, or register the platform anew with another client id."
    )


class DeploymentKnownError(ConflictError):
    """People or courses came from the deployment, and what they did belongs to the institute."""

    code = "LTI-GIVE-DEPLOYMENT"
    sentence = lazy_gettext(
        "People or courses of this deployment are known to its institute already, so it stays there."
    )


def give_platform(issuer: str, client_id: str, institute_id: InstituteId) -> RegistrationId:
    """Make a registration, with its deployments and requests, another institute's. Its own changes nothing.

    Addresses that would bring it up to date are withdrawn: the institute that made them has it no longer. Raises
    RegistrationMissingError or PlatformKnownError.
    """
    with transaction() as session:
        row = _registration(issuer, client_id, session)
        if row.institute_id == institute_id:
            return row.id
        mine = select(Deployment.id).where(Deployment.registration_id == row.id)
        if _is_known(
            session,
            LtiIdentity.registration_id == row.id,
            Context.deployment_id.in_(mine),
            ResourceLink.deployment_id.in_(mine),
            LtiLaunch.deployment_id.in_(mine),
        ):
            raise PlatformKnownError
        former = row.institute_id
        session.execute(delete(RegistrationCheck).where(RegistrationCheck.registration_id == row.id))
        session.execute(
            update(Invitation)
            .where(Invitation.registration_id == row.id)
            .values(registration_id=None, withdrawn_at=now())
        )
        try:
            row.institute_id = institute_id
            session.flush()
            for model in (Deployment, RegistrationRequest):
                session.execute(
                    update(model).where(model.registration_id == row.id).values(institute_id=institute_id)
                )
        except IntegrityError:
            raise PlatformKnownError from None
        _record("lti.given", ("lti_registration", row.id), former, institute_id)
        return row.id


def give_deployment(
    issuer: str, client_id: str, deployment_id: str, institute_id: InstituteId
) -> DeploymentId:
    """Make one deployment another institute's; the registration stays where it is. Its own changes nothing.

    Raises RegistrationMissingError, DeploymentMissingError or DeploymentKnownError.
    """
    with transaction() as session:
        registration = _registration(issuer, client_id, session)
        row = session.scalar(
            select(Deployment)
            .where(Deployment.registration_id == registration.id, Deployment.deployment_id == deployment_id)
            .with_for_update()
        )
        if row is None:
            raise DeploymentMissingError
        if row.institute_id == institute_id:
            return row.id
        if _is_known(
            session,
            Context.deployment_id == row.id,
            ResourceLink.deployment_id == row.id,
            LtiLaunch.deployment_id == row.id,
        ):
            raise DeploymentKnownError
        former, row.institute_id = row.institute_id, institute_id
        try:
            session.flush()
        except IntegrityError:
            raise DeploymentKnownError from None
        _record("lti.deployment_given", ("lti_deployment", row.id), former, institute_id)
        return row.id


def _registration(issuer: str, client_id: str, session: Session) -> Registration:
    """Find a registration of any institute, locked for this transaction. Raises RegistrationMissingError."""
    named = (Registration.issuer == issuer, Registration.client_id == client_id)
    found = session.scalar(select(Registration).where(*named).with_for_update())
    if found is None:
        raise RegistrationMissingError
    return found


def _is_known(session: Session, *conditions: ColumnElement[bool]) -> bool:
    return any(session.scalar(select(exists().where(one))) for one in conditions)


def _record(action: str, subject: tuple[str, int], former: InstituteId, new: InstituteId) -> None:
    """Write it into the audit of both institutes."""
    for institute_id in (former, new):
        audit.record(
            action,
            actor=Actor(institute_id=institute_id, person_id=None),
            subject=subject,
            details={"from": former, "to": new},
        )
