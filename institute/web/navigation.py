"""Navigation: the pages of an area that stand in its header, five at most."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from flask import Flask, current_app

from institute.actors import Role
from institute.i18n import LazyText


@dataclass(frozen=True, slots=True)
class NavItem:
    """One page of an area's header. ``also`` names further blueprints whose pages belong to it."""

    role: Role
    order: int
    label: LazyText
    endpoint: str
    also: tuple[str, ...] = ()


def init_app(app: Flask) -> None:
    """Give the application an empty list of pages."""
    app.extensions["navigation"] = []


def add(app: Flask, item: NavItem) -> None:
    """Show ``item`` in the header of its area."""
    cast("list[NavItem]", app.extensions["navigation"]).append(item)


def of_area(role: Role) -> list[NavItem]:
    """Return the pages of an area in order."""
    items = cast("list[NavItem]", current_app.extensions["navigation"])
    return sorted((item for item in items if item.role is role), key=lambda item: item.order)
