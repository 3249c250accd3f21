"""The scoring lead's page of agreement, and what stands of it beside the queue and on the board."""

from __future__ import annotations

from fractions import Fraction
from typing import Final

from flask import Flask, render_template
from flask.typing import ResponseReturnValue

from certificates.scoring.proof import agreeing
from institute.actors import Actor, Role
from institute.web import sections
from institute.web.areas import area_blueprint, current_actor
from institute.web.sections import Section

FOLDER: Final = "certificates/scoring/agreement"
WHOLE: Final = 100

blueprint = area_blueprint(Role.SCORING_LEAD, "agreement", __name__)


@blueprint.get("/")
def index() -> ResponseReturnValue:
    """Show how far raters agree, rubric by rubric, and who drifts."""
    institute_id = current_actor().institute_id
    return render_template(
        f"{FOLDER}/index.html",
        rubrics=agreeing.agreement_by_rubric(institute_id),
        drifts=agreeing.drifting(institute_id),
    )


def init_app(app: Flask) -> None:
    """Attach the page, what stands beside the queue, and the alarm on the lead's board."""
    app.register_blueprint(blueprint)
    app.jinja_env.globals.update(agreed_percent=percent, agreed_figure=figure)
    sections.add(app, Section("scoring.queue", 10, f"{FOLDER}/_own.html", agreeing.own_agreement))
    sections.add(app, Section("lead.board", 30, f"{FOLDER}/_board.html", _board))
    sections.add(app, Section("calibration.lead", 10, f"{FOLDER}/_drift.html", _drifts))


def percent(share: Fraction | None) -> int | None:
    """Return a share in whole percent, rounded for reading; None is not computable."""
    return None if share is None else round(share * WHOLE)


def figure(value: Fraction | None) -> float | None:
    """Return a figure with two places, rounded for reading; None is not computable."""
    return None if value is None else round(float(value), 2)


def _board(actor: Actor, _key: int) -> tuple[list[agreeing.RubricAgreement], list[agreeing.Drift]]:
    return agreeing.agreement_by_rubric(actor.institute_id), agreeing.drifting(actor.institute_id)


def _drifts(actor: Actor, _key: int) -> list[agreeing.Drift] | None:
    return agreeing.drifting(actor.institute_id) or None
