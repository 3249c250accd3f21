"""Figures as a document for programs: numbers, null for what is not computable, and why it is not."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import asdict
from typing import Any

from certificates.agreement.figures import Figures, PairFigures
from certificates.agreement.krippendorff import Scale
from certificates.agreement.ratings import TWO, Value

NOTHING_SHARED = "no unit has two ratings"
NO_VARIATION = "the ratings do not vary"
TWO_RATERS_ONLY = "it compares two raters: see pairs"
UNEVEN = "units were not all rated by the same number of raters"
GAPS = "not every rater rated every unit"
NEGATIVE = "ratings below 0 have no ratio"
TOO_FEW = "it needs two units and two raters at least"


def document_of(figures: Figures) -> dict[str, Any]:
    """Return everything that can be said, ready for JSON; ``not_computable`` says why for all nulls but in pairs."""
    document = {
        "units": figures.units,
        "units_rated_twice": figures.shared,
        "ratings": figures.ratings,
        "raters": [str(rater) for rater in figures.raters],
        "levels": [_number(value) for value in figures.values],
        "comparisons": figures.comparisons,
        "exact": _number(figures.exact),
        "adjacent": _number(figures.adjacent),
        "exact_plus_adjacent": _number(figures.within_one),
        "cohen_kappa": _number(figures.kappa),
        "linear_weighted_kappa": _number(figures.linear),
        "quadratic_weighted_kappa": _number(figures.quadratic),
        "correlation": figures.correlation,
        "fleiss_kappa": _number(figures.fleiss),
        "krippendorff_alpha": {scale.value: _number(figures.alpha[scale]) for scale in Scale},
        "icc": {name: _number(value) for name, value in asdict(figures.intraclass).items()},
        "mean_signed_difference": {str(rater): _number(mean) for rater, mean in figures.severity.items()},
        "pairs": [_pair(two, found) for two, found in figures.pairs.items()],
    }
    return document | {"not_computable": _reasons(figures)}


def _pair(two: tuple[Hashable, Hashable], found: PairFigures) -> dict[str, Any]:
    return {
        "raters": [str(rater) for rater in two],
        "units": found.count,
        "exact": _number(found.exact),
        "adjacent": _number(found.adjacent),
        "exact_plus_adjacent": _number(found.within_one),
        "cohen_kappa": _number(found.kappa),
        "linear_weighted_kappa": _number(found.linear),
        "quadratic_weighted_kappa": _number(found.quadratic),
        "mean_signed_difference": _number(found.difference),
        "correlation": found.correlation,
    }


def _reasons(figures: Figures) -> dict[str, str]:
    """Return why each figure that is None is; what is constant in one rater alone keeps a correlation from it."""
    found: dict[str, str] = {}
    nothing = NOTHING_SHARED if not figures.shared else ""

    def say(name: str, value: Value | float | None, why: str) -> None:
        if value is None:
            found[name] = nothing or why

    for name in ("exact", "adjacent"):
        say(name, getattr(figures, name), NOTHING_SHARED)
    say("exact_plus_adjacent", figures.within_one, NOTHING_SHARED)
    of_two = NO_VARIATION if len(figures.raters) == TWO else TWO_RATERS_ONLY
    say("cohen_kappa", figures.kappa, of_two)
    say("linear_weighted_kappa", figures.linear, of_two)
    say("quadratic_weighted_kappa", figures.quadratic, of_two)
    say("correlation", figures.correlation, of_two)
    say("fleiss_kappa", figures.fleiss, UNEVEN if len(set(figures.values)) > 1 else NO_VARIATION)
    for scale in Scale:
        below = scale is Scale.RATIO and figures.values and figures.values[0] < 0
        say(f"krippendorff_alpha.{scale}", figures.alpha[scale], NEGATIVE if below else NO_VARIATION)
    few = figures.units < TWO or len(figures.raters) < TWO
    for name, value in asdict(figures.intraclass).items():
        say(f"icc.{name}", value, TOO_FEW if few else GAPS if figures.gaps else NO_VARIATION)
    for rater, mean in figures.severity.items():
        say(f"mean_signed_difference.{rater}", mean, "nobody else rated the same units")
    return found


def _number(value: Value | None) -> int | float | None:
    if value is None:
        return None
    return int(value) if isinstance(value, int) or value.denominator == 1 else float(value)
