"""From a platform's ids to our rows: its deployments, courses and links."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, replace
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from institute.actors import InstituteId
from institute.clock import now
from lti.launches.claims import ContextClaim, LaunchClaims, ResourceLinkClaim
from lti.launches.copies import LINK_HISTORY, find_configuration, find_origin, read_history
from lti.launches.known import KnownContext, KnownDeployment, KnownLink
from lti.launches.models import Context, ContextId, ResourceLink
from lti.launches.targets import wanted_target
from lti.platforms.models import Deployment, DeploymentId, DeploymentPolicy, DeploymentState, PlatformFacts
from lti.platforms.requests import lets_first_in

KEPT = frozenset({"lineitem_url", "lineitems_url", "nrps_url"})
"""What a launch that does not offer it leaves as it was: a learner's may lack what a teacher's had."""


def note_deployment(platform: PlatformFacts, deployment_id: str, session: Session) -> KnownDeployment:
    """Note down a deployment that was never seen before.

    Whether it is let in at once is the registration's policy; a platform that registered itself without naming one has
    its first let in.
    """
    approved = platform.deployment_policy is DeploymentPolicy.APPROVE or lets_first_in(platform.id, session)
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
    origins: Sequence[str] = (),
) -> KnownContext:
    """Return the course that a launch comes from, with the title it has now.

    ``origins`` are the platform's ids of the courses that it was copied from, the latest first: looked for until one
    is found or the course is bound.
    """
    if known is None:
        made = Context(
            institute_id=institute_id,
            deployment_id=deployment_id,
            context_id=claim.id,
            title=claim.title,
            label=claim.label,
            origin_id=_origin_of(claim, origins, deployment_id, session),
        )
        session.add(made)
        session.flush()
        return KnownContext(*(getattr(made, field.name) for field in fields(KnownContext)))
    wanted: dict[str, Any] = {"title": claim.title, "label": claim.label}
    if origins and known.cohort_id is None and known.origin_id is None:
        wanted["origin_id"] = _origin_of(claim, origins, deployment_id, session)
    changes = {name: value for name, value in wanted.items() if getattr(known, name) != value}
    if not changes:
        return known
    session.execute(update(Context).where(Context.id == known.id).values(**changes))
    return replace(known, **changes)


def _origin_of(
    claim: ContextClaim, origins: Sequence[str], deployment_id: DeploymentId, session: Session
) -> ContextId | None:
    others = [one for one in origins if one != claim.id]
    return find_origin(deployment_id, others, session)


def note_link(
    claims: LaunchClaims,
    claim: ResourceLinkClaim,
    known: KnownLink | None,
    *,
    context: KnownContext | None,
    deployment: KnownDeployment,
    session: Session,
) -> KnownLink:
    """Return the link that was opened, with the target and the services that this launch names.

    A service that this launch does not offer keeps its last known address. Scopes are those of now. Who reviews
    somebody's work comes from a column of the gradebook, and changes nothing of the link.
    """
    if known is None:
        return _make_link(claims, claim, context, deployment, session)
    if claims.for_user is not None:
        return known
    wanted = _wanted(claims, claim, context)
    if known.copied and wanted["target"] is None:
        del wanted["target"]
    elif known.copied:
        wanted["copied"] = False
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


def _wanted(claims: LaunchClaims, claim: ResourceLinkClaim, context: KnownContext | None) -> dict[str, Any]:
    """Return what a launch says of its link."""
    offered = claims.services
    return {
        "context_id": context.id if context else None,
        "target": wanted_target(claims),
        "title": claim.title,
        "lineitem_url": None if claims.for_user is not None else offered.lineitem_url,
        "lineitems_url": offered.lineitems_url,
        "ags_scopes": sorted(offered.ags_scopes),
        "nrps_url": offered.nrps_url,
    }


def _make_link(
    claims: LaunchClaims,
    claim: ResourceLinkClaim,
    context: KnownContext | None,
    deployment: KnownDeployment,
    session: Session,
) -> KnownLink:
    """Make a link that was never opened before, configured as the one that it is a copy of."""
    wanted = _wanted(claims, claim, context)
    histories = read_history(claims.custom, LINK_HISTORY)
    origin_id = context.origin_id if context else None
    kept = (
        find_configuration(deployment.id, histories, title=claim.title, origin_id=origin_id, session=session)
        if histories or origin_id is not None
        else None
    )
    copied = kept is not None and wanted["target"] is None
    if kept is not None and copied:
        wanted["target"] = kept.target
    made = ResourceLink(
        institute_id=deployment.institute_id,
        deployment_id=deployment.id,
        resource_link_id=claim.id,
        grade=kept.grade if kept is not None and kept.target == wanted["target"] else None,
        copied=copied,
        **wanted,
    )
    session.add(made)
    session.flush()
    return KnownLink(*(getattr(made, field.name) for field in fields(KnownLink)))
