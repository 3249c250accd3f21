"""Agreement of two raters, exact; None is what cannot be computed, never a guess such as 1 or 0.

Cohen, J. (1960), Educ. Psychol. Meas. 20, 37–46, and (1968), Psychol. Bull. 70, 213–220: kappa is 1 − Σ v p / Σ v r c,
with p the share of each pair of values, r and c the shares of each rater's values and v how grave a disagreement is.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from enum import StrEnum
from fractions import Fraction
from typing import Final

from certificates.agreement.ratings import Cells, Value


class Weighing(StrEnum):
    """How grave it is to disagree: all the same, by the distance, or by its square."""

    NONE = "none"
    LINEAR = "linear"
    QUADRATIC = "quadratic"


def _apart(one: Value, other: Value) -> Value:
    return one - other if one >= other else other - one


_GRAVITY: Final[dict[Weighing, Callable[[Value, Value], Value]]] = {
    Weighing.NONE: lambda one, other: int(one != other),
    Weighing.LINEAR: _apart,
    Weighing.QUADRATIC: lambda one, other: _apart(one, other) * _apart(one, other),
}


def exact(cells: Cells) -> Fraction | None:
    """Return the share of pairs that are the same, 0 to 1; None where there is no pair."""
    return _share(cells, lambda one, other: one == other)


def adjacent(cells: Cells) -> Fraction | None:
    """Return the share of pairs that differ by one level at most, and are not the same; None where there is no pair."""
    return _share(cells, lambda one, other: 0 < _apart(one, other) <= 1)


def within_one(cells: Cells) -> Fraction | None:
    """Return exact plus adjacent agreement; None where there is no pair."""
    return _share(cells, lambda one, other: _apart(one, other) <= 1)


def kappa(cells: Cells, weighing: Weighing = Weighing.NONE) -> Fraction | None:
    """Return Cohen's kappa, weighted by the distance of the values if asked for; 1 at most.

    Values are distances apart as numbers, so a level that nobody gave still counts as a step. None where there is no
    pair, and where both raters gave one and the same value throughout: agreement by chance is then certain.
    """
    return kappa_by(cells, _GRAVITY[weighing])


def kappa_by(cells: Cells, gravity: Callable[[Value, Value], Value]) -> Fraction | None:
    """Return kappa with weights of one's own: ``gravity`` of two values is 0 or more, and 0 where they are the same."""
    total = sum(map(Fraction, cells.values()), Fraction())
    rows: dict[Value, Fraction] = {}
    columns: dict[Value, Fraction] = {}
    for (one, other), share in cells.items():
        rows[one] = rows.get(one, Fraction()) + share
        columns[other] = columns.get(other, Fraction()) + share
    by_chance = sum(
        (
            gravity(one, other) * first * second
            for one, first in rows.items()
            for other, second in columns.items()
        ),
        Fraction(),
    )
    if not by_chance:
        return None
    seen = sum((gravity(one, other) * Fraction(share) for (one, other), share in cells.items()), Fraction())
    return 1 - seen * total / by_chance


def difference(cells: Cells) -> Fraction | None:
    """Return the mean of the first rater's values less the second's: above 0 the first is the more lenient."""
    total = sum(map(Fraction, cells.values()), Fraction())
    if not total:
        return None
    return sum((Fraction((one - other) * share) for (one, other), share in cells.items()), Fraction()) / total


def correlation(cells: Cells) -> float | None:
    """Return Pearson's r; None where a rater gave one value throughout. The sums are exact, the root is not."""
    total = sum(map(Fraction, cells.values()), Fraction())
    ones, others, products, one_squares, other_squares = (Fraction() for _ in range(5))
    for (one, other), share in cells.items():
        ones += one * share
        others += other * share
        products += one * other * share
        one_squares += one * one * share
        other_squares += other * other * share
    spread = (total * one_squares - ones**2) * (total * other_squares - others**2)
    return float(total * products - ones * others) / math.sqrt(spread) if spread else None


def _share(cells: Cells, counts: Callable[[Value, Value], bool]) -> Fraction | None:
    total = sum(map(Fraction, cells.values()), Fraction())
    if not total:
        return None
    return sum((Fraction(share) for pair, share in cells.items() if counts(*pair)), Fraction()) / total
