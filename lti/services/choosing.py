"""Choosing what a link sends to its gradebook."""

from __future__ import annotations

from typing import Final

from sqlalchemy import select, update

from institute import audit
from institute.actors import Actor
from institute.db import transaction
from institute.errors import InvalidError
from institute.i18n import lazy_gettext
from institute.parting import parts_of
from lti.launches.models import ResourceLinkId
from lti.services.kinds import GradeKind, chosen_kind, kinds_for
from lti.services.models import LineItem, LtiScore, ScoreState
from lti.services.reach import find_link
from lti.services.rewishing import await_month, held_link, want_link
from lti.services.wishing import SILENT

AT_ONCE: Final = 500
"""How many rows one statement names."""


class GradeChoiceError(InvalidError):
    """The link cannot show that."""

    code = "GRADE-CHOICE"
    sentence = lazy_gettext("This link cannot send that. Choose one of the listed possibilities.")


def choose_grade(link_id: ResourceLinkId, choice: str, *, actor: Actor) -> None:
    """Let a link show something else, or nothing: everybody's scores of it are worked out anew in the background.

    What its column in the gradebook shows already stays there until the new score of a person takes its place.
    Raises NotFoundError, GradeChoiceError.
    """
    with transaction() as session:
        link = find_link(link_id, actor)
        kind = next((kind for kind in kinds_for(link.target) if kind == choice), None)
        if kind is None:
            raise GradeChoiceError
        held_link(session, link.id)  # nobody works out meanwhile what it showed before
        before = chosen_kind(link.grade, link.target)
        link.grade = str(kind)
        if kind is before:
            return
        audit.record(
            "grade.chosen",
            actor=actor,
            subject=("lti_resource_link", link.id),
            details={"from": before, "to": kind},
        )
        if kind is GradeKind.NONE:
            waiting = session.scalars(
                select(LtiScore.id)
                .join(LineItem, LineItem.id == LtiScore.line_item_id)
                .where(
                    LineItem.resource_link_id == link.id,
                    LtiScore.state.in_((ScoreState.WAITING, ScoreState.FAILED)),
                )
                .order_by(LtiScore.person_id)
                .with_for_update(of=LtiScore)
            ).all()
            for part in parts_of(waiting, AT_ONCE):
                session.execute(
                    update(LtiScore)
                    .where(LtiScore.id.in_(part))
                    .values(SILENT)
                    .execution_options(synchronize_session=False)
                )
            return
        want_link(link.id)
        if kind is GradeKind.HOURS and link.context is not None and link.context.cohort_id is not None:
            await_month(link, link.context.cohort_id)
