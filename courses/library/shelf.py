"""The shelf that texts take media from: ``![text](resource:key)`` drawn for who reads, where they read it."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from enum import StrEnum
from typing import Final, cast

from flask import current_app, g, get_template_attribute, has_request_context, url_for
from markupsafe import Markup, escape

from courses.library.exhibits import Exhibit, ExhibitFile, exhibits
from courses.library.models import ResourceKind
from institute.actors import InstituteId, Role
from institute.files.storage import current_storage
from institute.i18n import current_locale
from institute.web import sessions

_TEMPLATE: Final = "courses/library/_media.html"
# Areas that read the library by the pages of another one.
_BY: Final = {Role.ADMINISTRATOR: Role.AUTHOR}
_WRITERS: Final = frozenset({Role.AUTHOR, Role.ADMINISTRATOR, Role.TRANSLATOR})


class Form(StrEnum):
    """How a text names a resource: by itself, within a sentence, within a link, or as a link's end."""

    BLOCK = "block"
    INLINE = "inline"
    LINKED = "linked"
    OPEN = "open"
    CLOSE = "close"


class Shelf:
    """The resources of one institute for whoever reads. Without an institute it is empty.

    ``area`` is the role whose pages show them; without one nothing has an address.
    """

    def __init__(self, institute_id: InstituteId | None, area: Role | None = None) -> None:
        self.institute_id = institute_id
        self.area = area
        self._found: dict[str, Exhibit | None] = {}

    @property
    def marks_unknown(self) -> bool:
        """Whether a reader is told that a key names nothing: those who write can mend it."""
        return self.area in _WRITERS

    def fetch(self, keys: Iterable[str]) -> None:
        """Look up together what a text will ask for."""
        new = [key for key in keys if key not in self._found]
        if new and self.institute_id is not None:
            found = exhibits(self.institute_id, new)
            self._found.update({key: found.get(key) for key in new})

    def holds(self, key: str) -> bool:
        """Tell whether a key that was fetched names something."""
        return self._found.get(key) is not None

    def draw(self, form: Form, key: str, text: str) -> Markup:
        """Return what stands in a text for a resource; for an unknown one the author's words alone."""
        exhibit = self._found.get(key)
        if form is Form.CLOSE:
            return Markup("</a>") if self.address(exhibit) else Markup("")
        if form is Form.OPEN:
            address = self.address(exhibit)
            return Markup('<a href="{}">').format(address) if address else Markup("")
        if exhibit is None:
            if not self.marks_unknown:
                return Markup("<p>{}</p>").format(text) if form is Form.BLOCK else escape(text)
            return self._macro("unknown", key, text, form is Form.BLOCK)
        if form is Form.LINKED and exhibit.kind is not ResourceKind.IMAGE:
            return escape(text or exhibit.title.in_(current_locale()))
        return self._macro(form.value, exhibit, text, self)

    def address(self, exhibit: Exhibit | None) -> str | None:
        """Return the path of a resource's page."""
        if exhibit is None or self._endpoint() is None:
            return None
        return url_for(f"{self._endpoint()}.show", resource_key=exhibit.key)

    def source(self, exhibit: Exhibit, file: ExhibitFile) -> str | None:
        """Return where a browser gets a file."""
        if self._endpoint() is None:
            return None
        return url_for(f"{self._endpoint()}.file", resource_key=exhibit.key, resource_file_id=file.id)

    def transcript(self, exhibit: Exhibit, file: ExhibitFile) -> str | None:
        """Return the path of what captions say as a text."""
        if self._endpoint() is None:
            return None
        return url_for(f"{self._endpoint()}.transcript", resource_key=exhibit.key, resource_file_id=file.id)

    def plays(self) -> bool:
        """Whether the page can play anything."""
        return self._endpoint() is not None

    def _endpoint(self) -> str | None:
        if self.area is None:
            return None
        name = f"{_BY.get(self.area, self.area)}_library"
        return name if name in current_app.blueprints else None

    def _macro(self, name: str, *given: object) -> Markup:
        macro = get_template_attribute(_TEMPLATE, name)
        return Markup(macro(*given).strip())  # noqa: S704  (an escaping macro wrote it)


class PrintedShelf(Shelf):
    """The same on paper: pictures are in the page itself, what plays is named."""

    def source(self, exhibit: Exhibit, file: ExhibitFile) -> str | None:
        """Return a picture's bytes as an address."""
        if exhibit.kind is not ResourceKind.IMAGE:
            return None
        with current_storage().open(file.sha256) as data:
            return f"data:{file.media_type};base64,{base64.b64encode(data.read()).decode()}"


_printing: ContextVar[Shelf | None] = ContextVar("printing", default=None)


@contextmanager
def printing(institute_id: InstituteId) -> Iterator[None]:
    """Draw media as they stand on paper inside the block, with a request or, as in the worker, without one."""
    token = _printing.set(PrintedShelf(institute_id))
    try:
        yield
    finally:
        _printing.reset(token)


def current_shelf() -> Shelf:
    """Return the shelf of whoever reads: of this request, of what is being printed, or an empty one."""
    printed = _printing.get()
    if printed is not None:
        return printed
    if not has_request_context() or g.get("launch_session") is None:
        return Shelf(None)
    if "library_shelf" not in g:
        area = cast("Role | None", g.get("area"))
        g.library_shelf = Shelf(sessions.current_actor().institute_id, area)
    return cast("Shelf", g.library_shelf)


def draw_resource(key: str) -> Markup:
    """Return a resource as it stands between paragraphs, for templates that know its key."""
    shelf = current_shelf()
    shelf.fetch([key])
    return shelf.draw(Form.BLOCK, key, "")


def linked_resources(keys: Iterable[str]) -> dict[str, Markup]:
    """Return resources as links by their keys, for templates; those that are not there are left out."""
    shelf, wanted = current_shelf(), list(keys)
    shelf.fetch(wanted)
    return {key: shelf.draw(Form.INLINE, key, "") for key in wanted if shelf.holds(key)}
