"""A coach's sessions: what waits, and the log."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from courses.coaching import board, forms, writing
from courses.coaching.answering import read_version
from courses.coaching.cases import lately_coached
from courses.coaching.noting import NoteBeside
from courses.coaching.sheets import read_planned, read_wish
from courses.cohorts.models import EnrolmentId
from courses.cohorts.rosters import find_coached
from courses.sessions.models import SessionLogId
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
    members, relieved = find_coached(current_actor()), lately_coached(current_actor())
    if len(members) == 1 and not relieved:
        return redirect(url_for(".new", enrolment_id=members[0].enrolment_id), 303)
    return render_template("courses/coaching/choose.html", members=members, relieved=relieved)


@blueprint.get("/new/<int:enrolment_id>")
def new(enrolment_id: int) -> ResponseReturnValue:
    """Show the form of a new log."""
    planned_id = read_planned(request.args)
    together = forms.cohort_of_planned_group(planned_id, actor=current_actor())
    if together is not None:
        return redirect(url_for("coach_groups.new", group_cohort_id=together, planned=planned_id), 303)
    form = forms.new_form(EnrolmentId(enrolment_id), actor=current_actor(), planned_id=planned_id)
    return render_template("courses/coaching/log.html", form=form)


@blueprint.post("/new/<int:enrolment_id>")
def create(enrolment_id: int) -> ResponseReturnValue:
    """Log a session, keep it as a draft, or look what it would change."""
    actor, wish, whose = current_actor(), read_wish(request.form), EnrolmentId(enrolment_id)
    note = NoteBeside.of(request.form)
    if wish.only_look or note.problem:
        checked = writing.check_session(whose, wish.sheet, actor=actor)
        form = forms.written_form(whose, checked, actor=actor, planned_id=wish.planned_id)
        page = render_template("courses/coaching/log.html", form=form, note=note)
        return page, 200 if wish.only_look else 422
    written = writing.log_session(whose, wish.sheet, send=wish.send, actor=actor, planned_id=wish.planned_id)
    if written.log_id is None:
        form = forms.written_form(whose, written.checked, actor=actor, planned_id=wish.planned_id)
        return render_template("courses/coaching/log.html", form=form, note=note), 422
    note.keep(written.log_id, actor=actor)
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
