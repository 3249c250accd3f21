"""The look of documents, for administrators: set, looked at in each language, saved."""

from __future__ import annotations

from typing import BinaryIO, cast

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from certificates.documents.looks import previews
from certificates.documents.looks.editing import Typed, institute_languages, read_form, start
from certificates.documents.looks.errors import PictureError
from certificates.documents.looks.keeping import current, save_look
from certificates.documents.looks.look import MOST_SIGNATORIES
from certificates.documents.looks.models import LookPreviewId
from certificates.documents.looks.receiving import LARGEST, Taken, take_picture
from institute.actors import Role
from institute.files.reading import send_file_response
from institute.i18n import gettext
from institute.web.areas import area_blueprint, current_actor

PICTURES = ("logo", *(f"signer-{number}-ink" for number in range(1, MOST_SIGNATORIES + 1)))
LARGEST_FORM = LARGEST * (len(PICTURES) + 1) + 256 * 1024

blueprint = area_blueprint(Role.ADMINISTRATOR, "looks", __name__)


def _take_in() -> dict[str, Taken | str]:
    """Check and keep the pictures that the form brought, before the view's transaction."""
    taken: dict[str, Taken | str] = {}
    for name in PICTURES:
        file = request.files.get(name)
        if file is None or not file.filename:
            continue
        try:
            taken[name] = take_picture(cast("BinaryIO", file.stream), name=name)
        except PictureError as refused:
            taken[name] = str(refused.text)
        finally:
            file.close()
    return taken


@blueprint.get("/")
def index() -> ResponseReturnValue:
    """Show how documents look, with the pages that were made last."""
    return _page(start(current_actor()))


@blueprint.post("/", prepare=_take_in, largest=LARGEST_FORM)
def change(prepared: dict[str, Taken | str]) -> ResponseReturnValue:
    """Save a look, or only have its pages made."""
    actor = current_actor()
    typed = read_form(request.form, prepared, actor=actor)
    if typed.errors:
        return _page(typed), 422
    previews.wish_previews(typed.look, actor=actor)
    if request.form.get("do") == "save":
        save_look(typed.look, actor=actor)
        flash(
            gettext(
                "Saved. Documents issued from now on look like this; those issued before stay as they are."
            ),
            "success",
        )
    return redirect(url_for(".waiting"), 303)


@blueprint.get("/previews")
def waiting() -> ResponseReturnValue:
    """Wait for the pages; the first that is there is shown."""
    lines = previews.list_previews(current_actor())
    if all(line.ready or line.problem for line in lines):
        return redirect(url_for(".index", _anchor="preview"), 303)
    return render_template("certificates/looks/waiting.html", lines=lines)


@blueprint.post("/discard")
def discard() -> ResponseReturnValue:
    """Throw away what was not saved."""
    previews.discard(actor=current_actor())
    flash(gettext("What was not saved is gone. Documents look as before."), "success")
    return redirect(url_for(".index"), 303)


@blueprint.get("/previews/<int:look_preview_id>/page.png")
def picture(look_preview_id: int) -> ResponseReturnValue:
    """Send a page as a picture."""
    file = previews.preview_file(LookPreviewId(look_preview_id), picture=True, actor=current_actor())
    return send_file_response(file, as_attachment=False)


@blueprint.get("/previews/<int:look_preview_id>/page.pdf")
def document(look_preview_id: int) -> ResponseReturnValue:
    """Send a page as PDF."""
    file = previews.preview_file(LookPreviewId(look_preview_id), picture=False, actor=current_actor())
    return send_file_response(file, as_attachment=False)


def _page(typed: Typed) -> str:
    actor = current_actor()
    lines = previews.list_previews(actor)
    wished = request.args.get("show", "")
    shown = next((line for line in lines if line.locale == wished), lines[0] if lines else None)
    return render_template(
        "certificates/looks/index.html",
        typed=typed,
        languages=institute_languages(actor),
        lines=lines,
        preview=shown,
        unsaved=typed.look != current(actor.institute_id),
        signers=range(1, MOST_SIGNATORIES + 1),
    )
