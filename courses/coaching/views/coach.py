"""A coach's sessions: what waits, and the log."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from courses.coaching import board, forms, writing
from courses.coaching.answering import read_version
from courses.coaching.models import SessionLogId
from courses.coaching.sheets import read_wish
from courses.cohorts.models import EnrolmentId
from courses.cohorts.rosters import find_coached
from institute.actors import Role
from institute.i18n import gettext
from institute.web.areas import area_blueprint, current_actor

blueprint = area_blueprint(Role.COACH, "sessions", __name__)


@blueprint.get("/")
def index() -> ResponseReturnValue:
    """Show what waits for whom, and whose month is at risk."""
    return render_template("courses/coaching/board.html", board=board.coach_board(current_actor()))


@blueprint.get("/new")
def choose() -> ResponseReturnValue:
    """Ask with whom the session was; without a choice, go on."""
    members = find_coached(current_actor())
    if len(members) == 1:
        return redirect(url_for(".new", enrolment_id=members[0].enrolment_id), 303)
    return render_template("courses/coaching/choose.html", members=members)


@blueprint.get("/new/<int:enrolment_id>")
def new(enrolment_id: int) -> ResponseReturnValue:
    """Show the form of a new log."""
    form = forms.new_form(EnrolmentId(enrolment_id), actor=current_actor())
    return render_template("courses/coaching/log.html", form=form)


@blueprint.post("/new/<int:enrolment_id>")
def create(enrolment_id: int) -> ResponseReturnValue:
    """Log a session, keep it as a draft, or look what it would change."""
    actor, wish = current_actor(), read_wish(request.form)
    if wish.only_look:
        checked = writing.check_session(EnrolmentId(enrolment_id), wish.sheet, actor=actor)
        form = forms.written_form(EnrolmentId(enrolment_id), checked, actor=actor)
        return render_template("courses/coaching/log.html", form=form)
    written = writing.log_session(EnrolmentId(enrolment_id), wish.sheet, send=wish.send, actor=actor)
    if written.log_id is None:
        form = forms.written_form(EnrolmentId(enrolment_id), written.checked, actor=actor)
        return render_template("courses/coaching/log.html", form=form), 422
    flash(_said(send=wish.send), "success")
    return redirect(url_for(".detail", log_id=written.log_id), 303)


@blueprint.get("/<int:log_id>")
def detail(log_id: int) -> ResponseReturnValue:
    """Show one log."""
    here = board.coach_log_page(SessionLogId(log_id), actor=current_actor())
    return render_template("courses/coaching/coach_log.html", here=here)


@blueprint.get("/<int:log_id>/edit")
def edit(log_id: int) -> ResponseReturnValue:
    """Show the form of a log that exists."""
    form = forms.revision_form(SessionLogId(log_id), actor=current_actor())
    return render_template("courses/coaching/log.html", form=form)


@blueprint.post("/<int:log_id>/edit")
def revise(log_id: int) -> ResponseReturnValue:
    """Change a log, or look what the change would do."""
    actor, wish, version = current_actor(), read_wish(request.form), read_version(request.form)
    if wish.only_look:
        form = forms.looked_at_form(SessionLogId(log_id), wish.sheet, version=version, actor=actor)
        return render_template("courses/coaching/log.html", form=form)
    written = writing.revise_session(
        SessionLogId(log_id), wish.sheet, version=version, send=wish.send, actor=actor
    )
    if written.log_id is None:
        stale = written.version is not None
        form = forms.revision_form(SessionLogId(log_id), actor=actor, checked=written.checked, stale=stale)
        return render_template("courses/coaching/log.html", form=form), 409 if stale else 422
    flash(_said(send=wish.send), "success")
    return redirect(url_for(".detail", log_id=log_id), 303)


@blueprint.post("/<int:log_id>/void")
def void(log_id: int) -> ResponseReturnValue:
    """Take a log back."""
    writing.void_session(SessionLogId(log_id), version=read_version(request.form), actor=current_actor())
    flash(gettext("The log was taken back. Its time is free again."), "success")
    return redirect(url_for(".detail", log_id=log_id), 303)


def _said(*, send: bool) -> str:
    return gettext("Sent for confirmation.") if send else gettext("Kept as a draft. Only you can see it.")
