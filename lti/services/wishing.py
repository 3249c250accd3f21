"""A wished score: the row that says what a gradebook should show, held while it is counted, and queued for sending."""

from __future__ import annotations

import hashlib
from typing import Any, Final

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from institute.actors import InstituteId, PersonId
from institute.db import Base, insert_into
from institute.jobs import outbox
from lti.launches.models import ContextId, IdentityId, LtiIdentity, LtiLaunch, ResourceLink
from lti.services.models import LineItem, LineItemId, LtiScore, ScoreState

JOB_KIND: Final = "lti.score"
LONGEST_RESOURCE_ID: Final = 200
NO_SCOPE: Final = "NO-SCOPE"
GIVEN_UP: Final = (ScoreState.NOT_IN_COURSE, ScoreState.FAILED)


def learner_identity(
    session: Session, person_id: PersonId, context_id: ContextId | None
) -> IdentityId | None:
    """Return the account of the person that learns in the course, judged by each account's latest launch there."""
    latest = (
        select(func.max(LtiLaunch.id))
        .join(LtiIdentity, LtiIdentity.id == LtiLaunch.identity_id)
        .where(LtiIdentity.person_id == person_id, LtiLaunch.context_id == context_id)
        .group_by(LtiLaunch.identity_id)
    )
    return session.scalar(
        select(LtiLaunch.identity_id)
        .where(LtiLaunch.id.in_(latest), LtiLaunch.is_learner.is_(True), LtiLaunch.is_test_user.is_(False))
        .order_by(LtiLaunch.id.desc())
        .limit(1)
    )


def hold_score(
    session: Session,
    item_id: LineItemId,
    person_id: PersonId,
    identity_id: IdentityId,
    *,
    institute_id: InstituteId,
) -> LtiScore:
    """Return a person's score in a column, made if it is missing, locked until the transaction ends."""
    insert_once(
        session,
        LtiScore,
        ["line_item_id", "person_id"],
        institute_id=institute_id,
        line_item_id=item_id,
        person_id=person_id,
        identity_id=identity_id,
    )
    return session.scalars(
        select(LtiScore)
        .where(LtiScore.line_item_id == item_id, LtiScore.person_id == person_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()


def queue_score(session: Session, score: LtiScore) -> None:
    """Let the worker send it; a platform that is being waited for is still waited for."""
    if score.state in GIVEN_UP:
        score.failures = score.stale_answers = 0
        score.next_try_at = None
    score.state, score.reason = ScoreState.WAITING, ""
    session.flush()
    outbox.put(kind=JOB_KIND, key=str(score.id), after=score.next_try_at)


def withhold(session: Session, context_id: ContextId, identity_id: IdentityId) -> None:
    """Send nothing more of somebody who turned out not to learn in the course."""
    waiting = session.scalars(
        select(LtiScore)
        .join(LineItem, LineItem.id == LtiScore.line_item_id)
        .outerjoin(ResourceLink, ResourceLink.id == LineItem.resource_link_id)
        .where(
            or_(ResourceLink.context_id == context_id, LineItem.context_id == context_id),
            LtiScore.identity_id == identity_id,
            LtiScore.state.in_((ScoreState.WAITING, ScoreState.FAILED)),
        )
    )
    for score in waiting:
        score.state, score.reason = ScoreState.NOT_IN_COURSE, "NOT-A-LEARNER"


def link_item(session: Session, link: ResourceLink, tag: str, name: str, **more: Any) -> LineItemId:
    """Return the column that belongs to a link, noted down if it is missing; ``name`` is what the link opens."""
    insert_once(
        session,
        LineItem,
        ["resource_link_id", "tag"],
        institute_id=link.institute_id,
        resource_link_id=link.id,
        tag=tag,
        resource_id=resource_id(name),
        **more,
    )
    return session.scalars(
        select(LineItem.id).where(LineItem.resource_link_id == link.id, LineItem.tag == tag)
    ).one()


def resource_id(name: str) -> str:
    """Return our name for a column, so that a copied course finds it again."""
    if len(name) <= LONGEST_RESOURCE_ID:
        return name
    return hashlib.sha256(name.encode()).hexdigest()


def insert_once(session: Session, table: type[Base], unique: list[str], **values: Any) -> None:
    """Insert a row unless one with the same ``unique`` columns is there."""
    session.execute(insert_into(session, table).values(values).on_conflict_do_nothing(index_elements=unique))
