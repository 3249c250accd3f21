"""Rubrics: read strictly from an institute's folder, kept in versions, and exact where they are counted."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from certificates.rubrics.defining import define_rubric
from certificates.rubrics.errors import CutError, RubricUnevenError
from certificates.rubrics.models import Criterion, CriterionLevel, Rubric
from certificates.scoring.errors import RubricMissingError
from certificates.scoring.models import ScoringTask
from certificates.scoring.sheets.marking import mark_of
from certificates.scoring.wording import figure_of
from courses.loading.institutes import load_institute
from courses.loading.tables import FolderError
from institute.actors import Actor
from institute.i18n import LOCALES
from tests.certificates.scoring.conftest import Desk, Trainer, rubric_draft
from tests.samples import SAMPLE, copy_sample

Rewrite = Callable[[str, str], Path]


@pytest.fixture
def rewrite(tmp_path: Path) -> Rewrite:
    """Copy the sample folder with one change in its rubrics."""

    def change(old: str, new: str) -> Path:
        folder = copy_sample(tmp_path / "folder")
        path = folder / "rubrics.toml"
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        return folder

    return change


def test_the_sample_s_rubrics_are_whole_in_every_language(app: object, session: Session) -> None:
    load_institute(SAMPLE)
    load_institute(SAMPLE)
    session.rollback()
    rubrics = {rubric.key: rubric for rubric in session.scalars(select(Rubric))}
    assert {key: (one.version, one.levels, one.cut, len(one.criteria)) for key, one in rubrics.items()} == {
        "leadership-plan": (1, 4, Fraction(3), 4),
        "reflection-assessment": (1, 4, Fraction(3), 3),
        "practice-change": (1, 4, Fraction(3), 3),
        "portfolio-presentation": (1, 4, Fraction(3), 2),
    }
    texts = [rubric.title for rubric in rubrics.values()]
    texts += [criterion.title for criterion in session.scalars(select(Criterion))]
    for level in session.scalars(select(CriterionLevel)):
        texts += [level.name, level.descriptor]
    assert all(set(text.texts) == set(LOCALES) for text in texts)


def test_a_changed_rubric_is_a_new_version_and_tasks_keep_theirs(
    desk: Desk, trainer: Trainer, asked: Actor, session: Session
) -> None:
    first = session.scalars(select(Rubric)).one().id
    assert define_rubric(rubric_draft(), actor=asked) == first
    second = define_rubric(rubric_draft(criteria=3), actor=asked)
    session.rollback()
    assert session.get_one(Rubric, second).version == 2
    assert session.get_one(ScoringTask, desk.task_id).rubric_id == first
    trainer.visitor.post(f"{desk.path}/take")
    assert "Criterion 3" not in trainer.visitor.get(desk.path).text


@pytest.mark.parametrize(
    "case",
    [
        ('key = "leadership-plan"', 'key = "another-plan"', RubricMissingError),
        ('cut = "3"', 'cut = "5"', CutError),
        ('cut = "3"', 'cut = "0"', CutError),
        ('cut = "3"', 'cut = "1/0"', CutError),
        ('cut = "3"', 'cut = "nan"', CutError),
        ('cut = "3"', 'cut = "3.123456789"', CutError),
        ('cut = "3"', "cut = 3", FolderError),
        ('cut = "3"', 'cut = "3"\ncolour = "red"', FolderError),
        ('key = "shared-vision"', 'key = "Shared vision"', FolderError),
        ('en = "The plan rests on impressions."', 'en = ""', FolderError),
        (
            '[[rubric.criterion.descriptor]]\nen = "A change is announced."',
            "[[rubric.extra]]",
            RubricUnevenError,
        ),
        ('source_language = "en"', "", FolderError),
        ("[[level]]", "[[rubric]]", FolderError),
    ],
)
def test_what_is_written_wrong_is_refused_with_a_sentence(
    app: object, rewrite: Rewrite, session: Session, case: tuple[str, str, type[Exception]]
) -> None:
    old, new, error = case
    with pytest.raises(error):
        load_institute(rewrite(old, new))
    session.rollback()
    assert session.scalars(select(Rubric)).all() == []


def test_a_criterion_without_a_descriptor_for_each_level_is_refused(app: object, rewrite: Rewrite) -> None:
    more = '[[rubric.criterion.descriptor]]\nen = "Too many."\n\n[[rubric.criterion]]\nkey = "goals"'
    with pytest.raises(RubricUnevenError):
        load_institute(rewrite('[[rubric.criterion]]\nkey = "goals"', more))


def test_two_criteria_of_one_key_are_refused(app: object, rewrite: Rewrite) -> None:
    with pytest.raises(FolderError):
        load_institute(rewrite('key = "goals"', 'key = "shared-vision"'))


def test_two_rubrics_of_one_key_are_refused(app: object, rewrite: Rewrite) -> None:
    with pytest.raises(FolderError):
        load_institute(rewrite('key = "practice-change"', 'key = "leadership-plan"'))


@given(
    st.integers(2, 9).flatmap(lambda top: st.tuples(st.just(top), st.lists(st.integers(1, top), min_size=1)))
)
def test_a_mark_is_the_exact_mean_and_never_rounded_over_the_cut(given_levels: tuple[int, list[int]]) -> None:
    top, levels = given_levels
    mark = mark_of(levels, maximum=top, cut=Fraction(2))
    assert mark.score * len(levels) == sum(levels)
    assert 1 <= mark.score <= mark.maximum
    assert mark.passed == (sum(levels) >= 2 * len(levels))
    assert abs(Fraction(figure_of(mark.score)) - mark.score) <= Fraction(1, 200)


@pytest.mark.parametrize("levels", [[], [0], [5], [3, -1]])
def test_a_level_outside_the_rubric_is_never_counted(levels: list[int]) -> None:
    with pytest.raises(ValueError, match="level of the rubric"):
        mark_of(levels, maximum=4, cut=Fraction(3))


def test_figures_are_shown_plainly() -> None:
    shown = {str(figure_of(Fraction(*pair))) for pair in ((3, 1), (7, 2), (7, 3), (10, 1), (13, 4))}
    assert shown == {"3", "3.5", "2.33", "10", "3.25"}
