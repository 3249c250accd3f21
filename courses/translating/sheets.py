"""A translator's form: what was typed for each text, and what it was typed upon. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from werkzeug.datastructures import MultiDict

from courses.authoring.sheets import clean
from courses.translating.texts import Line
from institute.i18n import text_hash

MOST_FIELDS: Final = 2_000
_NUMBER: Final = re.compile(r"text-([0-9]{1,5})\Z")


@dataclass(frozen=True, slots=True)
class Typed:
    """One field as it came: its text, the hashes of source and translation that the page showed, and the tick."""

    text: str
    source_seen: str
    text_seen: str
    still_right: bool


@dataclass(frozen=True, slots=True)
class Field:
    """A line of the page: a text, what stands in its field, and what somebody else wrote there meanwhile."""

    number: int
    line: Line
    typed: str
    theirs: str | None = None
    source_was: str | None = None

    @property
    def source_seen(self) -> str:
        """The hash of the source that stands on the page."""
        return text_hash(self.line.source)

    @property
    def text_seen(self) -> str:
        """The hash of the translation that stands on the page or beside it."""
        return text_hash(self.line.text)


def read_typed(form: MultiDict[str, str]) -> dict[str, Typed]:
    """Return what was typed by the paths of the texts; what is no field of this form is left out."""
    found: dict[str, Typed] = {}
    for name in list(form)[: 6 * MOST_FIELDS]:
        match = _NUMBER.match(name)
        path = form.get(f"path-{match[1]}", "") if match else ""
        if match and path and len(found) < MOST_FIELDS:
            number = match[1]
            found[path] = Typed(
                text=clean(form.get(name, "")),
                source_seen=form.get(f"source-{number}", ""),
                text_seen=form.get(f"seen-{number}", ""),
                still_right=bool(form.get(f"right-{number}")),
            )
    return found


def is_untouched(typed: Typed, line: Line) -> bool:
    """Tell whether nothing was done to a text: neither typed nor ticked."""
    return typed.text == clean(line.text) and not typed.still_right


def came_late(typed: Typed, line: Line) -> bool:
    """Tell whether somebody else translated the text otherwise since the page was made."""
    return typed.text != clean(line.text) and typed.text_seen != text_hash(line.text)


def fields_of(
    lines: list[Line], typed: Mapping[str, Typed], late: Mapping[str, Line], earlier: Mapping[str, str]
) -> list[Field]:
    """Return the lines of the page with what was typed in them. ``earlier`` are the sources that stale ones had."""
    return [
        Field(
            number,
            line,
            typed[line.path].text if line.path in typed else line.text,
            line.text if line.path in late else None,
            earlier.get(line.path),
        )
        for number, line in enumerate(lines, start=1)
    ]
