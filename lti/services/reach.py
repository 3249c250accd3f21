"""Whose grades somebody may look after: an administrator the institute's, a facilitator those of their cohort."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Select, and_, false, func, select
from sqlalchemy.orm import Session

from institute.actors import Actor, Role
from institute.db import db
from institute.errors import NotFoundError
from lti.launches.models import Context, ResourceLink, ResourceLinkId
from lti.services.models import LineItem, LineItemId, LtiScore, ScoreId


def is_in_reach(actor: Actor) -> ColumnElement[bool]:
    """Return the condition on a course (``Context``) that the actor may look after its grades."""
    own = Context.institute_id == actor.institute_id
    if actor.has(Role.ADMINISTRATOR):
        return own
    if actor.has(Role.FACILITATOR) and actor.place is not None:
        return and_(own, Context.cohort_id == actor.place)
    return false()


def of_course(statement: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    """Join a statement about columns with their courses: those of links, and those of a course alone."""
    return statement.outerjoin(ResourceLink, ResourceLink.id == LineItem.resource_link_id).join(
        Context, Context.id == func.coalesce(ResourceLink.context_id, LineItem.context_id)
    )


def find_link(link_id: ResourceLinkId, actor: Actor) -> ResourceLink:
    """Return a link of a course in the actor's reach. Raises NotFoundError."""
    found = db.session.scalar(
        select(ResourceLink)
        .join(Context, Context.id == ResourceLink.context_id)
        .where(ResourceLink.id == link_id, is_in_reach(actor))
    )
    if found is None:
        raise NotFoundError
    return found


def find_column(item_id: LineItemId, actor: Actor) -> LineItem:
    """Return a column that belongs to a course alone. Raises NotFoundError."""
    found = db.session.scalar(
        select(LineItem)
        .join(Context, Context.id == LineItem.context_id)
        .where(LineItem.id == item_id, is_in_reach(actor))
    )
    if found is None:
        raise NotFoundError
    return found


def find_score(session: Session, score_id: ScoreId, of_column: ColumnElement[bool], actor: Actor) -> LtiScore:
    """Return a score of a column, locked until the transaction ends. Raises NotFoundError."""
    statement = of_course(select(LtiScore.id).join(LineItem, LineItem.id == LtiScore.line_item_id))
    found = session.scalar(statement.where(LtiScore.id == score_id, of_column, is_in_reach(actor)))
    if found is None:
        raise NotFoundError
    return session.get_one(LtiScore, found, with_for_update=True)
