"""The rounds of a facilitator's cohort: their windows, how many answered, and the evaluation's results."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from courses.surveys import overview, windows
from courses.surveys.windows import WindowSheet
from institute.actors import Role
from institute.i18n import gettext
from institute.web.areas import area_blueprint, current_actor

blueprint = area_blueprint(Role.FACILITATOR, "surveys", __name__)


@blueprint.get("/")
def index() -> ResponseReturnValue:
    """Show the rounds of the cohort."""
    return render_template("courses/surveys/cohort.html", here=overview.cohort_surveys(current_actor()))


@blueprint.get("/<survey_round>/window")
def window(survey_round: str) -> ResponseReturnValue:
    """Show when a round is open."""
    here = windows.window_page(survey_round, actor=current_actor())
    return render_template("courses/surveys/window.html", here=here)


@blueprint.post("/<survey_round>/window")
def set_window(survey_round: str) -> ResponseReturnValue:
    """Set it."""
    refused = windows.set_window(survey_round, WindowSheet.of(request.form), actor=current_actor())
    if refused is not None:
        return render_template("courses/surveys/window.html", here=refused), 422
    flash(gettext("The days are saved."), "success")
    return redirect(url_for(".index"), 303)


@blueprint.get("/<survey_round>/results")
def results(survey_round: str) -> ResponseReturnValue:
    """Show the results of an evaluation that is over."""
    here = overview.results_here(survey_round, actor=current_actor())
    return render_template("courses/surveys/results.html", here=here)
