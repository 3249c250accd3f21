"""No attack on content leaves anything on a page that runs, loads or restyles."""

from __future__ import annotations

from typing import Final

import pytest

from courses.catalogue.markdown import TAGS, read, render
from tests.courses.catalogue.attacks import (
    HANDLERS_COUNT,
    OWN_COUNT,
    PUBLIC_COUNT,
    dangers_in,
    every_attack,
    handlers,
    own_attacks,
    public_attacks,
)

ATTACKS: Final = dict(every_attack())
ELEMENTS: Final = TAGS | {"em", "span"}  # a resource that is not there leaves its text, marked


def test_the_lists_are_whole() -> None:
    assert len(public_attacks()) == PUBLIC_COUNT
    assert len(set(handlers())) == HANDLERS_COUNT
    assert len(own_attacks()) == OWN_COUNT
    assert len(ATTACKS) == 2 * PUBLIC_COUNT + HANDLERS_COUNT + OWN_COUNT


def test_the_watch_sees_whatever_would_reach_a_page_as_html() -> None:
    unseen = [text for _, text in public_attacks() if not dangers_in(f"{text}>", TAGS - {"a", "br"})]
    # The rest is no HTML by itself: JavaScript twice, a line of a server, and letters of seven bits.
    assert len(unseen) == 4, unseen


@pytest.mark.parametrize("name", ATTACKS)
def test_markdown_gives_nothing_that_runs(name: str, app: object) -> None:
    attack = ATTACKS[name]
    assert dangers_in(render(attack), ELEMENTS) == []
    reading = read(attack)
    assert dangers_in(reading.first + reading.rest, ELEMENTS) == []
