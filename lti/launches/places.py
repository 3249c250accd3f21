"""From a platform's ids to our rows: its deployments, courses and links."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from institute.actors import InstituteId
from institute.clock import now
from lti.launches.claims import ContextClaim, LaunchClaims, ResourceLinkClaim
from lti.launches.known import KnownContext, KnownDeployment, KnownLink
from lti.launches.models import Context, ContextId, ResourceLink
from lti.launches.targets import wanted_target
from lti.platforms.models import Deployment, DeploymentId, DeploymentPolicy, DeploymentState, PlatformFacts

KEPT = frozenset({"lineitem_url", "lineitems_url", "nrps_url"})
"""What a launch that does not offer it leaves as it was: a learner's may lack what a teacher's had."""


def note_deployment(platform: PlatformFacts, deployment_id: str, session: Session) -> KnownDeployment:
    """Note down a deployment that was never seen before. Whether it is let in at once is the registration's policy."""
    approved = platform.deployment_policy is DeploymentPolicy.APPROVE
    made = Deployment(
        institute_id=platform.institute_id,
        registration_id=platform.id,
        deployment_id=deployment_id,
        state=DeploymentState.ACTIVE if approved else DeploymentState.PENDING,
    )
    session.add(made)
    session.flush()
    return KnownDeployment(made.id, made.institute_id, made.state)


def note_context(
    claim: ContextClaim,
    known: KnownContext | None,
    *,
    deployment_id: DeploymentId,
    institute_id: InstituteId,
    session: Session,
) -> KnownContext:
    """Return the course that a launch comes from, with the title it has now."""
    if known is None:
        made = Context(
            institute_id=institute_id,
            deployment_id=deployment_id,
            context_id=claim.id,
            title=claim.title,
            label=claim.label,
        )
        session.add(made)
        session.flush()
        return KnownContext(made.id, made.title, made.label, made.cohort_id, made.enrol_learners)
    if (known.title, known.label) == (claim.title, claim.label):
        return known
    session.execute(
        update(Context).where(Context.id == known.id).values(title=claim.title, label=claim.label)
    )
    return replace(known, title=claim.title, label=claim.label)


def note_link(
    claims: LaunchClaims,
    claim: ResourceLinkClaim,
    known: KnownLink | None,
    *,
    context_id: ContextId | None,
    deployment: KnownDeployment,
    session: Session,
) -> KnownLink:
    """Return the link that was opened, with the target and the services that this launch names.

    A service that this launch does not offer keeps its last known address. Scopes are those of now.
    """
    offered = claims.services
    wanted: dict[str, Any] = {
        "context_id": context_id,
        "target": wanted_target(claims),
        "title": claim.title,
        "lineitem_url": offered.lineitem_url,
        "lineitems_url": offered.lineitems_url,
        "ags_scopes": sorted(offered.ags_scopes),
        "nrps_url": offered.nrps_url,
    }
    if known is None:
        made = ResourceLink(
            institute_id=deployment.institute_id,
            deployment_id=deployment.id,
            resource_link_id=claim.id,
            **wanted,
        )
        session.add(made)
        session.flush()
        return KnownLink(*(getattr(made, field.name) for field in fields(KnownLink)))
    changes = {
        name: value
        for name, value in wanted.items()
        if getattr(known, name) != value and not (name in KEPT and value is None)
    }
    if not changes:
        return known
    session.execute(
        update(ResourceLink).where(ResourceLink.id == known.id).values(**changes, updated_at=now())
    )
    return replace(known, **changes)
