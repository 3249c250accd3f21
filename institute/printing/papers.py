"""The sheets that a document is set for, both standing."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from institute.i18n import LazyText, lazy_gettext

_AMERICAN: Final = ("America/", "US/", "Canada/", "Pacific/Honolulu")


class Paper(StrEnum):
    """A size of paper."""

    A4 = "a4"
    LETTER = "letter"


PAPER_NAMES: Final[dict[Paper, LazyText]] = {
    # Translators: a size of paper, 210 × 297 mm.
    Paper.A4: lazy_gettext("A4"),
    # Translators: a size of paper, 8.5 × 11 in.
    Paper.LETTER: lazy_gettext("US Letter"),
}


def usual_paper(timezone: str) -> Paper:
    """Return the paper that lies in most printers of a time zone: Letter in the Americas, A4 elsewhere."""
    return Paper.LETTER if timezone.startswith(_AMERICAN) else Paper.A4
