"""Panels: what a role's home page shows. Features add them; the page only lays them out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

from flask import Flask, current_app

from institute.actors import Actor, Role


@dataclass(frozen=True, slots=True)
class Panel:
    """A part of a home page. ``query`` returns what ``template`` shows as ``panel``, or None to leave it out."""

    role: Role
    order: int
    template: str
    query: Callable[[Actor], object | None]


def init_app(app: Flask) -> None:
    """Give the application an empty list of panels."""
    app.extensions["panels"] = []


def add(app: Flask, panel: Panel) -> None:
    """Show ``panel`` on the home page of its role."""
    cast("list[Panel]", app.extensions["panels"]).append(panel)


def filled(role: Role, actor: Actor) -> list[tuple[str, object]]:
    """Return (template, data) of the panels that have something to show, in order."""
    ordered = sorted(cast("list[Panel]", current_app.extensions["panels"]), key=lambda panel: panel.order)
    answers = [(panel.template, panel.query(actor)) for panel in ordered if panel.role is role]
    return [(template, data) for template, data in answers if data is not None]
