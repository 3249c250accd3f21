"""What uses a rubric: rooms above tell it, and the pages of rubrics show it before anything is published."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeAlias, cast

from flask import Flask, current_app

from certificates.rubrics.models import RubricId
from institute.actors import InstituteId
from institute.i18n import Localised


@dataclass(frozen=True, slots=True)
class Use:
    """Something that a rubric is used for.

    ``open_tasks`` of one version (``rubric_id``) are still to be scored by it; ``requirement`` is what asks for the
    rubric, whatever its version.
    """

    rubric_id: RubricId | None = None
    open_tasks: int = 0
    requirement: Localised | None = None


Provider: TypeAlias = Callable[[InstituteId, str], Iterable[Use]]


@dataclass(frozen=True, slots=True)
class Uses:
    """Everything that a rubric is used for. ``open_tasks`` goes by version."""

    requirements: tuple[Localised, ...]
    open_tasks: dict[RubricId, int]


def init_app(app: Flask) -> None:
    """Give the application an empty list of rooms to ask."""
    app.extensions.setdefault("rubric_uses", [])


def provide(app: Flask, provider: Provider) -> None:
    """Let a room tell what it uses the rubric of a key for, in one query."""
    cast("list[Provider]", app.extensions.setdefault("rubric_uses", [])).append(provider)


def uses_of(institute_id: InstituteId, key: str) -> Uses:
    """Return what the rubric of a key is used for."""
    found = [
        use
        for provider in cast("list[Provider]", current_app.extensions["rubric_uses"])
        for use in provider(institute_id, key)
    ]
    return Uses(
        tuple(use.requirement for use in found if use.requirement is not None),
        {use.rubric_id: use.open_tasks for use in found if use.rubric_id is not None and use.open_tasks},
    )
