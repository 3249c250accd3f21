"""Concerns of the two sides of a coaching: a coach's pages and a participant's are alike."""

from __future__ import annotations

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from courses.assignments import hearing, raising
from courses.assignments.models import ConcernId
from institute.actors import Role
from institute.i18n import gettext
from institute.web.areas import AreaBlueprint, area_blueprint, current_actor


def _make_pages(role: Role) -> AreaBlueprint:
    blueprint = area_blueprint(role, "concerns", __name__)
    blueprint.add_url_rule("/", "index", index, methods=["GET"])
    blueprint.add_url_rule("/", "begin", begin, methods=["POST"])
    blueprint.add_url_rule("/<int:concern_id>", "show", show, methods=["GET"])
    blueprint.add_url_rule("/<int:concern_id>", "step", step, methods=["POST"])
    return blueprint


def index() -> ResponseReturnValue:
    """Show one's concerns, and about what one may be raised."""
    return _listing(about=request.args.get("about", "")[:12])


def begin() -> ResponseReturnValue:
    """Raise a concern."""
    about, words = request.form.get("about", "")[:12], request.form.get("words", "")
    raised = raising.raise_one(about, words, direct="direct" in request.form, actor=current_actor())
    if raised.concern_id is None:
        return _listing(about=about, words=words, error=raised.problem), 422
    flash(gettext("Written down."), "success")
    return redirect(url_for(".show", concern_id=raised.concern_id), 303)


def show(concern_id: int) -> ResponseReturnValue:
    """Show one concern."""
    return _page(ConcernId(concern_id))


def step(concern_id: int) -> ResponseReturnValue:
    """Add to a concern, settle it, or hand it to the coordinator."""
    number, words = ConcernId(concern_id), request.form.get("words", "")
    problem = raising.own_step(number, request.form.get("wish", ""), words, actor=current_actor())
    if problem is not None:
        return _page(number, words=words, error=problem), 422
    flash(gettext("Written down."), "success")
    return redirect(url_for(".show", concern_id=concern_id), 303)


def _listing(*, about: str = "", words: str = "", error: str = "") -> str:
    as_coach = g.area is Role.COACH
    own = hearing.concerns_of(current_actor(), as_coach=as_coach)
    return render_template(
        "courses/assignments/concerns.html",
        own=own,
        about=about,
        words=words,
        error=error,
        as_coach=as_coach,
        direct="direct" in request.form,
    )


def _page(concern_id: ConcernId, *, words: str = "", error: str = "") -> str:
    here = hearing.own_page(concern_id, actor=current_actor())
    return render_template("courses/assignments/concern.html", here=here, words=words, error=error)


coach = _make_pages(Role.COACH)
participant = _make_pages(Role.PARTICIPANT)
