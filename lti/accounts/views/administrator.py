"""Who was connected, for the administrator, who can tell them apart again."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from institute.actors import Role
from institute.i18n import gettext
from institute.people.linking import unlink_people
from institute.people.models import PersonLinkId
from institute.web.areas import area_blueprint, current_actor
from lti.accounts.queries import list_links

blueprint = area_blueprint(Role.ADMINISTRATOR, "accounts", __name__, template_folder="../../templates")


@blueprint.get("/")
def index() -> ResponseReturnValue:
    """List who was connected."""
    return render_template("lti/accounts/links.html", links=list_links(current_actor()))


@blueprint.post("/<int:person_link_id>/undo")
def undo(person_link_id: int) -> ResponseReturnValue:
    """Tell two accounts apart again."""
    unlink_people(PersonLinkId(person_link_id), actor=current_actor())
    flash(gettext("They are two people again. Each keeps what was done with it."), "success")
    return redirect(url_for(".index"), 303)
