"""Copied courses: what a course and its links were copied from, and what of it the copy takes over.

A copy takes over what its links open and what they send to the gradebook. It takes no attempts, scores or enrolments,
and its course is bound anew: the page for it names the origin's cohort first.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar
from urllib.parse import unquote

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from institute.db import insert_into, transaction
from lti.launches.models import Context, ContextId, ResourceLink
from lti.platforms.models import MAX_ID_LENGTH, Deployment, DeploymentId
from lti.platforms.strings import is_clean

LINK_HISTORY: Final = "resource_link_history"
COURSE_HISTORY: Final = "context_history"
CUT_SHORT: Final = "truncated"
GAVE_UP: Final = "timed out"
MOST: Final = 50


@dataclass(frozen=True, slots=True)
class Configuration:
    """What a link opens and what it sends to the gradebook; None for the cohort's home and for the target's default."""

    target: str | None
    grade: str | None


def read_history(custom: Mapping[str, str], name: str) -> tuple[str, ...]:
    """Return the platform's ids of what something was copied from, the latest first.

    Source: LTI 1.3, custom parameter substitution, ``$Context.id.history`` and ``$ResourceLink.id.history``: ids
    separated by commas, each escaped as in an address. Canvas ends a long list in ``truncated`` and says ``timed out``
    where it took too long.
    """
    text = custom.get(name, "")
    if text.strip().lower() == GAVE_UP:
        return ()
    ids = (unquote(part.strip()) for part in text.split(",")[:MOST])
    return tuple(one for one in ids if _is_id(one) and one.lower() != CUT_SHORT)


def _is_id(text: str) -> bool:
    return 0 < len(text) <= MAX_ID_LENGTH and is_clean(text)


def find_origin(
    deployment_id: DeploymentId, context_ids: Sequence[str], session: Session
) -> ContextId | None:
    """Return the nearest of the courses named that this deployment has; ids of another one name other courses."""
    if not context_ids:
        return None
    found = session.execute(
        select(Context.context_id, Context.id).where(
            Context.deployment_id == deployment_id, Context.context_id.in_(context_ids)
        )
    )
    return _nearest(context_ids, {row[0]: row[1] for row in found})


def find_configuration(
    deployment_id: DeploymentId,
    link_ids: Sequence[str],
    *,
    title: str,
    origin_id: ContextId | None,
    session: Session,
) -> Configuration | None:
    """Return what the link is configured as that a new one was copied from.

    The platform's history of the link decides; without one, a link of the same title in the course's origin, if all of
    that title there are alike.
    """
    columns = (ResourceLink.target, ResourceLink.grade)
    if link_ids:
        found = session.execute(
            select(ResourceLink.resource_link_id, *columns).where(
                ResourceLink.deployment_id == deployment_id, ResourceLink.resource_link_id.in_(link_ids)
            )
        )
        nearest = _nearest(link_ids, {row[0]: Configuration(*row[1:]) for row in found})
        if nearest is not None:
            return nearest
    if origin_id is None or not title:
        return None
    alike = session.execute(
        select(*columns)
        .where(ResourceLink.context_id == origin_id, ResourceLink.title == title)
        .distinct()
        .limit(2)
    ).all()
    return Configuration(*alike[0]) if len(alike) == 1 else None


def note_copy(deployment_id: DeploymentId, context_id: str, origin_context_ids: Sequence[str]) -> None:
    """Note down that a course is a copy, whether or not it was seen before; all ids are the platform's own.

    A course that was bound already, or whose origin is known, stays as it is: noted twice is noted once.
    """
    with transaction() as session:
        institute_id = session.scalar(select(Deployment.institute_id).where(Deployment.id == deployment_id))
        origin_id = find_origin(deployment_id, origin_context_ids, session)
        if institute_id is None or origin_id is None or context_id in origin_context_ids:
            return
        known = {"deployment_id": deployment_id, "context_id": context_id}
        session.execute(
            insert_into(session, Context)
            .values(institute_id=institute_id, **known)
            .on_conflict_do_nothing(index_elements=list(known))
        )
        session.execute(
            update(Context)
            .where(
                *(getattr(Context, name) == value for name, value in known.items()),
                Context.origin_id.is_(None),
                Context.cohort_id.is_(None),
            )
            .values(origin_id=origin_id)
        )


Found = TypeVar("Found")


def _nearest(ids: Sequence[str], known: Mapping[str, Found]) -> Found | None:
    return next((known[one] for one in ids if one in known), None)
