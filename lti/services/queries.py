"""What administrators see of the scores on their way: what waits, what did not arrive, and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from flask import Flask
from sqlalchemy import func, select

from institute.actors import Actor, Role
from institute.db import db
from institute.web import panels
from institute.web.panels import Panel
from lti.launches.models import Context
from lti.platforms.models import Deployment, Registration
from lti.services.models import LineItem, LtiScore, ScoreState
from lti.services.reach import is_in_reach, of_course
from lti.services.wording import say_headline, say_reason

PANEL_ORDER: Final = 60
TEMPLATE: Final = "lti/services/_delivery.html"


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
    """Return what did not arrive yet of the courses in an actor's reach, the worst first."""
    statement = select(
        Registration.name,
        LtiScore.state,
        LtiScore.reason,
        func.count().label("scores"),
        func.min(LtiScore.submitted_at).label("since"),
    ).join(LineItem, LineItem.id == LtiScore.line_item_id)
    rows = db.session.execute(
        of_course(statement)
        .join(Deployment, Deployment.id == Context.deployment_id)
        .join(Registration, Registration.id == Deployment.registration_id)
        .where(LtiScore.institute_id == actor.institute_id, is_in_reach(actor))
        .where(LtiScore.state.in_((ScoreState.WAITING, ScoreState.FAILED, ScoreState.NOT_IN_COURSE)))
        .group_by(Registration.id, Registration.name, LtiScore.state, LtiScore.reason)
    ).all()
    lines = [
        DeliveryLine(
            row.name,
            row.state,
            row.scores,
            row.since,
            say_headline(row.state, row.scores),
            say_reason(row.state, row.reason),
        )
        for row in rows
    ]
    worst = (ScoreState.FAILED, ScoreState.WAITING, ScoreState.NOT_IN_COURSE)
    return sorted(lines, key=lambda line: (worst.index(line.state), line.since))


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
