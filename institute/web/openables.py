"""Openables: what a link from an LMS may name, such as ``module:leadership/module-1``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

from flask import Flask, current_app

from institute.actors import Actor
from institute.i18n import LazyText


@dataclass(frozen=True, slots=True)
class Openable:
    """A kind of thing that can be opened. ``locate(key, actor)`` returns the path inside a session, or None."""

    kind: str
    title: LazyText
    locate: Callable[[str, Actor], str | None]


def init_app(app: Flask) -> None:
    """Give the application an empty table of kinds."""
    app.extensions["openables"] = {}


def add(app: Flask, openable: Openable) -> None:
    """Let links name things of this kind."""
    cast("dict[str, Openable]", app.extensions["openables"])[openable.kind] = openable


def locate(target: str, actor: Actor) -> str | None:
    """Return the path of a target written ``kind:key`` for this actor, or None where nothing is there."""
    kind, _, key = target.partition(":")
    openable = cast("dict[str, Openable]", current_app.extensions["openables"]).get(kind)
    return openable.locate(key, actor) if openable else None
