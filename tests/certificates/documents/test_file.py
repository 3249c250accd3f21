"""What the issued file is: archival, tagged, signed, with its credential inside, and small."""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pikepdf
import pytest

from certificates.documents.certificate import CertificateFacts, Paper
from certificates.documents.typesetting import typeset
from tests.certificates.documents.conftest import MakeFacts

RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
LATIN_BYTES, CHINESE_BYTES = 100_000, 200_000


@pytest.fixture(scope="module")
def pdf(issued: Path) -> Iterator[pikepdf.Pdf]:
    with pikepdf.open(issued) as opened:
        yield opened


def test_it_declares_pdf_a_3a_and_pdf_ua_1_in_one_description(pdf: pikepdf.Pdf) -> None:
    with pdf.open_metadata() as metadata:
        assert metadata.pdfa_status == "3A"
        assert metadata["pdfuaid:part"] == "1"
    packet = ElementTree.fromstring(pdf.Root.Metadata.read_bytes())  # noqa: S314 - our own file
    assert len(packet.findall(f"{RDF}RDF")) == 1
    schemas = packet.iter("{http://www.aiim.org/pdfa/ns/schema#}prefix")
    assert [schema.text for schema in schemas] == ["pdfuaid"]


def test_its_title_is_shown_and_its_language_is_said(pdf: pikepdf.Pdf) -> None:
    assert pdf.docinfo["/Title"] == "Certificate VCI-2026-00418-7"
    assert bool(pdf.Root.ViewerPreferences.DisplayDocTitle)
    assert pdf.Root.Lang == "en"
    assert bool(pdf.Root.MarkInfo.Marked)
    assert pdf.Root.OutputIntents[0].S == "/GTS_PDFA1"


def test_its_dates_are_the_day_of_issue_and_agree(pdf: pikepdf.Pdf) -> None:
    assert str(pdf.docinfo["/CreationDate"]).startswith("D:20261014000000")
    assert str(pdf.docinfo["/ModDate"]).startswith("D:20261014000000")
    packet = pdf.Root.Metadata.read_bytes().decode()
    assert "<xmp:CreateDate>2026-10-14T00:00:00Z</xmp:CreateDate>" in packet
    assert f"<pdf:Producer>{pdf_producer(pdf)}</pdf:Producer>" in packet


def pdf_producer(pdf: pikepdf.Pdf) -> str:
    return str(pdf.trailer.Info.Producer)


def test_headings_and_paragraphs_are_tagged_in_reading_order_with_their_language(pdf: pikepdf.Pdf) -> None:
    elements = list(walk(pdf.Root.StructTreeRoot.K))
    kinds = [str(element.S) for element in elements]
    assert kinds.count("/H1") == 1
    assert kinds.count("/H2") == 1
    assert kinds.index("/H1") < kinds.index("/H2")
    assert "/Table" not in kinds
    assert "/Figure" not in kinds
    languages = {str(element.Lang) for element in elements if "/Lang" in element}
    assert {"en", "zh-Hant"} <= languages


def walk(element: Any) -> Iterator[Any]:
    """Yield the structure elements below ``element``, in order."""
    if isinstance(element, pikepdf.Array):
        for child in element:
            yield from walk(child)
    elif isinstance(element, pikepdf.Dictionary) and "/S" in element:
        yield element
        if "/K" in element:
            yield from walk(element.K)


def test_everything_drawn_is_either_tagged_or_an_artifact(pdf: pikepdf.Pdf) -> None:
    depth, marked = 0, 0
    for drawn in pikepdf.parse_content_stream(pdf.pages[0]):
        operands: Any = drawn.operands
        name = str(drawn.operator)
        if name in {"BDC", "BMC"}:
            depth += 1
            marked += 1
            kind = str(operands[0])
            assert kind == "/Artifact" or (name == "BDC" and "/MCID" in operands[1])
        elif name == "EMC":
            depth -= 1
        elif name in {"Do", "S", "f", "B", "Tj", "TJ"}:
            assert depth == 1, f"{name} stands outside of marked content"
    assert depth == 0
    assert marked > 10


def test_artwork_is_a_form_laid_under_the_words(pdf: pikepdf.Pdf) -> None:
    instructions = list(pikepdf.parse_content_stream(pdf.pages[0]))
    assert str(instructions[0].operands[0]) == "/Artifact"
    assert str(instructions[1].operator) == "Do"
    assert pdf.pages[0].resources.XObject.Artwork.Subtype == "/Form"
    assert not pdf.pages[0].get_images()


def test_fonts_are_embedded_as_subsets_that_can_be_read_as_text(pdf: pikepdf.Pdf) -> None:
    fonts = list(pdf.pages[0].resources.Font.values())
    assert fonts
    for font in fonts:
        descriptor = font.DescendantFonts[0].FontDescriptor
        assert re.match(r"/[A-Z]{6}\+", str(font.BaseFont))
        assert "/ToUnicode" in font
        assert "/FontFile2" in descriptor or descriptor.FontFile3.Subtype == "/CIDFontType0C"


def test_the_credential_is_attached_as_the_files_data(pdf: pikepdf.Pdf) -> None:
    (name,) = pdf.attachments
    assert name == "open-badge.json"
    credential = json.loads(pdf.attachments[name].get_file().read_bytes())
    assert credential["credentialSubject"]["licenseNumber"] == "VCI-2026-00418-7"
    assert [str(file.AFRelationship) for file in pdf.Root.AF] == ["/Data"]
    assert pdf.Root.AF[0].EF.F.Subtype == "/application/json"


def test_the_signature_is_invisible_and_certifies_that_nothing_may_change(pdf: pikepdf.Pdf) -> None:
    (field,) = pdf.Root.AcroForm.Fields
    assert [float(edge) for edge in field.Rect] == [0, 0, 0, 0]
    assert field.TU == "Electronic signature of Valley Coaching Institute"
    assert field.V.SubFilter == "/ETSI.CAdES.detached"
    assert pdf.Root.Perms.DocMDP.Reference[0].TransformParams.P == 1
    assert pdf.pages[0].obj.Tabs == "/S"


def test_pdfsig_finds_the_signature_valid_over_the_whole_file(issued: Path) -> None:
    said = run("pdfsig", issued)
    assert "Signature is Valid" in said
    assert "Total document signed" in said
    assert "Valley Coaching Institute" in said


def test_qpdf_finds_no_fault(issued: Path) -> None:
    assert "No syntax or stream encoding errors" in run("qpdf", "--check", issued)


def test_an_accessibility_checker_finds_no_error(issued: Path) -> None:
    checked = subprocess.run(
        [Path(sys.executable).with_name("outloud"), "--quiet", issued],
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.returncode == 0, checked.stdout


@pytest.mark.parametrize("paper", list(Paper))
def test_the_page_is_one_sheet_of_its_paper(
    make_facts: MakeFacts, make_document: Callable[[CertificateFacts], bytes], paper: Paper
) -> None:
    with pikepdf.open(io.BytesIO(make_document(make_facts(paper=paper)))) as opened:
        (page,) = opened.pages
        width, height = (float(edge) for edge in page.mediabox[2:])
    expected = {Paper.A4: (841.89, 595.28), Paper.LETTER: (792, 612)}[paper]
    assert (width, height) == pytest.approx(expected, abs=0.02)


def test_a_certificate_in_latin_letters_is_below_100_kb_and_a_chinese_one_below_200(
    make_facts: MakeFacts, make_document: Callable[[CertificateFacts], bytes]
) -> None:
    latin = make_document(make_facts(second_locale="es", second_name=None))
    assert len(latin) < LATIN_BYTES
    assert len(make_document(make_facts(locale="zh_Hant", name="陳美玲", second_locale="en"))) < CHINESE_BYTES


def test_equal_facts_are_typeset_to_equal_bytes(make_facts: MakeFacts) -> None:
    made = [typeset(make_facts(), credential=b"{}", credential_name="open-badge.json") for _ in range(2)]
    assert made[0] == made[1]
    other = typeset(
        make_facts(issued=date(2026, 10, 15)), credential=b"{}", credential_name="open-badge.json"
    )
    assert other != made[0]


def run(*command: str | Path) -> str:
    """Return what a program says; it must succeed."""
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout
