"""What administrators see of the scores on their way: what waits, what did not arrive, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from flask import Flask
from sqlalchemy import func, select

from institute.actors import Actor, Role
from institute.db import db
from institute.i18n import LazyText, lazy_gettext, ngettext
from institute.web import panels
from institute.web.panels import Panel
from lti.launches.models import Context, ResourceLink
from lti.platforms.models import Deployment, Registration
from lti.services.errors import (
    BusyError,
    NoLineItemError,
    NotAllowedError,
    StaleError,
    TokenRefusedError,
    UnreachableError,
    UnreadableError,
)
from lti.services.models import LineItem, LtiScore, ScoreState

PANEL_ORDER: Final = 60
TEMPLATE: Final = "lti/services/_delivery.html"

WAITING_REASONS: Final[Mapping[str, LazyText]] = {
    "": lazy_gettext("They go out with the next round of the worker."),
    BusyError.code: lazy_gettext(
        "The platform is overloaded or out of order. Delivery is tried again by itself."
    ),
    UnreachableError.code: lazy_gettext("The platform does not answer. Delivery is tried again by itself."),
    UnreadableError.code: lazy_gettext(
        "The platform answers with something else, such as a maintenance page. Delivery is tried again by itself."
    ),
    TokenRefusedError.code: lazy_gettext(
        "The platform does not let the tool in. Check there that the tool is active and knows this tool's key set."
    ),
    NotAllowedError.code: lazy_gettext(
        "The platform does not let the tool send grades. Check there that the tool may use the grade services."
    ),
    StaleError.code: lazy_gettext("The platform holds a later entry. Delivery is tried again by itself."),
}
FAILED_REASONS: Final[Mapping[str, LazyText]] = {
    NoLineItemError.code: lazy_gettext(
        "The gradebook has no column for the link, and the tool may not make one. Give the link a grade there."
    ),
    StaleError.code: lazy_gettext(
        "The platform holds an entry with a date in the future and takes no other."
    ),
}
FAILED_OTHERWISE: Final = lazy_gettext(
    "The platform refused for more than a week. Opening the link again tries once more."
)
NOT_IN_COURSE: Final = lazy_gettext(
    "The platform keeps no grade for these people: they left the course or do not learn in it."
)


@dataclass(frozen=True, slots=True)
class DeliveryLine:
    """Scores that share a platform, a state and a reason. ``since`` is the oldest wish among them."""

    platform: str
    state: ScoreState
    count: int
    since: datetime
    headline: str
    reason: str


def delivery_lines(actor: Actor) -> list[DeliveryLine]:
    """Return what did not arrive yet at the actor's institute, the worst first."""
    rows = db.session.execute(
        select(
            Registration.name,
            LtiScore.state,
            LtiScore.reason,
            func.count().label("scores"),
            func.min(LtiScore.submitted_at).label("since"),
        )
        .join(LineItem, LineItem.id == LtiScore.line_item_id)
        .outerjoin(ResourceLink, ResourceLink.id == LineItem.resource_link_id)
        .outerjoin(Context, Context.id == LineItem.context_id)
        .join(Deployment, Deployment.id == func.coalesce(ResourceLink.deployment_id, Context.deployment_id))
        .join(Registration, Registration.id == Deployment.registration_id)
        .where(
            LtiScore.institute_id == actor.institute_id,
            LtiScore.state.in_((ScoreState.WAITING, ScoreState.FAILED, ScoreState.NOT_IN_COURSE)),
        )
        .group_by(Registration.id, Registration.name, LtiScore.state, LtiScore.reason)
    ).all()
    lines = [
        DeliveryLine(
            row.name,
            row.state,
            row.scores,
            row.since,
            _headline(row.state, row.scores),
            _reason(row.state, row.reason),
        )
        for row in rows
    ]
    worst = (ScoreState.FAILED, ScoreState.WAITING, ScoreState.NOT_IN_COURSE)
    return sorted(lines, key=lambda line: (worst.index(line.state), line.since))


def _headline(state: ScoreState, count: int) -> str:
    if state is ScoreState.FAILED:
        return ngettext("%(num)s grade did not arrive", "%(num)s grades did not arrive", count)
    if state is ScoreState.WAITING:
        return ngettext("%(num)s grade is on its way", "%(num)s grades are on their way", count)
    return ngettext("%(num)s grade has no place", "%(num)s grades have no place", count)


def _reason(state: ScoreState, code: str) -> str:
    if state is ScoreState.FAILED:
        return str(FAILED_REASONS.get(code, FAILED_OTHERWISE))
    if state is ScoreState.WAITING:
        return str(WAITING_REASONS.get(code, WAITING_REASONS[""]))
    return str(NOT_IN_COURSE)


def init_app(app: Flask) -> None:
    """Show administrators what did not arrive; the panel is left out while all is delivered."""
    panels.add(
        app,
        Panel(
            role=Role.ADMINISTRATOR,
            order=PANEL_ORDER,
            template=TEMPLATE,
            query=lambda actor: delivery_lines(actor) or None,
        ),
    )
