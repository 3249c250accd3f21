"""The bar of a month: every session has its place."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from courses.hours.bars import Fill, lay_out_bar


@settings(deadline=None)
@given(lengths=st.lists(st.integers(1, 600), max_size=20), mirrored=st.booleans())
def test_the_bar_shows_every_session_within_its_width_and_in_order(
    lengths: list[int], mirrored: bool
) -> None:
    bar = lay_out_bar([(Fill.CONFIRMED, one) for one in lengths], minimum=270, target=360, mirrored=mirrored)
    assert len(bar.blocks) == len(lengths)
    places = [block.x for block in bar.blocks]
    assert places == sorted(places, reverse=mirrored)
    for block in bar.blocks:
        assert block.x >= -0.1
        assert block.x + block.width <= 100.1
    if sum(lengths) <= 400:
        assert (bar.minimum, bar.target) == ((32.5, 10.0) if mirrored else (67.5, 90.0))
