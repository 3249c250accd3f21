"""A participant's evidence: what is asked for, the draft, what was submitted."""

from __future__ import annotations

from typing import BinaryIO, cast

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from certificates.evidence import drafting, pages, submitting, uploading
from certificates.evidence.uploading import Handed
from institute.actors import Role
from institute.files.checking import LARGEST_FILE, LARGEST_UPLOAD
from institute.files.models import StoredFileId
from institute.files.reading import send_file_response
from institute.web.areas import area_blueprint, current_actor

blueprint = area_blueprint(Role.PARTICIPANT, "evidence", __name__, template_folder="../../templates")


def _take_in(requirement_key: str, **_route: object) -> Handed:
    """Check and keep what the form brought, before the view's transaction; files only where they can be added."""
    uploads = [file for file in request.files.getlist("files") if file.filename]
    if uploads and not pages.requirement_page(requirement_key, actor=current_actor()).writable:
        uploads = []
    files = [(file.filename or "", cast("BinaryIO", file.stream)) for file in uploads]
    return uploading.take_in(request.form.get("text", ""), request.form.get("_base", ""), files)


@blueprint.get("/")
def index() -> ResponseReturnValue:
    """List what is asked for."""
    return render_template("certificates/evidence/index.html", listing=pages.evidence_list(current_actor()))


@blueprint.get("/<requirement_key>")
def show(requirement_key: str) -> ResponseReturnValue:
    """Show one requirement."""
    return _page(requirement_key)


@blueprint.post("/<requirement_key>", prepare=_take_in, largest=LARGEST_UPLOAD)
def save(requirement_key: str, prepared: Handed) -> ResponseReturnValue:
    """Save the text and add files."""
    saved = drafting.save_draft(requirement_key, prepared, actor=current_actor())
    return _answer(requirement_key, prepared, saved)


@blueprint.post("/<requirement_key>/submit", prepare=_take_in, largest=LARGEST_UPLOAD)
def submit(requirement_key: str, prepared: Handed) -> ResponseReturnValue:
    """Save what the form brought, and submit it."""
    saved = submitting.submit(requirement_key, prepared, actor=current_actor())
    return _answer(requirement_key, prepared, saved)


@blueprint.post(
    "/<requirement_key>/files/<int:evidence_file_id>/remove", prepare=_take_in, largest=LARGEST_UPLOAD
)
def remove(requirement_key: str, evidence_file_id: int, prepared: Handed) -> ResponseReturnValue:
    """Take a file out of the draft; the text is saved with it."""
    file_id = StoredFileId(evidence_file_id)
    saved = drafting.remove_file(requirement_key, file_id, prepared, actor=current_actor())
    return _answer(requirement_key, prepared, saved)


@blueprint.post("/<requirement_key>/again")
def again(requirement_key: str) -> ResponseReturnValue:
    """Begin a new version of what came back."""
    drafting.begin_again(requirement_key, actor=current_actor())
    return redirect(url_for(".show", requirement_key=requirement_key), 303)


@blueprint.get("/<requirement_key>/files/<int:evidence_file_id>")
def download(requirement_key: str, evidence_file_id: int) -> ResponseReturnValue:
    """Send one of the participant's own files."""
    return send_file_response(pages.own_file(requirement_key, evidence_file_id, actor=current_actor()))


def _answer(requirement_key: str, handed: Handed, saved: drafting.Saved) -> ResponseReturnValue:
    """Go on to the page, or show it again with what was typed and what is wrong."""
    if saved.whole:
        return redirect(url_for(".show", requirement_key=requirement_key), 303)
    return _page(requirement_key, handed.text, saved), 422


def _page(requirement_key: str, typed: str | None = None, saved: drafting.Saved | None = None) -> str:
    return render_template(
        "certificates/evidence/requirement.html",
        here=pages.requirement_page(requirement_key, actor=current_actor()),
        typed=typed,
        saved=saved or drafting.Saved(),
        largest_file=LARGEST_FILE,
    )
