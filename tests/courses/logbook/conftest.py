"""The pair of coaching with a month behind them, whose log both may sign."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from tests.browsing import Visitor
from tests.courses.coaching.conftest import Pair, make_pair, october, pair

__all__ = ["make_pair", "october", "pair"]
SEPTEMBER = "2026-09"


@dataclass(frozen=True, slots=True)
class Book:
    """A participant's September with one session of 75 minutes that both confirmed."""

    pair: Pair
    log_id: int

    def path(self, area: str, month: str = SEPTEMBER) -> str:
        """Return the address of a month in an area."""
        return f"/{area}/logbook/{self.pair.enrolment_id}/{month}"

    def read(self, visitor: Visitor, area: str, month: str = SEPTEMBER) -> str:
        """Return a month's page."""
        answer = visitor.get(self.path(area, month))
        assert answer.status_code == 200, answer.status_code
        return answer.text

    def seen(self, visitor: Visitor, area: str) -> str:
        """Return the mark of what the page shows, as its form carries it; empty where there is no form."""
        _before, found, after = self.read(visitor, area).partition('name="seen" value="')
        return after.partition('"')[0] if found else ""

    def sign(self, visitor: Visitor, area: str) -> int:
        """Look at the month and sign it; return the status."""
        return visitor.post(f"{self.path(area)}/sign", {"seen": self.seen(visitor, area)}).status_code


@pytest.fixture
def make_book(make_pair: Callable[..., Pair]) -> Callable[..., Book]:
    """Make a participant with a September behind them."""

    def make(**given: str) -> Book:
        both = make_pair(**given)
        log_id = both.log(day="2026-09-15")
        assert both.answer(log_id) == 303
        return Book(both, log_id)

    return make


@pytest.fixture
def book(make_book: Callable[..., Book]) -> Book:
    """The month a test is about."""
    return make_book()
