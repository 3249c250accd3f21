"""Documents of many sheets: tagged, archival, without anything that is repeated read twice."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import pikepdf
import pytest

from institute.printing.pages import make_document

STYLE = """
html, body, section, p, h1, ul { display: block; margin: 0 } head { display: none } li { display: list-item }
table { display: table } tr { display: table-row } th, td { display: table-cell }
@page { size: 100mm 80mm; margin: 10mm; @top-left { content: element(top) } } .top { position: running(top) }
html { font: 10pt "Noto Serif" }
"""
PAGE = (
    '<html lang="en"><head><title>A guide</title></head><body><p class="top">On every sheet</p><h1>A guide</h1>{body}'
    "</body></html>"
)
LONG = "<section><p>" + "A sentence that goes on and on. " * 60 + "</p></section>"


def make(body: str, style: str = STYLE) -> bytes:
    """Return a document of some words."""
    return make_document(
        [PAGE.format(body=body)], style=style, author="Valley", languages=("en",), day=date(2026, 10, 14)
    )


def opened(body: str) -> pikepdf.Pdf:
    """Return the same, to look into."""
    return pikepdf.open(io.BytesIO(make(body)))


def tags(element: Any) -> Iterator[Any]:
    """Yield the structure elements below one, in order."""
    if isinstance(element, pikepdf.Array):
        for child in element:
            yield from tags(child)
    elif isinstance(element, pikepdf.Dictionary) and "/S" in element:
        yield element
        yield from tags(element.get("/K", pikepdf.Array()))


def tags_of(pdf: pikepdf.Pdf, kind: str) -> list[Any]:
    """Return the elements of a kind."""
    return [one for one in tags(pdf.Root.StructTreeRoot.K) if str(one.S) == f"/{kind}"]


def test_a_paragraph_on_several_sheets_is_one_paragraph_to_a_reader() -> None:
    with opened(LONG) as pdf:
        assert len(pdf.pages) > 2
        assert len(tags_of(pdf, "P")) == 1
        assert len(tags_of(pdf, "Sect")) == 1


def test_what_stands_on_every_sheet_is_no_part_of_the_text() -> None:
    with opened(LONG) as pdf:
        read = set()
        for one in tags(pdf.Root.StructTreeRoot.K):
            read |= {int(kid) for kid in one.get("/K", []) if isinstance(kid, int)}
        for page in pdf.pages:
            spared = [
                said.operands
                for said in pikepdf.parse_content_stream(page)
                if str(said.operator) == "BDC" and str(said.operands[0]) == "/Artifact"
            ]
            assert any(str(one[1].get("/Type")) == "/Pagination" for one in spared)
        assert read


def test_a_block_in_another_language_says_so() -> None:
    with opened('<p lang="es">Hola</p><p>Hello</p>') as pdf:
        assert [str(one.get("/Lang", "")) for one in tags_of(pdf, "P")] == ["es", ""]


@pytest.mark.parametrize("inside", ["there", "<strong>there</strong>", "over <em>there</em>"])
def test_a_link_is_one_tag_that_says_where_it_leads(inside: str) -> None:
    with opened(f'<p>Go <a href="https://example.org/">{inside}</a></p>') as pdf:
        holders = [
            str(one.S)
            for one in tags(pdf.Root.StructTreeRoot.K)
            for kid in one.get("/K", [])
            if isinstance(kid, pikepdf.Dictionary) and kid.get("/Type") == "/OBJR"
        ]
        assert set(holders) == {"/Link"}
        said = {str(one.Contents) for one in pdf.pages[0].Annots}
        assert said == {re.sub("<[^>]+>", "", inside)}


def test_cells_say_what_their_headings_are_for() -> None:
    table = (
        '<table><tr><th scope="col">When</th><th scope="col">What</th></tr>'
        '<tr><th scope="row">Before</th><td>Read</td></tr></table>'
    )
    with opened(table) as pdf:
        assert [str(one.A.Scope) for one in tags_of(pdf, "TH")] == ["/Column", "/Column", "/Row"]


def test_every_list_item_has_a_body() -> None:
    with opened("<ul><li><p>One</p></li><li>Two</li></ul>") as pdf:
        assert len(tags_of(pdf, "LI")) == len(tags_of(pdf, "LBody")) == 2


def test_a_document_says_what_it_is_and_is_the_same_whenever_it_is_made() -> None:
    body = LONG + '<p lang="zh-Hant" style="font-family: Noto Serif CJK TC">重點</p>'
    made = make(body)
    assert made == make(body)
    with pikepdf.open(io.BytesIO(made)) as pdf, pdf.open_metadata() as metadata:
        assert metadata.pdfa_status == "3A"
        assert metadata["pdfuaid:part"] == "1"
        assert pdf.docinfo["/Title"] == "A guide"
        assert pdf.Root.Lang == "en"


def test_a_page_fetches_nothing_from_elsewhere(tmp_path: Any) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("secret")
    body = f'<p>Words <img alt="a" src="{secret.as_uri()}"><img alt="b" src="http://127.0.0.1:9/x.png"></p>'
    with opened(body) as pdf:
        assert not pdf.pages[0].get_images()


def test_the_first_setting_that_fits_is_taken_and_the_last_where_none_does() -> None:
    pages = [PAGE.format(body=LONG), PAGE.format(body="<p>Short</p>"), PAGE.format(body="<p>Shorter</p>")]

    def sheets(most: int | None, given: list[str]) -> int:
        made = make_document(
            given, style=STYLE, author="", languages=("en",), day=date(2026, 10, 14), most=most
        )
        with pikepdf.open(io.BytesIO(made)) as pdf:
            return len(pdf.pages)

    assert sheets(1, pages) == 1
    assert sheets(1, pages[:1]) > 2
    assert sheets(None, pages) > 2
