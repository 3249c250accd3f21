"""Tables that people open in a spreadsheet: CSV in which no text can act as a formula."""

from __future__ import annotations

import csv
import io
import tempfile
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from typing import IO, Final, TypeAlias

from flask import Response, send_file

Cell: TypeAlias = str | int | None

MEDIA_TYPE: Final = "text/csv"
BYTE_ORDER_MARK: Final = "\ufeff"
SHIELD: Final = "'"
_ACTING: Final = frozenset("=+-@\u2212")  # the last one is the minus sign of typesetters
_BREAKS: Final = frozenset("\t\r\n")
IN_MEMORY: Final = 1024 * 1024
_ROWS_AT_ONCE: Final = 500


def shielded(text: str) -> str:
    """Return a text that a spreadsheet shows and never runs.

    Spreadsheets run what begins with ``=``, ``+``, ``-`` or ``@``, some of them in full width too, some after blanks or
    marks that nobody sees, or after a tab or line end. Such a text gets an apostrophe before it, which they hide.
    """
    return SHIELD + text if _acts(text) else text


def unshielded(text: str) -> str:
    """Return the text that ``shielded`` was given."""
    bare = text.removeprefix(SHIELD)
    return bare if bare != text and _acts(bare) else text


def csv_lines(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[str]:
    """Yield a CSV file in pieces: comma, CRLF, a byte order mark, every text in quotes and shielded.

    Numbers stand bare. Quotes keep a text in its cell also where a spreadsheet takes the semicolon for the delimiter.
    """
    paper = io.StringIO()
    writer = csv.writer(paper, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\r\n")
    writer.writerow(header)
    yield BYTE_ORDER_MARK + _taken(paper)
    for count, row in enumerate(rows, 1):
        writer.writerow([_cell(value) for value in row])
        if count % _ROWS_AT_ONCE == 0:
            yield _taken(paper)
    yield _taken(paper)


def csv_response(name: str, header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Response:
    """Return an answer that saves a CSV file under ``name``; a large one waits on the disk, not in memory."""
    file: IO[bytes] = io.BytesIO()
    for piece in csv_lines(header, rows):
        file.write(piece.encode())
        if isinstance(file, io.BytesIO) and file.tell() > IN_MEMORY:
            file = _on_disk(file)
    file.seek(0)
    mimetype = f"{MEDIA_TYPE}; charset=utf-8"
    response = send_file(file, mimetype, as_attachment=True, download_name=name, max_age=0)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _on_disk(paper: io.BytesIO) -> IO[bytes]:
    file = tempfile.TemporaryFile()  # noqa: SIM115  (the answer closes it)
    file.write(paper.getvalue())
    return file


def _cell(value: Cell) -> str | int:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    return "" if value is None else shielded(str(value).replace("\0", ""))


def _acts(text: str) -> bool:
    if text.lstrip(SHIELD)[:1] in _BREAKS:
        return True
    first = next((mark for mark in text if mark != SHIELD and not _is_blank(mark)), "")
    return bool(first) and unicodedata.normalize("NFKC", first)[0] in _ACTING


def _is_blank(mark: str) -> bool:
    return mark.isspace() or unicodedata.category(mark) in {"Cc", "Cf", "Zs", "Zl", "Zp"}


def _taken(paper: io.StringIO) -> str:
    text = paper.getvalue()
    paper.seek(0)
    paper.truncate()
    return text
