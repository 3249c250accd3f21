"""What a launch means for grades: a link that was chosen for something, a learner, a gradebook that can be reached."""

from __future__ import annotations

from typing import Final, cast

from flask import Flask
from sqlalchemy import Table, and_, bindparam, exists, or_, select, update

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

_LINK: Final = cast("Table", ResourceLink.__table__)
_ITEM: Final = cast("Table", LineItem.__table__)
_SCORE: Final = cast("Table", LtiScore.__table__)
_OTHER: Final = _SCORE.alias()

# One statement for each launch: the choice and the person's own score, ...
_KNOWN: Final = (
    select(_LINK.c.grade, _LINK.c.target, _SCORE.c.state, _SCORE.c.reason, _SCORE.c.version)
    .outerjoin(_ITEM, _ITEM.c.resource_link_id == _LINK.c.id)
    .outerjoin(_SCORE, and_(_SCORE.c.line_item_id == _ITEM.c.id, _SCORE.c.person_id == bindparam("person")))
    .where(_LINK.c.id == bindparam("link"))
    .order_by(_ITEM.c.id)
)
# ... and, where the launch names a gradebook, whether scores wait for it. No IN: it would be written anew each time.
_KNOWN_WITH_WAITING: Final = _KNOWN.add_columns(
    exists()
    .where(
        _OTHER.c.line_item_id == _ITEM.c.id,
        or_(
            and_(_OTHER.c.state == ScoreState.WAITING, _OTHER.c.reason == NO_COLUMN),
            and_(
                _OTHER.c.state == ScoreState.FAILED,
                or_(_OTHER.c.reason == NO_SCOPE, _OTHER.c.reason == NoLineItemError.code),
            ),
        ),
    )
    .correlate(_ITEM)
    .label("some_wait")
)
# Who teaches, or tries a link as a test user, has none as a rule.
_ANY_TO_WITHHOLD: Final = (
    select(_SCORE.c.id)
    .where(
        _SCORE.c.identity_id == bindparam("identity"),
        or_(_SCORE.c.state == ScoreState.WAITING, _SCORE.c.state == ScoreState.FAILED),
    )
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
        connection = session.connection()
        asked = {"link": event.resource_link_id, "person": event.person_id}
        may_score = event.has_gradebook and SCORE in event.ags_scopes
        known = connection.execute(_KNOWN_WITH_WAITING if may_score else _KNOWN, asked).all()[0]
        grade, target, reason = known.grade, known.target, known.reason
        state: ScoreState | None = known.state
        brought = event.custom.get(GRADE, "").strip().lower()
        if grade is None and brought in kinds_for(target):
            session.execute(
                update(ResourceLink).where(ResourceLink.id == event.resource_link_id).values(grade=brought)
            )
            grade = brought
        if may_score and known.some_wait:
            want_link(event.resource_link_id)
        if not event.is_gradable:
            if connection.scalar(_ANY_TO_WITHHOLD, {"identity": event.identity_id}) is not None:
                withhold(session, event.context_id, event.identity_id)
            return
        if chosen_kind(grade, target) in {GradeKind.NONE, GradeKind.EVIDENCE}:
            return
        stuck = state in GIVEN_UP or (state, reason) == (ScoreState.WAITING, NO_COLUMN)
        stuck = stuck or (state is ScoreState.IDLE and known.version > 0)
        if state is None or (stuck and event.has_gradebook):
            link = session.get_one(ResourceLink, event.resource_link_id, populate_existing=True)
            wish_for_link(session, link, event.person_id, again=True)
            if chosen_kind(grade, target) is GradeKind.HOURS and link.context and link.context.cohort_id:
                await_month(link, link.context.cohort_id)
