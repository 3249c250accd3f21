"""How far somebody is: steps done of steps there are, counted exactly."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Set
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from courses.catalogue.models import StepId


@dataclass(frozen=True, slots=True)
class Progress:
    """``done`` of ``total`` steps, 0 <= done <= total. Raises ValueError otherwise."""

    done: int
    total: int

    def __post_init__(self) -> None:
        if not 0 <= self.done <= self.total:
            raise ValueError(f"{self.done} of {self.total} is not a progress")

    @property
    def share(self) -> Fraction:
        """The exact share from 0 to 1; 0 where there is nothing to do. Rounded where it is shown or sent."""
        return Fraction(self.done, self.total) if self.total else Fraction(0)

    @property
    def left(self) -> int:
        """How many steps are open."""
        return self.total - self.done

    @property
    def complete(self) -> bool:
        """Whether there was something to do and all of it is done."""
        return self.total > 0 and self.done == self.total


NOTHING: Final = Progress(0, 0)


def of_steps(steps: Collection[StepId], done: Set[StepId]) -> Progress:
    """Return the progress of one segment: how many of its ``steps`` are among those ``done``."""
    return Progress(sum(step in done for step in steps), len(steps))


def together(parts: Iterable[Progress]) -> Progress:
    """Return the progress of a whole from its parts: a module's from its segments, a programme's from its modules.

    Each step counts once, wherever it stands, so a long segment weighs more than a short one.
    """
    done = total = 0
    for part in parts:
        done += part.done
        total += part.total
    return Progress(done, total)
