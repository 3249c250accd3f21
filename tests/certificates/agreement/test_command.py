"""``flask --app wsgi certificates agreement FILE.csv``: strict reading, every figure as JSON."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import certificates
import courses
import lti
from institute.app import create_app
from institute.config import Settings

Run = Callable[[bytes | str], tuple[int, str]]


@pytest.fixture
def run(app: Flask, tmp_path: Path) -> Run:
    """Write a file and run the command on it: the status and everything that it said."""

    def call(data: bytes | str) -> tuple[int, str]:
        file = tmp_path / "ratings.csv"
        file.write_bytes(data if isinstance(data, bytes) else data.encode())
        result = app.test_cli_runner().invoke(args=["certificates", "agreement", str(file)])
        assert result.exception is None or isinstance(result.exception, SystemExit)
        return result.exit_code, result.output

    return call


def paper(*rows: str) -> str:
    """Return a file with the usual header."""
    return "\r\n".join(("unit,rater,rating", *rows)) + "\r\n"


def said(run: Run, data: bytes | str) -> dict[str, Any]:
    """Return the document that the command prints."""
    status, text = run(data)
    assert status == 0, text
    document: dict[str, Any] = json.loads(text)
    return document


def test_the_worked_pair_has_all_figures(run: Run) -> None:
    one, other = "3342534423", "3442432433"
    rows = [
        f"p{unit},{rater},{value}"
        for rater, values in (("a", one), ("b", other))
        for unit, value in enumerate(values)
    ]
    document = said(run, paper(*rows))
    assert (document["units"], document["ratings"], document["raters"]) == (10, 20, ["a", "b"])
    assert (document["exact"], document["adjacent"], document["exact_plus_adjacent"]) == (0.6, 0.3, 0.9)
    assert document["cohen_kappa"] == pytest.approx(0.4118, abs=5e-5)
    assert document["linear_weighted_kappa"] == pytest.approx(0.4444, abs=5e-5)
    assert document["quadratic_weighted_kappa"] == pytest.approx(0.4928, abs=5e-5)
    assert document["krippendorff_alpha"]["ordinal"] == pytest.approx(0.5322, abs=5e-5)
    assert document["mean_signed_difference"] == {"a": 0.1, "b": -0.1}
    assert document["not_computable"] == {}


def test_three_raters_with_gaps_have_alpha_and_their_pairs(run: Run) -> None:
    rows = ("* * * * * 3 4 1 2 1 1 3 3 * 3", "1 * 2 1 3 3 4 3 * * * * * * *", "* * 2 1 3 4 4 * 2 1 1 3 3 * 4")
    document = said(
        run,
        paper(
            *(
                f"{unit},coder {rater},{value}"
                for rater, row in enumerate(rows, 1)
                for unit, value in enumerate(row.split())
                if value != "*"
            )
        ),
    )
    assert document["krippendorff_alpha"] == pytest.approx(
        {"nominal": 0.691358, "ordinal": 0.806721, "interval": 0.810845, "ratio": 0.808944}, abs=5e-7
    )
    assert document["cohen_kappa"] is None
    assert "pairs" in document["not_computable"]["cohen_kappa"]
    assert [pair["raters"] for pair in document["pairs"]] == [
        ["coder 1", "coder 2"], ["coder 1", "coder 3"], ["coder 2", "coder 3"],
    ]  # fmt: skip


def test_no_variation_is_not_computable_and_is_said(run: Run) -> None:
    document = said(run, paper("1,a,3", "1,b,3", "2,a,3", "2,b,3"))
    assert document["exact"] == 1
    assert document["cohen_kappa"] is None
    assert document["krippendorff_alpha"]["ordinal"] is None
    assert document["not_computable"]["cohen_kappa"] == "the ratings do not vary"


@pytest.mark.parametrize(
    "data",
    [
        "rating,unit,rater\n3,u,a\n3.0,u,b\n",
        "\ufeffunit,rater,rating\r\nu,a,3\r\n\r\nu,b,3\r\n",
        'Unit, RATER ,rating\n"u",a, 3\nu,b,3\n',
    ],
    ids=["other order", "byte order mark", "blanks and quotes"],
)
def test_the_order_of_columns_blanks_and_marks_make_no_difference(run: Run, data: str) -> None:
    document = said(run, data)
    assert (document["exact"], document["levels"]) == (1, [3])


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ("", "empty"),
        ("unit,rater,rating\n", "no row"),
        ("unit,rater\nu,a\n", "rating"),
        ("unit,rater,rating,note\nu,a,3,x\n", "note"),
        ("unit;rater;rating\nu;a;3\n", ""),
        (paper("u,a"), "line 2"),
        (paper("u,a,"), "line 2, rating: Write something here"),
        (paper(",a,3"), "line 2, unit: Write something here"),
        (paper("u,a,three"), "line 2, rating: three is no rating"),
        (paper("u,a,1e3"), "1e3 is no rating"),
        (paper("u,a,nan"), "nan is no rating"),
        (paper("u,a,٣"), "is no rating"),
        (paper('u,a,"3,5"'), "3,5 is no rating"),
        (paper("u,a,1" + "0" * 30), "is no rating"),
        (paper("u,a,3", "v,a,3", "u,a,4"), "line 4, rater: a rated u on line 2 already"),
        (b"unit,rater,rating\nu,a\x00,3\n", "line 2"),
        (b"unit,rater,rating\nu,a\xff,3\n", "line 2"),
        ('unit,rater,rating\nu,"a,3\n', "line 2"),
    ],
)
def test_what_is_wrong_is_told_with_its_line_and_nothing_is_computed(
    run: Run, data: bytes | str, sentence: str
) -> None:
    status, text = run(data)
    assert status == 1
    assert sentence in text
    assert "{" not in text


def test_every_fault_is_told_at_once(run: Run) -> None:
    _, text = run(paper(*(f"u{number},a,x" for number in range(60))))
    assert text.count("is no rating") == 50
    assert "And 10 more." in text


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.binary(max_size=60))
def test_no_bytes_break_the_command(run: Run, data: bytes) -> None:
    status, _ = run(b"unit,rater,rating\n" + data)
    assert status in (0, 1)


def test_it_needs_no_database(tmp_path: Path) -> None:
    settings = Settings.from_environment({"DATA_DIR": str(tmp_path / "data")})
    app = create_app(courses, certificates, lti, settings=settings)
    file = tmp_path / "ratings.csv"
    file.write_text(paper("u,a,1", "u,b,2"), "utf-8")
    result = app.test_cli_runner().invoke(args=["certificates", "agreement", str(file)])
    assert result.exit_code == 0, result.output
    assert not (tmp_path / "data" / "institute.sqlite3").exists()
