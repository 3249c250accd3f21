"""Scoring in words: condition codes and figures, the same everywhere."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction

from certificates.scoring.models import ConditionCode
from certificates.scoring.outcomes.results import Method
from institute.i18n import pgettext


def say_condition(code: ConditionCode) -> str:
    """Return why evidence cannot be scored, in a few words."""
    match code:
        case ConditionCode.OFF_TASK:
            return pgettext("condition code", "It answers another task")
        case ConditionCode.INCOMPLETE:
            return pgettext("condition code", "Something that was asked for is missing")
        case ConditionCode.UNREADABLE:
            return pgettext("condition code", "A file cannot be opened or read")
        case ConditionCode.NAMES_SHOWN:
            return pgettext("condition code", "It shows names that must not be shown")
        case ConditionCode.NOT_OWN_WORK:
            return pgettext("condition code", "It is not the participant’s own work")


def say_method(method: Method) -> str:
    """Return how the scores of raters became one, in a few words."""
    match method:
        case Method.SINGLE:
            return pgettext("scores", "One rater")
        case Method.MEAN:
            return pgettext("scores", "Mean of two raters")
        case Method.ADJUDICATED:
            return pgettext("scores", "Decided by a third rater")
        case Method.CLOSEST_PAIR:
            return pgettext("scores", "Mean of the two closest of three raters")


def figure_of(score: Fraction) -> Decimal:
    """Return a score as it is shown, with two decimals at most; compare the exact one."""
    exact = Decimal(score.numerator) / Decimal(score.denominator)
    rounded = exact.quantize(Decimal("0.01"), rounding=ROUND_HALF_EVEN)
    return rounded.normalize() if rounded % 1 else rounded.quantize(Decimal(1))
