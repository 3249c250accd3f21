"""The same by command: dry or for good, each row once, mistakes with their lines."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from tests.courses.exchange.conftest import Desk, paper, row

Run = Callable[..., tuple[int, str]]


@pytest.fixture
def run(app: Flask, desk: Desk, tmp_path: Path) -> Run:
    """Write a file and run the command on it: the status and everything that it said."""

    def call(data: bytes, *options: str, command: str = "import-sessions") -> tuple[int, str]:
        file = tmp_path / "sessions.csv"
        file.write_bytes(data)
        result = app.test_cli_runner().invoke(args=["courses", command, str(file), *options])
        return result.exit_code, result.output

    return call


def test_five_hundred_sessions_twice_are_five_hundred(run: Run, desk: Desk) -> None:
    people = ("lucia", "mei", "hoa")
    rows = (row(number, participant=f"{people[number % 3]}@example.test") for number in range(500))
    data = paper(*rows)
    assert run(data) == (0, "Added 500; in already: 0; 0 left out.\n")
    assert run(data) == (0, "Added 0; in already: 500; 0 left out.\n")
    assert desk.logs() == 500


def test_a_dry_run_says_what_would_happen_and_changes_nothing(run: Run, desk: Desk) -> None:
    status, said = run(paper(row(1)), "--dry-run")
    assert (status, desk.logs()) == (0, 0)
    assert said == ("Would add 1; in already: 0; 0 to be mended.\nNothing was changed: this was a dry run.\n")


def test_mistakes_are_told_with_their_lines_and_nothing_comes_in(run: Run, desk: Desk) -> None:
    status, said = run(paper(row(1), row(2, mode="telepathy")))
    assert (status, desk.logs()) == (1, 0)
    assert "line 3, mode: “telepathy” is none of the words of this column" in said
    assert "Nothing was brought in" in said


def test_good_rows_alone_come_in_where_that_is_asked_for(run: Run, desk: Desk) -> None:
    status, said = run(paper(row(1), row(2, mode="telepathy")), "--good-rows")
    assert (status, desk.logs()) == (0, 1)
    assert "Added 1; in already: 0; 1 left out." in said


def test_formats_are_declared(run: Run, desk: Desk) -> None:
    data = paper(row(1, date="10/02/2026", begins="8:00 am", ends="8:30 a.m."), delimiter="\t")
    options = ("--dates", "mdy", "--times", "12", "--delimiter", "tab", "--zone", "America/New_York")
    assert run(data, *options)[0] == 0
    assert run(data)[0] == 1


def test_only_an_administrator_vouches(run: Run, desk: Desk) -> None:
    status, said = run(paper(row(1)), "--by", "amina@example.test")
    assert (status, desk.logs()) == (1, 0)
    assert "Nobody who is an administrator" in said
    assert run(paper(row(1)), "--by", "Ruth@example.test")[0] == 0


@pytest.mark.parametrize(
    ("size", "sentence"), [(10_000_000, "longer than 20000 characters"), (10_500_000, "larger than 10 MB")]
)
def test_a_file_of_ten_megabytes_is_refused_in_a_sentence(
    run: Run, desk: Desk, size: int, sentence: str
) -> None:
    status, said = run(paper(row(1, notes="x" * size)))
    assert (status, desk.logs()) == (1, 0)
    assert sentence in said
