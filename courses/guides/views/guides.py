"""Guides of a module in every area: on a page, and as a document that the worker makes.

An area has only the renderings it is given: for all others there is no address.
"""

from __future__ import annotations

from collections.abc import Callable

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from courses.catalogue.renderings import Rendering
from courses.cohorts.models import EnrolmentId
from courses.guides.documents import Wish, file_of, read_wish, wish_for
from courses.guides.finding import Asked, Find, Found
from courses.guides.pages import GuidePage, address_of, document_page, guide_page
from institute.actors import Role
from institute.errors import NotFoundError
from institute.files.reading import send_file_response
from institute.i18n import current_locale
from institute.printing.papers import usual_paper
from institute.web.areas import AreaBlueprint, area_blueprint, current_actor
from institute.web.numbers import LARGEST_ID

Trail = Callable[[GuidePage], list[tuple[str, str]]]


def guides_blueprint(
    role: Role, renderings: tuple[Rendering, ...], find: Find, trail: Trail
) -> AreaBlueprint:
    """Make the pages of an area; the first of ``renderings`` is what a module's plain address shows.

    Each rendering has endpoints of its own: ``coach``, ``coach_want``, ``coach_document``, ``coach_file``.
    """
    blueprint = area_blueprint(role, "guides", __name__)
    for rendering in renderings:
        _add_rendering(blueprint, rendering, renderings, find, trail)
    plain = _view(renderings[0], renderings, find, trail)
    blueprint.add_url_rule("/<programme>/<module>", "guide", plain)
    return blueprint


def _view(
    rendering: Rendering, renderings: tuple[Rendering, ...], find: Find, trail: Trail
) -> Callable[..., ResponseReturnValue]:
    def guide(programme: str, module: str) -> ResponseReturnValue:
        asked = _asked(programme, module)
        found = find(asked, current_actor())
        page = guide_page(found, asked, rendering, renderings=renderings)
        return render_template("courses/guides/guide.html", here=page, trail=trail(page))

    return guide


def _add_rendering(
    blueprint: AreaBlueprint,
    rendering: Rendering,
    renderings: tuple[Rendering, ...],
    find: Find,
    trail: Trail,
) -> None:
    path = f"/<programme>/<module>/{rendering}"

    def want(programme: str, module: str) -> ResponseReturnValue:
        asked = _asked(programme, module)
        found = find(asked, current_actor())
        wish = _wish(found, rendering)
        wish_for(wish, found.module)
        address = url_for(f".{rendering}_document", then="save", **address_of(found, asked, wish))
        return redirect(address, 303)

    def document(programme: str, module: str) -> ResponseReturnValue:
        asked = _asked(programme, module)
        found = find(asked, current_actor())
        page = document_page(found, asked, _wish(found, rendering))
        save_now = request.args.get("then") == "save"
        return render_template("courses/guides/document.html", here=page, save_now=save_now)

    def file(programme: str, module: str) -> ResponseReturnValue:
        asked = _asked(programme, module)
        found = find(asked, current_actor())
        wish = _wish(found, rendering)
        stored = file_of(wish, found.module)
        if stored is None:
            return redirect(url_for(f".{rendering}_document", **address_of(found, asked, wish)), 303)
        return send_file_response(stored)

    blueprint.add_url_rule(path, rendering.value, _view(rendering, renderings, find, trail))
    blueprint.add_url_rule(f"{path}/document", f"{rendering}_want", want, methods=["POST"])
    blueprint.add_url_rule(f"{path}/document", f"{rendering}_document", document)
    blueprint.add_url_rule(f"{path}/document/file", f"{rendering}_file", file)


def _asked(programme: str, module: str) -> Asked:
    return Asked(programme, module, _number("version"), _enrolment())


def _wish(found: Found, rendering: Rendering) -> Wish:
    """Return which document a request is about: without more, in the reader's language and for their usual paper."""
    paper = request.values.get("paper")
    if paper is None:
        paper = usual_paper(found.module.timezone)
    return read_wish(found.module, rendering, locale=_locale(), paper=paper)


def _locale() -> str:
    return request.values.get("locale") or current_locale()


def _number(name: str) -> int | None:
    """Return a number from the address, None where there is none. Raises NotFoundError for what no row can have."""
    text = request.args.get(name)
    if text is None:
        return None
    if not (
        text.isascii() and text.isdigit() and len(text) <= len(str(LARGEST_ID)) and int(text) <= LARGEST_ID
    ):
        raise NotFoundError
    return int(text)


def _enrolment() -> EnrolmentId | None:
    number = _number("with")
    return None if number is None else EnrolmentId(number)
