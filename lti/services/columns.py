"""Which gradebook column a line item of ours is: kept, looked for, made again when it was deleted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus
from typing import Final

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from institute.clock import now
from institute.db import transaction
from institute.i18n import gettext
from lti.launches.models import ContextId, ResourceLink
from lti.services.connector import PlatformConnector
from lti.services.errors import (
    ClaimedError,
    MissingError,
    NoLineItemError,
    NotAllowedError,
    RefusedError,
    StaleError,
)
from lti.services.killpoints import reach
from lti.services.lineitems import Column, column_exists, find_or_create, may_read
from lti.services.models import LineItem, LineItemId

CLAIM: Final = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a line item of ours is, or may be made; ``granted`` are the scopes of the latest launch."""

    url: str | None
    lineitems_url: str | None
    granted: frozenset[str]
    column: Column


def known_url(told: str | None, kept: str | None, gone: str | None) -> str | None:
    """Return where a column is: what the link's launches told wins over what was kept, unless it is gone."""
    return told if told and told != gone else kept


def read_place(line_item_id: LineItemId) -> Place:
    """Read a line item and what the latest launch of its link, or in its course, said."""
    with transaction() as session:
        item = session.get_one(LineItem, line_item_id)
        if item.resource_link_id is None:
            link, told, own_id = course_link(session, item.context_id), None, None
        else:
            link = session.get_one(ResourceLink, item.resource_link_id)
            told, own_id = link.lineitem_url, link.resource_link_id
        return Place(
            url=known_url(told, item.url, item.gone_url),
            lineitems_url=link.lineitems_url if link is not None else None,
            granted=frozenset(link.ags_scopes if link is not None else ()),
            column=Column(
                resource_link_id=own_id,
                resource_id=item.resource_id,
                tag=item.tag,
                label=_label(item, link if own_id else None),
                score_maximum=item.score_maximum,
            ),
        )


def course_link(session: Session, context_id: ContextId | None) -> ResourceLink | None:
    """Return the link of a course that told last where the course's columns are, or None where none did."""
    return session.scalar(
        select(ResourceLink)
        .where(ResourceLink.context_id == context_id, ResourceLink.lineitems_url.is_not(None))
        .order_by(ResourceLink.updated_at.desc(), ResourceLink.id.desc())
        .limit(1)
    )


def _label(item: LineItem, link: ResourceLink | None) -> str:
    return (link.title if link is not None else "") or item.label or gettext("Progress")


def ensure_column(connector: PlatformConnector, line_item_id: LineItemId) -> str:
    """Return the column's address; look for it or make it if it is not known.

    One worker at a time does so, because platforms make a second column with the same names without a word.
    Raises NoLineItemError, ClaimedError while another worker is at it, or another ServiceError.
    """
    place = read_place(line_item_id)
    if place.url:
        return place.url
    if not place.lineitems_url:
        raise NoLineItemError
    if not _claim(line_item_id):
        raise ClaimedError
    try:
        url = _look_or_make(connector, place.lineitems_url, place)
    except BaseException:
        _release(line_item_id, None)
        raise
    _release(line_item_id, url)
    return url


def is_gone(connector: PlatformConnector, line_item_id: LineItemId, url: str) -> bool:
    """Ask whether the column at ``url`` was deleted, and forget it if so.

    Where the tool may not read columns it counts as there: one person who left must not take it from all others.
    """
    place = read_place(line_item_id)
    if not may_read(place.granted):
        return False
    try:
        if column_exists(connector, url, place.granted):
            return False
    except (NotAllowedError, RefusedError):
        return False
    with transaction() as session:
        session.execute(update(LineItem).where(LineItem.id == line_item_id).values(gone_url=url))
        session.execute(
            update(LineItem).where(LineItem.id == line_item_id, LineItem.url == url).values(url=None)
        )
    return True


def _look_or_make(connector: PlatformConnector, lineitems_url: str, place: Place) -> str:
    try:
        url = find_or_create(connector, lineitems_url, place.column, place.granted)
    except (MissingError, RefusedError, StaleError) as error:
        raise NoLineItemError(error.status) from None
    except NotAllowedError as error:
        if error.status == HTTPStatus.FORBIDDEN:
            raise NoLineItemError(error.status) from None
        raise
    reach("after-create")
    return url


def _claim(line_item_id: LineItemId) -> bool:
    with transaction() as session:
        return (
            session.scalar(
                update(LineItem)
                .where(
                    LineItem.id == line_item_id,
                    or_(LineItem.claimed_until.is_(None), LineItem.claimed_until < now()),
                )
                .values(claimed_until=now() + CLAIM)
                .returning(LineItem.id)
            )
            is not None
        )


def _release(line_item_id: LineItemId, url: str | None) -> None:
    values = {"claimed_until": None} if url is None else {"claimed_until": None, "url": url}
    with transaction() as session:
        session.execute(update(LineItem).where(LineItem.id == line_item_id).values(values))
