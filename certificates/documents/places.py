"""Where things stand on a sheet: one plan for each template, orientation, paper, direction and number of signatures."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from certificates.documents.certificate import CertificateFacts
from certificates.documents.looks.look import Orientation, Template
from certificates.documents.wording import wording

CODE_SIZE: Final = 21.0
FRAME: Final = 21.0  # the inner line of the classic frame
CLEARANCE: Final = 2.0  # between the last sentence and what stands below it
FOOT: Final = 40.0  # a foot that holds a row of signatures above a row of data
TALL_FOOT: Final = 62.0
PANEL: Final = 62.0  # the modern template's coloured part: at the side of a lying sheet
BAND: Final = 58.0  # and at the top of a standing one


class Foot(StrEnum):
    """How the lower part is arranged; also a class of the page."""

    ROUND = "round"  # signatures on both sides of the seal
    WIDE = "wide"  # a row of signatures above the data, the code at the end
    TALL = "tall"  # a row of signatures; below it data and code


@dataclass(frozen=True, slots=True)
class Places:
    """Millimetres from the left and from the top, unless said otherwise.

    Words stand between ``left`` and ``right``; the name has lines of ``column``. The upper part ends above
    ``ceiling``, the lower one begins below ``signs`` and ends above ``floor``; the seal's middle is at ``seal``.
    ``margin`` is that of the code at the end of the line, ``rule`` the first and last point of the accent.
    """

    width: float
    height: float
    left: float
    right: float
    column: float
    ceiling: float
    signs: float
    floor: float
    seal: tuple[float, float]
    seal_size: float
    margin: float
    rule: tuple[float, float]
    spread: float
    foot: Foot
    mirrored: bool
    centred: bool


def places_of(facts: CertificateFacts) -> Places:
    """Return the plan of a certificate."""
    mirrored = wording(facts.locale, fallback=facts.second_locale or facts.locale).direction == "rtl"
    standing = facts.look.orientation is Orientation.PORTRAIT
    width, height = facts.millimetres
    if facts.look.template is Template.MODERN:
        return _modern_tall(width, height, mirrored) if standing else _modern_wide(width, height, mirrored)
    if standing:
        return _classic_tall(width, height, mirrored)
    return _classic_wide(width, height, mirrored, three=len(facts.signatories) > 2)  # noqa: PLR2004


def _classic_wide(width: float, height: float, mirrored: bool, *, three: bool) -> Places:
    margin, size = 35.0, 36.0 if three else 38.0
    seal = (width / 2, height - 45.5)
    ceiling = height - 45.5 - size / 2 - CLEARANCE
    if three:
        across = margin + size / 2
        seal = (width - across if mirrored else across, height - 44.5)
        ceiling = height - 25.5 - FOOT - CLEARANCE
    return Places(
        width,
        height,
        left=FRAME,
        right=width - FRAME,
        column=width - 68,
        ceiling=ceiling,
        signs=ceiling if three else height - 66,
        floor=height - FRAME,
        seal=seal,
        seal_size=size,
        margin=margin,
        rule=(width / 2 - 23, width / 2 + 23),
        spread=34,
        foot=Foot.WIDE if three else Foot.ROUND,
        mirrored=mirrored,
        centred=True,
    )


def _classic_tall(width: float, height: float, mirrored: bool) -> Places:
    size, low = 36.0, 28.0 + TALL_FOOT
    return Places(
        width,
        height,
        left=FRAME,
        right=width - FRAME,
        column=width - 60,
        ceiling=height - low - 4 - size - CLEARANCE,
        signs=height - low,
        floor=height - FRAME,
        seal=(width / 2, height - low - 4 - size / 2),
        seal_size=size,
        margin=32,
        rule=(width / 2 - 23, width / 2 + 23),
        spread=70,
        foot=Foot.TALL,
        mirrored=mirrored,
        centred=True,
    )


def _modern_wide(width: float, height: float, mirrored: bool) -> Places:
    first, last = PANEL + 14, width - 20
    left, right = (width - last, width - first) if mirrored else (first, last)
    across = PANEL / 2
    ceiling = height - 18 - FOOT - CLEARANCE
    return Places(
        width,
        height,
        left=left - 1,
        right=right + 1,
        column=last - first,
        ceiling=ceiling,
        signs=ceiling,
        floor=height - 12,
        seal=(width - across if mirrored else across, height - 42),
        seal_size=44,
        margin=20,
        rule=(right - 30, right) if mirrored else (left, left + 30),
        spread=50,
        foot=Foot.WIDE,
        mirrored=mirrored,
        centred=False,
    )


def _modern_tall(width: float, height: float, mirrored: bool) -> Places:
    left, right = 24.0, width - 24
    across = 24 + 21
    ceiling = height - 20 - TALL_FOOT - CLEARANCE
    return Places(
        width,
        height,
        left=left - 1,
        right=right + 1,
        column=right - left,
        ceiling=ceiling,
        signs=ceiling,
        floor=height - 12,
        seal=(width - across if mirrored else across, BAND / 2),
        seal_size=42,
        margin=24,
        rule=(right - 30, right) if mirrored else (left, left + 30),
        spread=70,
        foot=Foot.TALL,
        mirrored=mirrored,
        centred=False,
    )
