"""A participant's hours, and the answer to a session."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from courses.coaching import accounts, pages
from courses.coaching.answering import (
    Objection,
    confirm_session,
    confirm_several,
    dispute_session,
    read_shown,
    read_version,
)
from courses.sessions.models import SessionLogId
from institute.actors import Role
from institute.i18n import gettext, ngettext
from institute.web.areas import area_blueprint, current_actor

blueprint = area_blueprint(Role.PARTICIPANT, "hours", __name__)


@blueprint.get("/")
def index() -> ResponseReturnValue:
    """Show the hours, with the sessions of the month that was chosen."""
    here = accounts.hours_page(current_actor(), month=request.args.get("month", ""))
    return render_template("courses/coaching/hours.html", here=here)


@blueprint.get("/waiting")
def waiting() -> ResponseReturnValue:
    """Show all sessions that wait, so that they can be confirmed together. Looking decides nothing."""
    lines = pages.waiting_panel(current_actor()) or []
    return render_template("courses/coaching/waiting.html", lines=lines)


@blueprint.post("/waiting")
def confirm_shown() -> ResponseReturnValue:
    """Confirm those that were shown."""
    answered = confirm_several(read_shown(request.form.getlist("shown")), actor=current_actor())
    if answered.confirmed:
        flash(
            ngettext("You confirmed %(num)s session.", "You confirmed %(num)s sessions.", answered.confirmed),
            "success",
        )
    if answered.changed:
        flash(
            ngettext(
                "%(num)s session was changed meanwhile. Look at what it says now.",
                "%(num)s sessions were changed meanwhile. Look at what they say now.",
                len(answered.changed),
            ),
            "warning",
        )
    return redirect(url_for(".waiting" if answered.changed else ".index"), 303)


@blueprint.get("/<int:log_id>")
def detail(log_id: int) -> ResponseReturnValue:
    """Show one session. Looking decides nothing."""
    here = pages.session_page(SessionLogId(log_id), actor=current_actor())
    return render_template("courses/coaching/session.html", here=here)


@blueprint.post("/<int:log_id>/confirm")
def confirm(log_id: int) -> ResponseReturnValue:
    """Confirm a session."""
    confirm_session(SessionLogId(log_id), version=read_version(request.form), actor=current_actor())
    flash(gettext("You confirmed this session."), "success")
    return redirect(url_for(".detail", log_id=log_id), 303)


@blueprint.post("/<int:log_id>/dispute")
def dispute(log_id: int) -> ResponseReturnValue:
    """Send a log back to the coach."""
    actor, objection = current_actor(), Objection.of(request.form)
    problems = dispute_session(
        SessionLogId(log_id), objection, version=read_version(request.form), actor=actor
    )
    if problems:
        here = pages.objection_page(SessionLogId(log_id), objection, problems, actor=actor)
        return render_template("courses/coaching/session.html", here=here), 422
    flash(gettext("Sent back to your coach. Nothing counts until you both agree."), "success")
    return redirect(url_for(".detail", log_id=log_id), 303)
