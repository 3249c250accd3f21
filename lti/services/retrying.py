"""Trying again at once, because somebody who mended something asks for it."""

from __future__ import annotations

from typing import Final

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from institute import audit
from institute.actors import Actor
from institute.clock import now
from institute.db import transaction
from institute.jobs import outbox
from institute.parting import parts_of
from lti.launches.models import ResourceLinkId
from lti.services.models import LineItem, LineItemId, LtiScore, ScoreId, ScoreState
from lti.services.reach import find_column, find_link, find_score
from lti.services.wishing import ASKED, JOB_KIND, NO_COLUMN, NOT_A_LEARNER, reason_to_hold

TRIED_AGAIN: Final = (ScoreState.WAITING, ScoreState.FAILED, ScoreState.NOT_IN_COURSE)


def retry_score_of_link(score_id: ScoreId, link_id: ResourceLinkId, *, actor: Actor) -> int:
    """Send one score of a link again that did not arrive; return how many that were. Raises NotFoundError."""
    return _retry_one(score_id, LineItem.resource_link_id == link_id, actor)


def retry_score_of_column(score_id: ScoreId, item_id: LineItemId, *, actor: Actor) -> int:
    """Send one score of a course's own column again. Raises NotFoundError."""
    return _retry_one(score_id, LineItem.id == item_id, actor)


def _retry_one(score_id: ScoreId, of_column: ColumnElement[bool], actor: Actor) -> int:
    with transaction() as session:
        score = find_score(session, score_id, of_column, actor)
        audit.record("grade.retried", actor=actor, subject=("lti_score", score.id))
        return _retry(session, LtiScore.id == score.id)


def retry_link(link_id: ResourceLinkId, *, actor: Actor) -> int:
    """Send again whatever of a link did not arrive; return how many scores that were. Raises NotFoundError."""
    with transaction() as session:
        link = find_link(link_id, actor)
        audit.record("grade.retried", actor=actor, subject=("lti_resource_link", link.id))
        if reason_to_hold(link) == NO_COLUMN:
            return 0
        items = select(LineItem.id).where(LineItem.resource_link_id == link.id)
        return _retry(session, LtiScore.line_item_id.in_(items))


def retry_column(item_id: LineItemId, *, actor: Actor) -> int:
    """Send again whatever of a course's own column did not arrive. Raises NotFoundError."""
    with transaction() as session:
        item = find_column(item_id, actor)
        audit.record("grade.retried", actor=actor, subject=("lti_line_item", item.id))
        return _retry(session, LtiScore.line_item_id == item.id)


def _retry(session: Session, which: ColumnElement[bool]) -> int:
    """Queue scores at once, whatever was being waited for; those that are just being written to are left to that."""
    ids = session.scalars(
        select(LtiScore.id)
        .where(
            which,
            LtiScore.state.in_(TRIED_AGAIN),
            LtiScore.reason.not_in((NO_COLUMN, NOT_A_LEARNER)),
            LtiScore.version > 0,
        )
        .order_by(LtiScore.id)
        .with_for_update(skip_locked=True)
    ).all()
    for part in parts_of(ids, outbox.PUT_AT_ONCE):
        session.execute(
            update(LtiScore)
            .where(LtiScore.id.in_(part))
            .values(state=ScoreState.WAITING, reason="", failures=0, stale_answers=0, next_try_at=None)
            .execution_options(synchronize_session=False)
        )
        outbox.put_several(
            kind=JOB_KIND, keys=[str(score_id) for score_id in part], payload={ASKED: now().isoformat()}
        )
    return len(ids)
