"""What transcripts and forms are as files: archival, tagged, signed, readable in every language, and what they say."""

from __future__ import annotations

import io
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from flask import Flask
from PIL import Image

from certificates.documents.certificate import PageLook, Picture
from certificates.documents.papers.facts import PaperKind, RecordFacts
from certificates.documents.papers.making import make_paper, typeset_paper
from certificates.documents.papers.transcript import transcript
from institute.i18n import Localised
from institute.keys.keeping import KeyInHand
from institute.keys.models import KeyPurpose
from institute.printing.papers import Paper
from tests.certificates.documents.conftest import MakeKey
from tests.certificates.documents.records import PORTFOLIO, PROGRAMME, record

# WeasyPrint leaves a colour profile to the garbage collector.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
LARGEST = 120_000
# Names in the scripts of the languages that certificates are asked for in.
NAMES = {
    "hy": "Անահիտ Պետրոսյան",
    "km": "សុខា ចាន់",
    "fa": "فاطمه رضایی",
    "hmn": "Maiv Yaj",
    "ko": "김지은",
    "lo": "ສົມພອນ ວົງສາ",
    "ru": "Елена Соколова",
    "tl": "Maria Reyes",
    "vi": "Nguyễn Thị Hương",
    "ja": "山田花子",
    "pa": "ਗੁਰਪ੍ਰੀਤ ਕੌਰ",
    "pt": "Conceição Araújo",
    "uk": "Олена Шевченко",
}


@pytest.fixture(autouse=True)
def speaking(app: Flask) -> Iterator[None]:
    """Papers are made where the words of an application are at hand."""
    with app.app_context():
        yield


@pytest.fixture
def key(make_key: MakeKey) -> KeyInHand:
    """The institute's document key."""
    return make_key(KeyPurpose.DOCUMENT)


def run(*command: str | Path) -> str:
    """Return what a program says; it must succeed."""
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def words_of(path: Path) -> str:
    """Return the text of a file, in reading order."""
    return " ".join(run("pdftotext", "-enc", "UTF-8", path, "-").split())


def tags_of(element: Any) -> Iterator[Any]:
    """Yield the structure elements below one, in order."""
    if isinstance(element, pikepdf.Array):
        for child in element:
            yield from tags_of(child)
    elif isinstance(element, pikepdf.Dictionary) and "/S" in element:
        yield element
        if "/K" in element:
            yield from tags_of(element.K)


def assert_fit_for_archives(content: bytes, path: Path) -> None:
    """Check everything that a signed file promises."""
    path.write_bytes(content)
    assert len(content) < LARGEST
    with pikepdf.open(path) as pdf:
        with pdf.open_metadata() as metadata:
            assert (metadata.pdfa_status, metadata["pdfuaid:part"]) == ("3A", "1")
        assert bool(pdf.Root.ViewerPreferences.DisplayDocTitle)
        assert bool(pdf.Root.MarkInfo.Marked)
        assert pdf.Root.OutputIntents[0].S == "/GTS_PDFA1"
        assert pdf.Root.Perms.DocMDP.Reference[0].TransformParams.P == 1
        assert {str(page.obj.Tabs) for page in pdf.pages} == {"/S"}
        for page in pdf.pages:
            for font in page.resources.Font.values():
                descriptor = font.DescendantFonts[0].FontDescriptor
                assert "/ToUnicode" in font
                assert "/FontFile2" in descriptor or "/FontFile3" in descriptor
        for table in [one for one in tags_of(pdf.Root.StructTreeRoot.K) if one.S == "/Table"]:
            assert [str(part.S) for part in table.K].count("/THead") <= 1
    said = run("pdfsig", path)
    assert "Signature is Valid" in said
    assert "Total document signed" in said
    assert "No syntax or stream encoding errors" in run("qpdf", "--check", path)
    checked = subprocess.run(
        [Path(sys.executable).with_name("outloud"), "--quiet", path],
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.returncode == 0, checked.stdout


@pytest.mark.parametrize(
    ("locale", "second", "kind"),
    [
        ("en", "es", PaperKind.TRANSCRIPT),
        ("ar", "en", PaperKind.TRANSCRIPT),
        ("zh_Hant", "vi", PaperKind.COMPLETION_FORM),
    ],
)
def test_a_paper_is_fit_for_archives_and_read_in_both_of_its_languages(
    key: KeyInHand, tmp_path: Path, locale: str, second: str, kind: PaperKind
) -> None:
    path = tmp_path / "paper.pdf"
    facts = record(locale=locale, second_locale=second)
    assert_fit_for_archives(make_paper(facts, kind, document_key=key), path)
    with pikepdf.open(path) as pdf:
        spoken = {str(one.Lang) for one in tags_of(pdf.Root.StructTreeRoot.K) if "/Lang" in one}
    assert {tag.replace("_", "-") for tag in (locale, second)} <= spoken
    said = words_of(path)
    for words in (PROGRAMME, PORTFOLIO):
        for language in (locale, second):
            if language != "ar":  # right to left, lines come out as they stand
                assert "".join(words.in_(language).split()) in "".join(said.split())
    assert facts.serial in said


def test_a_form_of_two_languages_is_one_sheet_and_a_transcript_says_whose_it_is_on_each(
    tmp_path: Path,
) -> None:
    facts = record(locale="ar", second_locale="en")
    with pikepdf.open(io.BytesIO(typeset_paper(facts, PaperKind.COMPLETION_FORM))) as pdf:
        assert len(pdf.pages) == 1
    path = tmp_path / "paper.pdf"
    path.write_bytes(typeset_paper(record(), PaperKind.TRANSCRIPT))
    with pikepdf.open(path) as pdf:
        pages = len(pdf.pages)
    assert pages > 1
    for page in range(1, pages + 1):
        said = run("pdftotext", "-f", str(page), "-l", str(page), path, "-")
        assert "Lucía Fernández Ortega" in said
        assert f"{page}/{pages}" in "".join(said.split())


@pytest.mark.parametrize("locale", list(NAMES))
def test_a_name_in_each_script_can_be_read_from_a_form(tmp_path: Path, locale: str) -> None:
    path = tmp_path / "paper.pdf"
    facts = record(
        name=NAMES[locale], locale=locale, second_locale="en", evidence=(), by_month=(), paper=Paper.LETTER
    )
    path.write_bytes(typeset_paper(facts, PaperKind.COMPLETION_FORM))
    with pikepdf.open(path) as pdf:
        assert len(pdf.pages) == 1
        assert NAMES[locale] in str(pdf.docinfo["/Title"])
    if locale not in {
        "km",
        "fa",
        "lo",
        "pa",
    }:  # programs put these letters in the order in which they are drawn
        assert NAMES[locale].replace(" ", "") in words_of(path).replace(" ", "")


def test_a_logo_stands_whole_in_its_room_whatever_its_shape() -> None:
    for ratio in (4.0, 0.25):
        image = Image.new("RGB", (int(100 * ratio), 100), "#592c62")
        data = io.BytesIO()
        image.save(data, "PNG")
        look = PageLook(logo=Picture(data.getvalue(), "image/png", ratio), primary="#0b5a2c")
        facts = record(look=look, footer=Localised.of({"en": "A project of the Valley"}))
        with pikepdf.open(io.BytesIO(typeset_paper(facts, PaperKind.COMPLETION_FORM))) as pdf:
            assert len(pdf.pages) == 1


def test_equal_facts_are_typeset_to_equal_bytes_and_others_are_not() -> None:
    first, second = (typeset_paper(record(), PaperKind.COMPLETION_FORM) for _ in range(2))
    assert first == second
    assert typeset_paper(record(name="Ana"), PaperKind.COMPLETION_FORM) != first


def test_a_record_of_a_coach_without_a_cohort_leaves_out_what_there_is_not(
    make_record: Callable[..., RecordFacts],
) -> None:
    bare = make_record(
        programme=None, cohort=None, enrolled=None, site=None, by_kind=(), by_mode=(), by_month=(), modules=(),
        evidence=(), meetings=(), minutes=0, one_to_one=0, second_locale=None,
    )  # fmt: skip
    sheet = transcript(bare)
    assert [part.heading[0].text for part in sheet.parts if part.table is None] == ["What the level asks for"]
    assert "Cohort" not in {label[0].text for label, _ in sheet.facts}


def test_sums_are_what_the_award_rests_on_whatever_the_sessions_add_up_to(
    make_record: Callable[..., RecordFacts],
) -> None:
    sheet = transcript(make_record(second_locale=None))
    table = next(part.table for part in sheet.parts if part.table is not None)
    assert table.sums[-1].words[0].text == "45 h 30 min"
    assert [row[0].words[0].text for row in table.rows][-1] == "Rounding and later changes"
    exact = transcript(make_record(second_locale=None, minutes=2740))
    table = next(part.table for part in exact.parts if part.table is not None)
    assert "Rounding and later changes" not in [row[0].words[0].text for row in table.rows]


def test_words_of_others_are_printed_as_they_are_and_never_read_as_markup() -> None:
    name = "<script>alert(1)</script> & {{ 7*7 }}"
    content = typeset_paper(record(cohort=Localised.of({"en": name})), PaperKind.COMPLETION_FORM)
    with pikepdf.open(io.BytesIO(content)) as pdf:
        assert "/JavaScript" not in pdf.Root


@pytest.fixture
def make_record() -> Callable[..., RecordFacts]:
    """Make the facts of a record."""
    return record
