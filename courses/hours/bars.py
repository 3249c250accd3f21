"""The bar of a month's hours: where each session's block and the two marks stand, in percent of the width."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

GAP: Final = 0.4  # percent between two blocks


class Fill(StrEnum):
    """How a block is drawn: solid, hatched, or a dashed outline."""

    CONFIRMED = "ok"
    WAITING = "wait"
    PLANNED = "plan"


@dataclass(frozen=True, slots=True)
class Block:
    """A session's place in the bar, in percent from the left edge."""

    fill: Fill
    x: float
    width: float


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar with its blocks, the places of its marks and the end from which it grows."""

    blocks: tuple[Block, ...]
    minimum: float
    target: float
    origin: float


def lay_out_bar(
    sessions: Iterable[tuple[Fill, int]], *, minimum: int, target: int, mirrored: bool = False
) -> Bar:
    """Return the bar of sessions in order (fill and whole minutes).

    The scale ends a little behind the target, or with the last session where that is further: what exceeds is
    shown, not cut. ``mirrored`` lets the bar grow from the right, for languages that are written so.
    """
    listed = list(sessions)
    whole = max(target * 10 / 9, sum(minutes for _, minutes in listed), 1)
    at = 0
    blocks = []
    for fill, minutes in listed:
        x, width = at * 100 / whole, minutes * 100 / whole
        shown = max(width - GAP, width / 2)
        blocks.append(Block(fill, round(100 - x - shown if mirrored else x, 2), round(shown, 2)))
        at += minutes
    marks = [minutes * 100 / whole for minutes in (minimum, target)]
    low, high = (round(100 - mark if mirrored else mark, 2) for mark in marks)
    return Bar(tuple(blocks), low, high, 100.0 if mirrored else 0.0)
