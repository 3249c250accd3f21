"""Whether the time budgets of a module and its segments agree."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from courses.catalogue.drafts import MinuteRange


class Budget(StrEnum):
    """Which time a range of minutes is about."""

    READING = "reading"
    COACHING = "coaching"


@dataclass(frozen=True, slots=True)
class BudgetWarning:
    """A module states one range of minutes and its segments add up to another."""

    budget: Budget
    stated: MinuteRange
    summed: MinuteRange


def sum_ranges(ranges: Sequence[MinuteRange]) -> MinuteRange:
    """Return the range from the sum of the least to the sum of the most minutes; 0 to 0 for none."""
    return MinuteRange(sum(one.least for one in ranges), sum(one.most for one in ranges))


def check_budget(
    budget: Budget, stated: MinuteRange, segments: Sequence[MinuteRange]
) -> BudgetWarning | None:
    """Return a warning if the segments' ranges do not add up to what the module states, else None.

    All in whole minutes. A module without segments is unfinished, not wrong: no warning. This is a hint for
    authors and never refuses anything. Where a module says "up to", its least is 0 and only the most must agree.
    """
    if not segments:
        return None
    summed = sum_ranges(segments)
    if stated.most == summed.most and stated.least in {summed.least, 0}:
        return None
    return BudgetWarning(budget, stated, summed)
