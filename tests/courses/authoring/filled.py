"""A form as a browser would send it: read from the page, changed field by field, sent with one of its buttons."""

from __future__ import annotations

from html.parser import HTMLParser

from werkzeug.datastructures import MultiDict


class _Reader(HTMLParser):
    """Collects the successful controls of the form that holds ``_seen``; templates of rows stay out."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[MultiDict[str, str]] = []
        self.errors: set[str] = set()
        self._inside = False
        self._template = 0
        self._text: str | None = None
        self._area: str | None = None
        self._select: str | None = None
        self._picked = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        if found.get("aria-invalid") or found.get("class", "") == "ci-error":
            self.errors.add(found.get("name") or found.get("id", "").removesuffix("-error"))
        self._template += tag == "template"
        if tag == "form":
            self._inside = True
            self.forms.append(MultiDict())
        if self._inside and not self._template:
            self._open(tag, found)

    def _open(self, tag: str, found: dict[str, str]) -> None:
        if tag == "textarea":
            self._area, self._text = found["name"], ""
        if tag == "select":
            self._select, self._picked = found["name"], False
        if tag == "option" and self._select and ("selected" in found or not self._picked):
            self.forms[-1][self._select] = found.get("value", "")
            self._picked = True
        if tag == "input" and "disabled" not in found:
            self._take(found)

    def _take(self, found: dict[str, str]) -> None:
        if found.get("type") in {"checkbox", "radio"} and "checked" not in found:
            return
        self.forms[-1].add(found["name"], found.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "template":
            self._template -= 1
        if tag == "form":
            self._inside = False
        if tag == "select":
            self._select = None
        if tag == "textarea" and self._area is not None:
            # A browser drops the newline after the tag and sends CRLF.
            text = (self._text or "").removeprefix("\n")
            self.forms[-1].add(self._area, text.replace("\n", "\r\n"))
            self._area = None

    def handle_data(self, data: str) -> None:
        if self._area is not None:
            self._text = (self._text or "") + data


def form_of(page: str) -> MultiDict[str, str]:
    """Return the fields of the editor's form on a page."""
    reader = _Reader()
    reader.feed(page)
    found = next(form for form in reader.forms if "_seen" in form)
    for own in ("_token", "_once"):
        found.poplist(own)
    return found


def errors_of(page: str) -> set[str]:
    """Return the ids of the fields that have to be mended."""
    reader = _Reader()
    reader.feed(page)
    return reader.errors


def changed(form: MultiDict[str, str], **fields: str) -> dict[str, list[str]]:
    """Return a form with other values in some fields; ``_`` in a name stands for itself, ``__`` for a hyphen."""
    copy = MultiDict(form)
    for name, value in fields.items():
        copy[name.replace("__", "-")] = value
    return copy.to_dict(flat=False)
