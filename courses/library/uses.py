"""Where resources are used: the rooms that use them say so, the library only asks."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import cast

from flask import Flask, current_app

from institute.actors import InstituteId
from institute.i18n import Localised


@dataclass(frozen=True, slots=True)
class Use:
    """A part of a programme that names a resource.

    ``published``: in a version that somebody studies or may still begin, ``version`` being its number; otherwise in
    what authors write. ``url`` is the path of the part's page for authors, inside the session.
    """

    key: str
    programme: Localised
    part: Localised
    published: bool
    version: int | None = None
    url: str | None = None


Provider = Callable[[InstituteId, frozenset[str]], Iterable[Use]]


def init_app(app: Flask) -> None:
    """Give the application an empty list of those who know."""
    app.extensions["library_uses"] = []


def provide(app: Flask, provider: Provider) -> None:
    """Let ``provider(institute_id, keys)`` tell where it uses any of these resources."""
    cast("list[Provider]", app.extensions["library_uses"]).append(provider)


def uses_of(institute_id: InstituteId, keys: Iterable[str]) -> list[Use]:
    """Return where any of these resources is used, what is published first."""
    wanted = frozenset(keys)
    providers = cast("list[Provider]", current_app.extensions["library_uses"]) if wanted else []
    found = [use for provider in providers for use in provider(institute_id, wanted)]
    return sorted(found, key=lambda use: (not use.published, str(use.programme), -(use.version or 0)))


def is_published(institute_id: InstituteId, key: str) -> bool:
    """Tell whether something that people study names the resource."""
    return any(use.published for use in uses_of(institute_id, [key]))
