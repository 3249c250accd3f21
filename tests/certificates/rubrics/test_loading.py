"""Policies, competencies, minimums and examples of ``rubrics.toml``: read strictly, and told with the place."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from certificates.rubrics.errors import ExamplesUnevenError, MinimumError, NearCutError, RubricUnevenError
from certificates.rubrics.loading import read_rubrics
from certificates.rubrics.policies import SINGLE, USUAL, Policy, Releasing, change_policy
from courses.loading.tables import FolderError
from institute.paths import ROOT

WHOLE = """
source_language = "en"
[policy]
share = 5
[[level]]
name.en = "Begins"
[[level]]
name.en = "Meets"
[[rubric]]
key = "plan"
cut = "3/2"
title.en = "Plan"
[rubric.policy]
near_cut = "none"
releasing = "lead"
[[rubric.criterion]]
key = "vision"
element = "care/c1"
minimum = 2
title.en = "Vision"
descriptor = [{ en = "None" }, { en = "Shared" }]
example = [{}, { en = "A poster by all" }]
"""


def _write(folder: Path, text: str) -> Path:
    (folder / "rubrics.toml").write_text(text, encoding="utf-8")
    return folder


def test_a_rubric_says_its_policy_and_what_its_criteria_prove(tmp_path: Path) -> None:
    (rubric,) = read_rubrics(_write(tmp_path, WHOLE))
    wanted = {"share": 5, "near_cut": None, "releasing": Releasing.LEAD}
    assert rubric.policy == change_policy(USUAL, wanted)
    assert rubric.cut == Fraction(3, 2)
    (criterion,) = rubric.criteria
    assert (criterion.element, criterion.minimum) == ("care/c1", 2)
    assert [None if one is None else str(one.texts["en"]) for one in criterion.examples] == [
        None,
        "A poster by all",
    ]


def test_the_sample_has_one_rater_but_where_a_certificate_rests_on_it() -> None:
    policies: dict[str, Policy] = {one.key: one.policy for one in read_rubrics(ROOT / "courses" / "sample")}
    wanted = {"leadership-plan": SINGLE, "reflection-assessment": SINGLE, "practice-change": USUAL}
    assert {key: policies[key] for key in wanted} == wanted


@pytest.mark.parametrize(
    ("old", "new", "error"),
    [
        ("share = 5", "share = 101", FolderError),
        ("share = 5", "share = -1", FolderError),
        ("share = 5", 'share = "5"', FolderError),
        ("share = 5", "raters = 3", FolderError),
        ("share = 5", "gap = 0", FolderError),
        ("share = 5", "retakes = 1", FolderError),
        ("share = 5", "colour = 1", FolderError),
        ('releasing = "lead"', 'releasing = "nobody"', FolderError),
        ('near_cut = "none"', 'near_cut = "4"', NearCutError),
        ('near_cut = "none"', 'near_cut = "1e999999999"', NearCutError),
        ('element = "care/c1"', 'element = "care"', FolderError),
        ('element = "care/c1"', 'element = "Care/C 1"', FolderError),
        ("minimum = 2", "minimum = 3", MinimumError),
        ("minimum = 2", "minimum = 0", FolderError),
        ('example = [{}, { en = "A poster by all" }]', "example = [{}]", ExamplesUnevenError),
        ('example = [{}, { en = "A poster by all" }]', 'example = [{}, { es = "x" }]', FolderError),
        ('{ en = "Shared" }', '{ en = "Shared" }, { en = "x" }', RubricUnevenError),
        ('[[level]]\nname.en = "Meets"', '[[level]]\nname.en = "x"\n' * 9, RubricUnevenError),
    ],
)
def test_what_is_written_wrong_is_refused_with_a_sentence(
    tmp_path: Path, old: str, new: str, error: type[Exception]
) -> None:
    assert old in WHOLE
    with pytest.raises(error) as refused:
        read_rubrics(_write(tmp_path, WHOLE.replace(old, new)))
    assert "rubrics.toml" in refused.value.text  # type: ignore[attr-defined]


def test_an_institute_without_rubrics_has_none(tmp_path: Path) -> None:
    assert read_rubrics(tmp_path) == []
