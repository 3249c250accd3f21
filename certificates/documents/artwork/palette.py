"""The colours of the artwork, as PDF operators take them: two that an institute chose, and tints of them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from certificates.documents.artwork.curves import number

WHITE: Final = "1 1 1"
USUAL_PRIMARY: Final = "#592c62"
USUAL_ACCENT: Final = "#b67800"


@dataclass(frozen=True, slots=True)
class Palette:
    """Red, green and blue of each colour, from 0 to 1.

    ``ink`` draws heavy lines, ``gold`` the fine accents; ``thread``, ``rest``, ``faint`` and ``faintest`` are ever
    lighter tints of the ink, ``veil`` is one that lies on a ground of ink.
    """

    ink: str
    thread: str
    gold: str
    faint: str
    faintest: str
    rest: str
    veil: str


USUAL: Final = Palette(
    ink="0.349 0.173 0.384",
    thread="0.612 0.435 0.651",
    gold="0.714 0.471 0",
    faint="0.914 0.875 0.922",
    faintest="0.937 0.906 0.945",
    rest="0.851 0.78 0.867",
    veil="0.479 0.338 0.507",
)


@lru_cache(maxsize=64)
def palette(primary: str, accent: str) -> Palette:
    """Return the colours made of two, each written as ``#rrggbb``."""
    if (primary.lower(), accent.lower()) == (USUAL_PRIMARY, USUAL_ACCENT):
        return USUAL
    return Palette(
        ink=_tint(primary, 0),
        thread=_tint(primary, 0.4),
        gold=_tint(accent, 0),
        faint=_tint(primary, 0.86),
        faintest=_tint(primary, 0.9),
        rest=_tint(primary, 0.76),
        veil=_tint(primary, 0.2),
    )


def _tint(colour: str, white: float) -> str:
    """Return a colour with a share of white in it."""
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return " ".join(number(part + (1 - part) * white, 3) for part in parts)
