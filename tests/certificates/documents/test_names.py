"""A name is checked before anything is approved, and the administrator is told what to do."""

from __future__ import annotations

import unicodedata

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st

from certificates.documents.fitting import (
    CertificateNameError,
    NameMissingError,
    NameOrphanMarkError,
    NameTooLongError,
    NameUnprintableError,
    check_name,
    setting,
)

SIXTY = "María del Carmen de la Concepción Fernández-Villaverde y Rui"


def test_a_name_is_composed_and_loses_what_cannot_be_seen() -> None:
    assert check_name("  Jose\u0301\u200b \t Mari\u0301a\x00 ") == "José María"


@pytest.mark.parametrize("turn", ["\u202e", "\u2066", "\u200f", "\ufeff", "\u2028"])
def test_a_name_cannot_turn_the_line_it_stands_on(turn: str) -> None:
    assert turn not in check_name(f"Ann{turn}a Lee")


def test_persian_names_keep_their_joiners() -> None:
    assert check_name("علی\u200cرضا") == "علی\u200cرضا"


@pytest.mark.parametrize("name", ["", "   ", "\x00", "\u200d", "\ud800", "...", "—"])
def test_no_name_is_refused(name: str) -> None:
    with pytest.raises(NameMissingError):
        check_name(name)


@pytest.mark.parametrize("name", ["\u0301", "\u0301\u0302", "A \u0301nna", "Z" + "\u0301" * 40])
def test_marks_without_a_letter_are_refused(name: str) -> None:
    with pytest.raises(NameOrphanMarkError):
        check_name(name)


@pytest.mark.parametrize("name", ["x" * 400, "陳" * 60, "W" * 45, SIXTY + " " + SIXTY, "a" * 10**6])
def test_what_two_lines_do_not_hold_is_refused(name: str) -> None:
    with pytest.raises(NameTooLongError):
        check_name(name)


@pytest.mark.parametrize("name", ["Ann 😀", "Ann \U0001f1fa\U0001f1f8", "\U00012000", "Ann \u2620\ufe0f"])
def test_letters_without_a_glyph_are_refused_and_shown(name: str) -> None:
    with pytest.raises(NameUnprintableError) as refused:
        check_name(name)
    assert refused.value.facts["characters"][0] in name


def test_each_refusal_says_what_to_do(app: Flask) -> None:
    for kind in CertificateNameError.__subclasses__():
        assert str(kind.advice)
        assert str(kind.sentence)


def test_a_long_name_steps_down_before_it_wraps() -> None:
    sizes = [setting(name) for name in ("Mei-Ling Chen", "Wilhelmina Fitzgerald-Montgomery", SIXTY)]
    assert [found.size for found in sizes if found] == [41, 34, 28]
    assert [len(found.lines) for found in sizes if found] == [1, 1, 2]


def test_a_wrapped_name_loses_nothing_and_its_lines_are_alike() -> None:
    found = setting(SIXTY)
    assert found is not None
    assert " ".join(found.lines) == SIXTY
    assert max(map(len, found.lines)) < 1.5 * min(map(len, found.lines))


@settings(deadline=None)
@given(st.text(max_size=80))
def test_any_text_is_either_printable_or_refused_in_words(text: str) -> None:
    try:
        name = check_name(text)
    except CertificateNameError:
        return
    assert name == unicodedata.normalize("NFC", name)
    assert name == check_name(name)
    assert setting(name) is not None
