"""What holds of figures whatever the ratings are."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from certificates.agreement.documents import document_of
from certificates.agreement.figures import figures_of, pair_figures, severities
from certificates.agreement.krippendorff import Scale, alpha
from certificates.agreement.pairs import Weighing, exact, kappa
from certificates.agreement.ratings import Rating, cells_of
from certificates.agreement.several import fleiss, intraclass

LEVELS = st.integers(1, 5)
PAIRS = st.lists(st.tuples(LEVELS, LEVELS), max_size=30)
UNITS = st.lists(st.lists(LEVELS, max_size=5), max_size=20)
GIVEN = st.dictionaries(st.tuples(st.integers(0, 8), st.integers(0, 4)), LEVELS, max_size=40)


@given(st.lists(LEVELS, min_size=1, max_size=30))
def test_whoever_agrees_throughout_has_one_or_nothing_to_compute(values: list[int]) -> None:
    pairs = [(value, value) for value in values]
    varied = Fraction(1) if len(set(values)) > 1 else None
    found = pair_figures(cells_of(pairs))
    assert (found.kappa, found.linear, found.quadratic) == (varied, varied, varied)
    assert (found.exact, found.adjacent, found.difference) == (Fraction(1), Fraction(0), Fraction(0))
    assert [alpha(pairs, scale) for scale in Scale] == [varied] * 4
    assert fleiss(pairs) == varied


@given(PAIRS)
def test_it_is_all_one_which_rater_comes_first(pairs: list[tuple[int, int]]) -> None:
    there, back = pair_figures(cells_of(pairs)), pair_figures(cells_of([(b, a) for a, b in pairs]))
    assert (there.exact, there.adjacent, there.kappa) == (back.exact, back.adjacent, back.kappa)
    assert (there.linear, there.quadratic) == (back.linear, back.quadratic)
    assert (there.difference or 0) == -(back.difference or 0)


@given(PAIRS, st.integers(-20, 20), st.integers(1, 9))
def test_kappa_does_not_know_where_the_levels_begin_nor_how_far_apart_they_are(
    pairs: list[tuple[int, int]], begin: int, step: int
) -> None:
    moved = [(begin + step * a, begin + step * b) for a, b in pairs]
    for weighing in Weighing:
        assert kappa(cells_of(pairs), weighing) == kappa(cells_of(moved), weighing)


@given(PAIRS)
def test_kappa_is_never_above_one_and_one_only_for_the_same(pairs: list[tuple[int, int]]) -> None:
    for weighing in Weighing:
        found = kappa(cells_of(pairs), weighing)
        assert found is None or found <= 1
        assert (found == 1) == (found is not None and exact(cells_of(pairs)) == 1)


@given(st.lists(st.tuples(st.sampled_from([2, 5]), st.sampled_from([2, 5])), max_size=20))
def test_with_two_levels_weights_change_nothing(pairs: list[tuple[int, int]]) -> None:
    assert len({kappa(cells_of(pairs), weighing) for weighing in Weighing}) == 1


@given(st.lists(st.tuples(LEVELS, st.integers(-1, 1)), min_size=2, max_size=30))
def test_who_is_never_more_than_one_level_off_gains_by_weights(steps: list[tuple[int, int]]) -> None:
    """Near misses weigh least by the square: with the same margins the weighted kappas can only be higher."""
    pairs = [(value, value + step) for value, step in steps]
    plain, linear, quadratic = (kappa(cells_of(pairs), weighing) for weighing in Weighing)
    if plain is not None and linear is not None and quadratic is not None:
        assert plain <= linear <= quadratic


@given(UNITS, st.randoms(use_true_random=False))
def test_alpha_does_not_know_the_order_of_units_nor_of_raters(units: list[list[int]], chance: object) -> None:
    shuffled = [list(values) for values in units]
    for values in shuffled:
        chance.shuffle(values)  # type: ignore[attr-defined]
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    for scale in Scale:
        assert alpha(units, scale) == alpha(shuffled, scale)


@given(UNITS, LEVELS)
def test_a_unit_that_one_rater_rated_changes_no_alpha(units: list[list[int]], value: int) -> None:
    for scale in Scale:
        assert alpha(units, scale) == alpha([*units, [value], []], scale)


@given(UNITS, st.integers(-9, 9), st.integers(1, 9))
def test_alpha_keeps_to_its_scale(units: list[list[int]], begin: int, step: int) -> None:
    moved = [[begin + step * value for value in values] for values in units]
    stretched = [[step * value for value in values] for values in units]
    bent = [[value**3 for value in values] for values in units]
    other_names = [[{1: 4, 2: 1, 3: 5, 4: 3, 5: 2}[value] for value in values] for values in units]
    assert alpha(units, Scale.INTERVAL) == alpha(moved, Scale.INTERVAL)
    assert alpha(units, Scale.RATIO) == alpha(stretched, Scale.RATIO)
    assert alpha(units, Scale.ORDINAL) == alpha(bent, Scale.ORDINAL)
    assert alpha(units, Scale.NOMINAL) == alpha(other_names, Scale.NOMINAL)


@given(PAIRS)
def test_nominal_alpha_of_two_is_never_far_from_scott(pairs: list[tuple[int, int]]) -> None:
    """Scott's pi is alpha without its correction for few units: 1 − α = (1 − π) · (n − 1) / n, n = 2 · units."""
    found, seen = alpha(pairs, Scale.NOMINAL), exact(cells_of(pairs))
    if found is None or seen is None:
        return
    n = 2 * len(pairs)
    values = [value for pair in pairs for value in pair]
    by_chance = sum(Fraction(values.count(value), n) ** 2 for value in set(values))
    pi = (seen - by_chance) / (1 - by_chance)
    assert 1 - found == (1 - pi) * Fraction(n - 1, n)
    assert fleiss(pairs) == pi


@given(GIVEN)
def test_severities_of_two_raters_are_each_other_s_opposite(given_: dict[tuple[int, int], int]) -> None:
    units: dict[int, dict[int, int]] = {}
    for (unit, rater), value in given_.items():
        if rater < 2:
            units.setdefault(unit, {})[rater] = value
    found = severities(units.values())  # type: ignore[arg-type]
    assert found.get(0, 0) == -found.get(1, 0)


@given(GIVEN)
def test_every_figure_that_is_missing_says_why(given_: dict[tuple[int, int], int]) -> None:
    ratings = [Rating(unit, rater, value) for (unit, rater), value in given_.items()]
    document = document_of(figures_of(ratings))
    reasons = document.pop("not_computable")
    missing = {name for name, value in document.items() if value is None}
    for name in ("krippendorff_alpha", "icc", "mean_signed_difference"):
        missing |= {f"{name}.{part}" for part, value in document[name].items() if value is None}
    assert set(reasons) == missing
    assert all(reasons.values())


@given(st.lists(st.lists(LEVELS, min_size=3, max_size=3), max_size=8))
def test_intraclass_is_one_at_most(rows: list[list[int]]) -> None:
    found = intraclass(rows)
    assert found.fixed is None or found.fixed <= 1
    assert found.one_way is None or found.one_way <= 1


def test_what_nobody_or_one_rated_is_not_computable() -> None:
    for ratings in ([], [Rating("a", "x", 3)], [Rating("a", "x", 3), Rating("b", "y", 3)]):
        found = figures_of(ratings)
        assert (found.exact, found.kappa, found.fleiss, found.correlation) == (None, None, None, None)
        assert set(found.alpha.values()) == {None}


def test_ratio_has_no_meaning_below_nought() -> None:
    units = [(-1, 1), (2, 2), (1, 2)]
    assert alpha(units, Scale.RATIO) is None
    assert alpha(units, Scale.INTERVAL) is not None
    assert alpha([(0, 1), (2, 2), (0, 0)], Scale.RATIO) is not None
