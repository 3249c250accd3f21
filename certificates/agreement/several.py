"""Agreement of several raters who all rated everything: Fleiss' kappa and the intraclass correlations, exact."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from certificates.agreement.ratings import TWO, Value


@dataclass(frozen=True, slots=True)
class IntraClass:
    """The six of Shrout, P. E. and Fleiss, J. L. (1979), Psychol. Bull. 86, 420–428; None is not computable.

    Models: raters drawn anew for each unit, the same ones drawn at random, just these; each for a single rating and for
    the mean of all.
    """

    one_way: Fraction | None = None
    random: Fraction | None = None
    fixed: Fraction | None = None
    one_way_mean: Fraction | None = None
    random_mean: Fraction | None = None
    fixed_mean: Fraction | None = None


def fleiss(units: Sequence[Sequence[Value]]) -> Fraction | None:
    """Return Fleiss' kappa (1971, Psychol. Bull. 76, 378–382).

    None where units were not all rated by the same number of raters, two at least, and where all values are the same.
    """
    raters = {len(values) for values in units}
    if len(raters) != 1 or min(raters) < TWO:
        return None
    each = raters.pop()
    counts = Counter(value for values in units for value in values)
    total = len(units) * each
    by_chance = sum((Fraction(often, total) ** 2 for often in counts.values()), Fraction())
    if by_chance == 1:
        return None
    same = sum(often * (often - 1) for values in units for often in Counter(values).values())
    seen = Fraction(same, total * (each - 1))
    return (seen - by_chance) / (1 - by_chance)


def intraclass(rows: Sequence[Sequence[Value]]) -> IntraClass:
    """Return the intraclass correlations of a table without gaps: a row for each unit, a column for each rater.

    Nothing is computable with fewer than two of either, or with gaps.
    """
    n, k = len(rows), len(rows[0]) if rows else 0
    if n < TWO or k < TWO or any(len(row) != k for row in rows):
        return IntraClass()
    mean = Fraction(sum(map(sum, rows)), n * k)
    in_all = sum(((Fraction(value) - mean) ** 2 for row in rows for value in row), Fraction())
    of_units = k * sum(((Fraction(sum(row), k) - mean) ** 2 for row in rows), Fraction())
    of_raters = n * sum(
        ((Fraction(sum(column), n) - mean) ** 2 for column in zip(*rows, strict=True)), Fraction()
    )
    between = of_units / (n - 1)
    raters = of_raters / (k - 1)
    within = (in_all - of_units) / (n * (k - 1))
    rest = (in_all - of_units - of_raters) / ((n - 1) * (k - 1))
    return IntraClass(
        one_way=_ratio(between - within, between + (k - 1) * within),
        random=_ratio(between - rest, between + (k - 1) * rest + k * (raters - rest) / n),
        fixed=_ratio(between - rest, between + (k - 1) * rest),
        one_way_mean=_ratio(between - within, between),
        random_mean=_ratio(between - rest, between + (raters - rest) / n),
        fixed_mean=_ratio(between - rest, between),
    )


def _ratio(part: Fraction, whole: Fraction) -> Fraction | None:
    return part / whole if whole else None
