"""All figures of agreement of one set of ratings, and where one is not computable, why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations

from certificates.agreement import pairs, several
from certificates.agreement.krippendorff import Scale, alpha
from certificates.agreement.pairs import Weighing
from certificates.agreement.ratings import TWO, Cells, Rating, Value, by_unit, cells_of_raters


@dataclass(frozen=True, slots=True)
class PairFigures:
    """How two raters agree on the ``count`` units that both rated; None is not computable.

    ``difference`` is the mean of the first's values less the second's.
    """

    count: int
    exact: Fraction | None
    adjacent: Fraction | None
    within_one: Fraction | None
    kappa: Fraction | None
    linear: Fraction | None
    quadratic: Fraction | None
    difference: Fraction | None
    correlation: float | None


@dataclass(frozen=True, slots=True)
class Figures:
    """How all raters agree. ``comparisons`` are the pairs of ratings of one unit, which ``exact`` and so on count.

    Kappas are those of two raters: None where there are more or fewer, whose pairs have theirs. ``severity`` is, for
    each rater, the mean of what they gave less what the others gave the same unit: below 0 they are the more severe.
    """

    units: int
    shared: int
    ratings: int
    raters: tuple[Hashable, ...]
    values: tuple[Value, ...]
    comparisons: int
    exact: Fraction | None
    adjacent: Fraction | None
    within_one: Fraction | None
    kappa: Fraction | None
    linear: Fraction | None
    quadratic: Fraction | None
    correlation: float | None
    fleiss: Fraction | None
    alpha: Mapping[Scale, Fraction | None]
    intraclass: several.IntraClass
    severity: Mapping[Hashable, Fraction | None]
    pairs: Mapping[tuple[Hashable, Hashable], PairFigures]
    gaps: bool


def pair_figures(cells: Cells) -> PairFigures:
    """Return the figures of two raters."""
    return PairFigures(
        count=int(sum(cells.values())),
        exact=pairs.exact(cells),
        adjacent=pairs.adjacent(cells),
        within_one=pairs.within_one(cells),
        kappa=pairs.kappa(cells),
        linear=pairs.kappa(cells, Weighing.LINEAR),
        quadratic=pairs.kappa(cells, Weighing.QUADRATIC),
        difference=pairs.difference(cells),
        correlation=pairs.correlation(cells),
    )


def figures_of(ratings: Iterable[Rating]) -> Figures:
    """Return all figures. Raises ValueError where somebody rated a unit twice."""
    units = by_unit(ratings)
    given: list[Sequence[Value]] = [list(values.values()) for values in units.values()]
    raters = tuple(dict.fromkeys(rater for values in units.values() for rater in values))
    gaps = any(len(values) < len(raters) for values in given)
    by_pair = {two: pair_figures(cells) for two, cells in cells_of_raters(units).items()}
    pooled: Counter[tuple[Value, Value]] = Counter(
        two for values in given for two in combinations(values, TWO)
    )
    only = next(iter(by_pair.values())) if len(raters) == TWO and by_pair else None
    return Figures(
        units=len(units),
        shared=sum(len(values) >= TWO for values in given),
        ratings=sum(map(len, given)),
        raters=raters,
        values=tuple(sorted({value for values in given for value in values})),
        comparisons=pooled.total(),
        exact=pairs.exact(pooled),
        adjacent=pairs.adjacent(pooled),
        within_one=pairs.within_one(pooled),
        kappa=only.kappa if only else None,
        linear=only.linear if only else None,
        quadratic=only.quadratic if only else None,
        correlation=only.correlation if only else None,
        fleiss=several.fleiss(given),
        alpha={scale: alpha(given, scale) for scale in Scale},
        intraclass=several.IntraClass()
        if gaps
        else several.intraclass([[values[rater] for rater in raters] for values in units.values()]),
        severity=dict.fromkeys(raters) | severities(units.values()),
        pairs=by_pair,
        gaps=gaps,
    )


def severities(units: Iterable[Mapping[Hashable, Value]]) -> dict[Hashable, Fraction]:
    """Return, for each rater, the mean of what they gave less the mean of what the others gave the same unit.

    Below 0 they are more severe than the others, above 0 more lenient. Whoever shares no unit is left out.
    """
    found: dict[Hashable, Fraction] = {}
    counts: Counter[Hashable] = Counter()
    for given in units:
        if len(given) < TWO:
            continue
        total = sum(given.values())
        for rater, value in given.items():
            found[rater] = found.get(rater, Fraction()) + value - Fraction(total - value) / (len(given) - 1)
            counts[rater] += 1
    return {rater: total / counts[rater] for rater, total in found.items()}
