"""Sections: what one room adds to a page of another, without an import between them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

from flask import Flask, current_app

from institute.actors import Actor
from institute.web.areas import current_actor


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a page. ``place`` names the page's gap, such as ``evidence.submission``.

    ``query(actor, key)`` returns what ``template`` shows as ``section`` for the thing of that key, or None to leave it
    out. It checks by itself that the thing is the actor's to see.
    """

    place: str
    order: int
    template: str
    query: Callable[[Actor, int], object | None]


def add(app: Flask, section: Section) -> None:
    """Let ``section`` stand wherever a page has its place."""
    cast("list[Section]", app.extensions["sections"]).append(section)


def filled(place: str, key: int) -> list[tuple[str, object]]:
    """Return (template, data) of the sections of a place that have something to show, in order."""
    actor = current_actor()
    ordered = sorted(cast("list[Section]", current_app.extensions["sections"]), key=lambda one: one.order)
    answers = [(one.template, one.query(actor, key)) for one in ordered if one.place == place]
    return [(template, data) for template, data in answers if data is not None]


def init_app(app: Flask) -> None:
    """Give the application an empty list of sections, and templates ``sections(place, key)``."""
    app.extensions["sections"] = []
    app.jinja_env.globals["sections"] = filled
