"""Pages of a session whose link opens nothing yet, or nothing any more."""

from __future__ import annotations

from typing import Final, NoReturn

from flask import Flask, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from courses.cohorts.models import CohortId
from institute.i18n import gettext
from institute.web.areas import current_actor, session_blueprint
from lti.launches import queries
from lti.launches.binding import bind_course
from lti.launches.errors import CohortUnknownError, TargetGoneError

LONGEST_ID: Final = 9


def index() -> ResponseReturnValue:
    """Show what can be said or done about the course."""
    course = queries.show_course(current_actor())
    return render_template(f"lti/launches/{course.state.value}.html", course=course)


def bind() -> ResponseReturnValue:
    """Bind the course to the chosen cohort and go there."""
    chosen = request.form.get("cohort", "")
    if not chosen.isascii() or not chosen.isdigit() or len(chosen) > LONGEST_ID:
        raise CohortUnknownError
    bind_course(CohortId(int(chosen)), enrol_learners=request.form.get("enrol") == "1", actor=current_actor())
    return redirect(url_for("lti_course.opened"), 303)


def opened() -> ResponseReturnValue:
    """Go to what the link opens, now that the course is bound."""
    path = queries.path_of_launch(current_actor())
    return redirect(request.script_root + path if path else url_for("lti_course.gone"), 303)


def gone() -> NoReturn:
    """Say that the link's target is not here, and lead to the cohort's home."""
    g.error_action = (gettext("Go to the start page of the programme"), url_for("account.start"))
    raise TargetGoneError


def init_app(app: Flask) -> None:
    """Mount the pages inside a session."""
    blueprint = session_blueprint("lti_course", __name__, url_prefix="/lti")
    blueprint.add_url_rule("/course", "index", index)
    blueprint.add_url_rule("/course", "bind", bind, methods=["POST"])
    blueprint.add_url_rule("/opened", "opened", opened)
    blueprint.add_url_rule("/gone", "gone", gone)
    app.register_blueprint(blueprint)
