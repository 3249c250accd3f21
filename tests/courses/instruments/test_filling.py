"""An instrument that is filled in: exact numbers, an order without gaps, nothing off the scale."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from courses.catalogue.drafts import InstrumentAreaDraft, InstrumentDraft, ItemDraft, ScalePointDraft
from courses.instruments.filling import Filled, first_area, open_items, picture_of, read_form
from institute.i18n import Localised


def english(text: str) -> Localised:
    """Return a content text that stands in English alone."""
    return Localised.of({"en": text})


SCALE = tuple(
    ScalePointDraft(value, english(word)) for value, word in enumerate(("Never", "Seldom", "Often"), 1)
)
INSTRUMENT = InstrumentDraft(
    key="start",
    title=english("Where I start"),
    scale=SCALE,
    areas=tuple(
        InstrumentAreaDraft(
            key,
            english(key.title()),
            tuple(ItemDraft(f"{key}-{number}", english(f"I {key} {number}")) for number in (1, 2, 3)),
        )
        for key in ("listen", "ask", "plan")
    ),
    priorities=2,
    questions=(english("Why now?"), english("Who helps?")),
)
ITEMS = [item.key for area in INSTRUMENT.areas for item in area.items]
forms = st.dictionaries(
    st.sampled_from(
        [f"item-{key}" for key in ITEMS]
        + ["place-listen", "place-ask", "place-plan", "answer-1", "answer-2", "answer-3", "item-other"]
    ),
    st.one_of(
        st.sampled_from(["", "0", "1", "2", "3", "4", "-1", "1e3", "１", "9" * 40]), st.text(max_size=9)
    ),
)


def test_a_mean_is_exact_and_lies_between_the_ends_of_the_scale() -> None:
    filled = Filled({"listen-1": 1, "listen-2": 3, "listen-3": 3, "ask-1": 1})
    listen, ask, plan = picture_of(INSTRUMENT, filled)
    assert (listen.mean, listen.share, listen.answered) == (Fraction(7, 3), Fraction(2, 3), 3)
    assert [(point.value, count) for point, count in listen.counts] == [(1, 1), (3, 2)]
    assert (ask.mean, ask.share) == (Fraction(1), Fraction(0))
    assert (plan.mean, plan.share, plan.counts) == (None, None, ())


def test_gaps_in_the_order_close_and_one_place_twice_is_named() -> None:
    read = read_form(INSTRUMENT, {"place-plan": "1", "place-listen": "2"})
    assert read.filled.order == ("plan", "listen")
    assert read_form(INSTRUMENT, {"place-ask": "2"}).filled.order == ("ask",)
    twice = read_form(INSTRUMENT, {"place-plan": "1", "place-ask": "1"})
    assert (twice.twice, twice.filled.order, twice.whole) == ((1,), (), False)


def test_what_is_off_the_scale_is_left_out_and_named() -> None:
    read = read_form(INSTRUMENT, {"item-listen-1": "4", "item-listen-2": "2", "place-ask": "3"})
    assert read.filled.ratings == {"listen-2": 2}
    assert read.off_scale == ("item-listen-1", "place-ask")


def test_the_first_area_is_the_one_that_was_put_first() -> None:
    found = first_area(INSTRUMENT, Filled(order=("ask", "listen")))
    assert found is not None
    assert found.key == "ask"
    assert first_area(INSTRUMENT, Filled()) is None


def test_what_another_version_does_not_have_is_left_aside() -> None:
    filled = Filled(
        {"listen-1": 9, "gone": 1, "ask-1": 2}, ("gone", "ask", "plan", "listen"), ("a", "b", "c")
    )
    assert filled.within(INSTRUMENT) == Filled({"ask-1": 2}, ("ask", "plan"), ("a", "b"))


@given(forms)
def test_whatever_a_form_holds_what_is_read_belongs_to_the_instrument(form: dict[str, str]) -> None:
    filled = read_form(INSTRUMENT, form).filled
    assert filled.within(INSTRUMENT) == filled
    assert Filled.of(filled.document()) == filled
    assert len(set(filled.order)) == len(filled.order) <= INSTRUMENT.priorities
    assert set(open_items(INSTRUMENT, filled)) == set(ITEMS) - set(filled.ratings)
    for area in picture_of(INSTRUMENT, filled):
        assert sum(count for _, count in area.counts) == area.answered <= area.total
        assert area.share is None or 0 <= area.share <= 1
