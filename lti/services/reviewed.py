"""What a column of a gradebook shows, asked by its address: a submission review names no more."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import false, func, or_, select

from institute.db import db
from lti.launches import reviewing
from lti.launches.models import ContextId, ResourceLink, ResourceLinkId
from lti.launches.reviewing import ReviewedColumn
from lti.services.kinds import HOME, chosen_kind
from lti.services.models import LineItem


def init_app(app: Flask) -> None:
    """Tell the launches what their columns show."""
    reviewing.find_columns(app, find_column)


def find_column(
    url: str, link_id: ResourceLinkId | None, context_id: ContextId | None
) -> ReviewedColumn | None:
    """Return what the column at ``url`` shows, or else the link that the review came through; None without either.

    Only columns of the course and its links are looked at. A column of the course is called by its resource id, which
    is its target, but for very long ones.
    """
    link = db.session.get(ResourceLink, link_id) if link_id is not None else None
    row = db.session.execute(
        select(LineItem.tag, LineItem.resource_id, ResourceLink.id, ResourceLink.grade, ResourceLink.target)
        .outerjoin(ResourceLink, ResourceLink.id == LineItem.resource_link_id)
        .where(
            or_(LineItem.context_id == context_id, ResourceLink.context_id == context_id),
            or_(LineItem.url == url, ResourceLink.lineitem_url == url),
        )
        .order_by(func.coalesce(LineItem.url == url, false()).desc(), LineItem.id)
        .limit(1)
    ).one_or_none()
    if row is not None and (row.id is None or link is None or row.id == link.id):
        target = row.target or (row.resource_id if row.resource_id != HOME else None)
        return ReviewedColumn(row.tag if row.id is None else chosen_kind(row.grade, row.target), target)
    return ReviewedColumn(chosen_kind(link.grade, link.target), link.target) if link is not None else None
