"""Names in every script that families of our institutes write, with their own glyphs, readable as text."""

from __future__ import annotations

import io
import re
import subprocess
import unicodedata
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from certificates.documents.fitting import check_name
from certificates.documents.typesetting import typeset
from institute.printing.scripts import direction_of, families, language_of
from tests.certificates.documents.conftest import MakeFacts

# Locale, name, and the family that must draw it.
NAMES = {
    "en": ("Mei-Ling Chen", "Noto-Serif-Display"),
    "es": ("Lucía Fernández Íñigo", "Noto-Serif-Display"),
    "vi": ("Nguyễn Thị Ánh Tuyết", "Noto-Serif-Display"),
    "zh_Hans": ("陈美玲", "Noto-Serif-CJK-SC"),
    "zh_Hant": ("陳美玲", "Noto-Serif-CJK-TC"),
    "ko": ("김민준", "Noto-Serif-CJK-KR"),
    "tl": ("Corazón Dimaculangan", "Noto-Serif-Display"),
    "hy": ("Անահիտ Պետրոսյան", "Noto-Serif-Armenian"),
    "pa": ("ਹਰਪ੍ਰੀਤ ਕੌਰ", "Noto-Serif-Gurmukhi"),
    "km": ("ស៊ុន វិសាល", "Noto-Serif-Khmer"),
    "ar": ("فرح عزيز", "Noto-Naskh-Arabic"),
    "fa": ("محمدرضا آقاجانی", "Noto-Naskh-Arabic"),
    "ru": ("Екатерина Пожидаева", "Noto-Serif-Display"),
    "hmn": ("Nkauj Hnub Vaj", "Noto-Serif-Display"),
    "ja": ("山田はなこ", "Noto-Serif-CJK-JP"),
    "lo": ("ສົມໃຈ ວົງສາ", "Noto-Serif-Lao"),
    "uk": ("Олена Ґудзь", "Noto-Serif-Display"),
    "pt": ("João Gonçalves", "Noto-Serif-Display"),
}
# The marks of these are drawn in another order than they are written: the credential holds the name as text.
REORDERED = {"km", "pa", "lo"}


@pytest.mark.parametrize("locale", NAMES)
def test_a_name_is_drawn_by_its_scripts_face_and_can_be_read_as_text(
    make_facts: MakeFacts, locale: str, tmp_path: Path
) -> None:
    name, family = NAMES[locale]
    assert check_name(name) == unicodedata.normalize("NFC", name)
    facts = make_facts(name=name, locale=locale, second_locale="en", second_name=None)
    content = typeset(facts, credential=b"{}", credential_name="open-badge.json")
    with pikepdf.open(io.BytesIO(content)) as pdf:
        fonts = pdf.pages[0].resources.Font
        assert any(str(font.BaseFont).endswith(f"+{family}") for font in fonts.values())
        assert not undefined_glyphs(pdf.pages[0])
        assert pdf.Root.Lang in {locale.replace("_", "-"), "en", "zh-Hant"}
    path = tmp_path / "page.pdf"
    path.write_bytes(content)
    said = subprocess.run(["pdftotext", path, "-"], capture_output=True, text=True, check=True).stdout  # noqa: S607
    if locale in REORDERED:
        assert set(name) - {" "} <= set(said)
    else:
        assert bare(name) in bare(said)


def bare(text: str) -> str:
    """Return a text as it compares: composed, without the marks that only say which way it runs."""
    kept = (letter for letter in unicodedata.normalize("NFKC", text) if unicodedata.category(letter) != "Cf")
    return re.sub(r"\s+", " ", "".join(kept))


def undefined_glyphs(page: pikepdf.Page) -> list[str]:
    """Return the strings of a page that draw glyph 0, which stands for a letter that a face does not have."""
    found = []
    for drawn in pikepdf.parse_content_stream(page):
        operands: Any = drawn.operands
        if str(drawn.operator) not in {"Tj", "TJ"}:
            continue
        pieces = operands[0] if isinstance(operands[0], pikepdf.Array) else [operands[0]]
        for piece in pieces:
            if isinstance(piece, pikepdf.String):
                codes = bytes(piece)
                found += [
                    codes[at : at + 2].hex()
                    for at in range(0, len(codes), 2)
                    if codes[at : at + 2] == b"\0\0"
                ]
    return found


@pytest.mark.parametrize(
    ("text", "locale", "language"),
    [
        ("Anna", "es", "es"),
        ("陳美玲", "en", "zh-Hant"),
        ("陈美玲", "zh_Hans", "zh-Hans"),
        ("山田", "ja", "ja"),
        ("فرح", "en", "ar"),
        ("فرح", "fa", "fa"),
        ("Олена", "uk", "uk"),
        ("Олена", "vi", "ru"),
        ("123", "en", "en"),
        ("Ruth Ellison", "ar", "ar-Latn"),
        ("Ruth Ellison", "zh_Hant", "zh-Latn"),
    ],
)
def test_a_names_language_is_the_holders_unless_its_script_says_otherwise(
    text: str, locale: str, language: str
) -> None:
    assert language_of(text, locale) == language


def test_arabic_and_persian_run_from_the_right() -> None:
    assert [direction_of(tag) for tag in ("ar", "fa", "ar-Latn", "km")] == ["rtl", "rtl", "ltr", "ltr"]


def test_chinese_japanese_and_korean_ask_their_own_face_first() -> None:
    assert families("ko", display=True).startswith('"Noto Serif CJK KR"')
    assert families("en", display=True).startswith('"Noto Serif Display"')
