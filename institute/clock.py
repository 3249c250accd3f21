"""The only clock. Everything that asks for the time asks here, so that tests can set it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta


def _system() -> datetime:
    return datetime.now(UTC)


_source: Callable[[], datetime] = _system


def now() -> datetime:
    """Return the present instant, aware and in UTC."""
    return _source()


def _set(source: Callable[[], datetime]) -> None:
    global _source  # noqa: PLW0603  (one clock for the whole process is the point)
    _source = source


@contextmanager
def frozen(at: datetime) -> Iterator[None]:
    """Stop the clock at ``at`` (aware) inside the block. For tests, and for telling the past of a sample."""
    if at.tzinfo is None:
        raise ValueError("the clock is set with an aware instant")
    before = _source
    _set(lambda: at.astimezone(UTC))
    try:
        yield
    finally:
        _set(before)


@contextmanager
def shift(*, seconds: float) -> Iterator[None]:
    """Let the clock run ``seconds`` ahead (or behind) inside the block. For tests."""
    before = _source
    _set(lambda: before() + timedelta(seconds=seconds))
    try:
        yield
    finally:
        _set(before)
