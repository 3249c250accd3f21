"""The instrument editor's pages: the list, an instrument's scale and questions, and each of its areas."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from courses.authoring import measuring
from courses.authoring.desks import REFUSED, Desk, open_desk, send
from courses.authoring.instruments import NEW_LAYOUT
from courses.authoring.measuring import InstrumentHere, InstrumentList, instrument_here
from courses.authoring.sections import Section, area_section, instrument_section
from courses.authoring.sheets import read_sheet
from courses.authoring.views.segment import give_room
from courses.catalogue.drafts import InstrumentDraft
from institute.actors import Role
from institute.i18n import gettext
from institute.web.areas import area_blueprint, current_actor

FOLDER = "courses/authoring/instrument"

blueprint = area_blueprint(Role.AUTHOR, "instruments", __name__)
blueprint.url_value_preprocessor(give_room)


@blueprint.get("/<programme>/")
def index(programme: str) -> ResponseReturnValue:
    """Show the instruments of a programme."""
    listing = measuring.instrument_list(programme, actor=current_actor())
    return render_template(f"{FOLDER}/index.html", listing=listing)


@blueprint.post("/<programme>/")
def add(programme: str) -> ResponseReturnValue:
    """Begin an instrument, and go on with its areas."""
    sheet = read_sheet(request.form, NEW_LAYOUT)
    made = measuring.add_instrument(programme, sheet, actor=current_actor())
    if isinstance(made, InstrumentList):
        return render_template(f"{FOLDER}/index.html", listing=made), REFUSED
    return redirect(url_for(".instrument", programme=programme, instrument_part=made.part_id), 303)


@blueprint.get("/<programme>/<int:instrument_part>/")
def instrument(programme: str, instrument_part: int) -> ResponseReturnValue:
    """Show an instrument's scale, priorities and questions."""
    here = instrument_here(programme, instrument_part, actor=current_actor())
    return _page(open_desk(here.part, instrument_section(here.draft, fixed=here.part.fixed), here.choices))


@blueprint.post("/<programme>/<int:instrument_part>/")
def write_instrument(programme: str, instrument_part: int) -> ResponseReturnValue:
    """Keep them."""
    here = instrument_here(programme, instrument_part, actor=current_actor())
    return _send(here, instrument_section(here.draft, fixed=here.part.fixed), ".instrument")


@blueprint.get("/<programme>/<int:instrument_part>/areas")
def areas(programme: str, instrument_part: int) -> ResponseReturnValue:
    """Show the areas of an instrument in order."""
    here = instrument_here(programme, instrument_part, actor=current_actor())
    return render_template(f"{FOLDER}/areas.html", part=here.part, draft=here.draft)


@blueprint.get("/<programme>/<int:instrument_part>/areas/new")
def new_area(programme: str, instrument_part: int) -> ResponseReturnValue:
    """Show the form of a new area."""
    here = instrument_here(programme, instrument_part, actor=current_actor())
    return _page(open_desk(here.part, area_section(None, here.draft, fixed=here.part.fixed), here.choices))


@blueprint.post("/<programme>/<int:instrument_part>/areas/new")
def add_area(programme: str, instrument_part: int) -> ResponseReturnValue:
    """Add an area."""
    here = instrument_here(programme, instrument_part, actor=current_actor())
    return _send(here, area_section(None, here.draft, fixed=here.part.fixed), ".areas")


@blueprint.get("/<programme>/<int:instrument_part>/areas/<area_key>")
def area(programme: str, instrument_part: int, area_key: str) -> ResponseReturnValue:
    """Show one area with its statements."""
    here = instrument_here(programme, instrument_part, actor=current_actor())
    return _page(
        open_desk(here.part, area_section(area_key, here.draft, fixed=here.part.fixed), here.choices)
    )


@blueprint.post("/<programme>/<int:instrument_part>/areas/<area_key>")
def write_area(programme: str, instrument_part: int, area_key: str) -> ResponseReturnValue:
    """Keep it."""
    here = instrument_here(programme, instrument_part, actor=current_actor())
    return _send(here, area_section(area_key, here.draft, fixed=here.part.fixed), ".areas")


@blueprint.post("/<programme>/<int:instrument_part>/areas/<area_key>/move")
def move_area(programme: str, instrument_part: int, area_key: str) -> ResponseReturnValue:
    """Move an area up or down."""
    actor = current_actor()
    here = instrument_here(programme, instrument_part, actor=actor)
    measuring.move_area(here, area_key, request.form.get("way", ""), actor=actor)
    return _back(here, ".areas", anchor=f"area-{area_key}")


@blueprint.post("/<programme>/<int:instrument_part>/areas/<area_key>/remove")
def remove_area(programme: str, instrument_part: int, area_key: str) -> ResponseReturnValue:
    """Take an area out of the instrument."""
    actor = current_actor()
    here = instrument_here(programme, instrument_part, actor=actor)
    measuring.remove_area(here, area_key, actor=actor)
    flash(gettext("The area was removed. The history of this instrument still has it."), "success")
    return _back(here, ".areas")


def _send(here: InstrumentHere, section: Section[InstrumentDraft], after: str) -> ResponseReturnValue:
    desk = send(here.part, section, here.choices, request.form, actor=current_actor())
    if desk is not None:
        return _page(desk)
    flash(gettext("Saved as a draft. Participants see it once it is published."), "success")
    return _back(here, after)


def _page(desk: Desk[InstrumentDraft]) -> ResponseReturnValue:
    page = {"desk": desk, "part": desk.here, "draft": desk.draft}
    return render_template(f"{FOLDER}/{desk.section.name}.html", **page), desk.status


def _back(here: InstrumentHere, endpoint: str, anchor: str | None = None) -> ResponseReturnValue:
    place: dict[str, Any] = {"programme": here.part.programme_slug, "instrument_part": here.part.part_id}
    return redirect(url_for(endpoint, **place, _anchor=anchor), 303)
