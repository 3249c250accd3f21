"""A participant's own work for a step."""

from __future__ import annotations

from typing import BinaryIO, Final, cast

from flask import flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from courses.activities import handing, pages, writing
from courses.activities.handing import Handed
from courses.activities.wording import say_saved
from courses.activities.writing import Saved
from courses.cohorts.pages import own_enrolment
from courses.cohorts.ticking import StepAddress
from institute.actors import Role
from institute.files.checking import LARGEST_FILE, LARGEST_UPLOAD
from institute.files.models import StoredFileId
from institute.files.reading import send_file_response
from institute.i18n import gettext
from institute.web.areas import area_blueprint, current_actor

blueprint = area_blueprint(Role.PARTICIPANT, "activities", __name__)
PLACE: Final = "/<module>/<segment>/<step_key>"


def _take_in(module: str, segment: str, step_key: str, **_route: object) -> Handed:
    """Check and keep what the form brought, before the view's transaction; files only where they can be added."""
    uploads = [file for file in request.files.getlist("files") if file.filename]
    if uploads:
        here = pages.work_page(StepAddress(module, segment, step_key), actor=current_actor())
        uploads = uploads if here.writable and here.place.way == "upload" else []
    files = [(file.filename or "", cast("BinaryIO", file.stream)) for file in uploads]
    return handing.take_in(request.form.to_dict(), files)


@blueprint.get(PLACE)
def show(module: str, segment: str, step_key: str) -> ResponseReturnValue:
    """Show a step with one's own work."""
    return _page(StepAddress(module, segment, step_key))


@blueprint.post(PLACE, prepare=_take_in, largest=LARGEST_UPLOAD)
def save(module: str, segment: str, step_key: str, prepared: Handed) -> ResponseReturnValue:
    """Save what the form brought."""
    address = StepAddress(module, segment, step_key)
    saved = writing.save_work(address, prepared, actor=current_actor())
    return _answer(address, prepared, saved, anchor=request.form.get("anchor", ""))


@blueprint.post(f"{PLACE}/autosave")
def autosave(module: str, segment: str, step_key: str) -> ResponseReturnValue:
    """Save what is typed, without a page."""
    address, handed = StepAddress(module, segment, step_key), Handed(request.form.to_dict())
    saved = writing.save_work(address, handed, actor=current_actor())
    if saved.clashed:
        said = gettext("Another window saved before. Both are kept: press Save to see them.")
        return jsonify(said=said), 409
    if saved.ended:
        return jsonify(said=gettext("You marked this as done meanwhile. What you type here is kept.")), 409
    if saved.problems:
        return jsonify(said=saved.problems[0][1]), 422
    zone = own_enrolment(current_actor()).timezone
    return jsonify(revision=saved.revision, said=say_saved(saved.at, zone))


@blueprint.post(f"{PLACE}/done", prepare=_take_in, largest=LARGEST_UPLOAD)
def finish(module: str, segment: str, step_key: str, prepared: Handed) -> ResponseReturnValue:
    """Save what the form brought, and tick the step."""
    address = StepAddress(module, segment, step_key)
    saved = writing.finish_work(address, prepared, actor=current_actor())
    if saved.whole:
        flash(gettext("Done. It is ticked off."), "success")
    return _answer(address, prepared, saved)


@blueprint.post(f"{PLACE}/again")
def reopen(module: str, segment: str, step_key: str) -> ResponseReturnValue:
    """Take back that it is done."""
    address = StepAddress(module, segment, step_key)
    writing.reopen_work(address, actor=current_actor())
    return redirect(_url(address), 303)


@blueprint.post(f"{PLACE}/share")
def share(module: str, segment: str, step_key: str) -> ResponseReturnValue:
    """Let the coach read it, or take that back."""
    address = StepAddress(module, segment, step_key)
    shared = request.form.get("share") == handing.SHARED
    writing.share_work(address, shared=shared, actor=current_actor())
    flash(
        gettext("Your coach can read it now.") if shared else gettext("Only you read it from now on."),
        "success",
    )
    return redirect(_url(address), 303)


@blueprint.post(f"{PLACE}/files/<int:work_file_id>/remove", prepare=_take_in, largest=LARGEST_UPLOAD)
def remove(
    module: str, segment: str, step_key: str, work_file_id: int, prepared: Handed
) -> ResponseReturnValue:
    """Take a file out; what else the form brought is saved with it."""
    address = StepAddress(module, segment, step_key)
    file_id = StoredFileId(work_file_id)
    saved = writing.remove_file(address, file_id, prepared, actor=current_actor())
    return _answer(address, prepared, saved)


@blueprint.get(f"{PLACE}/files/<int:work_file_id>")
def download(module: str, segment: str, step_key: str, work_file_id: int) -> ResponseReturnValue:
    """Send one of one's own files."""
    address = StepAddress(module, segment, step_key)
    return send_file_response(pages.own_file(address, work_file_id, actor=current_actor()))


@blueprint.get(f"{PLACE}/paper")
def paper(module: str, segment: str, step_key: str) -> ResponseReturnValue:
    """Show what was written as it prints."""
    here = pages.work_page(StepAddress(module, segment, step_key), actor=current_actor())
    return render_template("courses/activities/paper.html", here=here)


def _url(address: StepAddress, anchor: str = "") -> str:
    return url_for(
        ".show",
        module=address.module,
        segment=address.segment,
        step_key=address.key,
        _anchor=anchor if anchor in {"picture", "places"} else None,
    )


def _answer(address: StepAddress, handed: Handed, saved: Saved, anchor: str = "") -> ResponseReturnValue:
    """Go on to the page, or show it again with what was typed and what is wrong."""
    if saved.whole:
        return redirect(_url(address, anchor), 303)
    return _page(address, handed, saved), 422 if saved.problems else 409


def _page(address: StepAddress, handed: Handed | None = None, saved: Saved | None = None) -> str:
    return render_template(
        "courses/activities/work.html",
        here=pages.work_page(address, actor=current_actor()),
        typed=handed.fields if handed else None,
        saved=saved or Saved(),
        largest_file=LARGEST_FILE,
    )
