"""Whether a rater reads as the known scores do: a pure rule, in exact shares.

The usual one: at least 60 % of the scores exactly, at least 80 % exactly or one level off, none further off.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from certificates.calibration.models import USUAL_EXACT, USUAL_NEAR

WHOLE: Final = 100


@dataclass(frozen=True, slots=True)
class Rule:
    """What is needed to pass: least shares in percent, and how many scores may be more than one level off."""

    least_exact: int = USUAL_EXACT
    least_near: int = USUAL_NEAR
    most_misses: int = 0


USUAL: Final = Rule()


@dataclass(frozen=True, slots=True)
class Tally:
    """How many ``scores`` there were, how many of them ``exact``, and how many exact or one level off (``near``)."""

    scores: int
    exact: int
    near: int

    @property
    def misses(self) -> int:
        """How many were more than one level off."""
        return self.scores - self.near

    @property
    def exact_share(self) -> Fraction | None:
        """The share that was exact, None where there was no score."""
        return Fraction(self.exact, self.scores) if self.scores else None

    @property
    def near_share(self) -> Fraction | None:
        """The share that was exact or one level off, None where there was no score."""
        return Fraction(self.near, self.scores) if self.scores else None

    def passes(self, rule: Rule) -> bool:
        """Tell whether this is enough. Nothing scored never is."""
        return (
            self.scores > 0
            and self.exact * WHOLE >= rule.least_exact * self.scores
            and self.near * WHOLE >= rule.least_near * self.scores
            and self.misses <= rule.most_misses
        )


def tally(pairs: Iterable[tuple[int, int]]) -> Tally:
    """Return how near levels are to the known ones."""
    apart = [abs(given - known) for given, known in pairs]
    return Tally(len(apart), sum(not one for one in apart), sum(one <= 1 for one in apart))
