"""The pages on which something is handed in, the same in every area: read, saved, submitted, begun anew."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, BinaryIO, cast

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from certificates.evidence import drafting, pages, submitting, uploading
from certificates.evidence.hands import NAMES, OWN, Hands
from certificates.evidence.models import ItemId, Owner
from certificates.evidence.uploading import Handed
from courses.cohorts.models import EnrolmentId
from institute.files.checking import LARGEST_FILE, LARGEST_UPLOAD
from institute.files.models import StoredFileId
from institute.files.reading import send_file_response
from institute.web.areas import AreaBlueprint, current_actor
from institute.web.numbers import LARGEST_ID

NOTHING_SAVED = drafting.Saved()


def add_routes(blueprint: AreaBlueprint, owner: Owner, prefix: str = "") -> None:  # noqa: C901  (a route each)
    """Give an area the pages of what ``owner`` hands in; ``prefix`` holds the enrolment where it is another's."""
    names = NAMES[owner]
    here = f"{prefix}/<{names.key}>"

    def spot(route: Mapping[str, Any]) -> tuple[str, Hands]:
        """Return the requirement and the hands that an address names."""
        enrolment_id = min(route.get("enrolment_id", 0), LARGEST_ID)
        return route[names.key], OWN if owner is Owner.CANDIDATE else Hands(owner, EnrolmentId(enrolment_id))

    def take_in(**route: Any) -> Handed:
        return _take_in(*spot(route))

    sent: dict[str, Any] = {"prepare": take_in, "largest": LARGEST_UPLOAD}

    @blueprint.get(here)
    def show(**route: Any) -> ResponseReturnValue:
        return page_of(*spot(route))

    @blueprint.post(here, **sent)
    def save(prepared: Handed, **route: Any) -> ResponseReturnValue:
        key, hands = spot(route)
        saved = drafting.save_draft(key, prepared, actor=current_actor(), hands=hands)
        return _answer(key, prepared, saved, hands)

    @blueprint.post(f"{here}/submit", **sent)
    def submit(prepared: Handed, **route: Any) -> ResponseReturnValue:
        key, hands = spot(route)
        saved = submitting.submit(key, prepared, actor=current_actor(), hands=hands)
        return _answer(key, prepared, saved, hands)

    @blueprint.post(f"{here}/files/<int:{names.file}>/remove", **sent)
    def remove(prepared: Handed, **route: Any) -> ResponseReturnValue:
        key, hands = spot(route)
        file_id = StoredFileId(route[names.file])
        saved = drafting.remove_file(key, file_id, prepared, actor=current_actor(), hands=hands)
        return _answer(key, prepared, saved, hands)

    @blueprint.post(f"{here}/items/<int:{names.item}>/remove", **sent)
    def remove_item(prepared: Handed, **route: Any) -> ResponseReturnValue:
        key, hands = spot(route)
        item_id = ItemId(route[names.item])
        saved = drafting.remove_item(key, item_id, prepared, actor=current_actor(), hands=hands)
        return _answer(key, prepared, saved, hands)

    @blueprint.post(f"{here}/again")
    def again(**route: Any) -> ResponseReturnValue:
        key, hands = spot(route)
        drafting.begin_again(key, actor=current_actor(), hands=hands)
        return _go_on(key, hands)

    @blueprint.get(f"{here}/files/<int:{names.file}>")
    def download(**route: Any) -> ResponseReturnValue:
        key, hands = spot(route)
        file = pages.own_file(key, route[names.file], actor=current_actor(), hands=hands)
        return send_file_response(file)


def page_of(
    requirement_key: str, hands: Hands, typed: Handed | None = None, saved: drafting.Saved = NOTHING_SAVED
) -> str:
    """Render the page of a requirement; ``typed`` is a form that was not wholly taken."""
    return render_template(
        "certificates/evidence/requirement.html",
        here=pages.requirement_page(requirement_key, actor=current_actor(), hands=hands),
        typed=typed,
        saved=saved,
        largest_file=LARGEST_FILE,
    )


def _take_in(requirement_key: str, hands: Hands) -> Handed:
    """Check and keep what the form brought, before the view's transaction; files only where they can be added."""
    form, media = request.form, False
    files = [file for file in request.files.getlist("files") if file.filename]
    if files:
        here = pages.requirement_page(requirement_key, actor=current_actor(), hands=hands)
        files, media = (files if here.writable else []), here.asked.takes_media
    return uploading.take_in(
        form.get("text", ""),
        form.get("_base", ""),
        [(file.filename or "", cast("BinaryIO", file.stream)) for file in files],
        media=media,
        more=form,
        uploads=form.getlist("upload"),
    )


def _answer(requirement_key: str, handed: Handed, saved: drafting.Saved, hands: Hands) -> ResponseReturnValue:
    """Go on to the page, or show it again with what was typed and what is wrong."""
    if saved.whole:
        return _go_on(requirement_key, hands)
    return page_of(requirement_key, hands, handed, saved), 422


def _go_on(requirement_key: str, hands: Hands) -> ResponseReturnValue:
    return redirect(url_for(".show", **hands.route(requirement_key)), 303)
