"""A serial that was typed wrong is noticed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from certificates.documents.serials import MOST, Serial, check_digit, read_serial, serial

serials = st.builds(
    Serial,
    prefix=st.from_regex(r"[A-Z][A-Z0-9]{0,11}", fullmatch=True),
    year=st.integers(1000, 9999),
    number=st.integers(1, MOST),
)


def test_a_serial_names_institute_year_and_number_and_ends_in_a_check_digit() -> None:
    assert serial("VCI", 2026, 418).startswith("VCI-2026-00418-")


def test_the_check_digit_is_damms() -> None:
    """The example of the algorithm's usual description: 572 has the check digit 4."""
    assert check_digit("572") == 4
    assert check_digit("5724") == 0


@given(serials)
def test_every_serial_is_read_back(made: Serial) -> None:
    assert read_serial(str(made)) == made


@given(serials)
def test_people_may_type_small_letters_spaces_and_other_dashes(made: Serial) -> None:
    typed = f"  {str(made).lower().replace('-', ' – ')} "
    assert read_serial(typed) == made


@given(serials, st.data())
def test_every_single_wrong_digit_is_noticed(made: Serial, data: st.DataObject) -> None:
    text = str(made)
    at = data.draw(st.sampled_from([i for i in range(len(made.prefix), len(text)) if text[i].isdigit()]))
    other = data.draw(st.sampled_from([digit for digit in "0123456789" if digit != text[at]]))
    assert read_serial(text[:at] + other + text[at + 1 :]) is None


@given(serials, st.data())
def test_two_neighbours_that_were_swapped_are_noticed(made: Serial, data: st.DataObject) -> None:
    """Also across the hyphens, which people leave out while they read."""
    text = str(made)
    digits = [i for i in range(len(made.prefix), len(text)) if text[i].isdigit()]
    at = data.draw(st.integers(0, len(digits) - 2))
    one, two = digits[at], digits[at + 1]
    if text[one] == text[two]:
        return
    letters = list(text)
    letters[one], letters[two] = letters[two], letters[one]
    assert read_serial("".join(letters)) is None


@given(st.text())
def test_any_text_is_answered_calmly(text: str) -> None:
    assert read_serial(text) is None or str(read_serial(text))


@pytest.mark.parametrize(
    "text", ["", "VCI", "VCI-2026-00418", "VCI-٢٠٢٦-00418-3", "V" * 10**6, "VCI-2026-00000-0"]
)
def test_what_is_no_serial_is_not_read(text: str) -> None:
    assert read_serial(text) is None


def test_a_serial_has_one_form_only() -> None:
    """Leading zeros beyond five digits would give a certificate two serials."""
    digits = "000418"
    assert read_serial(f"VCI-2026-{digits}-{check_digit('2026' + digits)}") is None


@pytest.mark.parametrize(
    ("prefix", "year", "number"),
    [("vci", 2026, 1), ("", 2026, 1), ("V" * 13, 2026, 1), ("VCI", 26, 1), ("VCI", 2026, 0)],
)
def test_no_serial_is_made_of_what_could_not_be_read_back(prefix: str, year: int, number: int) -> None:
    with pytest.raises(ValueError, match="serial"):
        serial(prefix, year, number)
