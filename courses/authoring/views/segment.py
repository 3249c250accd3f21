"""The segment editor's pages: each section is a page of its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from courses.authoring import segments
from courses.authoring.activities import group_activities
from courses.authoring.desks import Desk, open_desk, send
from courses.authoring.kinds import options_of
from courses.authoring.sections import (
    Section,
    activity_section,
    material_section,
    reading_section,
    session_section,
)
from courses.authoring.segments import SegmentHere, segment_here
from courses.authoring.sheets import clean
from courses.catalogue.drafts import SegmentDraft
from courses.catalogue.reading import read_here
from institute.actors import Role
from institute.i18n import LOCALES, SOURCE_LOCALE, Localised, gettext
from institute.web.areas import area_blueprint, current_actor

LARGEST_FORM = 16 * 1024 * 1024  # a paste of 10 MB comes back with a sentence, not with an empty page
FOLDER = "courses/authoring/segment"

blueprint = area_blueprint(Role.AUTHOR, "segments", __name__)


@blueprint.url_value_preprocessor
def give_room(_endpoint: str | None, _values: object) -> None:
    """Let forms be larger than elsewhere: what is too long is told beside its field, and nothing typed is lost."""
    request.max_content_length = request.max_form_memory_size = LARGEST_FORM


@blueprint.get("/<programme>/<int:segment_part>/")
def open(programme: str, segment_part: int) -> ResponseReturnValue:  # noqa: A001  (the endpoint's name)
    """Go to the section in which a field stands; to the reading without one."""
    here = segment_here(programme, segment_part, actor=current_actor())
    section, key, anchor = segments.place_of(request.args.get("field", ""), here.draft)
    if key and section == "activities":
        endpoint, values = ".activity", {"activity_key": key}
    elif key:
        endpoint, values = ".material", {"material_key": key}
    else:
        endpoint, values = f".{section}", {}
    place: dict[str, Any] = {"programme": programme, "segment_part": segment_part, **values}
    return redirect(url_for(endpoint, **place, _anchor=anchor or None), 303)


@blueprint.get("/<programme>/<int:segment_part>/reading")
def reading(programme: str, segment_part: int) -> ResponseReturnValue:
    """Show what is read, for how long and what for."""
    return _show(segment_here(programme, segment_part, actor=current_actor()), _reading)


@blueprint.post("/<programme>/<int:segment_part>/reading")
def write_reading(programme: str, segment_part: int) -> ResponseReturnValue:
    """Keep it."""
    return _send(segment_here(programme, segment_part, actor=current_actor()), _reading, ".reading")


@blueprint.get("/<programme>/<int:segment_part>/session")
def session(programme: str, segment_part: int) -> ResponseReturnValue:
    """Show the plan of the coaching session."""
    return _show(segment_here(programme, segment_part, actor=current_actor()), _session)


@blueprint.post("/<programme>/<int:segment_part>/session")
def write_session(programme: str, segment_part: int) -> ResponseReturnValue:
    """Keep it."""
    return _send(segment_here(programme, segment_part, actor=current_actor()), _session, ".session")


@blueprint.get("/<programme>/<int:segment_part>/activities")
def activities(programme: str, segment_part: int) -> ResponseReturnValue:
    """Show what participants do, and when."""
    here = segment_here(programme, segment_part, actor=current_actor())
    groups = group_activities(here.draft)
    page = {"part": here.part, "draft": here.draft, "choices": here.choices}
    return render_template(f"{FOLDER}/activities.html", **page, groups=groups)


@blueprint.get("/<programme>/<int:segment_part>/activities/new")
def new_activity(programme: str, segment_part: int) -> ResponseReturnValue:
    """Show the form of a new activity."""
    return _show(segment_here(programme, segment_part, actor=current_actor()), _activity(None))


@blueprint.post("/<programme>/<int:segment_part>/activities/new")
def add_activity(programme: str, segment_part: int) -> ResponseReturnValue:
    """Add an activity."""
    here = segment_here(programme, segment_part, actor=current_actor())
    return _send(here, _activity(None), ".activities")


@blueprint.get("/<programme>/<int:segment_part>/activities/<activity_key>")
def activity(programme: str, segment_part: int, activity_key: str) -> ResponseReturnValue:
    """Show one activity."""
    return _show(segment_here(programme, segment_part, actor=current_actor()), _activity(activity_key))


@blueprint.post("/<programme>/<int:segment_part>/activities/<activity_key>")
def write_activity(programme: str, segment_part: int, activity_key: str) -> ResponseReturnValue:
    """Keep it."""
    here = segment_here(programme, segment_part, actor=current_actor())
    return _send(here, _activity(activity_key), ".activities")


@blueprint.post("/<programme>/<int:segment_part>/activities/<activity_key>/move")
def move_activity(programme: str, segment_part: int, activity_key: str) -> ResponseReturnValue:
    """Move an activity up or down among those of its time."""
    actor = current_actor()
    here = segment_here(programme, segment_part, actor=actor)
    segments.move_activity(here, activity_key, request.form.get("way", ""), actor=actor)
    return _back(here, ".activities", anchor=f"activity-{activity_key}")


@blueprint.post("/<programme>/<int:segment_part>/activities/<activity_key>/remove")
def remove_activity(programme: str, segment_part: int, activity_key: str) -> ResponseReturnValue:
    """Take an activity out of the segment."""
    actor = current_actor()
    here = segment_here(programme, segment_part, actor=actor)
    segments.remove_activity(here, activity_key, actor=actor)
    flash(gettext("The activity was removed. The history of this segment still has it."), "success")
    return _back(here, ".activities")


@blueprint.get("/<programme>/<int:segment_part>/materials")
def materials(programme: str, segment_part: int) -> ResponseReturnValue:
    """Show what there is to read or use."""
    here = segment_here(programme, segment_part, actor=current_actor())
    page = {"part": here.part, "draft": here.draft, "choices": here.choices}
    return render_template(f"{FOLDER}/materials.html", **page)


@blueprint.get("/<programme>/<int:segment_part>/materials/new")
def new_material(programme: str, segment_part: int) -> ResponseReturnValue:
    """Show the form of a new material."""
    return _show(segment_here(programme, segment_part, actor=current_actor()), _material(None))


@blueprint.post("/<programme>/<int:segment_part>/materials/new")
def add_material(programme: str, segment_part: int) -> ResponseReturnValue:
    """Add a material."""
    here = segment_here(programme, segment_part, actor=current_actor())
    return _send(here, _material(None), ".materials")


@blueprint.get("/<programme>/<int:segment_part>/materials/<material_key>")
def material(programme: str, segment_part: int, material_key: str) -> ResponseReturnValue:
    """Show one material."""
    return _show(segment_here(programme, segment_part, actor=current_actor()), _material(material_key))


@blueprint.post("/<programme>/<int:segment_part>/materials/<material_key>")
def write_material(programme: str, segment_part: int, material_key: str) -> ResponseReturnValue:
    """Keep it."""
    here = segment_here(programme, segment_part, actor=current_actor())
    return _send(here, _material(material_key), ".materials")


@blueprint.post("/<programme>/<int:segment_part>/materials/<material_key>/move")
def move_material(programme: str, segment_part: int, material_key: str) -> ResponseReturnValue:
    """Move a material up or down."""
    actor = current_actor()
    here = segment_here(programme, segment_part, actor=actor)
    segments.move_material(here, material_key, request.form.get("way", ""), actor=actor)
    return _back(here, ".materials", anchor=f"material-{material_key}")


@blueprint.post("/<programme>/<int:segment_part>/materials/<material_key>/remove")
def remove_material(programme: str, segment_part: int, material_key: str) -> ResponseReturnValue:
    """Take a material out of the segment."""
    actor = current_actor()
    here = segment_here(programme, segment_part, actor=actor)
    segments.remove_material(here, material_key, actor=actor)
    flash(gettext("The material was removed. The history of this segment still has it."), "success")
    return _back(here, ".materials")


@blueprint.post("/markdown")
def rendered() -> ResponseReturnValue:
    """Return a text as readers will see it, for showing it while it is written."""
    locale = request.form.get("locale", "")
    source = locale if locale in LOCALES else SOURCE_LOCALE
    text = read_here(Localised({source: clean(request.form.get("text", ""))}, source))
    return render_template("courses/authoring/_rendered.html", text=text)


MakeSection = Callable[[SegmentHere], Section[SegmentDraft]]


def _reading(here: SegmentHere) -> Section[SegmentDraft]:
    return reading_section(here.draft, here.choices, fixed=here.part.fixed)


def _session(here: SegmentHere) -> Section[SegmentDraft]:
    return session_section(here.draft, here.choices, fixed=here.part.fixed)


def _activity(key: str | None) -> MakeSection:
    return lambda here: activity_section(key, here.draft, here.choices, fixed=here.part.fixed)


def _material(key: str | None) -> MakeSection:
    return lambda here: material_section(key, here.draft, here.choices, fixed=here.part.fixed)


def _show(here: SegmentHere, make: MakeSection) -> ResponseReturnValue:
    return _page(open_desk(here.part, make(here), here.choices))


def _send(here: SegmentHere, make: MakeSection, after: str) -> ResponseReturnValue:
    desk = send(here.part, make(here), here.choices, request.form, actor=current_actor())
    if desk is not None:
        return _page(desk)
    flash(gettext("Saved as a draft. Participants see it once it is published."), "success")
    return _back(here, after)


def _page(desk: Desk[SegmentDraft]) -> ResponseReturnValue:
    name, page = (
        desk.section.name,
        {"desk": desk, "part": desk.here, "draft": desk.draft, "choices": desk.choices},
    )
    page["options"] = options_of(desk)
    return render_template(f"{FOLDER}/{name}.html", **page), desk.status


def _back(here: SegmentHere, endpoint: str, anchor: str | None = None) -> ResponseReturnValue:
    place: dict[str, Any] = {"programme": here.part.programme_slug, "segment_part": here.part.part_id}
    return redirect(url_for(endpoint, **place, _anchor=anchor), 303)
