"""A form of an author as it was typed: fields, ticked boxes, and lists of rows that grow, shrink and move.

A list works without scripts: its buttons send the form, and it comes back with a row more, less or elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from werkzeug.datastructures import MultiDict

from institute.web.forms import storable

ROWS_MOST: Final = 60
_ROW: Final = re.compile(r"([a-z_]+)-([0-9]{1,4})-([a-z_]+)\Z")
_PRESS: Final = re.compile(r"([a-z]+)(?::([a-z_]+))?(?::([0-9]{1,4}))?\Z")

Row = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Layout:
    """What a form asks for: single fields, groups of boxes, and lists with the fields of a row."""

    fields: tuple[str, ...] = ()
    many: tuple[str, ...] = ()
    rows: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Press:
    """The button that sent a form: what to do, with which list, and with which of its rows from 1."""

    verb: str
    list: str = ""
    number: int = 0


SAVE: Final = Press("save")


@dataclass(frozen=True, slots=True)
class Sheet:
    """What stands in a form, letter by letter. ``sheet["title"]`` is a field."""

    fields: Mapping[str, str] = field(default_factory=dict)
    many: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    rows: Mapping[str, tuple[Row, ...]] = field(default_factory=dict)
    focus: str = ""
    """The id of the field where the reader goes on, where the form came back for a row."""

    def __getitem__(self, name: str) -> str:
        return self.fields[name]

    def with_fields(self, **values: str) -> Sheet:
        """Return the sheet with other values in some fields."""
        return replace(self, fields={**self.fields, **values})

    def pressed(self, press: Press, layout: Layout) -> Sheet:
        """Return the sheet after one of its list's buttons; unchanged where the button means nothing here."""
        names = layout.rows.get(press.list)
        if names is None:
            return self
        rows = list(self.rows.get(press.list, ()))
        at = press.number - 1
        focus = at
        if press.verb == "add" and len(rows) < ROWS_MOST:
            rows.append(dict.fromkeys(names, ""))
            focus = len(rows) - 1
        elif press.verb == "drop" and 0 <= at < len(rows):
            del rows[at]
            focus = min(at, len(rows) - 1)
        elif press.verb in {"up", "down"} and 0 <= at < len(rows):
            focus = min(max(at + (1 if press.verb == "down" else -1), 0), len(rows) - 1)
            rows.insert(focus, rows.pop(at))
        there = f"{press.list}-{focus + 1}-{names[0]}" if focus >= 0 else f"{press.list}-add"
        return replace(self, rows={**self.rows, press.list: tuple(rows)}, focus=there)


def clean(text: str) -> str:
    """Return a typed text with plain line ends, without empty lines around it and without control characters.

    What stands before the first word of a line stays: in Markdown it has a meaning.
    """
    return storable(text).rstrip().lstrip("\n")


def read_sheet(form: MultiDict[str, str], layout: Layout) -> Sheet:
    """Read a form; what it lacks is empty. Rows come in the order of their numbers, whatever these are."""
    numbered: dict[str, dict[int, dict[str, str]]] = {name: {} for name in layout.rows}
    for name in form:
        found = _ROW.match(name)
        if found and found[1] in layout.rows and found[3] in layout.rows[found[1]]:
            numbered[found[1]].setdefault(int(found[2]), {})[found[3]] = clean(form.get(name, ""))
    return Sheet(
        fields={name: clean(form.get(name, "")) for name in layout.fields},
        many={name: tuple(dict.fromkeys(clean(one) for one in form.getlist(name))) for name in layout.many},
        rows={
            name: tuple(
                {**dict.fromkeys(names, ""), **numbered[name][number]} for number in sorted(numbered[name])
            )
            for name, names in layout.rows.items()
        },
    )


def read_press(form: MultiDict[str, str]) -> Press:
    """Return which button sent a form; "Save" where none is named."""
    found = _PRESS.match(form.get("do", ""))
    return Press(found[1], found[2] or "", int(found[3] or 0)) if found else SAVE


def filled(rows: Sequence[Row], *names: str) -> list[tuple[int, Row]]:
    """Return the rows in which something was typed or chosen in one of these fields, with their numbers from 1."""
    return [(number, row) for number, row in enumerate(rows, start=1) if any(row[name] for name in names)]
