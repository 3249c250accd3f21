"""What stands in a rubric that is being written: criteria and levels are added, moved and taken out. Pure."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum
from typing import TypeVar

from certificates.rubrics.errors import RubricNotFoundError
from certificates.rubrics.sketches import Sketch, SketchCriterion, SketchLevel, blank
from courses.frameworks.naming import not_taken, slug_of
from institute.i18n import Localised

T = TypeVar("T")


class Wish(StrEnum):
    """What to do with a criterion or a level."""

    UP = "up"
    DOWN = "down"
    REMOVE = "remove"


def read_wish(text: str) -> Wish:
    """Return what a form asks for. Raises RubricNotFoundError for anything else."""
    if text not in list(Wish):
        raise RubricNotFoundError
    return Wish(text)


def add_criterion(sketch: Sketch, title: str) -> tuple[Sketch, str]:
    """Return the sketch with one more criterion, and the key that it got."""
    source = sketch.title.source
    taken = frozenset(one.key for one in sketch.criteria)
    key = not_taken(slug_of(title) or "criterion", taken)
    made = SketchCriterion(key, Localised({source: title}, source))
    return replace(sketch, criteria=(*sketch.criteria, made)), key


def add_level(sketch: Sketch) -> Sketch:
    """Return the sketch with one more level, the highest."""
    highest = max((int(one.id) for one in sketch.levels), default=0)
    made = SketchLevel(str(highest + 1), blank(sketch.title.source))
    return replace(sketch, levels=(*sketch.levels, made))


def change_criterion(sketch: Sketch, key: str, wish: Wish) -> Sketch:
    """Return the sketch with a criterion moved or taken out. Raises RubricNotFoundError."""
    place = next((place for place, one in enumerate(sketch.criteria) if one.key == key), None)
    if place is None:
        raise RubricNotFoundError
    return replace(sketch, criteria=_arranged(sketch.criteria, place, wish))


def change_level(sketch: Sketch, level_id: str, wish: Wish) -> Sketch:
    """Return the sketch with a level moved or taken out, with what the criteria say of it.

    Raises RubricNotFoundError.
    """
    number = sketch.number_of(level_id)
    if number is None:
        raise RubricNotFoundError
    changed = replace(sketch, levels=_arranged(sketch.levels, number - 1, wish))
    if wish is not Wish.REMOVE:
        return changed
    criteria = tuple(
        replace(
            one,
            descriptors={level: text for level, text in one.descriptors.items() if level != level_id},
            examples={level: text for level, text in one.examples.items() if level != level_id},
        )
        for one in sketch.criteria
    )
    return replace(changed, criteria=criteria)


def _arranged(members: tuple[T, ...], place: int, wish: Wish) -> tuple[T, ...]:
    rest = members[:place] + members[place + 1 :]
    if wish is Wish.REMOVE:
        return rest
    to = max(place - 1, 0) if wish is Wish.UP else min(place + 1, len(rest))
    return (*rest[:to], members[place], *rest[to:])
