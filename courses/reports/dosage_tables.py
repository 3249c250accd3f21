"""Dosage in tables: each month by one quality of the people coached, with nothing told about small groups.

A cell says how many took part, how much coaching counted for each on average, and how many reached their minimum. What
stands for 1 to 4 people is hidden, and so is whatever it could be worked out from: within a table, between the tables,
which share their totals, and between the figures of a cell.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Final, NamedTuple

from courses.reports.dosage_hiding import SMALL, TOTAL, hidden_cells
from institute.actors import PersonId

UNKNOWN: Final = "-"


class Quality(StrEnum):
    """By what people are told apart."""

    REGION = "region"
    LANGUAGE = "language"
    SETTING = "setting"
    RECIPIENT = "recipient"


class PersonMonth(NamedTuple):
    """What one person had in one month: counted minutes, whether the minimum was reached, and who they were then."""

    month: date
    person_id: PersonId
    minutes: int
    reached: bool
    qualities: dict[Quality, str]


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell to be shown. ``people``, ``minutes`` (the average of each) and ``reached`` are None where they are hidden.

    In the last column each person counts once for each month.
    """

    people: int | None = None
    minutes: int | None = None
    reached: int | None = None

    @property
    def hidden(self) -> bool:
        """Whether nothing of it is shown."""
        return self.people is None

    @property
    def empty(self) -> bool:
        """Whether nobody is in it."""
        return self.people == 0


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a table: its key (``UNKNOWN`` where nothing was recorded), a cell for each month, and the whole."""

    key: str
    cells: tuple[Cell, ...]
    whole: Cell


@dataclass(frozen=True, slots=True)
class Table:
    """The months by one quality. ``total`` is the same line in all tables."""

    quality: Quality
    lines: tuple[Line, ...]
    total: Line


@dataclass(slots=True)
class _Sum:
    people: int = 0
    minutes: int = 0
    reached: int = 0
    persons: set[PersonId] = field(default_factory=set)
    reaching: set[PersonId] = field(default_factory=set)
    missing: set[PersonId] = field(default_factory=set)

    def add(self, one: PersonMonth) -> None:
        self.people += 1
        self.minutes += one.minutes
        self.reached += one.reached
        self.persons.add(one.person_id)
        (self.reaching if one.reached else self.missing).add(one.person_id)

    @property
    def small(self) -> bool:
        return 0 < len(self.persons) < SMALL

    @property
    def reached_small(self) -> bool:
        return 0 < len(self.reaching) < SMALL or 0 < len(self.missing) < SMALL


_Sums = dict[tuple[str, str], _Sum]


def lay_out(
    people: Iterable[PersonMonth], months: Sequence[date], qualities: Sequence[Quality] = tuple(Quality)
) -> tuple[Table, ...]:
    """Return a table for each quality. A month in which fewer than five took part is hidden whole, in all of them."""
    everything = [one for one in people if one.month in months]
    persons: dict[date, set[PersonId]] = defaultdict(set)
    for one in everything:
        persons[one.month].add(one.person_id)
    told = [month for month in months if len(persons[month]) >= SMALL]
    left = [one for one in everything if one.month in told]
    quiet = {month for month in months if not persons[month]}
    return tuple(_table(quality, left, months, told, quiet) for quality in qualities)


def _table(
    quality: Quality, people: list[PersonMonth], months: Sequence[date], told: list[date], quiet: set[date]
) -> Table:
    sums: _Sums = defaultdict(_Sum)
    for one in people:
        column, key = one.month.isoformat(), one.qualities[quality]
        for cell in ((key, column), (key, TOTAL), (TOTAL, column), (TOTAL, TOTAL)):
            sums[cell].add(one)
    keys = sorted({one.qualities[quality] for one in people}, key=lambda key: (key == UNKNOWN, key))
    columns = [month.isoformat() for month in told]
    hidden = hidden_cells(
        keys,
        columns,
        {cell: found.people for cell, found in sums.items()},
        [cell for cell, found in sums.items() if found.small],
        # The same in all tables: hidden in one alone, the others would give it away.
        kept=[(TOTAL, column) for column in (*columns, TOTAL)],
    )
    # A sum with one of its months hidden would tell it to whoever supposes that a group stays as large as it is.
    hidden |= {(key, TOTAL) for key in keys if any((key, column) in hidden for column in columns)}
    unsaid = set(hidden).union(*(_unsaid(keys, column, sums, hidden) for column in columns))

    def line(key: str) -> Line:
        cells = [
            _cell(sums, (key, month.isoformat()), hidden, unsaid)
            if month in told
            else Cell(0)
            if month in quiet
            else Cell()
            for month in months
        ]
        # Without the sum of a row there is nothing that the figures of its months could be taken from.
        return Line(key, tuple(cells), _cell(sums, (key, TOTAL), hidden, {(key, TOTAL)}))

    return Table(quality, tuple(line(key) for key in keys), _total(line(TOTAL), told, quiet, months))


def _total(line: Line, told: Sequence[date], quiet: set[date], months: Sequence[date]) -> Line:
    """Return the line of totals; its sum says nothing where only months that are hidden whole would be in it."""
    silent = not told and len(quiet) < len(months)
    return Line(line.key, line.cells, Cell()) if silent else line


def _unsaid(
    keys: Sequence[str], column: str, sums: _Sums, hidden: frozenset[tuple[str, str]]
) -> set[tuple[str, str]]:
    """Return the cells of a month that do not say how many reached their minimum."""
    cells = [(key, column) for key in keys]
    if sums[TOTAL, column].reached_small:
        return {*cells, (TOTAL, column)}
    found = {cell for cell in cells if cell in hidden or sums[cell].reached_small}
    if len(found) == 1:
        others = [cell for cell in cells if cell not in found and sums[cell].people]
        found.add(min(others, key=lambda cell: (sums[cell].people, cell))) if others else None
    return found


def _cell(
    sums: _Sums,
    cell: tuple[str, str],
    hidden: frozenset[tuple[str, str]],
    unsaid: set[tuple[str, str]],
) -> Cell:
    found = sums.get(cell, _Sum())
    if cell in hidden:
        return Cell()
    if not found.people:
        return Cell(0)
    return Cell(found.people, round(found.minutes / found.people), None if cell in unsaid else found.reached)
