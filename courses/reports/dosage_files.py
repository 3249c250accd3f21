"""The board of dosage as a file: a row for each cell, with nothing that the page hides."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from courses.reports.dosage import DosageBoard
from courses.reports.dosage_tables import Cell, Line
from institute.spreadsheets import Cell as Value

HEADER: Final = ("quality", "group", "month", "people", "average_minutes", "reached_minimum", "hidden")
ALL: Final = "all"


def dosage_header() -> tuple[str, ...]:
    """Return the names of the columns."""
    return HEADER


def dosage_rows(board: DosageBoard) -> Iterator[tuple[Value, ...]]:
    """Yield the cells of all tables, month by month; the sums of rows have ``all`` for their month."""
    for table in board.tables:
        for line in table.lines:
            yield from _line(table.quality, board.name(table.quality, line.key), line, board)
    if board.tables:
        yield from _line(ALL, ALL, board.tables[0].total, board)


def _line(quality: str, group: str, line: Line, board: DosageBoard) -> Iterator[tuple[Value, ...]]:
    for month, cell in zip(board.months, line.cells, strict=True):
        yield quality, group, f"{month:%Y-%m}", *_values(cell)
    yield quality, group, ALL, *_values(line.whole)


def _values(cell: Cell) -> tuple[Value, ...]:
    return cell.people, cell.minutes, cell.reached, "yes" if cell.hidden else "no"
