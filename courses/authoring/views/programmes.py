"""An author's programmes: the list, the outline, what is said of a programme, and publishing."""

from __future__ import annotations

from typing import cast

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from courses.authoring import programmes
from courses.authoring.announcing import OutlineWords
from courses.authoring.choosing import choices_for
from courses.authoring.desks import Desk, open_desk, send
from courses.authoring.listing import list_programmes
from courses.authoring.outline import outline_page
from courses.authoring.pages import publish_page
from courses.authoring.programmes import begin_programme, languages_for
from courses.authoring.publishing import try_to_publish
from courses.authoring.sheets import clean, read_sheet
from courses.authoring.shelf import part_here
from courses.authoring.views.segment import give_room
from courses.catalogue.drafts import ProgrammeDraft
from courses.catalogue.models import PartId
from institute.actors import Role
from institute.i18n import gettext
from institute.web.areas import area_blueprint, current_actor
from institute.web.numbers import LARGEST_ID

blueprint = area_blueprint(Role.AUTHOR, "programmes", __name__, url_prefix="/author")
blueprint.url_value_preprocessor(give_room)


@blueprint.get("/programmes/")
def index() -> ResponseReturnValue:
    """Show every programme of the institute."""
    return render_template("courses/authoring/programmes.html", programmes=list_programmes(current_actor()))


@blueprint.get("/new-programme")
def new() -> ResponseReturnValue:
    """Show the form of a new programme."""
    offered = languages_for(current_actor())
    checked = programmes.blank_programme(offered[0])
    return render_template("courses/authoring/new.html", checked=checked, languages=offered)


@blueprint.post("/new-programme")
def begin() -> ResponseReturnValue:
    """Begin a programme, and go to its outline."""
    actor = current_actor()
    checked = begin_programme(read_sheet(request.form, programmes.NEW_LAYOUT), actor=actor)
    if checked.draft is None:
        offered = languages_for(actor)
        return render_template("courses/authoring/new.html", checked=checked, languages=offered), 422
    flash(gettext("The programme is begun. Nobody but authors sees it before it is published."), "success")
    return redirect(url_for(".programme", programme=checked.draft.slug), 303)


@blueprint.get("/programmes/<programme>")
def programme(programme: str) -> ResponseReturnValue:
    """Show the outline; in a large programme with the segments of one module."""
    opened = asked_number("module")
    page = outline_page(programme, PartId(opened) if opened else None, actor=current_actor())
    return render_template("courses/authoring/outline.html", here=page, say=OutlineWords(), added=None)


@blueprint.get("/programmes/<programme>/settings")
def settings(programme: str) -> ResponseReturnValue:
    """Show what is said of a programme."""
    return render_template("courses/authoring/settings.html", desk=_settings_desk(programme))


@blueprint.post("/programmes/<programme>/settings")
def save_settings(programme: str) -> ResponseReturnValue:
    """Keep it, or give it back with what has to be mended."""
    desk = _settings_desk(programme)
    again = send(desk.here, desk.section, desk.choices, request.form, actor=current_actor())
    if again is not None:
        return render_template("courses/authoring/settings.html", desk=again), again.status
    flash(gettext("Saved."), "success")
    return redirect(url_for(".programme", programme=programme), 303)


@blueprint.get("/programmes/<programme>/publish")
def publish(programme: str) -> ResponseReturnValue:
    """Show what would be published, and what stands in the way."""
    page = publish_page(programme, actor=current_actor())
    return render_template("courses/authoring/publish.html", here=page, note="", stale_ok=False, error=None)


@blueprint.post("/programmes/<programme>/publish")
def publish_now(programme: str) -> ResponseReturnValue:
    """Make a version of it, or say again what stands in the way."""
    actor = current_actor()
    note, stale_ok = clean(request.form.get("note", "")), bool(request.form.get("stale_ok"))
    error = try_to_publish(programme, note=note, stale_ok=stale_ok, actor=actor)
    if error is not None:
        page = publish_page(programme, actor=actor)
        body = render_template(
            "courses/authoring/publish.html", here=page, note=note, stale_ok=stale_ok, error=error
        )
        return body, 422
    flash(gettext("Published. Who studies an older version stays there until you move them."), "success")
    return redirect(url_for(".programme", programme=programme), 303)


def asked_number(name: str) -> int | None:
    """Return a number that the address asks for, None where it is none that a row can have."""
    typed = request.args.get(name, type=int)
    return typed if typed is not None and 0 < typed <= LARGEST_ID else None


def _settings_desk(programme: str) -> Desk[ProgrammeDraft]:
    actor = current_actor()
    here = part_here(programme, "", actor=actor)
    choices = choices_for(here, actor=actor)
    section = programmes.settings_section(cast("ProgrammeDraft", here.draft), choices, fixed=here.fixed)
    return open_desk(here, section, choices)
