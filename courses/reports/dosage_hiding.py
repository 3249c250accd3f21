"""Which cells of a table with totals must be hidden, so that nobody works out a small group from what is shown.

A table of counts with its totals is one larger table whose rows and columns all sum to zero once the totals are
taken with the other sign. Draw a point for each row and each column of it, and a line between two points for each
hidden cell: a hidden cell can be worked out from the others exactly if its line is a bridge, one whose removal cuts
what it connects apart (Gusfield, "A graph theoretic approach to statistical data security", SIAM J. Comput. 17, 1988).
So cells are hidden until the line of each that must stay unknown lies on a ring.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, TypeAlias

Cell: TypeAlias = tuple[str, str]
Point: TypeAlias = tuple[int, str]

TOTAL: Final = ""
SMALL: Final = 5
_FREE: Final = 1
_EMPTY: Final = 10_000  # nobody is told anything by a hidden zero, but it protects little
_OF_TOTALS: Final = 1_000_000


def hidden_cells(
    rows: Sequence[str],
    columns: Sequence[str],
    values: Mapping[Cell, int],
    secret: Iterable[Cell],
    *,
    kept: Iterable[Cell] = (),
) -> frozenset[Cell]:
    """Return the cells to hide: all that are ``secret``, and as many others as their secrecy needs.

    Cells are (row, column); the totals stand in the row and the column ``TOTAL``. Small counts go before large ones,
    cells before totals. Cells in ``kept`` stay shown whatever it costs; where the secret ones cannot be protected then,
    everything but these is hidden. Counts are whole numbers; their sums are not checked.
    """
    points_in_rows, points_in_columns = [*rows, TOTAL], [*columns, TOTAL]
    everything = {(row, column) for row in points_in_rows for column in points_in_columns} - set(kept)
    must = set(secret) & everything
    hidden = set(must)
    for cell in sorted(must, key=lambda one: (values.get(one, 0), one)):
        ring = _cheapest_ring(cell, hidden, everything, values)
        if ring is None:
            return frozenset(everything)
        hidden |= ring
    return frozenset(hidden)


def _cheapest_ring(
    cell: Cell, hidden: set[Cell], everything: set[Cell], values: Mapping[Cell, int]
) -> set[Cell] | None:
    """Return the cells to hide so that the line of ``cell`` lies on a ring; None where no ring can be drawn."""
    lines: dict[Point, list[tuple[Point, Cell]]] = {}
    for one in sorted(everything - {cell}):
        row, column = (0, one[0]), (1, one[1])
        lines.setdefault(row, []).append((column, one))
        lines.setdefault(column, []).append((row, one))
    start, goal = (0, cell[0]), (1, cell[1])
    known: dict[Point, set[Cell]] = {}
    queue: list[tuple[int, Point, tuple[Cell, ...]]] = [(0, start, ())]
    while queue:
        cost, point, path = heapq.heappop(queue)
        if point in known:
            continue
        known[point] = set(path)
        if point == goal:
            return known[point]
        for other, one in lines.get(point, []):
            if other not in known:
                heapq.heappush(queue, (cost + _cost(one, hidden, values), other, (*path, one)))
    return None


def _cost(cell: Cell, hidden: set[Cell], values: Mapping[Cell, int]) -> int:
    if cell in hidden:
        return 0
    totals = cell.count(TOTAL)
    return _FREE + (values.get(cell, 0) or _EMPTY) + totals * _OF_TOTALS
