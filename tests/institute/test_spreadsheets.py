"""Tables for spreadsheets: nothing in them acts, and everything comes back."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from institute.spreadsheets import csv_lines, shielded, unshielded

ACTING = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    " =1",
    "\u200b=1",
    "＝1",
    "＋1",
    "－1",
    "＠1",
    "﹦1",
    "−1",
]


@pytest.mark.parametrize("text", ACTING)
def test_what_a_spreadsheet_would_run_begins_with_an_apostrophe(text: str) -> None:
    assert shielded(text) == "'" + text


@pytest.mark.parametrize("text", ["", "Lucía", "1 = 1", "a-b", "陳美玲", "'tis", "أمينة"])
def test_what_acts_in_no_spreadsheet_stays_as_it_is(text: str) -> None:
    assert shielded(text) == text


@given(st.text(st.sampled_from("'=+-@\t\r\n ＝a1")))
def test_every_text_comes_back(text: str) -> None:
    assert unshielded(shielded(text)) == text


def test_a_file_has_a_mark_quoted_texts_and_bare_numbers() -> None:
    whole = "".join(csv_lines(["name", "minutes"], [("=2+5\0", 75), (None, -3), ('a;"=1"', 0)]))
    assert whole == '\ufeff"name","minutes"\r\n"\'=2+5",75\r\n"",-3\r\n"a;""=1""",0\r\n'


@given(st.lists(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])), min_size=1))
def test_rows_are_read_back_as_they_were(texts: list[str]) -> None:
    whole = "".join(csv_lines(["text"], ([text] for text in texts))).removeprefix("\ufeff")
    _, *rows = csv.reader(io.StringIO(whole, newline=""))
    assert [unshielded(row[0]) for row in rows] == texts
