"""Long lists cut into parts: databases limit the values of one statement, and long transactions keep others waiting."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeVar

T = TypeVar("T")


def parts_of(whole: Sequence[T], most: int) -> Iterator[Sequence[T]]:
    """Yield ``whole`` in its order, ``most`` at a time; nothing where it is empty."""
    return (whole[start : start + most] for start in range(0, len(whole), most))
