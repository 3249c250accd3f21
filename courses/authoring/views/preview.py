"""The preview: what is being written, on the very pages of its readers. Nothing here can be ticked or sent."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from courses.authoring import previewing
from courses.authoring.measuring import instrument_here
from courses.authoring.previews import As, DraftOutline, ModuleInFull, draft_outline, module_in_full
from courses.catalogue.renderings import Rendering, compose, languages_of
from institute.actors import Role
from institute.i18n import OWN_NAMES, current_locale, direction, gettext, language_tag, speaking
from institute.web.areas import area_blueprint, current_actor

FOLDER: Final = "courses/authoring/preview"
RENDERINGS: Final = {
    As.GUIDE: Rendering.PARTICIPANT,
    As.COACH: Rendering.COACH,
    As.QUICK: Rendering.QUICK,
}

blueprint = area_blueprint(Role.AUTHOR, "preview", __name__)


@dataclass(frozen=True, slots=True)
class Bar:
    """What stands above a preview: as whom, in which language of which, and the way back, in the author's own words."""

    who: As
    language: str
    languages: tuple[tuple[str, str, str], ...]
    back: str
    tag: str
    dir: str


@blueprint.url_defaults
def carry(_endpoint: str, values: dict[str, Any]) -> None:
    """Keep programme, reader and language on the links of the pages that are looked at."""
    if request.blueprint != blueprint.name:
        return
    values.setdefault("programme", (request.view_args or {}).get("programme"))
    for name in ("who", "language"):
        if name in request.args:
            values.setdefault(name, request.args[name])


@blueprint.get("/<programme>/")
def index(programme: str) -> ResponseReturnValue:
    """Show the outline of what is being written."""
    outline = draft_outline(programme, actor=current_actor())
    return _page(outline, f"{FOLDER}/index.html", lambda: {"outline": outline}, back=_writing(programme))


@blueprint.get("/<programme>/<module>")
def module(programme: str, module: str) -> ResponseReturnValue:
    """Show a module."""
    outline = draft_outline(programme, actor=current_actor())
    full = module_in_full(outline, module)
    if _who() is not As.PARTICIPANT:
        return _guide(outline, full, "", back=_writing(programme))
    return _over(
        outline,
        "courses/cohorts/module.html",
        lambda: previewing.module_page(outline, full),
        back=_writing(programme),
    )


@blueprint.get("/<programme>/<module>/<segment>")
def segment(programme: str, module: str, segment: str) -> ResponseReturnValue:
    """Show a segment."""
    outline = draft_outline(programme, actor=current_actor())
    full = module_in_full(outline, module)
    line = outline.segment(full.line, segment)
    back = url_for("author_segments.open", programme=programme, segment_part=line.part_id)
    if _who() is not As.PARTICIPANT:
        return _guide(outline, full, segment, back=back)
    return _over(
        outline,
        "courses/cohorts/segment.html",
        lambda: previewing.segment_page(outline, full, segment),
        back=back,
    )


@blueprint.get("/<programme>/<module>/<segment>/materials/<key>")
def material(programme: str, module: str, segment: str, key: str) -> ResponseReturnValue:
    """Show a material."""
    outline = draft_outline(programme, actor=current_actor())
    full = module_in_full(outline, module)
    line = outline.segment(full.line, segment)
    here = previewing.material_page(outline, full, segment, key)
    place: dict[str, Any] = {"programme": programme, "segment_part": line.part_id, "material_key": key}
    back = url_for("author_segments.material", **place)
    return _over(outline, "courses/cohorts/material.html", lambda: here, back=back)


@blueprint.get("/<programme>/<module>/<segment>/activities/<step_key>")
def work(programme: str, module: str, segment: str, step_key: str) -> ResponseReturnValue:
    """Show what an activity asks for, where participants do it."""
    outline = draft_outline(programme, actor=current_actor())
    full = module_in_full(outline, module)
    line = outline.segment(full.line, segment)
    task = previewing.task_of(full, segment, step_key)
    place: dict[str, Any] = {"programme": programme, "segment_part": line.part_id}
    back = url_for("author_segments.activity", **place, activity_key=step_key)
    page = {"task": task, "module": full.line, "segment": line}
    return _page(outline, f"{FOLDER}/work.html", lambda: page, back=back)


@blueprint.get("/<programme>/-/<int:instrument_part>")
def instrument(programme: str, instrument_part: int) -> ResponseReturnValue:
    """Show an instrument."""
    outline = draft_outline(programme, actor=current_actor())
    here = instrument_here(programme, instrument_part, actor=current_actor())
    place: dict[str, Any] = {"programme": programme, "instrument_part": instrument_part}
    back = url_for("author_instruments.instrument", **place)
    return _page(outline, f"{FOLDER}/instrument.html", lambda: {"instrument": here.draft}, back=back)


@blueprint.post("/<programme>/<module>/<segment>/steps/<key>")
def mark(programme: str, module: str, segment: str, key: str) -> ResponseReturnValue:
    """Say that nothing is ticked off here."""
    outline = draft_outline(programme, actor=current_actor())
    full = module_in_full(outline, module)
    previewing.task_of(full, segment, key)
    if request.headers.get("X-Requested-With") == "fetch":  # the box then sends its form the plain way
        return "", 409
    flash(gettext("This is a preview: nothing is ticked off, sent or kept here."), "message")
    return redirect(url_for(".segment", module=module, segment=segment, _anchor=f"step-{key}"), 303)


def _who() -> As:
    wished = request.args.get("who", "")
    return As(wished) if wished in set(As) else As.PARTICIPANT


def _guide(outline: DraftOutline, full: ModuleInFull, at: str, *, back: str) -> ResponseReturnValue:
    guide = compose(outline.programme, full.content, full.instruments, RENDERINGS[_who()])
    return _page(
        outline,
        f"{FOLDER}/guide.html",
        lambda: {"guide": guide, "languages": languages_of(guide, current_locale()), "at": at},
        back=back,
    )


def _over(
    outline: DraftOutline, original: str, make: Callable[[], object], *, back: str
) -> ResponseReturnValue:
    """Render a reader's own template with the bar above it."""
    return _page(outline, f"{FOLDER}/over.html", lambda: {"original": original, "here": make()}, back=back)


def _page(
    outline: DraftOutline, template: str, make: Callable[[], dict[str, object]], *, back: str
) -> ResponseReturnValue:
    """Render a page in the language that is looked at, its bar in the author's own."""
    author = current_locale()
    wished = request.args.get("language", "")
    language = wished if wished in outline.languages else author
    bar = Bar(
        _who(),
        language,
        tuple((locale, language_tag(locale), OWN_NAMES[locale]) for locale in outline.languages),
        back,
        language_tag(author),
        direction(author),
    )
    bar_html = Markup(render_template(f"{FOLDER}/_bar.html", bar=bar))  # noqa: S704  (our own template)
    with speaking(language):
        return render_template(template, bar_html=bar_html, **make())


def _writing(programme: str) -> str:
    return url_for("author_programmes.programme", programme=programme)
