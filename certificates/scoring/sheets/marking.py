"""From levels to a mark: an exact mean, compared with the cut as it is. Rounding is for showing alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Mark:
    """The mean of the levels, the highest it could be, and whether it reaches the cut."""

    score: Fraction
    maximum: int
    passed: bool


def mark_of(levels: Sequence[int | Fraction], *, maximum: int, cut: Fraction) -> Mark:
    """Return the mark of one level per criterion, each from 1 to ``maximum``. Raises ValueError for anything else."""
    if not levels or not all(1 <= level <= maximum for level in levels):
        raise ValueError("every criterion has a level of the rubric")
    mean = sum((Fraction(level) for level in levels), Fraction(0)) / len(levels)
    return Mark(mean, maximum, mean >= cut)
