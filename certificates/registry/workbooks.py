"""A table as an XLSX file of two sheets, the second saying what the columns hold. No cell can act as a formula.

Written from the standard (ECMA-376, parts of SpreadsheetML) by hand: texts stand inline, marked as quoted text, so that
they stay texts also when somebody edits them.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from typing import IO, Final
from xml.sax.saxutils import escape

from flask import Response, send_file

from institute.i18n import gettext
from institute.spreadsheets import Cell

MEDIA_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LONGEST_CELL: Final = 32_767
# One moment for all, so that equal tables are equal files; the oldest that an archive can name.
_MOMENT: Final = (1980, 1, 1, 0, 0, 0)
# What XML 1.0 cannot hold.
_UNWRITABLE: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATED: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006"
_HEAD: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_SHEET_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
_PARTS: Final = {
    "[Content_Types].xml": f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/xl/workbook.xml" ContentType='
    '"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_SHEET_TYPE}"/>'
    f'<Override PartName="/xl/worksheets/sheet2.xml" ContentType="{_SHEET_TYPE}"/>'
    '<Override PartName="/xl/styles.xml" ContentType='
    '"application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/></Types>',
    "_rels/.rels": f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_RELATED}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/_rels/workbook.xml.rels": f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_RELATED}/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="rId2" Type="{_RELATED}/worksheet" Target="worksheets/sheet2.xml"/>'
    f'<Relationship Id="rId3" Type="{_RELATED}/styles" Target="styles.xml"/></Relationships>',
    # The second format is a heading's, the third a text's: never a number, never a formula.
    "xl/styles.xml": f'{_HEAD}<styleSheet xmlns="{_MAIN}"><fonts count="2"><font><sz val="11"/></font>'
    '<font><b/><sz val="11"/></font></fonts><fills count="1"><fill><patternFill patternType="none"/></fill></fills>'
    '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>'
    '<cellXfs count="3"><xf/><xf fontId="1" applyFont="1"/>'
    '<xf numFmtId="49" applyNumberFormat="1" quotePrefix="1"/></cellXfs></styleSheet>',
}


def workbook_response(
    name: str, header: Sequence[str], rows: Iterable[Sequence[Cell]], meanings: Sequence[tuple[str, str]]
) -> Response:
    """Return an answer that saves an XLSX file under ``name``. ``meanings`` are (column, what it holds)."""
    file = io.BytesIO()  # a table of 10,000 rows takes half a megabyte here: sheets are written compressed
    write_workbook(file, header, rows, meanings)
    file.seek(0)
    response = send_file(file, MEDIA_TYPE, as_attachment=True, download_name=name, max_age=0)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, no-store"
    return response


def write_workbook(
    file: IO[bytes],
    header: Sequence[str],
    rows: Iterable[Sequence[Cell]],
    meanings: Sequence[tuple[str, str]],
) -> None:
    """Write a workbook, row by row."""
    explained = (gettext("Column"), gettext("What it holds"))
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for part, content in {**_PARTS, "xl/workbook.xml": _workbook()}.items():
            archive.writestr(zipfile.ZipInfo(part, _MOMENT), content, zipfile.ZIP_DEFLATED)
        for number, (heads, lines) in enumerate(((header, rows), (explained, meanings)), 1):
            info = zipfile.ZipInfo(f"xl/worksheets/sheet{number}.xml", _MOMENT)
            info.compress_type = zipfile.ZIP_DEFLATED
            with archive.open(info, "w") as sheet:
                for piece in _sheet(heads, lines):
                    sheet.write(piece.encode())


def _workbook() -> str:
    # Excel takes at most 31 letters for the name of a sheet, and none of []:*?/\.
    names = [re.sub(r"[\[\]:*?/\\]", " ", one)[:31] for one in (gettext("Registry"), gettext("Columns"))]
    sheets = "".join(
        f'<sheet name="{escape(name, {chr(34): "&quot;"})}" sheetId="{number}" r:id="rId{number}"/>'
        for number, name in enumerate(names, 1)
    )
    return f'{_HEAD}<workbook xmlns="{_MAIN}" xmlns:r="{_RELATED}"><sheets>{sheets}</sheets></workbook>'


def _sheet(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[str]:
    yield (
        f'{_HEAD}<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0">'
        '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
        f'<cols><col min="1" max="{len(header)}" width="22" customWidth="1"/></cols><sheetData>'
    )
    yield f"<row>{''.join(_cell(head, 1) for head in header)}</row>"
    for row in rows:
        yield f"<row>{''.join(_cell(value, 2) for value in row)}</row>"
    yield "</sheetData></worksheet>"


def _cell(value: Cell, style: int) -> str:
    if isinstance(value, int) and not isinstance(value, bool):
        return f"<c><v>{value}</v></c>"
    text = escape(_UNWRITABLE.sub("", "" if value is None else str(value))[:LONGEST_CELL])
    return f'<c s="{style}" t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'
