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
    GROUND,
    SEAL,
    Rosette,
    band,
    corner,
    seal,
)
from certificates.documents.artwork.palette import USUAL, WHITE, Palette
from certificates.documents.places import BAND, PANEL

POINTS_PER_MM: Final = 72 / 25.4
CORNER_AT: Final = 14.0  # the corner rosettes' centres and the band's middle, from the paper's edges
BAND_FROM: Final = 21.2
TILE: Final = 18.2
BACKGROUND_AT: Final = 99.0  # from the top
STANDING_BACKGROUND_AT: Final = 118.0


@dataclass(frozen=True, slots=True)
class Sheet:
    """The drawing and the forms it draws, each compressed. ``box`` is in points."""

    drawing: bytes
    forms: Mapping[str, bytes]
    box: tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Ground:
    """What a sheet's artwork depends on besides the level. ``seal`` is its middle, from the left and from the top."""

    width: float
    height: float
    seal: tuple[float, float]
    seal_size: float
    framed: bool = True
    mirrored: bool = False
    palette: Palette = USUAL


@lru_cache(maxsize=64)
def sheet(ground: Ground, position: int, count: int) -> Sheet:
    """Return the artwork of a level's certificate. Raises ValueError if there is no such level."""
    width, height = ground.width, ground.height
    drawn, forms = _framed(ground) if ground.framed else _coloured(ground)
    for rosette in SEAL:
        forms |= rosette.forms(ground.palette)
    forms["Seal"] = seal(position, count, ground.palette)
    across, down = ground.seal
    scale = ground.seal_size / 100
    drawing = "\n".join(
        [
            f"{number(POINTS_PER_MM, 6)} 0 0 {number(POINTS_PER_MM, 6)} 0 0 cm",
            *drawn,
            moved(across, height - down, "Seal", across=(scale, 0), up=(0, scale)),
        ]
    )
    return Sheet(
        zlib.compress(drawing.encode(), 9),
        {name: zlib.compress(ops.encode(), 9) for name, ops in forms.items()},
        (0, 0, width * POINTS_PER_MM, height * POINTS_PER_MM),
    )


def _framed(ground: Ground) -> tuple[list[str], dict[str, str]]:
    """Return the classic artwork: a frame of woven bands around a large pale rosette."""
    width, height, palette = ground.width, ground.height, ground.palette
    across, upwards = _tiles(width), _tiles(height)
    forms = _forms((*BACKGROUND, *CORNER), palette)
    forms |= {
        "Across": band(across[1], palette),
        "Upwards": band(upwards[1], palette),
        "Corner": corner(palette),
    }
    middle = BACKGROUND_AT if width > height else STANDING_BACKGROUND_AT
    drawn = [
        *(moved(width / 2, height - middle, rosette.name) for rosette in BACKGROUND),
        *_band(width, height, across, upwards),
        *_frame(width, height, palette),
    ]
    return drawn, forms


def _coloured(ground: Ground) -> tuple[list[str], dict[str, str]]:
    """Return the modern artwork: one coloured part with rosettes in it, and a line of the accent at its edge."""
    width, height = ground.width, ground.height
    if width > height:
        left = width - PANEL if ground.mirrored else 0.0
        part = (left, 0.0, PANEL, height)
        line = (left - 1.2 if ground.mirrored else PANEL, 0.0, 1.2, height)
        outer = width if ground.mirrored else 0.0
        middles = ((outer, height - 8), (left + PANEL / 2, height - ground.seal[1]))
    else:
        part = (0.0, height - BAND, width, BAND)
        line = (0.0, height - BAND - 1.2, width, 1.2)
        outer = 0.0 if ground.mirrored else width
        middles = ((outer, height - 4), (ground.seal[0], height - ground.seal[1]))
    place = " ".join(number(value) for value in part)
    drawn = [
        f"{ground.palette.ink} rg {place} re f",
        f"q {place} re W n",
        *(moved(*middle, rosette.name) for middle in middles for rosette in GROUND),
        "Q",
        f"{ground.palette.gold} rg {' '.join(number(value) for value in line)} re f {WHITE} rg",
    ]
    return drawn, _forms(GROUND, ground.palette)


def _forms(rosettes: tuple[Rosette, ...], palette: Palette) -> dict[str, str]:
    forms: dict[str, str] = {}
    for rosette in rosettes:
        forms |= rosette.forms(palette)
    return forms


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


def _frame(width: float, height: float, palette: Palette) -> list[str]:
    """Return the heavy outer lines, and the inner frame with its hollow corners."""
    out, start = 8.6, 22.2
    lines = [
        ((start, out), (width - start, out)),
        ((start, height - out), (width - start, height - out)),
        ((out, start), (out, height - start)),
        ((width - out, start), (width - out, height - start)),
    ]
    return [
        f"0 J {palette.ink} RG 0.55 w",
        *(f"{points(begin)} m {points(end)} l" for begin, end in lines),
        "S 0.25 w",
        _hollow(width, height, 19.4, 9.6),
        f"S {palette.gold} RG 0.12 w",
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
