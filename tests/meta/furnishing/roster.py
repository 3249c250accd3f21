"""The roster: a course of the institute's platform is bound to the cohort, so that its list can be wished for."""

from __future__ import annotations

from sqlalchemy import select

from institute.clock import now
from institute.db import transaction
from lti.launches.models import Context
from lti.platforms.models import Deployment
from tests.meta.furnishing.room import Room


def furnish(room: Room) -> dict[str, object]:
    """Bind a course; the routes name nothing of it."""
    with transaction() as session:
        deployment = session.scalars(
            select(Deployment).where(Deployment.institute_id == room.institute_id).order_by(Deployment.id)
        ).first()
        assert deployment is not None
        session.add(
            Context(
                institute_id=room.institute_id,
                deployment_id=deployment.id,
                context_id="roster-course",
                cohort_id=room.cohort_id,
                bound_at=now(),
            )
        )
    return {}
