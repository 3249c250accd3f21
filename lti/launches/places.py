"""From a platform's ids to our rows: its deployments, courses and links."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from institute.clock import now
from lti.launches.claims import ContextClaim, LaunchClaims
from lti.launches.errors import PlatformDisabledError
from lti.launches.models import Context, ResourceLink
from lti.platforms.models import (
    Deployment,
    DeploymentPolicy,
    DeploymentState,
    PlatformFacts,
    Registration,
)


def lock_platform(platform: PlatformFacts, session: Session) -> None:
    """Let launches of one platform go one after the other, so that no row is made twice.

    Raises PlatformDisabledError if the registration was switched off since the login.
    """
    named = select(Registration).where(Registration.id == platform.id)
    row = session.scalars(named.with_for_update(key_share=True)).one()
    if not row.is_active:
        raise PlatformDisabledError


def find_or_make_deployment(platform: PlatformFacts, deployment_id: str, session: Session) -> Deployment:
    """Return the deployment that a launch comes from; one never seen before is noted down.

    Whether a new one is let in at once is the registration's policy.
    """
    named = (Deployment.registration_id == platform.id, Deployment.deployment_id == deployment_id)
    found = session.scalar(select(Deployment).where(*named))
    if found is not None:
        return found
    approved = platform.deployment_policy is DeploymentPolicy.APPROVE
    made = Deployment(
        institute_id=platform.institute_id,
        registration_id=platform.id,
        deployment_id=deployment_id,
        state=DeploymentState.ACTIVE if approved else DeploymentState.PENDING,
    )
    session.add(made)
    session.flush()
    return made


def find_or_make_context(claim: ContextClaim, deployment: Deployment, session: Session) -> Context:
    """Return the course that a launch comes from, with the title it has now."""
    named = (Context.deployment_id == deployment.id, Context.context_id == claim.id)
    context = session.scalar(select(Context).where(*named))
    if context is None:
        context = Context(
            institute_id=deployment.institute_id, deployment_id=deployment.id, context_id=claim.id
        )
        session.add(context)
    if (context.title, context.label) != (claim.title, claim.label):
        context.title, context.label = claim.title, claim.label
    session.flush()
    return context


def find_or_make_link(
    claims: LaunchClaims,
    target: str | None,
    *,
    context: Context | None,
    deployment: Deployment,
    session: Session,
) -> ResourceLink:
    """Return the link that was opened, with the target and the services that this launch names.

    A service that this launch does not offer keeps its last known address: a learner's launch may lack what a
    teacher's had. Scopes are those of now.
    """
    named = (
        ResourceLink.deployment_id == deployment.id,
        ResourceLink.resource_link_id == claims.resource_link.id,
    )
    link = session.scalar(select(ResourceLink).where(*named))
    if link is None:
        link = ResourceLink(
            institute_id=deployment.institute_id,
            deployment_id=deployment.id,
            resource_link_id=claims.resource_link.id,
            ags_scopes=[],
        )
        session.add(link)
    offered = claims.services
    wanted = {
        "context_id": context.id if context else None,
        "target": target,
        "title": claims.resource_link.title,
        "lineitem_url": offered.lineitem_url,
        "lineitems_url": offered.lineitems_url,
        "ags_scopes": sorted(offered.ags_scopes),
        "nrps_url": offered.nrps_url,
    }
    kept = {"lineitem_url", "lineitems_url", "nrps_url"}
    changes = {
        name: value
        for name, value in wanted.items()
        if getattr(link, name) != value and not (name in kept and value is None)
    }
    if changes:
        for name, value in changes.items():
            setattr(link, name, value)
        link.updated_at = now()
    session.flush()
    return link
