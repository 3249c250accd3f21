"""The ornaments a certificate is drawn from: rosettes, the woven band and the seal with the level's arcs."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from certificates.documents.artwork.curves import arc, circle, number, petals, turned, wave
from certificates.documents.artwork.palette import USUAL, WHITE, Palette

ARC_GAP: Final = 0.206  # radians between two arcs of the seal
RINGS_RADIUS: Final = 7.2
RINGS_APART: Final = 3.8  # each ring's centre from the seal's

Forms = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Rosette:
    """A ring of woven lobes: ``threads`` curves of ``lobes`` lobes, evenly turned against each other.

    ``colour`` is the name of one of a palette's.
    """

    name: str
    middle: float
    swing: float
    lobes: int
    threads: int
    colour: str
    width: float
    sector: int = 2
    pieces: int = 6

    def forms(self, palette: Palette = USUAL) -> Forms:
        """Return its forms: a sector, a whole curve made of sectors, and the ring made of curves."""
        part, whole = f"{self.name}p", f"{self.name}c"
        sectors = self.lobes // self.sector
        stroke = f"{getattr(palette, self.colour)} RG {number(self.width, 3)} w 1 J 1 j"
        lobe = petals(
            middle=self.middle, swing=self.swing, lobes=self.lobes, sector=self.sector, pieces=self.pieces
        )
        return {
            part: f"{lobe}\nS",
            whole: "\n".join(turned(2 * math.pi * index / sectors, part) for index in range(sectors)),
            self.name: "\n".join(
                [stroke]
                + [
                    turned(2 * math.pi * index / self.threads / self.lobes, whole)
                    for index in range(self.threads)
                ]
            ),
        }


BACKGROUND: Final = (
    Rosette("Ba", 53.75, 10.25, 24, 10, "faint", 0.1),
    Rosette("Bb", 34.4, 8.6, 18, 6, "faintest", 0.1),
)
# The same ring on a coloured ground.
GROUND: Final = (
    Rosette("Ga", 53.75, 10.25, 24, 10, "veil", 0.1),
    Rosette("Gb", 34.4, 8.6, 18, 6, "veil", 0.1),
)
CORNER: Final = (
    Rosette("Ca", 5.46, 1.54, 12, 6, "ink", 0.1),
    Rosette("Cb", 2.87, 1.23, 8, 4, "gold", 0.1),
)
# The seal is drawn in a square of 100 by 100 around the origin.
SEAL: Final = (
    Rosette("Sa", 43.65, 4.85, 30, 5, "gold", 0.32),
    Rosette("Sb", 31.68, 4.32, 24, 6, "thread", 0.25),
)


def band(length: float, palette: Palette = USUAL) -> str:
    """Return one tile of the woven band: six threads and two of gold."""
    threads = [
        wave(length=length, turns=2, phase=math.pi * index / 3, middle=1.95, swell=0.95, pieces=14)
        for index in range(6)
    ]
    gold = [
        wave(length=length, turns=4, phase=phase, middle=1.05, swell=0.5, pieces=26) for phase in (0, math.pi)
    ]
    return "\n".join(
        ["0.09 w 1 J 1 j", f"{palette.thread} RG", *threads, "S", f"{palette.gold} RG", *gold, "S"]
    )


def corner(palette: Palette = USUAL) -> str:
    """Return a corner's rosettes with their core."""
    return "\n".join(["/Ca Do", "/Cb Do", f"{palette.ink} rg", circle(0, 0, 1.1), "f"])


def seal(position: int, count: int, palette: Palette = USUAL) -> str:
    """Return the seal of the level at ``position`` of ``count``: as many of its arcs are heavy.

    Raises ValueError if there is no such level.
    """
    if not 1 <= position <= count:
        raise ValueError(f"there is no level {position} of {count}")
    return "\n".join(
        [
            f"{WHITE} rg",
            circle(0, 0, 48.6),
            "f",
            "/Sa Do",
            f"{WHITE} rg {palette.ink} RG 0.9 w",
            circle(0, 0, 37.5),
            "B",
            "/Sb Do",
            f"{WHITE} rg {palette.ink} RG 0.5 w",
            circle(0, 0, 27),
            "B",
            *_arcs(position, count, palette),
            *_rings(palette),
        ]
    )


def _arcs(position: int, count: int, palette: Palette) -> list[str]:
    """Return the arcs, clockwise from the top, the reached ones heavy and dark."""
    share = 2 * math.pi / count
    gap = min(ARC_GAP, share / 3)
    drawn = ["0 J"]
    for index in range(count):
        heavy = index < position
        start = math.pi / 2 - index * share - gap / 2
        drawn += [
            f"{palette.ink if heavy else palette.rest} RG {5 if heavy else 1.6} w",
            arc(20.5, start, start - share + gap),
            "S",
        ]
    return drawn


def _rings(palette: Palette) -> list[str]:
    """Return the two interlocking rings: hours count when both agree."""
    crossing = math.acos(RINGS_APART / RINGS_RADIUS)
    over = arc(RINGS_RADIUS, crossing - 0.35, crossing + 0.35, 2)
    return [
        "2 w",
        f"{palette.ink} RG",
        circle(-RINGS_APART, 0, RINGS_RADIUS),
        "S",
        f"{palette.gold} RG",
        circle(RINGS_APART, 0, RINGS_RADIUS),
        "S",
        f"q 1 0 0 1 {number(-RINGS_APART)} 0 cm {palette.ink} RG",
        over,
        "S Q",
    ]
