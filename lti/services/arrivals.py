"""What a launch means for grades: a link that was chosen for something, a learner, a gradebook that can be reached."""

from __future__ import annotations

from typing import Final

from flask import Flask
from sqlalchemy import and_, bindparam, exists, or_, select, update

from institute import events
from institute.db import transaction
from lti.launches.events import LinkLaunched
from lti.launches.models import ResourceLink
from lti.services.errors import NoLineItemError
from lti.services.kinds import GradeKind, chosen_kind, kinds_for
from lti.services.models import LineItem, LtiScore, ScoreState
from lti.services.rewishing import await_month, want_link
from lti.services.scopes import SCORE
from lti.services.wishing import GIVEN_UP, NO_COLUMN, NO_SCOPE, wish_for_link, withhold

GRADE: Final = "grade"
"""The custom parameter by which a link that the picker made says what it shows."""

# One statement for each launch: the choice, the person's own score, and whether scores wait for what a launch tells.
_KNOWN: Final = (
    select(
        ResourceLink.grade,
        ResourceLink.target,
        LtiScore.state,
        LtiScore.reason,
        exists()
        .where(
            LtiScore.line_item_id == LineItem.id,
            or_(
                and_(LtiScore.state == ScoreState.WAITING, LtiScore.reason == NO_COLUMN),
                and_(
                    LtiScore.state == ScoreState.FAILED,
                    LtiScore.reason.in_((NO_SCOPE, NoLineItemError.code)),
                ),
            ),
        )
        .correlate(LineItem)
        .label("some_wait"),
    )
    .outerjoin(LineItem, LineItem.resource_link_id == ResourceLink.id)
    .outerjoin(
        LtiScore, and_(LtiScore.line_item_id == LineItem.id, LtiScore.person_id == bindparam("person"))
    )
    .where(ResourceLink.id == bindparam("link"))
    .order_by(LineItem.id)
    .limit(1)
)


def init_app(app: Flask) -> None:
    """Hear of launches."""
    events.subscribe(app, LinkLaunched, note_launch)


def note_launch(event: LinkLaunched) -> None:
    """Keep the choice that the link brings, make the learner's score, and let go what waited for a gradebook.

    Somebody who turns out to be staff or a test user gets no grade from then on.
    """
    with transaction() as session:
        asked = {"link": event.resource_link_id, "person": event.person_id}
        known = session.execute(_KNOWN, asked).one()
        grade, target, reason, some_wait = known.grade, known.target, known.reason, known.some_wait
        state: ScoreState | None = known.state
        brought = event.custom.get(GRADE, "").strip().lower()
        if grade is None and brought in kinds_for(target):
            session.execute(
                update(ResourceLink).where(ResourceLink.id == event.resource_link_id).values(grade=brought)
            )
            grade = brought
        if event.has_gradebook and SCORE in event.ags_scopes and some_wait:
            want_link(event.resource_link_id)
        if not event.is_gradable:
            withhold(session, event.context_id, event.identity_id)
            return
        if chosen_kind(grade, target) in {GradeKind.NONE, GradeKind.EVIDENCE}:
            return
        stuck = state in GIVEN_UP or (state, reason) == (ScoreState.WAITING, NO_COLUMN)
        if state is None or (stuck and event.has_gradebook):
            link = session.get_one(ResourceLink, event.resource_link_id, populate_existing=True)
            wish_for_link(session, link, event.person_id, again=True)
            if chosen_kind(grade, target) is GradeKind.HOURS and link.context and link.context.cohort_id:
                await_month(link, link.context.cohort_id)
