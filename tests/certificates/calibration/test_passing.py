"""The rule: 60 % exact, 80 % exact or one off, none further off; shares are exact."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from certificates.calibration.passing import USUAL, Rule, Tally, tally

PAIRS = st.lists(st.tuples(st.integers(1, 5), st.integers(1, 5)), max_size=20)


@pytest.mark.parametrize(
    ("off", "passed"),
    [
        ([0, 0, 0, 1, 1], True),
        ([0, 0, 1, 1, 1], False),
        ([0, 0, 0, 0, 2], False),
        ([0, 0, 0, 0, -1], True),
        ([0] * 59 + [1] * 41, False),
        ([0] * 60 + [1] * 40, True),
        ([], False),
    ],
)
def test_what_passes(off: list[int], passed: bool) -> None:
    assert tally((3 + one, 3) for one in off).passes(USUAL) is passed


def test_a_rule_may_allow_some_scores_far_off() -> None:
    found = tally([(3, 3)] * 8 + [(1, 3)] * 2)
    assert not found.passes(USUAL)
    assert found.passes(Rule(60, 80, 2))
    assert not found.passes(Rule(60, 81, 2))


@given(PAIRS)
def test_counts_are_in_order_and_shares_exact(pairs: list[tuple[int, int]]) -> None:
    found = tally(pairs)
    assert 0 <= found.exact <= found.near <= found.scores == len(pairs)
    if pairs:
        assert found.exact_share == Fraction(found.exact, len(pairs))
    else:
        assert found.exact_share is None


@given(PAIRS)
def test_who_gives_the_known_scores_passes_any_rule(pairs: list[tuple[int, int]]) -> None:
    found = tally((known, known) for _, known in pairs)
    assert found.passes(Rule(100, 100, 0)) is bool(pairs)


def test_the_edge_of_a_share_is_not_rounded_over() -> None:
    assert not Tally(7, 4, 7).passes(USUAL)  # 57.1 %
    assert Tally(5, 3, 5).passes(USUAL)
