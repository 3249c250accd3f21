"""The parts of a programme: added, moved, removed and restored; a module's form; the history of each."""

from __future__ import annotations

from typing import cast

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from courses.authoring import arranging, histories
from courses.authoring.adding import Added
from courses.authoring.adding import add_module as begin_module
from courses.authoring.adding import add_segment as begin_segment
from courses.authoring.announcing import OutlineWords, say_moved
from courses.authoring.arranging import read_move
from courses.authoring.choosing import choices_for
from courses.authoring.desks import Desk, open_desk, send
from courses.authoring.models import DraftKind, RevisionId
from courses.authoring.modules import gathered, module_section, sums_off
from courses.authoring.outline import outline_page
from courses.authoring.pages import segment_sums
from courses.authoring.saving import Clash
from courses.authoring.sheets import clean
from courses.authoring.shelf import PartHere, part_here
from courses.authoring.views.programmes import asked_number, blueprint
from courses.catalogue.drafts import ModuleDraft
from courses.catalogue.models import PartId
from institute.i18n import gettext
from institute.web.areas import current_actor
from institute.web.forms import read_revision

__all__ = ["blueprint"]


@blueprint.post("/programmes/<programme>/modules")
def add_module(programme: str) -> ResponseReturnValue:
    """Add a module at the end, and go to its form."""
    made = begin_module(programme, clean(request.form.get("title", "")), actor=current_actor())
    if made.here is None:
        return _outline_with(programme, made)
    return redirect(url_for(".module", programme=programme, module_part=made.here.part_id), 303)


@blueprint.post("/programmes/<programme>/modules/<int:module_part>/segments")
def add_segment(programme: str, module_part: int) -> ResponseReturnValue:
    """Add a segment at the end of a module, and go to its pages."""
    title = clean(request.form.get("title", ""))
    made = begin_segment(programme, PartId(module_part), title, actor=current_actor())
    if made.here is None:
        return _outline_with(programme, made)
    return redirect(url_for("author_segments.open", programme=programme, segment_part=made.here.part_id), 303)


@blueprint.get("/programmes/<programme>/modules/<int:module_part>")
def module(programme: str, module_part: int) -> ResponseReturnValue:
    """Show the form of a module."""
    desk = _module_desk(programme, PartId(module_part))
    return _module_page(desk)


@blueprint.post("/programmes/<programme>/modules/<int:module_part>")
def save_module(programme: str, module_part: int) -> ResponseReturnValue:
    """Keep a module, or give the form back: with a row more, what has to be mended, or both texts."""
    desk = _module_desk(programme, PartId(module_part))
    form = gathered(request.form)
    again = send(desk.here, desk.section, desk.choices, form, actor=current_actor())
    if again is not None:
        return _module_page(again)
    flash(_said_saved(desk.here), "success")
    return redirect(url_for(".module", programme=programme, module_part=module_part), 303)


@blueprint.get("/programmes/<programme>/parts/<int:part_id>/move")
def place(programme: str, part_id: int) -> ResponseReturnValue:
    """Ask into which module a segment shall go."""
    page = arranging.move_page(programme, PartId(part_id), actor=current_actor())
    return render_template("courses/authoring/move.html", here=page)


@blueprint.post("/programmes/<programme>/parts/<int:part_id>/move")
def move(programme: str, part_id: int) -> ResponseReturnValue:
    """Put a part elsewhere, and say where it stands."""
    moved = arranging.move_part(programme, PartId(part_id), read_move(request.form), actor=current_actor())
    flash(say_moved(moved), "success")
    address = url_for(".programme", programme=programme, module=moved.module_part)
    return redirect(f"{address}#part-{part_id}", 303)


@blueprint.post("/programmes/<programme>/parts/<int:part_id>/remove")
def remove(programme: str, part_id: int) -> ResponseReturnValue:
    """Take a part out of the outline."""
    title = arranging.remove_part(programme, PartId(part_id), actor=current_actor())
    flash(
        gettext("“%(title)s” is removed. It stands below, where you can restore it.", title=title), "success"
    )
    return redirect(url_for(".programme", programme=programme), 303)


@blueprint.post("/programmes/<programme>/parts/<int:part_id>/restore")
def restore(programme: str, part_id: int) -> ResponseReturnValue:
    """Put a removed part back."""
    title = arranging.restore_part(programme, PartId(part_id), actor=current_actor())
    flash(gettext("“%(title)s” is back, at the end of its list.", title=title), "success")
    return redirect(url_for(".programme", programme=programme), 303)


@blueprint.get("/programmes/<programme>/history")
def programme_history(programme: str) -> ResponseReturnValue:
    """Show the history of what is said of a programme."""
    return _history(programme, "")


@blueprint.get("/programmes/<programme>/parts/<int:part_id>/history")
def history(programme: str, part_id: int) -> ResponseReturnValue:
    """Show the history of a part."""
    return _history(programme, PartId(part_id))


@blueprint.get("/programmes/<programme>/revisions/<int:revision_id>")
def revision(programme: str, revision_id: int) -> ResponseReturnValue:
    """Show one text of the history."""
    page = histories.revision_page(programme, RevisionId(revision_id), actor=current_actor())
    return render_template("courses/authoring/revision.html", here=page, clash=None)


@blueprint.post("/programmes/<programme>/revisions/<int:revision_id>")
def take_back(programme: str, revision_id: int) -> ResponseReturnValue:
    """Keep an old text once more."""
    actor = current_actor()
    here, outcome = histories.take_back(
        programme, RevisionId(revision_id), revision=read_revision(request.form), actor=actor
    )
    if isinstance(outcome, Clash):
        page = histories.revision_page(programme, RevisionId(revision_id), actor=actor)
        return render_template("courses/authoring/revision.html", here=page, clash=outcome), 409
    flash(gettext("The old text is back. The one in its place stays in the history."), "success")
    if here.kind is DraftKind.PROGRAMME:
        return redirect(url_for(".programme_history", programme=programme), 303)
    return redirect(url_for(".history", programme=programme, part_id=here.part_id), 303)


def _module_desk(programme: str, module_part: PartId) -> Desk[ModuleDraft]:
    actor = current_actor()
    here = part_here(programme, module_part, kind=DraftKind.MODULE, actor=actor)
    choices = choices_for(here, actor=actor)
    section = module_section(cast("ModuleDraft", here.draft), choices, fixed=here.fixed)
    return open_desk(here, section, choices)


def _module_page(desk: Desk[ModuleDraft]) -> ResponseReturnValue:
    sums = segment_sums(cast("PartId", desk.here.part_id))
    page = render_template(
        "courses/authoring/module.html",
        desk=desk,
        sums=sums,
        off=sums_off(desk.sheet, sums),
        names=dict(desk.choices.resources),
    )
    return page, desk.status


def _outline_with(programme: str, added: Added) -> ResponseReturnValue:
    page = outline_page(programme, added.parent, actor=current_actor())
    words = OutlineWords()
    return render_template("courses/authoring/outline.html", here=page, say=words, added=added), 422


def _history(programme: str, which: PartId | str) -> ResponseReturnValue:
    before = asked_number("before")
    page = histories.history_page(programme, which, before=before, actor=current_actor())
    return render_template("courses/authoring/history.html", here=page)


def _said_saved(here: PartHere) -> str:
    if here.removed:
        return gettext("Saved. This part is removed from the outline; restore it there to publish it.")
    return gettext("Saved.")
