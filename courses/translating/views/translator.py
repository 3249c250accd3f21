"""A translator's pages: programmes, one language, one part side by side, and files for other programs."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from courses.translating import carrying, pages, storing
from courses.translating.errors import PoNotChosenError
from courses.translating.portable import LARGEST, MEDIA_TYPE
from courses.translating.sheets import read_typed
from courses.translating.wording import say_stored
from institute.actors import Role
from institute.errors import DomainError, InvalidError
from institute.i18n import language_tag
from institute.web.areas import area_blueprint, current_actor

LARGEST_FORM = 8 * 1024 * 1024

blueprint = area_blueprint(Role.TRANSLATOR, "texts", __name__)


@blueprint.get("/")
def index() -> ResponseReturnValue:
    """Show every programme with what is open in each language."""
    return render_template(
        "courses/translating/index.html", programmes=pages.list_programmes(current_actor())
    )


@blueprint.get("/<programme>/<locale>/")
def language(programme: str, locale: str) -> ResponseReturnValue:
    """Show a programme in one language, part by part."""
    return _language_page(programme, locale)


@blueprint.get("/<programme>/<locale>/<int:text_part>")
def part(programme: str, locale: str, text_part: int) -> ResponseReturnValue:
    """Show the texts of one part beside their translations."""
    here = pages.part_page(programme, locale, text_part, actor=current_actor())
    return render_template("courses/translating/part.html", here=here)


@blueprint.post("/<programme>/<locale>/<int:text_part>", largest=LARGEST_FORM)
def keep(programme: str, locale: str, text_part: int) -> ResponseReturnValue:
    """Keep what was typed; where somebody else was faster, show both texts."""
    actor = current_actor()
    typed = read_typed(request.form)
    revision = request.form.get("_revision", default=0, type=int)
    stored = storing.store(programme, text_part, locale, typed, revision=revision, actor=actor)
    if stored.late:
        here = pages.part_page(programme, locale, text_part, typed=typed, late=stored.late, actor=actor)
        return render_template("courses/translating/part.html", here=here), 409
    flash(say_stored(stored.kept), "success")
    return redirect(_after(programme, locale, text_part), 303)


@blueprint.get("/<programme>/<locale>/po")
def take_out(programme: str, locale: str) -> ResponseReturnValue:
    """Send all texts of a programme as a PO file."""
    data = carrying.take_out(programme, locale, actor=current_actor())
    name = f"{programme}.{language_tag(locale)}.po"
    headers = {"Content-Type": MEDIA_TYPE, "Content-Disposition": f'attachment; filename="{name}"'}
    return data, 200, headers


@blueprint.post("/<programme>/<locale>/po", largest=LARGEST + 1024 * 1024)
def bring_back(programme: str, locale: str) -> ResponseReturnValue:
    """Take translations from a PO file, and say what became of each."""
    actor = current_actor()
    file = request.files.get("file")
    if file is None or not file.filename:
        return _language_page(programme, locale, PoNotChosenError()), 422
    try:
        brought = carrying.bring_back(programme, locale, file.stream.read(LARGEST + 1), actor=actor)
    except InvalidError as error:
        return _language_page(programme, locale, error), 422
    return _language_page(programme, locale, brought=brought)


def _language_page(
    programme: str, locale: str, error: DomainError | None = None, brought: carrying.Brought | None = None
) -> str:
    module_id = request.args.get("module", type=int)
    here = pages.language_page(programme, locale, module_id=module_id, actor=current_actor())
    return render_template("courses/translating/language.html", here=here, error=error, brought=brought)


def _after(programme: str, locale: str, text_part: int) -> str:
    """Return where to go on: the next part with something open if that was asked for, else the same part."""
    if request.form.get("do") == "next":
        following = pages.part_after(programme, locale, text_part, actor=current_actor())
        if following is None:
            return url_for(".language", programme=programme, locale=locale)
        text_part = following.part_id
    return url_for(".part", programme=programme, locale=locale, text_part=text_part)
