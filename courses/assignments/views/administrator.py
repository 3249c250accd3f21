"""What the institute asks of its coaches, and how each programme is coached."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from courses.assignments import settings
from courses.coaches import requiring
from courses.coaches.models import RequirementId
from courses.coaches.requiring import RequirementChecked, RequirementSheet
from institute.actors import Role
from institute.i18n import gettext
from institute.web.areas import area_blueprint, current_actor

blueprint = area_blueprint(Role.ADMINISTRATOR, "coaching", __name__)


@blueprint.get("/")
def index() -> ResponseReturnValue:
    """Show the list, and the programmes."""
    return _page()


@blueprint.post("/requirements")
def add() -> ResponseReturnValue:
    """Ask for something more."""
    sheet = RequirementSheet.read(request.form)
    checked = requiring.write_requirement(None, sheet, actor=current_actor())
    if checked.problems:
        return _page(added=checked), 422
    flash(gettext("Added to the list."), "success")
    return redirect(url_for(".index"), 303)


@blueprint.get("/requirements/<int:requirement_id>")
def edit(requirement_id: int) -> ResponseReturnValue:
    """Show the form of one requirement."""
    here = settings.requirement_page(RequirementId(requirement_id), actor=current_actor())
    return render_template("courses/assignments/requirement.html", here=here, checked=here.filled)


@blueprint.post("/requirements/<int:requirement_id>")
def change(requirement_id: int) -> ResponseReturnValue:
    """Change a requirement, ask for it no more, or again."""
    actor, number = current_actor(), RequirementId(requirement_id)
    wish = request.form.get("wish", "")
    if wish in {"retire", "restore"}:
        requiring.retire_requirement(number, retired=wish == "retire", actor=actor)
        flash(gettext("Saved."), "success")
        return redirect(url_for(".index"), 303)
    checked = requiring.write_requirement(number, RequirementSheet.read(request.form), actor=actor)
    if checked.problems:
        here = settings.requirement_page(number, actor=actor)
        return render_template("courses/assignments/requirement.html", here=here, checked=checked), 422
    flash(gettext("Saved."), "success")
    return redirect(url_for(".index"), 303)


@blueprint.post("/programmes/<programme>")
def track(programme: str) -> ResponseReturnValue:
    """Say how a programme is coached."""
    sheet = settings.TrackSheet.read(request.form)
    checked = settings.save_track(programme, sheet, actor=current_actor())
    if checked.problems:
        return _page(tracked=(programme, checked)), 422
    flash(gettext("Saved. Present assignments keep their days."), "success")
    return redirect(url_for(".index"), 303)


def _page(
    *,
    added: RequirementChecked | None = None,
    tracked: tuple[str, settings.TrackChecked] | None = None,
) -> str:
    return render_template(
        "courses/assignments/settings.html",
        here=settings.settings_page(current_actor()),
        added=added or RequirementChecked(RequirementSheet()),
        tracked=tracked,
    )
