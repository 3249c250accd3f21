"""The list of platforms, and how much waits in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, or_, select

from institute.actors import Actor
from institute.db import db
from lti.launches.models import Context, LtiLaunch
from lti.platforms.models import Deployment, DeploymentState, Family, Registration, RegistrationId


@dataclass(frozen=True, slots=True)
class ListedPlatform:
    """One line of the list. ``own``: the registration is the institute's, not only a deployment of it."""

    id: RegistrationId
    name: str
    issuer: str
    family: Family
    is_active: bool
    own: bool
    waiting: int
    courses: int
    last_launch_at: datetime | None


def list_platforms(actor: Actor) -> list[ListedPlatform]:
    """Return the institute's platforms, and others' of which it has a deployment, by name. Three queries."""
    mine = select(Deployment.registration_id).where(Deployment.institute_id == actor.institute_id)
    rows = db.session.scalars(
        select(Registration)
        .where(or_(Registration.institute_id == actor.institute_id, Registration.id.in_(mine)))
        .order_by(func.lower(Registration.name), Registration.id)
    ).all()
    waiting = _counted(
        select(Deployment.registration_id, func.count())
        .where(Deployment.institute_id == actor.institute_id, Deployment.state == DeploymentState.PENDING)
        .group_by(Deployment.registration_id)
    )
    courses = _counted(
        select(Deployment.registration_id, func.count())
        .join(Context, Context.deployment_id == Deployment.id)
        .where(Context.institute_id == actor.institute_id)
        .group_by(Deployment.registration_id)
    )
    launched = last_launches([row.id for row in rows], actor)
    return [
        ListedPlatform(
            id=row.id,
            name=row.name,
            issuer=row.issuer,
            family=row.family,
            is_active=row.is_active,
            own=row.institute_id == actor.institute_id,
            waiting=waiting.get(row.id, 0),
            courses=courses.get(row.id, 0),
            last_launch_at=launched.get(row.id),
        )
        for row in rows
    ]


def count_waiting_deployments(actor: Actor) -> int:
    """Return how many deployments of the institute wait for approval."""
    return (
        db.session.scalar(
            select(func.count())
            .select_from(Deployment)
            .where(Deployment.institute_id == actor.institute_id, Deployment.state == DeploymentState.PENDING)
        )
        or 0
    )


def _counted(query: Any) -> dict[RegistrationId, int]:
    return {row[0]: row[1] for row in db.session.execute(query)}


def last_launches(ids: Sequence[RegistrationId], actor: Actor) -> dict[RegistrationId, datetime]:
    found = db.session.execute(
        select(Deployment.registration_id, func.max(LtiLaunch.id))
        .join(LtiLaunch, LtiLaunch.deployment_id == Deployment.id)
        .where(Deployment.registration_id.in_(ids), LtiLaunch.institute_id == actor.institute_id)
        .group_by(Deployment.registration_id)
    ).all()
    times = {
        row.id: row.created_at
        for row in db.session.execute(
            select(LtiLaunch.id, LtiLaunch.created_at).where(LtiLaunch.id.in_([row[1] for row in found]))
        )
    }
    return {row[0]: times[row[1]] for row in found}
