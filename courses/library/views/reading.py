"""The library for those who read it: each role in its own area."""

from __future__ import annotations

from typing import Final

from flask import render_template, request
from flask.typing import ResponseReturnValue

from courses.library import pages
from courses.library.models import ResourceKind
from courses.library.queries import Wanted
from courses.library.shelf import current_shelf
from courses.library.words import LONGEST_SEARCH
from institute.actors import Role
from institute.files.reading import send_file_response
from institute.i18n import LOCALES
from institute.web.areas import AreaBlueprint, area_blueprint, current_actor

LONGEST_PAGE: Final = 5
LONGEST_LABEL: Final = 200


def reading_blueprint(role: Role) -> AreaBlueprint:
    """Make the library's pages for a role: the list, a resource with its files, a collection."""
    blueprint = area_blueprint(role, "library", __name__)

    @blueprint.get("/")
    def index() -> ResponseReturnValue:
        here = pages.list_page(wanted_here(role), actor=current_actor())
        return render_template("courses/library/index.html", here=here, writes=role is Role.AUTHOR)

    @blueprint.get("/<resource_key>")
    def show(resource_key: str) -> ResponseReturnValue:
        here = pages.resource_page(resource_key, role, actor=current_actor())
        return render_template(
            "courses/library/resource.html", here=here, shelf=current_shelf(), writes=role is Role.AUTHOR
        )

    @blueprint.get("/<resource_key>/files/<int:resource_file_id>")
    def file(resource_key: str, resource_file_id: int) -> ResponseReturnValue:
        found = pages.file_of(resource_key, resource_file_id, role, actor=current_actor())
        return send_file_response(found, as_attachment="download" in request.args)

    @blueprint.get("/<resource_key>/transcript/<int:resource_file_id>")
    def transcript(resource_key: str, resource_file_id: int) -> ResponseReturnValue:
        here = pages.transcript_page(resource_key, resource_file_id, role, actor=current_actor())
        return render_template("courses/library/transcript.html", here=here)

    @blueprint.get("/collections/<collection_key>")
    def collection(collection_key: str) -> ResponseReturnValue:
        here = pages.collection_page(collection_key, actor=current_actor())
        return render_template("courses/library/collection.html", here=here, writes=role is Role.AUTHOR)

    return blueprint


def wanted_here(role: Role) -> Wanted:
    """Read what the address asks for; what makes no sense asks for nothing."""
    given, page = request.args, request.args.get("page", "")
    kind, language = given.get("kind", ""), given.get("language", "")
    writes = role is Role.AUTHOR
    return Wanted(
        search=" ".join(given.get("q", "")[:LONGEST_SEARCH].replace("\0", "").split()),
        kind=ResourceKind(kind) if kind in list(ResourceKind) else None,
        tag=_label(given.get("tag", "")),
        element=_label(given.get("element", "")),
        language=language if language in LOCALES else "",
        page=max(int(page), 1) if page.isascii() and page.isdigit() and len(page) <= LONGEST_PAGE else 1,
        unready=writes,
        archived=writes and given.get("archived") == "1",
    )


def _label(given: str) -> str:
    """Return an address of a tag or an element as it could be one, so that no database has to refuse it."""
    fits = len(given) <= LONGEST_LABEL and given.isascii() and given.isprintable()
    return given if fits else ""
