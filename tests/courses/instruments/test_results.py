"""What is shown of many answers: nothing below five, and nothing from which one person's answer follows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import pytest

from courses.catalogue.drafts import ScalePointDraft
from courses.instruments.results import ENOUGH, Band, Result, result_of
from institute.i18n import Localised

Counts = tuple[int, ...]


def scale(points: int) -> tuple[ScalePointDraft, ...]:
    """Return a scale from 1 on."""
    return tuple(ScalePointDraft(value, Localised.of({"en": str(value)})) for value in range(1, points + 1))


def every_way(answers: int, points: int) -> Iterator[Counts]:
    """Yield every way in which so many people can answer."""
    if points == 1:
        yield (answers,)
        return
    for first in range(answers + 1):
        for rest in every_way(answers - first, points - 1):
            yield (first, *rest)


def shown(counts: Counts) -> Result | None:
    """Return what is shown of answers given by the place of their value."""
    return result_of(scale(len(counts)), dict(enumerate(counts, start=1)))


def test_below_five_answers_nothing_is_shown() -> None:
    assert all(shown(counts) is None for answers in range(ENOUGH) for counts in every_way(answers, 4))


def test_from_five_on_something_is_shown_of_every_statement() -> None:
    for counts in every_way(ENOUGH, 4):
        result = shown(counts)
        assert result is not None
        assert result.groups or result.band


@pytest.mark.parametrize("points", [2, 3, 4, 5])
def test_nobody_learns_a_small_number_or_that_all_others_said_the_same(points: int) -> None:
    for answers in range(ENOUGH, 12 if points < 5 else 10):
        alike = defaultdict[object, list[Counts]](list)
        for counts in every_way(answers, points):
            result = shown(counts)
            assert result is not None
            alike[
                tuple((one.least.value, one.most.value, one.count) for one in result.groups), result.band
            ].append(counts)
        for seen, worlds in alike.items():
            for place in range(points):
                possible = {world[place] for world in worlds}
                assert len(possible) > 1 or not possible & set(range(1, ENOUGH)), (seen, worlds)
                mine = [world for world in worlds if world[place]]
                others = [[n - (at == place) for at, n in enumerate(world)] for world in mine]
                told = bool(others) and all(sum(n > 0 for n in one) == 1 for one in others)
                assert not told, (seen, place, worlds)


def test_groups_hold_five_each_and_cover_everybody() -> None:
    for counts in every_way(12, 4):
        result = shown(counts)
        assert result is not None
        if result.groups:
            assert all(group.count >= ENOUGH for group in result.groups)
            assert sum(group.count for group in result.groups) == result.answers == 12


def test_the_band_says_where_the_mean_lies() -> None:
    bands = [(5, 0, 0, 0), (1, 2, 2, 0), (0, 0, 1, 4)]
    assert [result.band for counts in bands if (result := shown(counts))] == [
        Band.LOW,
        Band.MIDDLE,
        Band.HIGH,
    ]
