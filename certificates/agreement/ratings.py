"""Ratings: what somebody gave to something, and the ways in which they can be laid out to be compared."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from typing import Final, TypeAlias

Value: TypeAlias = int | Fraction
"""A level, as a number; exact, so that figures are."""
Cells: TypeAlias = Mapping[tuple[Value, Value], Value]
"""How often, or in which share, two raters gave one level and the other."""
TWO: Final = 2
"""How many it takes to agree."""


@dataclass(frozen=True, slots=True)
class Rating:
    """One value that a rater gave to a unit."""

    unit: Hashable
    rater: Hashable
    value: Value


def by_unit(ratings: Iterable[Rating]) -> dict[Hashable, dict[Hashable, Value]]:
    """Return the ratings of each unit by their rater, in the order in which they come.

    Raises ValueError where somebody rated a unit twice.
    """
    units: dict[Hashable, dict[Hashable, Value]] = {}
    for rating in ratings:
        given = units.setdefault(rating.unit, {})
        if rating.rater in given:
            raise ValueError(f"{rating.rater!r} rated {rating.unit!r} twice")
        given[rating.rater] = rating.value
    return units


def cells_of(pairs: Iterable[tuple[Value, Value]]) -> Counter[tuple[Value, Value]]:
    """Return how often each pair of values was given."""
    return Counter(pairs)


def cells_of_table(table: Iterable[Iterable[Value]]) -> dict[tuple[Value, Value], Value]:
    """Return a cross table as cells: its rows and columns are the levels 1, 2, 3 and so on, in order."""
    return {
        (row, column): share
        for row, shares in enumerate(table, start=1)
        for column, share in enumerate(shares, start=1)
        if share
    }


def cells_of_raters(
    units: Mapping[Hashable, Mapping[Hashable, Value]],
) -> dict[tuple[Hashable, Hashable], Counter[tuple[Value, Value]]]:
    """Return the cells of every two raters who share a unit; the two stand in the order in which they first rated."""
    order: dict[Hashable, int] = {}
    for given in units.values():
        for rater in given:
            order.setdefault(rater, len(order))
    found: dict[tuple[Hashable, Hashable], Counter[tuple[Value, Value]]] = {}
    for given in units.values():
        for one, other in combinations(sorted(given, key=order.__getitem__), 2):
            found.setdefault((one, other), Counter())[given[one], given[other]] += 1
    return dict(sorted(found.items(), key=lambda item: (order[item[0][0]], order[item[0][1]])))
