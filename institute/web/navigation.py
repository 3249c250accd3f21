"""Navigation: the pages of an area that stand in its header, five at most, and those that are everybody's own."""

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


@dataclass(frozen=True, slots=True)
class PersonalItem:
    """A page that everybody with a session has, whatever the area, such as their calendar."""

    order: int
    label: LazyText
    endpoint: str


def init_app(app: Flask) -> None:
    """Give the application empty lists of pages."""
    app.extensions["navigation"] = []
    app.extensions["personal"] = []


def add_personal(app: Flask, item: PersonalItem) -> None:
    """Show ``item`` in the header of every area, in the menu of the person."""
    cast("list[PersonalItem]", app.extensions["personal"]).append(item)


def personal() -> list[PersonalItem]:
    """Return the pages that are everybody's own, in order."""
    return sorted(cast("list[PersonalItem]", current_app.extensions["personal"]), key=lambda item: item.order)


def add(app: Flask, item: NavItem) -> None:
    """Show ``item`` in the header of its area."""
    cast("list[NavItem]", app.extensions["navigation"]).append(item)


def of_area(role: Role) -> list[NavItem]:
    """Return the pages of an area in order."""
    items = cast("list[NavItem]", current_app.extensions["navigation"])
    return sorted((item for item in items if item.role is role), key=lambda item: item.order)
