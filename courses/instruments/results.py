"""What may be shown of many people's answers to one statement, so that no figure tells what one of them said.

Pure. Below ``ENOUGH`` answers nothing is shown. From there on neighbouring points of the scale are put together until
each group holds ``ENOUGH`` answers; where that leaves a single group, only the third of the scale in which the mean
lies is shown. Whoever knows their own answer learns from neither that all others said the same, and no number from 1
to 4 can be worked out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Final

from courses.catalogue.drafts import ScalePointDraft

ENOUGH: Final = 5
TWO_ANSWERS: Final = 2
_THIRD: Final = Fraction(1, 3)
_HALF: Final = Fraction(1, 2)


class Band(StrEnum):
    """In which part of the scale the mean of the answers lies."""

    LOW = "low"
    MIDDLE = "middle"
    HIGH = "high"


@dataclass(frozen=True, slots=True)
class Group:
    """How many answers lie from one point of the scale to another (the same one, where it stands alone)."""

    least: ScalePointDraft
    most: ScalePointDraft
    count: int


@dataclass(frozen=True, slots=True)
class Result:
    """What may be shown of a statement: groups, or else a band. ``answers`` is how many answered it."""

    answers: int
    groups: tuple[Group, ...] = ()
    band: Band | None = None


def result_of(scale: Sequence[ScalePointDraft], counts: Mapping[int, int]) -> Result | None:
    """Return what may be shown of how often each value was answered, or None where too few answered.

    Values that the scale does not have are left out.
    """
    points = sorted(scale, key=lambda point: point.value)
    answers = sum(counts.get(point.value, 0) for point in points)
    if answers < ENOUGH:
        return None
    groups = _grouped(points, counts)
    if len(groups) > 1:
        return Result(answers, groups)
    return Result(answers, band=_band(points, counts, answers))


def _grouped(points: Sequence[ScalePointDraft], counts: Mapping[int, int]) -> tuple[Group, ...]:
    groups: list[Group] = []
    first, held = 0, 0
    for place, point in enumerate(points):
        held += counts.get(point.value, 0)
        if held >= ENOUGH:
            groups.append(Group(points[first], point, held))
            first, held = place + 1, 0
    if first < len(points) and groups:
        last = groups.pop()
        groups.append(Group(last.least, points[-1], last.count + held))
    return tuple(groups)


def _band(points: Sequence[ScalePointDraft], counts: Mapping[int, int], answers: int) -> Band:
    least, most = points[0].value, points[-1].value
    total = sum(point.value * counts.get(point.value, 0) for point in points)
    share = (Fraction(total, answers) - least) / (most - least)
    if (
        len(points) == TWO_ANSWERS
    ):  # with two answers a middle would be the one sum in which both are as frequent
        return Band.LOW if share <= _HALF else Band.HIGH
    if share < _THIRD:
        return Band.LOW
    return Band.HIGH if share > 1 - _THIRD else Band.MIDDLE
