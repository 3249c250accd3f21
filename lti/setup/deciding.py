"""Letting a deployment in, and pausing it."""

from __future__ import annotations

from sqlalchemy import select, update

from institute.actors import Actor
from institute.clock import now
from institute.db import transaction
from institute.web.models import LaunchSession
from lti.launches.models import LtiLaunch
from lti.platforms.models import DeploymentId, DeploymentState
from lti.platforms.registering import decide_deployment


def let_in(deployment_id: DeploymentId, *, actor: Actor) -> None:
    """Let launches from a deployment in from now on. Raises DeploymentMissingError."""
    decide_deployment(deployment_id, DeploymentState.ACTIVE, actor=actor)


def pause(deployment_id: DeploymentId, *, actor: Actor) -> None:
    """Let no launch from a deployment in, and end the sessions that came from it. Raises DeploymentMissingError."""
    with transaction() as session:
        decide_deployment(deployment_id, DeploymentState.DISABLED, actor=actor)
        came = select(LtiLaunch.session_id).where(LtiLaunch.deployment_id == deployment_id)
        session.execute(
            update(LaunchSession)
            .where(LaunchSession.id.in_(came), LaunchSession.ended_at.is_(None))
            .values(ended_at=now())
            .execution_options(synchronize_session=False)
        )
