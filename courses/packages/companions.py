"""What rooms above send along with a programme: each in TOML files of a folder of its own.

A room that stands above packages tells how its things are packed, read and put in; packages carry, plan and compare
them without knowing what they are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, cast

from flask import Flask, current_app, has_app_context

from courses.packages.tables import Table
from institute.actors import Actor, InstituteId
from institute.i18n import LazyText, Localised


@dataclass(frozen=True, slots=True)
class Companion:
    """A kind of thing that comes along. ``folder`` is one of courses.packages.papers.RESERVED.

    ``pack`` gives what goes with a programme that is aligned to these frameworks; ``read`` reads a file, noting what
    is wrong; ``write`` writes one, given the language of the package; ``own`` is what the institute has under a key,
    equal to what comes where the two say the same; ``put`` takes one in; ``frameworks`` are those that one names.
    """

    kind: str
    folder: str
    label: LazyText
    pack: Callable[[InstituteId, frozenset[str]], Iterable[Packed]]
    read: Callable[[Table], Packed]
    write: Callable[[Packed, str], str]
    own: Callable[[InstituteId, str], object | None]
    put: Callable[[Packed, Actor], None]
    frameworks: Callable[[Packed], Iterable[str]]


@dataclass(frozen=True, slots=True)
class Packed:
    """One thing that comes along; ``content`` means something to its room alone."""

    key: str
    title: Localised
    content: Any = field(compare=True)


def add(app: Flask, companion: Companion) -> None:
    """Let a room send its things along with programmes."""
    cast("dict[str, Companion]", app.extensions.setdefault("package_companions", {}))[companion.kind] = (
        companion
    )


def companions() -> tuple[Companion, ...]:
    """Return every kind of thing that comes along; none where no application runs."""
    if not has_app_context():
        return ()
    return tuple(cast("dict[str, Companion]", current_app.extensions.get("package_companions", {})).values())
