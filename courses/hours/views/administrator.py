"""What programmes ask for and what counts, for administrators."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from courses.hours import pages
from courses.hours.sheets import PolicySheet
from institute.actors import Role
from institute.i18n import gettext
from institute.web.areas import area_blueprint, current_actor

blueprint = area_blueprint(Role.ADMINISTRATOR, "hours", __name__)


@blueprint.get("/")
def index() -> ResponseReturnValue:
    """Show each programme's rules in short."""
    return render_template("courses/hours/programmes.html", lines=pages.rules_of_institute(current_actor()))


@blueprint.get("/<programme>")
def rules(programme: str) -> ResponseReturnValue:
    """Show a programme's rules in sentences, and the form that changes them."""
    form = pages.rules_form(programme, actor=current_actor())
    return render_template("courses/hours/rules.html", form=form)


@blueprint.post("/<programme>")
def save(programme: str) -> ResponseReturnValue:
    """Change a programme's rules."""
    sheet = PolicySheet.read(request.form)
    form = pages.save_rules(
        programme, sheet, revision=request.form.get("revision", ""), actor=current_actor()
    )
    if form is not None:
        return render_template("courses/hours/rules.html", form=form), 409 if form.stale else 422
    flash(gettext("The rules hold from now on, for every month."), "success")
    return redirect(url_for(".rules", programme=programme), 303)
