"""Group sessions of a coach."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from courses.coaching import groups_forms, groups_writing
from courses.coaching.groups_checking import GroupSheet
from courses.coaching.sheets import read_planned, read_wish
from courses.cohorts.models import CohortId
from courses.sessions.models import SessionGroupId
from institute.actors import Role
from institute.i18n import gettext
from institute.web.areas import area_blueprint, current_actor

blueprint = area_blueprint(Role.COACH, "groups", __name__)
PAGE = "courses/coaching/group.html"


@blueprint.get("/new")
def choose() -> ResponseReturnValue:
    """Ask of which cohort the group was; without a choice, go on."""
    cohorts = groups_forms.coached_cohorts(current_actor())
    if len(cohorts) == 1:
        return redirect(
            url_for(".new", group_cohort_id=cohorts[0].id, planned=read_planned(request.args)), 303
        )
    return render_template("courses/coaching/choose_cohort.html", cohorts=cohorts)


@blueprint.get("/new/<int:group_cohort_id>")
def new(group_cohort_id: int) -> ResponseReturnValue:
    """Show the form of a new group session."""
    actor = current_actor()
    cohort = groups_forms.find_cohort(CohortId(group_cohort_id), actor=actor)
    form = groups_forms.new_group_form(cohort, actor=actor, planned_id=read_planned(request.args))
    return render_template(PAGE, form=form)


@blueprint.post("/new/<int:group_cohort_id>")
def create(group_cohort_id: int) -> ResponseReturnValue:
    """Log a group session, or look what stands against it."""
    actor, wish = current_actor(), read_wish(request.form)
    cohort = groups_forms.find_cohort(CohortId(group_cohort_id), actor=actor)
    typed = GroupSheet.of(request.form, wish.sheet)
    if not wish.send:
        return render_template(PAGE, form=groups_forms.looked_at_group_form(cohort, typed, actor=actor))
    written = groups_writing.log_group(cohort, typed, actor=actor, planned_id=wish.planned_id)
    if written.group_id is None:
        form = groups_forms.written_group_form(cohort, typed, written.checked, actor=actor)
        return render_template(PAGE, form=form), 422
    flash(gettext("Sent. Each of them confirms their own part."), "success")
    return redirect(url_for(".detail", session_group_id=written.group_id), 303)


@blueprint.get("/<int:session_group_id>")
def detail(session_group_id: int) -> ResponseReturnValue:
    """Show a group session with what became of each member's log, and the form that changes it."""
    form = groups_forms.group_form(SessionGroupId(session_group_id), actor=current_actor())
    return render_template(PAGE, form=form)


@blueprint.post("/<int:session_group_id>/void")
def void(session_group_id: int) -> ResponseReturnValue:
    """Take a group session back."""
    versions = groups_forms.read_versions(request.form.get("versions", ""))
    groups_writing.void_group(SessionGroupId(session_group_id), versions=versions, actor=current_actor())
    flash(gettext("Taken back from everybody who had not confirmed it."), "success")
    return redirect(url_for("coach_sessions.index"), 303)


@blueprint.post("/<int:session_group_id>")
def revise(session_group_id: int) -> ResponseReturnValue:
    """Change a group session, or look what stands against the change."""
    actor, wish, group_id = current_actor(), read_wish(request.form), SessionGroupId(session_group_id)
    typed = GroupSheet.of(request.form, wish.sheet)
    if not wish.send:
        return render_template(PAGE, form=groups_forms.group_form(group_id, actor=actor, typed=typed))
    versions = groups_forms.read_versions(request.form.get("versions", ""))
    written = groups_writing.revise_group(group_id, typed, versions=versions, actor=actor)
    if written.group_id is None:
        form = groups_forms.group_form(
            group_id, actor=actor, typed=typed, checked=written.checked, stale=written.stale
        )
        return render_template(PAGE, form=form), 409 if written.stale else 422
    flash(gettext("Sent. Each of them confirms their own part."), "success")
    return redirect(url_for(".detail", session_group_id=group_id), 303)
