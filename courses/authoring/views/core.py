"""The shared core of a programme: who extends it, what it extends, and a newer version taken over."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from courses.authoring import cores, extending
from courses.authoring.sheets import clean
from courses.authoring.views.parts import blueprint
from institute.i18n import gettext
from institute.web.areas import current_actor

__all__ = ["blueprint"]


@blueprint.get("/programmes/<programme>/core")
def core(programme: str) -> ResponseReturnValue:
    """Show what is core, who extends it, and what is new in the core that it extends itself."""
    page = cores.core_page(programme, actor=current_actor())
    return render_template("courses/authoring/core.html", here=page, title="", problem=None)


@blueprint.post("/programmes/<programme>/core/extensions")
def extend(programme: str) -> ResponseReturnValue:
    """Begin a programme that extends this one, and go to its outline."""
    actor = current_actor()
    title = clean(request.form.get("title", ""))
    problem = cores.check_title(title)
    if problem is not None:
        page = cores.core_page(programme, actor=actor)
        return render_template("courses/authoring/core.html", here=page, title=title, problem=problem), 422
    slug = extending.extend(programme, title, actor=actor)
    flash(
        gettext(
            "The extension is begun. Its core is in place; nobody but authors sees it before it is published."
        ),
        "success",
    )
    return redirect(url_for(".programme", programme=slug), 303)


@blueprint.post("/programmes/<programme>/core/newest")
def take_core(programme: str) -> ResponseReturnValue:
    """Take the newest version of the core over into what is being written."""
    number = request.form.get("number", default=0, type=int)
    extending.take_over(programme, number=number, actor=current_actor())
    flash(
        gettext("The newer core is in place, with everything of your own. Publish it when it is right."),
        "success",
    )
    return redirect(url_for(".programme", programme=programme), 303)
