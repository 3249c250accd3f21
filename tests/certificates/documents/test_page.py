"""Where words stand on the page: nothing overlaps, nothing leaves its place, whatever the name, paper and direction."""

from __future__ import annotations

import itertools
import json
import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from certificates.documents.certificate import CertificateFacts, Paper, Signatory
from certificates.documents.fitting import check_name
from certificates.documents.layout import Box, PageError, boxes, lay_out
from certificates.documents.places import CODE_SIZE, places_of
from certificates.documents.typesetting import typeset
from institute.i18n import Localised
from tests.certificates.documents.conftest import MakeFacts

SIXTY = "María del Carmen de la Concepción Fernández-Villaverde y Rui"
ARABIC = "عبد الرحمن بن محمد بن عبد العزيز آل سعود الهاشمي القرشي"
LONG_TITLE = Localised.of(
    {"en": "Certified Instructional Leadership Coach for Early Learning and Care, Mentor level"}
)

CASES: dict[str, dict[str, Any]] = {
    "short": {},
    "one language": {"second_locale": None, "second_name": None},
    "sixty letters": {"name": SIXTY, "second_name": None},
    "two long names": {"name": SIXTY, "second_name": "Abd al-Rahman ibn Muhammad ibn Abd al-Aziz Al Saud"},
    "right to left": {"name": ARABIC, "locale": "ar", "second_locale": "en", "second_name": "Farah Aziz"},
    "long title": {"name": SIXTY, "title": LONG_TITLE, "second_name": "陳美玲"},
    "many syllables": {"name": "ស៊ុន វិសាល", "locale": "km", "second_locale": "vi", "second_name": None},
    "no hours": {"minutes": 0, "raters": 0, "valid_until": None},
    "long address": {"verify_address": "coaching.valley-institute.example/verify/7Q2KM9XDPLW4"},
    "one signatory": {
        "signatories": (
            Signatory(
                "Dr. Maria Theresia von Hohenstein-Ellison",
                Localised.of({"en": "Director of Certification and Professional Learning"}),
            ),
        )
    },
}


@pytest.mark.parametrize("paper", list(Paper))
@pytest.mark.parametrize("case", CASES)
def test_no_words_overlap_and_none_leaves_the_frame(make_facts: MakeFacts, case: str, paper: Paper) -> None:
    facts = make_facts(**CASES[case], paper=paper)
    assert_composed(facts)


def assert_composed(facts: CertificateFacts) -> None:
    """Assert that no words overlap, touch seal, code or logo, or leave the place that they have on the sheet."""
    placed = boxes(lay_out(facts))
    places = places_of(facts)
    lines = [box for box in placed if ":" in box.kind]
    check = next(box for box in placed if box.kind == "check")
    across, down, half = *places.seal, places.seal_size / 2
    left = places.margin if places.mirrored else places.width - places.margin - CODE_SIZE
    things = [
        Box("seal", across - half, down - half, across + half, down + half),
        Box("code", left, check.top - 1.4 - CODE_SIZE, left + CODE_SIZE, check.top - 1.4),
        *(box for box in placed if box.kind == "logo"),
    ]
    for one, other in itertools.combinations([*lines, *things], 2):
        assert apart(one, other), f"{one} overlaps {other}"
    for line in lines:
        assert places.left < line.left
        assert line.right < places.right
        assert line.top > 12
        assert line.bottom <= places.floor


def apart(one: Box, other: Box, slack: float = 0.3) -> bool:
    """Return whether two boxes are apart, but for the empty edge that lines of type share."""
    return (
        one.right <= other.left + slack
        or other.right <= one.left + slack
        or one.bottom <= other.top + slack
        or other.bottom <= one.top + slack
    )


@pytest.mark.parametrize("locale", ["en", "ar"])
def test_the_code_stands_clear_of_words_at_the_end_of_the_line(make_facts: MakeFacts, locale: str) -> None:
    placed = boxes(lay_out(make_facts(locale=locale, second_locale="es", second_name=None)))
    check = next(box for box in placed if box.kind == "check")
    left = 35 if locale == "ar" else 297 - 35 - CODE_SIZE
    code = Box("code", left, check.top - 1.4 - CODE_SIZE, left + CODE_SIZE, check.top - 1.4)
    assert all(apart(line, code) for line in placed if ":" in line.kind)
    assert (check.left < 148) == (locale == "ar")


def test_a_name_that_was_accepted_always_fits(make_facts: MakeFacts) -> None:
    """The widest names that the check lets through, in several scripts."""
    for letter in ("m", "W", "ж", "陳", "ក", "ع", "ਕ", "Մ"):
        name = longest(letter)
        for paper in Paper:
            placed = boxes(lay_out(make_facts(name=name, second_name=None, paper=paper)))
            assert sum(box.kind == "name:line" for box in placed) <= 2


def longest(letter: str) -> str:
    """Return the longest name of words of one letter that the check accepts."""
    count = 1
    while True:
        try:
            check_name(" ".join([letter * 7] * (count + 1)))
        except Exception:  # noqa: BLE001 - whichever refusal comes first ends the search
            return " ".join([letter * 7] * count)
        count += 1


def test_words_that_cannot_be_set_are_refused_rather_than_cut(make_facts: MakeFacts) -> None:
    endless = Localised.of({"en": "Coach " * 120})
    with pytest.raises(PageError):
        lay_out(make_facts(title=endless))


def test_letters_without_a_glyph_are_refused_rather_than_drawn_as_boxes(make_facts: MakeFacts) -> None:
    with pytest.raises(PageError, match=r"U\+1F600"):
        lay_out(make_facts(verify_address="certificates.example/😀"))


def test_markup_in_a_name_is_only_text(make_facts: MakeFacts, tmp_path: Path) -> None:
    path = tmp_path / "page.pdf"
    facts = make_facts(name="<b>Ann</b> & </h1>", second_name=None)
    path.write_bytes(typeset(facts, credential=b"{}", credential_name="a.json"))
    assert "<b>Ann</b> & </h1>" in text_of(path)


def test_the_code_opens_the_verification_page(
    make_facts: MakeFacts, make_document: Callable[[CertificateFacts], bytes], tmp_path: Path
) -> None:
    """Its squares are those that the address encodes to; the address also stands in the credential."""
    path = tmp_path / "page.pdf"
    path.write_bytes(make_document(make_facts()))
    subprocess.run(["pdfdetach", "-save", "1", "-o", tmp_path / "badge.json", path], check=True)  # noqa: S607
    assert json.loads((tmp_path / "badge.json").read_text())["id"] == make_facts().verify_url
    assert "certificates.example/verify" in text_of(path)


def text_of(path: Path) -> str:
    """Return a page's text as a reader copies it, its spaces made single."""
    said = subprocess.run(["pdftotext", path, "-"], capture_output=True, text=True, check=True).stdout  # noqa: S607
    return re.sub(r"\s+", " ", said)
