"""From what a participant did to what a gradebook should show: rows only, in the transaction that caused it."""

from __future__ import annotations

import hashlib
from typing import Any, Final

from flask import Flask
from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from courses.catalogue.models import Module, Programme, Segment
from courses.cohorts.events import ProgressChanged
from courses.cohorts.queries import progress_of
from institute import events
from institute.actors import PersonId
from institute.clock import now
from institute.db import Base, insert_into, transaction
from institute.jobs import outbox
from lti.launches.events import LinkLaunched
from lti.launches.models import (
    Context,
    ContextId,
    IdentityId,
    LtiIdentity,
    LtiLaunch,
    ResourceLink,
    ResourceLinkId,
)
from lti.services.models import PROGRESS_TAG, LineItem, LineItemId, LtiScore, ScoreState
from lti.services.scopes import SCORE

JOB_KIND: Final = "lti.score"
LONGEST_RESOURCE_ID: Final = 200
HOME: Final = "cohort:home"
NO_SCOPE: Final = "NO-SCOPE"
GIVEN_UP: Final = (ScoreState.NOT_IN_COURSE, ScoreState.FAILED)


def init_app(app: Flask) -> None:
    """Hear of progress and of launches."""
    events.subscribe(app, ProgressChanged, wish_scores)
    events.subscribe(app, LinkLaunched, note_launch)


def wish_scores(event: ProgressChanged) -> None:
    """Bring the wished scores up to date for every link that covers what has changed.

    A person has a score only where the platform's latest launch says that they learn in that course.
    """
    with transaction() as session:
        for link in session.scalars(_links(event.cohort_id, _covering(session, event))):
            identity_id = _learner_identity(session, event.person_id, link.context_id)
            if identity_id is not None:
                _wish(session, link, event.person_id, identity_id)


def note_launch(event: LinkLaunched) -> None:
    """Make the score's row at the first launch of a link, and try again what had been given up.

    Somebody who turns out to be staff or a test user gets no grade from then on.
    """
    with transaction() as session:
        if not event.is_gradable:
            _withhold(session, event.context_id, event.identity_id)
            return
        if SCORE not in event.ags_scopes or not event.has_gradebook:
            return
        score = session.scalars(_scores_of(event.resource_link_id, event.person_id)).one_or_none()
        if score is None:
            link = session.get_one(ResourceLink, event.resource_link_id)
            _wish(session, link, event.person_id, event.identity_id)
        elif score.state in GIVEN_UP:
            score.identity_id = event.identity_id
            _queue(session, score)


def _scores_of(resource_link_id: ResourceLinkId, person_id: PersonId) -> Select[LtiScore]:
    return (
        select(LtiScore)
        .join(LineItem, LineItem.id == LtiScore.line_item_id)
        .where(
            LineItem.resource_link_id == resource_link_id,
            LineItem.tag == PROGRESS_TAG,
            LtiScore.person_id == person_id,
        )
    )


def _covering(session: Session, event: ProgressChanged) -> tuple[str, str, str]:
    """Return the targets that contain the segment: itself, its module, its programme."""
    programme, module, segment = session.execute(
        select(Programme.slug, Module.slug, Segment.slug)
        .join(Module, Module.programme_id == Programme.id)
        .join(Segment, Segment.module_id == Module.id)
        .where(Segment.id == event.segment_id)
    ).one()
    return (
        f"programme:{programme}",
        f"module:{programme}/{module}",
        f"segment:{programme}/{module}/{segment}",
    )


def _links(cohort_id: int, targets: tuple[str, ...]) -> Select[ResourceLink]:
    return (
        select(ResourceLink)
        .join(Context, Context.id == ResourceLink.context_id)
        .where(
            Context.cohort_id == cohort_id,
            or_(ResourceLink.target.is_(None), ResourceLink.target.in_(targets)),
            or_(ResourceLink.lineitem_url.is_not(None), ResourceLink.lineitems_url.is_not(None)),
        )
        .order_by(ResourceLink.id)
    )


def _learner_identity(
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


def _wish(session: Session, link: ResourceLink, person_id: PersonId, identity_id: IdentityId) -> None:
    """Hold the score's row, then count: two ticks at once must not each count without the other.

    A link that may not send scores gets no row; a row from better days is kept up to date.
    """
    context = session.get_one(Context, link.context_id)
    may_send = SCORE in link.ags_scopes
    if context.cohort_id is None:
        return
    if not may_send and session.scalar(_scores_of(link.id, person_id)) is None:
        return
    score = _held_score(session, link, person_id, identity_id)
    done, total = progress_of(person_id, context.cohort_id, link.target)
    if total == 0:
        return
    score.identity_id = identity_id
    if (score.given, score.maximum) == (done, total):
        return
    score.given, score.maximum = done, total
    if score.version == 0 and done == 0:
        return
    score.version += 1
    score.submitted_at = now()
    if may_send:
        _queue(session, score)
    else:
        score.state, score.reason = ScoreState.FAILED, NO_SCOPE


def _queue(session: Session, score: LtiScore) -> None:
    """Let the worker send it; a platform that is being waited for is still waited for."""
    if score.state in GIVEN_UP:
        score.failures = score.stale_answers = 0
        score.next_try_at = None
    score.state, score.reason = ScoreState.WAITING, ""
    session.flush()
    outbox.put(kind=JOB_KIND, key=str(score.id), after=score.next_try_at)


def _withhold(session: Session, context_id: ContextId, identity_id: IdentityId) -> None:
    waiting = session.scalars(
        select(LtiScore)
        .join(LineItem, LineItem.id == LtiScore.line_item_id)
        .join(ResourceLink, ResourceLink.id == LineItem.resource_link_id)
        .where(
            ResourceLink.context_id == context_id,
            LtiScore.identity_id == identity_id,
            LtiScore.state.in_((ScoreState.WAITING, ScoreState.FAILED)),
        )
    )
    for score in waiting:
        score.state, score.reason = ScoreState.NOT_IN_COURSE, "NOT-A-LEARNER"


def _held_score(
    session: Session, link: ResourceLink, person_id: PersonId, identity_id: IdentityId
) -> LtiScore:
    """Return the score's row, made if it is missing, locked until the transaction ends."""
    item_id = _line_item_id(session, link)
    _insert_once(
        session,
        LtiScore,
        ["line_item_id", "person_id"],
        institute_id=link.institute_id,
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


def _line_item_id(session: Session, link: ResourceLink) -> LineItemId:
    _insert_once(
        session,
        LineItem,
        ["resource_link_id", "tag"],
        institute_id=link.institute_id,
        resource_link_id=link.id,
        tag=PROGRESS_TAG,
        resource_id=_resource_id(link.target),
    )
    return session.scalars(
        select(LineItem.id).where(LineItem.resource_link_id == link.id, LineItem.tag == PROGRESS_TAG)
    ).one()


def _resource_id(target: str | None) -> str:
    """Return our name for the column: what the link opens, so that a copied course finds it again."""
    name = target or HOME
    if len(name) <= LONGEST_RESOURCE_ID:
        return name
    return hashlib.sha256(name.encode()).hexdigest()


def _insert_once(session: Session, table: type[Base], unique: list[str], **values: Any) -> None:
    session.execute(insert_into(session, table).values(values).on_conflict_do_nothing(index_elements=unique))
