"""A link with a score that did not arrive, and a column of a course alone."""

from __future__ import annotations

from sqlalchemy import select

from institute.clock import now
from institute.db import transaction
from lti.launches.models import Context, LtiIdentity, ResourceLink
from lti.platforms.models import Deployment, DeploymentState, Registration
from lti.services.models import EVIDENCE_TAG, LineItem, LtiScore, ScoreState
from tests.meta.furnishing.room import Room

FORM = {"grade": "hours"}


def furnish(room: Room) -> dict[str, object]:
    """Let a grade of Lucía's fail in a course of the cohort."""
    owned = {"institute_id": room.institute_id}
    with transaction() as session:
        registration = session.scalars(
            select(Registration).where(Registration.institute_id == room.institute_id)
        ).one()
        deployment = Deployment(
            **owned, registration_id=registration.id, deployment_id="graded", state=DeploymentState.ACTIVE
        )
        session.add(deployment)
        session.flush()
        context = Context(
            **owned,
            deployment_id=deployment.id,
            context_id="graded",
            title="Coaching 2026",
            cohort_id=room.cohort_id,
            bound_at=now(),
        )
        person_id = room.people["lucia"]
        identity = LtiIdentity(**owned, registration_id=registration.id, sub="graded", person_id=person_id)
        session.add_all([context, identity])
        session.flush()
        link = ResourceLink(
            **owned,
            deployment_id=deployment.id,
            context_id=context.id,
            resource_link_id="graded",
            title="Coaching",
            lineitem_url="https://lms.example.org/item/1",
        )
        own = LineItem(
            **owned, context_id=context.id, tag=EVIDENCE_TAG, resource_id="evidence:plan", label="Plan"
        )
        session.add_all([link, own])
        session.flush()
        item = LineItem(**owned, resource_link_id=link.id, resource_id="cohort:home")
        session.add(item)
        session.flush()
        score = LtiScore(
            **owned,
            line_item_id=item.id,
            person_id=person_id,
            identity_id=identity.id,
            version=1,
            given=1,
            maximum=2,
            state=ScoreState.FAILED,
            reason="NO-LINE-ITEM",
        )
        session.add(score)
        session.flush()
        return {
            "graded_link_id": link.id,
            "graded_column_id": own.id,
            "graded_score_id": score.id,
        }
