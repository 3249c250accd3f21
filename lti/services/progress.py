"""From what a participant did to what a gradebook should show: rows only, in the transaction that caused it."""

from __future__ import annotations

from typing import Final

from flask import Flask
from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from courses.catalogue.models import Module, Programme, Segment
from courses.cohorts.events import ProgressChanged
from courses.cohorts.queries import progress_of
from institute import events
from institute.actors import PersonId
from institute.clock import now
from institute.db import transaction
from lti.launches.events import LinkLaunched
from lti.launches.models import Context, IdentityId, ResourceLink, ResourceLinkId
from lti.services.models import PROGRESS_TAG, LineItem, LtiScore, ScoreState
from lti.services.scopes import SCORE
from lti.services.wishing import (
    GIVEN_UP,
    NO_SCOPE,
    hold_score,
    learner_identity,
    link_item,
    queue_score,
    withhold,
)

HOME: Final = "cohort:home"
# Links to anything else, such as evidence, show what that comes to.
SHOW_PROGRESS: Final = frozenset({"programme", "module", "segment"})


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
            identity_id = learner_identity(session, event.person_id, link.context_id)
            if identity_id is not None:
                _wish(session, link, event.person_id, identity_id)


def note_launch(event: LinkLaunched) -> None:
    """Make the score's row at the first launch of a link, and try again what had been given up.

    Somebody who turns out to be staff or a test user gets no grade from then on.
    """
    with transaction() as session:
        if not event.is_gradable:
            withhold(session, event.context_id, event.identity_id)
            return
        if SCORE not in event.ags_scopes or not event.has_gradebook:
            return
        score = session.scalars(_scores_of(event.resource_link_id, event.person_id)).one_or_none()
        if score is None:
            link = session.get_one(ResourceLink, event.resource_link_id)
            if shows_progress(link.target):
                _wish(session, link, event.person_id, event.identity_id)
        elif score.state in GIVEN_UP:
            score.identity_id = event.identity_id
            queue_score(session, score)


def shows_progress(target: str | None) -> bool:
    """Tell whether the column of a link with that target shows how far somebody is."""
    return target is None or target.partition(":")[0] in SHOW_PROGRESS


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
    item_id = link_item(session, link, PROGRESS_TAG, link.target or HOME)
    score = hold_score(session, item_id, person_id, identity_id, institute_id=link.institute_id)
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
        queue_score(session, score)
    else:
        score.state, score.reason = ScoreState.FAILED, NO_SCOPE
