"""A participant's modules and segments."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from courses.cohorts import pages, ticking
from institute.actors import Role
from institute.web.areas import area_blueprint, current_actor

blueprint = area_blueprint(Role.PARTICIPANT, "modules", __name__)


@blueprint.get("/")
def index() -> ResponseReturnValue:
    """Show all modules."""
    return render_template("courses/cohorts/modules.html", listing=pages.module_list(current_actor()))


@blueprint.get("/<module>")
def module(module: str) -> ResponseReturnValue:
    """Show one module."""
    return render_template(
        "courses/cohorts/module.html", here=pages.module_page(module, actor=current_actor())
    )


@blueprint.get("/<module>/<segment>")
def segment(module: str, segment: str) -> ResponseReturnValue:
    """Show one segment."""
    here = pages.open_segment(module, segment, actor=current_actor())
    name = "closed" if isinstance(here, pages.ClosedPage) else "segment"
    return render_template(f"courses/cohorts/{name}.html", here=here)


@blueprint.get("/<module>/<segment>/materials/<key>")
def material(module: str, segment: str, key: str) -> ResponseReturnValue:
    """Show one material."""
    here = pages.material_page(module, segment, key, actor=current_actor())
    return render_template("courses/cohorts/material.html", here=here)


@blueprint.post("/<module>/<segment>/steps/<key>")
def mark(module: str, segment: str, key: str) -> ResponseReturnValue:
    """Tick a step off, or take the tick back."""
    actor = current_actor()
    step, done = ticking.StepAddress(module, segment, key), bool(request.form.get("done"))
    ticking.mark(pages.own_enrolment(actor).id, step, done=done, actor=actor)
    return redirect(url_for(".segment", module=module, segment=segment, _anchor=f"step-{key}"), 303)
