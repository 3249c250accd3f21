"""The surveys of all cohorts as a coordinator reads them: results of many, never one person's answers."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from courses.cohorts.models import CohortId
from courses.surveys import overview
from institute.actors import Role
from institute.web.areas import area_blueprint, current_actor

blueprint = area_blueprint(Role.COORDINATOR, "surveys", __name__)


@blueprint.get("/")
def index() -> ResponseReturnValue:
    """Show the rounds of every cohort."""
    return render_template("courses/surveys/cohorts.html", cohorts=overview.all_surveys(current_actor()))


@blueprint.get("/<int:survey_cohort>/<survey_round>")
def results(survey_cohort: int, survey_round: str) -> ResponseReturnValue:
    """Show the results of a round that is over."""
    here = overview.results_of(CohortId(survey_cohort), survey_round, actor=current_actor())
    return render_template("courses/surveys/results.html", here=here)
