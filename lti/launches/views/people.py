"""Pages about one person: for a mentor, and for who comes from a cell of the platform's gradebook."""

from __future__ import annotations

from flask import Flask, redirect, render_template, request
from flask.typing import ResponseReturnValue

from courses.cohorts.models import EnrolmentId
from institute.actors import Role
from institute.web import panels
from institute.web.areas import current_actor, session_blueprint
from institute.web.panels import Panel
from lti.launches.mentoring import find_mentored, mentored_person
from lti.launches.reviewing import open_review


def person(enrolment_id: int) -> ResponseReturnValue:
    """Show how far somebody is whom the mentor accompanies."""
    here = mentored_person(EnrolmentId(enrolment_id), actor=current_actor())
    return render_template("lti/launches/mentored.html", here=here)


def show() -> ResponseReturnValue:
    """Show the work that was asked for, or go to the page that the reader has of the person."""
    review = open_review(current_actor())
    if review.path is not None:
        return redirect(request.script_root + review.path, 303)
    return render_template("lti/launches/review.html", review=review)


def init_app(app: Flask) -> None:
    """Mount the pages inside a session, and a mentor's people on their home page."""
    mentoring = session_blueprint("lti_mentoring", __name__, url_prefix="/lti/mentored")
    mentoring.add_url_rule("/<int:enrolment_id>", "person", person)
    review = session_blueprint("lti_review", __name__, url_prefix="/lti/review")
    review.add_url_rule("", "show", show)
    for blueprint in (mentoring, review):
        app.register_blueprint(blueprint)
    panels.add(app, Panel(Role.MENTOR, 10, "lti/launches/_mentored.html", find_mentored))
