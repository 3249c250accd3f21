"""Changes to confirmed sessions that one side has not answered, for coordinators."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from courses.coaching.amending import answer_in_place
from courses.coaching.amending_pages import waiting_amendment, waiting_amendments
from courses.coaching.reading import clean
from courses.sessions.models import SessionAmendmentId
from institute.actors import Role
from institute.i18n import gettext
from institute.web.areas import area_blueprint, current_actor

blueprint = area_blueprint(Role.COORDINATOR, "amendments", __name__)


@blueprint.get("/")
def index() -> ResponseReturnValue:
    """List the changes that wait."""
    lines = waiting_amendments(current_actor())
    return render_template("courses/coaching/amendments.html", lines=lines)


@blueprint.get("/<int:amendment_id>")
def amendment(amendment_id: int) -> ResponseReturnValue:
    """Show one of them."""
    here = waiting_amendment(SessionAmendmentId(amendment_id), actor=current_actor())
    return render_template("courses/coaching/amendment.html", here=here, words="")


@blueprint.post("/<int:amendment_id>/accept")
def accept(amendment_id: int) -> ResponseReturnValue:
    """Consent for the side that does not answer."""
    said = gettext("The change holds from now on. Both sides can read why.")
    return _answer(amendment_id, said, accept=True)


@blueprint.post("/<int:amendment_id>/decline")
def decline(amendment_id: int) -> ResponseReturnValue:
    """Decline for the side that does not answer."""
    said = gettext("Everything stays as it was. Both sides can read why.")
    return _answer(amendment_id, said, accept=False)


def _answer(amendment_id: int, said: str, *, accept: bool) -> ResponseReturnValue:
    actor, words = current_actor(), clean(request.form.get("words", ""))
    problems = answer_in_place(SessionAmendmentId(amendment_id), words, accept=accept, actor=actor)
    if problems:
        here = waiting_amendment(SessionAmendmentId(amendment_id), actor=actor, problems=problems)
        return render_template("courses/coaching/amendment.html", here=here, words=words), 422
    flash(said, "success")
    return redirect(url_for(".index"), 303)
