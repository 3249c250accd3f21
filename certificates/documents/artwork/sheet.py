"""A whole sheet of artwork: frame, background and seal, as Form XObjects ready to be put into a PDF."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from certificates.documents.artwork.curves import QUARTER, moved, number, points
from certificates.documents.artwork.ornaments import (
    BACKGROUND,
    CORNER,
    GOLD,
    INK,
    SEAL,
    band,
    corner,
    seal,
)
from certificates.documents.certificate import Paper

POINTS_PER_MM: Final = 72 / 25.4
CORNER_AT: Final = 14.0  # the corner rosettes' centres and the band's middle, from the paper's edges
BAND_FROM: Final = 21.2
TILE: Final = 18.2
BACKGROUND_AT: Final = 99.0  # from the top
SEAL_AT: Final = 45.5  # from the bottom
SEAL_SIZE: Final = 38.0


@dataclass(frozen=True, slots=True)
class Sheet:
    """The drawing and the forms it draws, each compressed. ``box`` is in points."""

    drawing: bytes
    forms: Mapping[str, bytes]
    box: tuple[float, float, float, float]


@lru_cache(maxsize=32)
def sheet(paper: Paper, position: int, count: int) -> Sheet:
    """Return the artwork of a level's certificate. Raises ValueError if there is no such level."""
    width, height = paper.millimetres
    across = _tiles(width)
    upwards = _tiles(height)
    forms: dict[str, str] = {}
    for rosette in (*BACKGROUND, *CORNER, *SEAL):
        forms |= rosette.forms()
    forms |= {
        "Across": band(across[1]),
        "Upwards": band(upwards[1]),
        "Corner": corner(),
        "Seal": seal(position, count),
    }
    drawing = "\n".join(
        [
            f"{number(POINTS_PER_MM, 6)} 0 0 {number(POINTS_PER_MM, 6)} 0 0 cm",
            *(moved(width / 2, height - BACKGROUND_AT, rosette.name) for rosette in BACKGROUND),
            *_band(width, height, across, upwards),
            *_frame(width, height),
            moved(width / 2, SEAL_AT, "Seal", across=(SEAL_SIZE / 100, 0), up=(0, SEAL_SIZE / 100)),
        ]
    )
    return Sheet(
        zlib.compress(drawing.encode(), 9),
        {name: zlib.compress(ops.encode(), 9) for name, ops in forms.items()},
        (0, 0, width * POINTS_PER_MM, height * POINTS_PER_MM),
    )


def _tiles(side: float) -> tuple[int, float]:
    """Return how many tiles a side's band has, and how long each is."""
    length = side - 2 * BAND_FROM
    count = round(length / TILE)
    return count, length / count


def _band(width: float, height: float, across: tuple[int, float], upwards: tuple[int, float]) -> list[str]:
    near, far, top = CORNER_AT, width - CORNER_AT, height - CORNER_AT
    drawn = [
        moved(BAND_FROM + index * across[1], y, "Across") for y in (near, top) for index in range(across[0])
    ]
    drawn += [
        moved(x, BAND_FROM + index * upwards[1], "Upwards", across=(0, 1), up=(-1, 0))
        for x in (near, far)
        for index in range(upwards[0])
    ]
    return drawn + [moved(x, y, "Corner") for x in (near, far) for y in (near, top)]


def _frame(width: float, height: float) -> list[str]:
    """Return the heavy outer lines, and the inner frame with its hollow corners."""
    out, start = 8.6, 22.2
    lines = [
        ((start, out), (width - start, out)),
        ((start, height - out), (width - start, height - out)),
        ((out, start), (out, height - start)),
        ((width - out, start), (width - out, height - start)),
    ]
    return [
        f"0 J {INK} RG 0.55 w",
        *(f"{points(begin)} m {points(end)} l" for begin, end in lines),
        "S 0.25 w",
        _hollow(width, height, 19.4, 9.6),
        f"S {GOLD} RG 0.12 w",
        _hollow(width, height, 20.3, 10.5),
        "S",
    ]


def _hollow(width: float, height: float, inset: float, radius: float) -> str:
    """Return a rectangle whose corners are quarter circles curved inwards."""
    left, right, low, high = inset, width - inset, inset, height - inset
    k = radius * QUARTER
    return "\n".join(
        [
            f"{points((left + radius, low))} m {points((right - radius, low))} l",
            f"{points((right - radius, low + k), (right - k, low + radius), (right, low + radius))} c",
            f"{points((right, high - radius))} l",
            f"{points((right - k, high - radius), (right - radius, high - k), (right - radius, high))} c",
            f"{points((left + radius, high))} l",
            f"{points((left + radius, high - k), (left + k, high - radius), (left, high - radius))} c",
            f"{points((left, low + radius))} l",
            f"{points((left + k, low + radius), (left + radius, low + k), (left + radius, low))} c h",
        ]
    )
