"""A CSV file as rows of named cells, each with its line, or everything that keeps it from being one."""

from __future__ import annotations

import csv
import io
from codecs import BOM_UTF8
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from courses.exchange import errors
from courses.exchange.formats import MARKS, Delimiter, shortened
from institute.errors import DomainError
from institute.spreadsheets import unshielded
from institute.web.forms import storable

LARGEST_FILE: Final = 10 * 1024 * 1024
LONGEST_CELL: Final = 20_000
MOST_ROWS: Final = 1_000
MOST_NAMED: Final = 20
_ZERO: Final = b"\0"


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing to mend: the line counts from 1 and is that where the row begins; 0 where it is about the file."""

    line: int
    column: str
    error: DomainError


@dataclass(frozen=True, slots=True)
class PaperRow:
    """A row: its first line, and its cells by the names of the columns, without blanks around them."""

    line: int
    cells: Mapping[str, str]


@dataclass(slots=True)
class Paper:
    """What was read of a file; with ``faults`` about the file as a whole there are no rows."""

    rows: list[PaperRow] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    def refuse(self, error: DomainError, line: int = 0, column: str = "") -> None:
        """Note what has to be mended."""
        self.faults.append(Fault(line, column, error))


def read_paper(
    data: bytes,
    delimiter: Delimiter,
    *,
    needed: Sequence[str],
    known: Sequence[str],
    most_rows: int = MOST_ROWS,
) -> Paper:
    """Return the rows of a CSV file, with or without a byte order mark, whose header names its columns.

    ``needed`` are columns that must be there, ``known`` all that may. Texts that an export shielded from acting as a
    formula are as they were before. What is wrong is collected, not raised.
    """
    paper = Paper()
    text = _decoded(data, paper)
    if text is None:
        return paper
    records = _records(text, delimiter, paper, most_rows)
    if paper.faults:
        return paper
    if not records:
        paper.refuse(errors.FileEmptyError())
        return paper
    (line, header), *rest = records
    names = [cell.strip().casefold() for cell in header]
    _check_header(line, names, paper, needed, known)
    if paper.faults:
        return paper
    if not rest:
        paper.refuse(errors.NoRowsError(), line + 1)
    _take_rows(names, rest, paper)
    return paper


def _take_rows(names: list[str], records: list[tuple[int, list[str]]], paper: Paper) -> None:
    for line, cells in records:
        if len(cells) != len(names):
            paper.refuse(errors.CellsError(count=len(cells), columns=len(names)), line)
        elif any(cells):
            values = {name: _plain(cell) for name, cell in zip(names, cells, strict=True)}
            paper.rows.append(PaperRow(line, values))


def _decoded(data: bytes, paper: Paper) -> str | None:
    if not data.removeprefix(BOM_UTF8).strip():
        paper.refuse(errors.FileEmptyError())
        return None
    if data[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        paper.refuse(errors.NotUtf8Error(), 1)
        return None
    if _ZERO in data:
        paper.refuse(errors.ZeroByteError(), data.count(b"\n", 0, data.index(_ZERO)) + 1)
        return None
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        paper.refuse(errors.NotUtf8Error(), data.count(b"\n", 0, error.start) + 1)
        return None


def _records(text: str, delimiter: Delimiter, paper: Paper, most_rows: int) -> list[tuple[int, list[str]]]:
    """Return each record with the line on which it begins; lines that are empty are no records."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=MARKS[delimiter], strict=True)
    found: list[tuple[int, list[str]]] = []
    begins = 1
    try:
        for cells in reader:
            if any(len(cell) > LONGEST_CELL for cell in cells):
                paper.refuse(errors.CellTooLongError(most=LONGEST_CELL), begins)
                break
            if cells:
                found.append((begins, cells))
            if len(found) > most_rows + 1:
                paper.refuse(errors.TooManyRowsError(most=most_rows), begins)
                break
            begins = reader.line_num + 1
    except csv.Error as error:
        long = "limit" in str(error)
        paper.refuse(errors.CellTooLongError(most=LONGEST_CELL) if long else errors.QuotesError(), begins)
    return found


def _check_header(
    line: int, names: list[str], paper: Paper, needed: Sequence[str], known: Sequence[str]
) -> None:
    if len(names) == 1 and names[0] not in known:
        paper.refuse(errors.DelimiterError(), line)
        return
    for name in needed:
        if name not in names:
            paper.refuse(errors.ColumnMissingError(column=name), line, name)
    unknown = [name for name in names if name not in known]
    for name in unknown[:MOST_NAMED]:
        paper.refuse(errors.ColumnUnknownError(column=shortened(name)), line)
    for name in sorted({name for name in names if names.count(name) > 1 and name in known}):
        paper.refuse(errors.ColumnTwiceError(column=name), line, name)


def _plain(cell: str) -> str:
    return storable(unshielded(cell)).strip()
