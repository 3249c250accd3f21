"""Those who can send no new version any more, for a coordinator: states in words, never a score."""

from __future__ import annotations

from datetime import date

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from certificates.evidence.models import SubmissionId
from certificates.scoring.errors import LeaveInvalidError
from certificates.scoring.outcomes import leaves
from certificates.scoring.sheets.entries import plain_text
from institute.actors import Role
from institute.i18n import gettext
from institute.web.areas import area_blueprint, current_actor

blueprint = area_blueprint(Role.COORDINATOR, "attempts", __name__)


@blueprint.get("/")
def index() -> ResponseReturnValue:
    """List them."""
    return render_template("certificates/scoring/attempts.html", lines=leaves.stuck(current_actor()))


@blueprint.get("/<int:stuck_id>")
def show(stuck_id: int) -> ResponseReturnValue:
    """Show one, and the form that lets them go on."""
    return _page(stuck_id)


@blueprint.post("/<int:stuck_id>")
def give(stuck_id: int) -> ResponseReturnValue:
    """Give leave."""
    typed = {name: plain_text(request.form.get(name, "")) for name in ("until", "reason")}
    try:
        leaves.give_leave(
            SubmissionId(stuck_id), _day(typed["until"]), typed["reason"], actor=current_actor()
        )
    except LeaveInvalidError as error:
        return _page(stuck_id, typed, error.faults), 422
    flash(gettext("Another version can be sent. The participant is told."), "success")
    return redirect(url_for(".index"), 303)


def _day(typed: str) -> date | None:
    try:
        return date.fromisoformat(typed)
    except ValueError:
        return None


def _page(stuck_id: int, typed: dict[str, str] | None = None, faults: dict[str, str] | None = None) -> str:
    return render_template(
        "certificates/scoring/attempts_one.html",
        here=leaves.find_stuck(SubmissionId(stuck_id), actor=current_actor()),
        typed=typed or {},
        faults=faults or {},
        longest=leaves.LONGEST,
    )
