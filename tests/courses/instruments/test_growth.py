"""Growth between rounds: exact means, and a drawing that says the same."""

from __future__ import annotations

from fractions import Fraction

from courses.catalogue.drafts import InstrumentAreaDraft, InstrumentDraft, ItemDraft, ScalePointDraft
from courses.instruments.filling import Filled
from courses.instruments.growth import draw_radar, growth_of
from institute.i18n import Localised


def english(text: str) -> Localised:
    """Return a content text that stands in English alone."""
    return Localised.of({"en": text})


def instrument(areas: int) -> InstrumentDraft:
    """Return an instrument with two statements in each area, on a scale from 1 to 4."""
    return InstrumentDraft(
        key="look-back",
        title=english("Looking back"),
        scale=tuple(ScalePointDraft(value, english(str(value))) for value in range(1, 5)),
        areas=tuple(
            InstrumentAreaDraft(
                f"a{area}",
                english(f"Area {area}"),
                tuple(ItemDraft(f"a{area}-{item}", english("I do")) for item in (1, 2)),
            )
            for area in range(areas)
        ),
    )


def filled(*values: int) -> Filled:
    """Return answers area by area: both statements of an area have its value."""
    return Filled({f"a{area}-{item}": value for area, value in enumerate(values) for item in (1, 2)})


def test_means_are_exact_and_the_area_that_rose_most_is_named() -> None:
    growth = growth_of(instrument(3), [filled(1, 2, 3), Filled({**filled(2, 2, 2).ratings, "a0-2": 3})])
    assert growth.areas[0].means == (Fraction(1), Fraction(5, 2))
    assert [area.change for area in growth.areas] == [Fraction(3, 2), 0, -1]
    assert growth.foremost is growth.areas[0]


def test_an_area_that_was_left_open_once_has_no_change() -> None:
    growth = growth_of(instrument(3), [filled(1, 2), filled(2, 2, 2)])
    assert growth.areas[2].means == (None, Fraction(2))
    assert growth.areas[2].change is None


def test_the_radar_has_an_axis_for_each_area_and_its_ends_are_those_of_the_scale() -> None:
    radar = draw_radar(growth_of(instrument(4), [filled(1, 1, 1, 1), filled(4, 4, 4, 4)]))
    assert radar is not None
    assert radar.rounds == ("0,0 0,0 0,0 0,0", "0,-100 100,0 0,100 -100,0")
    assert radar.rings[-1] == radar.rounds[1]
    assert len(radar.rings) == 3


def test_readers_from_right_to_left_turn_the_other_way() -> None:
    growth = growth_of(instrument(4), [filled(4, 3, 2, 1)])
    right, left = draw_radar(growth), draw_radar(growth, mirrored=True)
    assert right is not None
    assert left is not None
    assert [(-x + 0.0, y) for x, y in right.marks[0]] == list(left.marks[0])


def test_two_areas_make_no_radar() -> None:
    assert draw_radar(growth_of(instrument(2), [filled(1, 2)])) is None
