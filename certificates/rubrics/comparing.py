"""What differs between two texts of a rubric: field by field, language by language, and what stands in it. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from certificates.rubrics.sketches import CRITERION, POLICY, Sketch, texts_of
from courses.authoring.comparing import Change

ORDER: Final = ("criteria", "levels")
"""The paths under which the criteria and the levels themselves are compared, by their names in order."""


@dataclass(frozen=True, slots=True)
class Row:
    """One level of a criterion in two texts side by side; None where it is not there."""

    number: int
    before: tuple[str, str, str] | None
    after: tuple[str, str, str] | None

    @property
    def differs(self) -> bool:
        """Whether the two say something else."""
        return self.before != self.after


@dataclass(frozen=True, slots=True)
class Beside:
    """A criterion in two texts side by side, level by level; a title is empty where it is not there."""

    key: str
    before: str
    after: str
    rows: tuple[Row, ...]

    @property
    def differs(self) -> bool:
        """Whether anything in it is other than before."""
        return self.before != self.after or any(row.differs for row in self.rows)


def changes_between(before: Sketch, after: Sketch) -> tuple[Change, ...]:
    """Return every field that differs, in the order of ``after``, what is gone at the end."""
    old, new = _values(before), _values(after)
    return tuple(
        Change(path, locale, old.get((path, locale)), new.get((path, locale)))
        for path, locale in {**new, **old}
        if (old.get((path, locale)) or "") != (new.get((path, locale)) or "")
    )


def side_by_side(before: Sketch, after: Sketch, locale: str) -> list[Beside]:
    """Return both texts criterion by criterion as a reader of ``locale`` reads them, those of ``after`` first."""
    keys = dict.fromkeys([*(one.key for one in after.criteria), *(one.key for one in before.criteria)])
    most = max(len(before.levels), len(after.levels))
    found = []
    for key in keys:
        old, new = before.criterion(key), after.criterion(key)
        rows = tuple(
            Row(number, _level(before, key, number, locale), _level(after, key, number, locale))
            for number in range(1, most + 1)
        )
        found.append(
            Beside(
                key,
                old.title.in_(locale) if old is not None else "",
                new.title.in_(locale) if new is not None else "",
                rows,
            )
        )
    return found


def _level(sketch: Sketch, key: str, number: int, locale: str) -> tuple[str, str, str] | None:
    """Return a level's name, descriptor and example, or None where the criterion or the level is not there."""
    criterion = sketch.criterion(key)
    if criterion is None or number > len(sketch.levels):
        return None
    level = sketch.levels[number - 1]
    descriptor, example = criterion.descriptors.get(level.id), criterion.examples.get(level.id)
    return (
        level.name.in_(locale),
        descriptor.in_(locale) if descriptor else "",
        example.in_(locale) if example else "",
    )


def _values(sketch: Sketch) -> dict[tuple[str, str], str]:
    found = {
        (path, locale): text for path, each in texts_of(sketch).items() for locale, text in each.texts.items()
    }
    facts = {
        "cut": sketch.cut,
        "levels": " ".join(one.id for one in sketch.levels),
        "criteria": " ".join(one.key for one in sketch.criteria),
    }
    for one in sketch.criteria:
        facts[f"{CRITERION}{one.key}/element"] = one.element
        facts[f"{CRITERION}{one.key}/minimum"] = one.minimum
    facts |= {f"{POLICY}/{name}": value for name, value in sketch.policy.items()}
    return found | {(path, ""): value for path, value in facts.items()}
