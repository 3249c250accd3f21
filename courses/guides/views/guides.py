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
from institute.web.areas import AreaBlueprint, area_blueprint, current_actor
from institute.web.numbers import LARGEST_ID

Trail = Callable[[GuidePage], list[tuple[str, str]]]


def guides_blueprint(
    role: Role, renderings: tuple[Rendering, ...], find: Find, trail: Trail
) -> AreaBlueprint:
    """Make the pages of an area; the first of ``renderings`` is what a module's plain address shows."""
    blueprint = area_blueprint(role, "guides", __name__)
    first = renderings[0].value

    def found(programme: str, module: str, rendering: str) -> tuple[Found, Asked, Rendering]:
        if rendering not in list(renderings):
            raise NotFoundError
        asked = Asked(programme, module, _number("version"), _enrolment())
        return find(asked, current_actor()), asked, Rendering(rendering)

    def wished(here: Found, rendering: Rendering) -> Wish:
        return read_wish(here.module, rendering, locale=_locale(), paper=request.values.get("paper", ""))

    @blueprint.get("/<programme>/<module>")
    @blueprint.get("/<programme>/<module>/<rendering>")
    def guide(programme: str, module: str, rendering: str = first) -> ResponseReturnValue:
        here, asked, kind = found(programme, module, rendering)
        page = guide_page(here, asked, kind, renderings=renderings, actor=current_actor())
        return render_template("courses/guides/guide.html", here=page, trail=trail(page))

    @blueprint.post("/<programme>/<module>/<rendering>/document")
    def want(programme: str, module: str, rendering: str) -> ResponseReturnValue:
        here, asked, kind = found(programme, module, rendering)
        wish = wished(here, kind)
        wish_for(wish, here.module)
        return redirect(url_for(".document", then="save", **address_of(here, asked, wish)), 303)

    @blueprint.get("/<programme>/<module>/<rendering>/document")
    def document(programme: str, module: str, rendering: str) -> ResponseReturnValue:
        here, asked, kind = found(programme, module, rendering)
        page = document_page(here, asked, wished(here, kind))
        save_now = request.args.get("then") == "save"
        return render_template("courses/guides/document.html", here=page, save_now=save_now)

    @blueprint.get("/<programme>/<module>/<rendering>/document/file")
    def file(programme: str, module: str, rendering: str) -> ResponseReturnValue:
        here, _, kind = found(programme, module, rendering)
        return send_file_response(file_of(wished(here, kind), here.module))

    return blueprint


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
