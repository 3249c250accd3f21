"""A translator's pages of rubrics: what is open in each language, and the texts beside their translations."""

from __future__ import annotations

from typing import Final

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from certificates.rubrics import translating
from courses.translating.sheets import read_typed
from courses.translating.wording import say_stored
from institute.actors import Role
from institute.web.areas import area_blueprint, current_actor

LARGEST_FORM: Final = 8 * 1024 * 1024

blueprint = area_blueprint(Role.TRANSLATOR, "rubrics", __name__)


@blueprint.get("/")
def index() -> ResponseReturnValue:
    """Show every rubric with what is open in each language."""
    lines = translating.list_texts(current_actor())
    return render_template("certificates/rubrics/texts.html", lines=lines)


@blueprint.get("/<rubric_key>/<locale>")
def language(rubric_key: str, locale: str) -> ResponseReturnValue:
    """Show a rubric's texts beside their translations."""
    here = translating.texts_page(rubric_key, locale, actor=current_actor())
    return render_template("certificates/rubrics/language.html", here=here)


@blueprint.post("/<rubric_key>/<locale>", largest=LARGEST_FORM)
def keep(rubric_key: str, locale: str) -> ResponseReturnValue:
    """Keep what was typed; where somebody else was faster, show both texts."""
    actor = current_actor()
    typed = read_typed(request.form)
    stored = translating.store(rubric_key, locale, typed, actor=actor)
    if stored.late:
        here = translating.texts_page(rubric_key, locale, typed=typed, late=stored.late, actor=actor)
        return render_template("certificates/rubrics/language.html", here=here), 409
    flash(say_stored(stored.kept), "success")
    return redirect(url_for(".language", rubric_key=rubric_key, locale=locale), 303)
