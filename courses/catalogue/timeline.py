"""What to do and when: a segment's steps laid out around its coaching session."""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from courses.catalogue.details import Step
from courses.catalogue.models import StepId, Timing
from courses.catalogue.progress import Progress, of_steps

# What is before a session and what comes after it, in order.
AROUND: Final = {
    Timing.BEFORE: -1, Timing.DURING: 0, Timing.AFTER: 1, Timing.BETWEEN: 2, Timing.PREPARATION: 3,
}  # fmt: skip


class Phase(StrEnum):
    """Where a moment lies, seen from now."""

    DONE = "done"
    NOW = "now"
    NEXT = "next"


@dataclass(frozen=True, slots=True)
class Moment:
    """The steps that belong to one time. ``session_number`` is None for the preparation alone."""

    timing: Timing
    session_number: int | None
    steps: tuple[Step, ...]
    progress: Progress
    phase: Phase


def lay_out(steps: Sequence[Step], session: int | None, done: Set[StepId]) -> list[Moment]:
    """Return the moments of a segment in the order in which they come.

    ``session`` is the number of the segment's own session; it has a moment even without steps, because its plan
    is shown there. Steps that name no session belong to it. The first moment that is not done is now.
    """
    grouped: dict[tuple[Timing, int | None], list[Step]] = {}
    if session is not None:
        grouped[Timing.DURING, session] = []
    for step in steps:
        number = None if step.timing is Timing.PREPARATION else step.session_number or session
        grouped.setdefault((step.timing, number), []).append(step)
    moments = []
    now_found = False
    for (timing, number), members in sorted(grouped.items(), key=lambda item: _order(*item[0])):
        progress = of_steps([step.id for step in members], done)
        phase = Phase.NEXT
        if progress.complete:
            phase = Phase.DONE
        elif progress.left and not now_found:
            phase, now_found = Phase.NOW, True
        moments.append(Moment(timing, number, tuple(members), progress, phase))
    return moments


def next_step(moments: Sequence[Moment], done: Set[StepId]) -> Step | None:
    """Return the first step that is open, or None where all are done."""
    return next((step for moment in moments for step in moment.steps if step.id not in done), None)


def _order(timing: Timing, number: int | None) -> tuple[float, int]:
    """Return what sorts a moment: by session, and around it; the preparation comes last."""
    if number is None:
        return (float("inf"), 0)
    return (float(number), AROUND[timing])
