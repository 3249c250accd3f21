"""A platform with a deployment that waits, a course of it, a request that waits, an address that was not used."""

from __future__ import annotations

from sqlalchemy import select

from institute.actors import Actor
from institute.clock import now
from institute.db import db, transaction
from lti.launches.models import Context
from lti.platforms.dynamic_models import Invitation, RegistrationRequest, RequestState
from lti.platforms.invitations import invite
from lti.platforms.models import Deployment, DeploymentState, Registration
from tests.meta.furnishing.room import Room

FORM = {
    "name": "The LMS",
    "issuer": "https://other.lms.example.org",
    "client_id": "another",
    "auth_url": "https://other.lms.example.org/auth",
    "token_url": "https://other.lms.example.org/token",
    "jwks_url": "https://other.lms.example.org/jwks",
    "edition": "1",
    "role": "TeachingAssistant",
    "meaning": "staff",
}


def furnish(room: Room) -> dict[str, object]:
    """Let something wait about the platform that the institute has."""
    actor = Actor(institute_id=room.institute_id, person_id=None)
    invite(actor)
    with transaction() as session:
        registration = session.scalars(
            select(Registration).where(Registration.institute_id == room.institute_id)
        ).one()
        deployment = Deployment(
            institute_id=room.institute_id,
            registration_id=registration.id,
            deployment_id="second",
            state=DeploymentState.PENDING,
        )
        session.add(deployment)
        session.flush()
        context = Context(
            institute_id=room.institute_id,
            deployment_id=deployment.id,
            context_id="course-1",
            title="Coaching 2026",
        )
        asked = RegistrationRequest(
            institute_id=room.institute_id,
            state=RequestState.WAITING,
            issuer=f"https://asks-{room.institute_id}.example.org",
            client_id="asks",
            auth_url="https://asks.example.org/auth",
            token_url="https://asks.example.org/token",
            jwks_url="https://asks.example.org/jwks",
            asked_at=now(),
        )
        session.add_all([context, asked])
        session.flush()
        values = {
            "registration_id": registration.id,
            "deployment_id": deployment.id,
            "context_id": context.id,
            "request_id": asked.id,
        }
    mine = Invitation.institute_id == room.institute_id
    return {**values, "invitation_id": db.session.scalars(select(Invitation.id).where(mine)).one()}
