"""Growth between rounds of one instrument: the means of its areas, round by round, and how they are drawn.

Pure. Means and shares are exact fractions; coordinates are rounded to a hundredth of a unit where they are written.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from courses.catalogue.drafts import InstrumentDraft
from courses.instruments.filling import AreaPicture, Filled, picture_of
from institute.i18n import Localised

RADIUS: Final = 100
LABELS_AT: Final = 114
LEAST_AXES: Final = 3
MOST_AXES: Final = 12


@dataclass(frozen=True, slots=True)
class AreaGrowth:
    """An area through the rounds: its mean and share (0 to 1) in each, None where nothing was answered."""

    key: str
    title: Localised
    means: tuple[Fraction | None, ...]
    shares: tuple[Fraction | None, ...]

    @property
    def change(self) -> Fraction | None:
        """The last mean less the first, None where there are not two."""
        given = [mean for mean in self.means if mean is not None]
        return given[-1] - given[0] if len(given) > 1 else None


@dataclass(frozen=True, slots=True)
class Growth:
    """What became of the areas of an instrument over some rounds. ``least`` and ``most`` are the ends of its scale."""

    areas: tuple[AreaGrowth, ...]
    rounds: int
    least: int
    most: int

    @property
    def foremost(self) -> AreaGrowth | None:
        """The area that rose most; None where none rose."""
        risen = [area for area in self.areas if area.change is not None and area.change > 0]
        return max(risen, key=lambda area: area.change or 0, default=None)


@dataclass(frozen=True, slots=True)
class Spoke:
    """An axis of a radar with its number and where it ends."""

    number: int
    x: float
    y: float
    label_x: float
    label_y: float


@dataclass(frozen=True, slots=True)
class Radar:
    """A drawing around the middle (0, 0): rings and rounds as the points of polygons, y downwards."""

    spokes: tuple[Spoke, ...]
    rings: tuple[str, ...]
    rounds: tuple[str, ...]
    marks: tuple[tuple[tuple[float, float], ...], ...]


def growth_of(instrument: InstrumentDraft, rounds: Sequence[Filled]) -> Growth:
    """Return the growth over what was filled in, oldest first; areas without a statement are left out."""
    pictures = [picture_of(instrument, filled.within(instrument)) for filled in rounds]
    values = [point.value for point in instrument.scale]
    areas = tuple(
        _area([picture[place] for picture in pictures], area.key, area.title)
        for place, area in enumerate(instrument.areas)
        if area.items
    )
    return Growth(areas, len(rounds), min(values), max(values))


def draw_radar(growth: Growth, *, mirrored: bool = False) -> Radar | None:
    """Return the radar of a growth, or None where three to twelve axes would not carry it.

    The first axis points up and the others follow clockwise; ``mirrored`` turns the other way, as readers from right to
    left do. An area without an answer is drawn at the middle.
    """
    count = len(growth.areas)
    if not LEAST_AXES <= count <= MOST_AXES or not growth.rounds:
        return None
    turn = -1 if mirrored else 1
    ways = [
        (turn * math.sin(2 * math.pi * at / count), -math.cos(2 * math.pi * at / count))
        for at in range(count)
    ]
    steps = min(growth.most - growth.least, 10)
    marks = tuple(
        tuple(_at(way, float(area.shares[number] or 0)) for way, area in zip(ways, growth.areas, strict=True))
        for number in range(growth.rounds)
    )
    return Radar(
        spokes=tuple(_spoke(number, way) for number, way in enumerate(ways, start=1)),
        rings=tuple(_points([_at(way, ring / steps) for way in ways]) for ring in range(1, steps + 1)),
        rounds=tuple(_points(one) for one in marks),
        marks=marks,
    )


def _area(pictures: Sequence[AreaPicture], key: str, title: Localised) -> AreaGrowth:
    return AreaGrowth(key, title, tuple(one.mean for one in pictures), tuple(one.share for one in pictures))


def _spoke(number: int, way: tuple[float, float]) -> Spoke:
    x, y = _at(way, 1)
    label_x, label_y = _at(way, LABELS_AT / RADIUS)
    return Spoke(number, x, y, label_x, label_y)


def _at(way: tuple[float, float], share: float) -> tuple[float, float]:
    return round(RADIUS * share * way[0], 2) + 0.0, round(RADIUS * share * way[1], 2) + 0.0


def _points(points: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{x:g},{y:g}" for x, y in points)
