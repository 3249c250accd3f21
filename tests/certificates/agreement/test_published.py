"""Figures as they were published: every one of them has to come out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple
from fractions import Fraction

import pytest

from certificates.agreement.figures import pair_figures
from certificates.agreement.krippendorff import Scale, alpha
from certificates.agreement.pairs import kappa, kappa_by
from certificates.agreement.ratings import cells_of, cells_of_table
from certificates.agreement.several import fleiss, intraclass

HUNDREDTH = Fraction(1, 100)

# Krippendorff's data as the library of that name gives them, and those of his paper of 2007 (figure 2).
THREE_CODERS = (
    "* * * * * 3 4 1 2 1 1 3 3 * 3",
    "1 * 2 1 3 3 4 3 * * * * * * *",
    "* * 2 1 3 4 4 * 2 1 1 3 3 * 4",
)
FOUR_OBSERVERS = (
    "1 2 3 3 2 1 4 1 2 * * *",
    "1 2 3 3 2 2 4 1 2 5 * 3",
    "* 3 3 3 2 3 4 2 2 5 1 *",
    "1 2 3 3 2 4 4 1 2 5 1 *",
)
# Shrout and Fleiss (1979), table 2: six targets, four judges.
SIX_TARGETS = ((9, 2, 5, 8), (6, 1, 3, 2), (8, 4, 6, 8), (7, 1, 2, 6), (10, 5, 6, 9), (6, 2, 4, 7))
# Fourteen raters put ten subjects into five categories: how many chose each.
TEN_SUBJECTS = (
    (0, 0, 0, 0, 14), (0, 2, 6, 4, 2), (0, 0, 3, 5, 6), (0, 3, 9, 2, 0), (2, 2, 8, 1, 1),
    (7, 7, 0, 0, 0), (3, 2, 6, 3, 0), (2, 5, 3, 2, 2), (6, 5, 2, 1, 0), (0, 2, 2, 3, 7),
)  # fmt: skip


def units_of(rows: Sequence[str]) -> list[list[int]]:
    """Return what each unit was given, from a row for each rater."""
    columns = zip(*(row.split() for row in rows), strict=True)
    return [[int(value) for value in column if value != "*"] for column in columns]


def test_cohen_1968_weights_of_his_own() -> None:
    table = [[44, 7, 9], [5, 20, 5], [1, 3, 6]]
    cells = cells_of_table([[value * HUNDREDTH for value in row] for row in table])
    grave = [[0, 1, 3], [1, 0, 6], [3, 6, 0]]
    assert kappa(cells) == pytest.approx(0.4915, abs=5e-5)
    weighted = kappa_by(cells, lambda one, other: grave[int(one) - 1][int(other) - 1])
    assert weighted == pytest.approx(0.3478, abs=5e-5)


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        ([[10, 4, 1, 0], [5, 10, 12, 2], [2, 4, 12, 5], [0, 2, 6, 13]], (0.3449, 0.5082, 0.6607)),
        ([[46, 0, 0], [4, 40, 0], [0, 0, 10]], (0.9315, 0.9412, 0.9541)),
        ([[20, 5], [10, 15]], (0.4, 0.4, 0.4)),
        ([[45, 15], [25, 15]], (0.1304, 0.1304, 0.1304)),
        ([[25, 35], [5, 35]], (0.2593, 0.2593, 0.2593)),
    ],
    ids=["skin condition", "three classes", "two classes", "60 agree", "60 agree otherwise"],
)
def test_kappa_without_weights_linear_and_quadratic(
    table: list[list[int]], expected: tuple[float, float, float]
) -> None:
    found = pair_figures(cells_of_table(table))
    assert (found.kappa, found.linear, found.quadratic) == pytest.approx(expected, abs=5e-5)


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (THREE_CODERS, (0.691358, 0.806721, 0.810845, 0.808944)),
        (FOUR_OBSERVERS, (0.743421, 0.815388, 0.849107, 0.797403)),
    ],
    ids=["three coders", "four observers"],
)
def test_alpha_on_each_scale(rows: Sequence[str], expected: tuple[float, ...]) -> None:
    found = [alpha(units_of(rows), scale) for scale in Scale]
    assert found == pytest.approx(list(expected), abs=5e-7)


def test_intraclass_correlations_of_shrout_and_fleiss() -> None:
    found = astuple(intraclass(SIX_TARGETS))
    assert found == pytest.approx((0.166, 0.290, 0.715, 0.443, 0.620, 0.909), abs=5e-4)


def test_fleiss_of_fourteen_raters() -> None:
    units = [[category for category, often in enumerate(row) for _ in range(often)] for row in TEN_SUBJECTS]
    assert fleiss(units) == pytest.approx(0.210, abs=5e-4)


def test_a_worked_pair_has_all_its_figures() -> None:
    one, other = (3, 3, 4, 2, 5, 3, 4, 4, 2, 3), (3, 4, 4, 2, 4, 3, 2, 4, 3, 3)
    found = pair_figures(cells_of(zip(one, other, strict=True)))
    assert (found.count, found.exact, found.adjacent) == (10, Fraction(3, 5), Fraction(3, 10))
    assert found.within_one == Fraction(9, 10)
    assert found.difference == Fraction(1, 10)
    assert (found.kappa, found.linear, found.quadratic) == pytest.approx((0.4118, 0.4444, 0.4928), abs=5e-5)
    assert found.correlation == pytest.approx(0.5048, abs=5e-5)
    units = list(zip(one, other, strict=True))
    assert alpha(units, Scale.ORDINAL) == pytest.approx(0.5322, abs=5e-5)
    assert alpha(units, Scale.INTERVAL) == pytest.approx(0.5164, abs=5e-5)
