"""The scoring lead's list of scores to release, and the preview of each."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from certificates.scoring.errors import NothingToReleaseError, SheetInvalidError
from certificates.scoring.outcomes import letting_out
from certificates.scoring.outcomes.holding import HeldId
from certificates.scoring.sheets.entries import plain_text
from institute.actors import Role
from institute.i18n import gettext, ngettext
from institute.web.areas import area_blueprint, current_actor

LONGEST_ID = 9

blueprint = area_blueprint(Role.SCORING_LEAD, "release", __name__)


@blueprint.get("/")
def index() -> ResponseReturnValue:
    """List what waits."""
    return _list()


@blueprint.post("/")
def release() -> ResponseReturnValue:
    """Release what was chosen."""
    try:
        count = letting_out.release_held(_chosen(), actor=current_actor())
    except NothingToReleaseError as error:
        return _list(error.text), 422
    flash(
        ngettext(
            "The scores of %(num)s piece of evidence are released. The participant is told.",
            "The scores of %(num)s pieces of evidence are released. The participants are told.",
            count,
        ),
        "success",
    )
    return redirect(url_for(".index"), 303)


@blueprint.get("/<int:held_id>")
def preview(held_id: int) -> ResponseReturnValue:
    """Show what the participant will read."""
    return _preview(held_id)


@blueprint.post("/<int:held_id>")
def translate(held_id: int) -> ResponseReturnValue:
    """Keep translations, and release where that was asked for."""
    typed = {name: plain_text(text) for name, text in request.form.items()}
    try:
        letting_out.translate(HeldId(held_id), typed, actor=current_actor())
    except SheetInvalidError as error:
        return _preview(held_id, typed, error.faults), 422
    if request.form.get("then") == "release":
        return release_one(held_id)
    return redirect(url_for(".preview", held_id=held_id), 303)


def release_one(held_id: int) -> ResponseReturnValue:
    """Release one and go back to the list."""
    letting_out.release_held({HeldId(held_id)}, actor=current_actor())
    flash(gettext("The scores are released. The participant is told."), "success")
    return redirect(url_for(".index"), 303)


def _chosen() -> set[HeldId]:
    typed = request.form.getlist("held")
    return {HeldId(int(one)) for one in typed if one.isascii() and one.isdigit() and len(one) <= LONGEST_ID}


def _list(error: str = "") -> str:
    waiting = letting_out.held_list(current_actor())
    return render_template("certificates/scoring/to_release.html", waiting=waiting, error=error)


def _preview(held_id: int, typed: dict[str, str] | None = None, faults: dict[str, str] | None = None) -> str:
    here = letting_out.held_page(HeldId(held_id), actor=current_actor())
    return render_template(
        "certificates/scoring/to_release_one.html", here=here, typed=typed or {}, faults=faults or {}
    )
