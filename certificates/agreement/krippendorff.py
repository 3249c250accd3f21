"""Krippendorff's alpha, exact: any number of raters, not all of whom rate everything.

Krippendorff, K. (2011), Computing Krippendorff's Alpha-Reliability: alpha is 1 − D_o / D_e, that is
1 − (n−1) · Σ o_ck δ² / Σ n_c n_k δ² over all c < k, with o the coincidences of two values within units, n_c how often
a value stands in units that were rated twice or more, and δ² how far apart two values are.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from enum import StrEnum
from fractions import Fraction
from itertools import combinations
from typing import Final

from certificates.agreement.ratings import TWO, Value


class Scale(StrEnum):
    """What the distance of two values means."""

    NOMINAL = "nominal"
    ORDINAL = "ordinal"
    INTERVAL = "interval"
    RATIO = "ratio"


def alpha(units: Iterable[Sequence[Value]], scale: Scale) -> Fraction | None:
    """Return alpha of the values that each unit was given; units with fewer than two are left out.

    None where nothing was rated twice, where all values are the same, and for a ratio where one is below 0.
    """
    alike = Counter(tuple(sorted(values)) for values in units if len(values) >= TWO)
    counts: Counter[Value] = Counter()
    coincidences: dict[tuple[Value, Value], Fraction] = {}
    for values, times in alike.items():
        given = Counter(values)
        for value, often in given.items():
            counts[value] += often * times
        for one, other in combinations(sorted(given), 2):
            pairs = Fraction(given[one] * given[other] * times, len(values) - 1)
            coincidences[one, other] = coincidences.get((one, other), Fraction()) + pairs
    if len(counts) < TWO or (scale is Scale.RATIO and min(counts) < 0):
        return None
    apart = _DISTANCES[scale](counts)
    by_chance = sum(
        (counts[one] * counts[other] * apart(one, other) for one, other in combinations(sorted(counts), 2)),
        Fraction(),
    )
    seen = sum((pairs * apart(*pair) for pair, pairs in coincidences.items()), Fraction())
    return 1 - (counts.total() - 1) * seen / by_chance


def _ordinal(counts: Counter[Value]) -> Callable[[Value, Value], Fraction]:
    """Return the distance of two ranks: how many values lie between them, those at both ends by half."""
    up_to: dict[Value, int] = {}
    running = 0
    for value in sorted(counts):
        running += counts[value]
        up_to[value] = running

    def apart(one: Value, other: Value) -> Fraction:
        between = up_to[other] - up_to[one] + counts[one]
        return (between - Fraction(counts[one] + counts[other], 2)) ** 2

    return apart


_DISTANCES: Final[dict[Scale, Callable[[Counter[Value]], Callable[[Value, Value], Fraction]]]] = {
    Scale.NOMINAL: lambda counts: lambda one, other: Fraction(int(one != other)),
    Scale.ORDINAL: _ordinal,
    Scale.INTERVAL: lambda counts: lambda one, other: Fraction((one - other) ** 2),
    Scale.RATIO: lambda counts: lambda one, other: (Fraction(one - other) / (one + other)) ** 2,
}
