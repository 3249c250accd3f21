"""A CSV file of ratings with the columns unit, rater and rating, read strictly."""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction
from typing import Final

from certificates.agreement.errors import (
    RatedTwiceError,
    RatingMissingError,
    RatingUnreadableError,
    TooManyRatersError,
)
from certificates.agreement.ratings import Rating
from courses.exchange.formats import Delimiter, shortened
from courses.exchange.papers import Fault, read_paper

COLUMNS: Final = ("unit", "rater", "rating")
MOST_ROWS: Final = 500_000
MOST_RATERS: Final = 500
MOST_VALUES: Final = 200
_NUMBER: Final = re.compile(r"-?[0-9]{1,9}(\.[0-9]{1,6})?\Z")


def read_ratings(data: bytes) -> tuple[list[Rating], Sequence[Fault]]:
    """Return the ratings of a file, and everything that has to be mended first, by line. Nothing is guessed."""
    paper = read_paper(data, Delimiter.COMMA, needed=COLUMNS, known=COLUMNS, most_rows=MOST_ROWS)
    ratings: list[Rating] = []
    lines: dict[tuple[str, str], int] = {}
    for row in paper.rows:
        unit, rater, written = (row.cells[column] for column in COLUMNS)
        missing = [column for column in COLUMNS if not row.cells[column]]
        for column in missing:
            paper.refuse(RatingMissingError(), row.line, column)
        if missing:
            continue
        before = lines.setdefault((unit, rater), row.line)
        if before != row.line:
            paper.refuse(
                RatedTwiceError(rater=shortened(rater), unit=shortened(unit), line=before), row.line, "rater"
            )
        elif not _NUMBER.match(written):
            paper.refuse(RatingUnreadableError(text=shortened(written)), row.line, "rating")
        else:
            ratings.append(Rating(unit, rater, Fraction(written)))
    raters, values = {rating.rater for rating in ratings}, {rating.value for rating in ratings}
    if len(raters) > MOST_RATERS or len(values) > MOST_VALUES:
        paper.refuse(TooManyRatersError(raters=MOST_RATERS, values=MOST_VALUES))
    return ratings, sorted(paper.faults, key=lambda fault: (fault.line, fault.column))
