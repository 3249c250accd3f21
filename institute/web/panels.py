"""Panels: what a role's home page shows. Features add them; the page only lays them out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

from flask import Flask, current_app

from institute.actors import Actor, Role


@dataclass(frozen=True, slots=True)
class Panel:
    """A part of a home page. ``query`` returns what ``template`` shows as ``panel``, or None to leave it out.

    One that is ``beside`` stands in a narrow column next to the one before it.
    """

    role: Role
    order: int
    template: str
    query: Callable[[Actor], object | None]
    beside: bool = False


def init_app(app: Flask) -> None:
    """Give the application an empty list of panels."""
    app.extensions["panels"] = []


def add(app: Flask, panel: Panel) -> None:
    """Show ``panel`` on the home page of its role."""
    cast("list[Panel]", app.extensions["panels"]).append(panel)


def filled(role: Role, actor: Actor) -> list[list[tuple[str, object]]]:
    """Return the panels that have something to show, in order, as rows of one or two: each (template, data)."""
    ordered = sorted(cast("list[Panel]", current_app.extensions["panels"]), key=lambda panel: panel.order)
    answers = [(panel, panel.query(actor)) for panel in ordered if panel.role is role]
    rows: list[list[tuple[str, object]]] = []
    for panel, data in answers:
        if data is None:
            continue
        if panel.beside and rows and len(rows[-1]) == 1:
            rows[-1].append((panel.template, data))
        else:
            rows.append([(panel.template, data)])
    return rows
