"""Nobody works out a small group: what is hidden does not follow from what is shown, by exact linear algebra."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from courses.reports.dosage_tables import PersonMonth, Quality, Table, lay_out
from institute.actors import PersonId

MONTHS = (date(2026, 7, 1), date(2026, 8, 1), date(2026, 9, 1))
REGION, SETTING = Quality.REGION, Quality.SETTING
Vector = dict[Hashable, Fraction]
# Somebody's region, setting, and in each month: not there, below the minimum, at it.
Somebody = tuple[str, str, tuple[int, int, int]]

somebody = st.tuples(
    st.sampled_from("NSE"),
    st.sampled_from("CF"),
    st.tuples(*(st.sampled_from([0, 1, 1, 2, 2]) for _ in MONTHS)),
)


def person_months(people: Iterable[Somebody]) -> list[PersonMonth]:
    """Return who was there in which month; everybody has 100 minutes."""
    return [
        PersonMonth(month, PersonId(number), 100, standing == 2, {REGION: region, SETTING: setting})
        for number, (region, setting, standings) in enumerate(people, 1)
        for month, standing in zip(MONTHS, standings, strict=True)
        if standing
    ]


def cells_of(found: list[PersonMonth]) -> dict[tuple[str, ...], list[PersonMonth]]:
    """Return who is in each cell: (quality, key, month), with "" for a sum; totals have no quality."""
    cells: dict[tuple[str, ...], list[PersonMonth]] = {}
    for one in found:
        for column in (one.month.isoformat(), ""):
            for quality, key in (*one.qualities.items(), ("", "")):
                cells.setdefault((quality, key, column), []).append(one)
    return cells


def sums_of(tables: tuple[Table, ...], columns: list[str]) -> Iterator[Vector]:
    """Yield which cells make up which, as vectors over what the cells hold: everybody knows that."""
    for what in ("people", "reached"):
        for table in tables:
            keys = [line.key for line in table.lines]
            for column in (*columns, ""):
                parts: Vector = {(what, table.quality, key, column): Fraction(1) for key in keys}
                yield parts | {(what, "", "", column): Fraction(-1)}
            for quality, key in [(table.quality, key) for key in keys] + [("", "")]:
                parts = {(what, quality, key, column): Fraction(1) for column in columns}
                yield parts | {(what, quality, key, ""): Fraction(-1)}


def shown_in(tables: tuple[Table, ...], columns: list[str]) -> Iterator[Vector]:
    """Yield the cells that are shown."""
    for table in tables:
        for quality, line in [(str(table.quality), line) for line in table.lines] + [("", table.total)]:
            shown = {month.isoformat(): cell for month, cell in zip(MONTHS, line.cells, strict=True)}
            for column in (*columns, ""):
                cell = shown.get(column, line.whole)
                if cell.people is not None:
                    yield {("people", quality, line.key, column): Fraction(1)}
                if cell.reached is not None or cell.empty:
                    yield {("reached", quality, line.key, column): Fraction(1)}


class Span:
    """What follows from vectors by adding and multiplying: kept as rows with a leading one each."""

    def __init__(self, vectors: Iterable[Vector]) -> None:
        self.rows: dict[Hashable, Vector] = {}
        for vector in vectors:
            rest = self.rest(vector)
            if rest:
                lead = min(rest, key=repr)
                self.rows[lead] = {name: value / rest[lead] for name, value in rest.items()}

    def rest(self, vector: Mapping[Hashable, Fraction]) -> Vector:
        """Return what of a vector does not follow; empty where all of it does."""
        left = dict(vector)
        while (
            lead := next((name for name in sorted(left, key=repr) if name in self.rows), None)
        ) is not None:
            factor = left[lead]
            for name, value in self.rows[lead].items():
                left[name] = left.get(name, Fraction()) - factor * value
                if not left[name]:
                    del left[name]
        return left


def secrets_of(cells: dict[tuple[str, ...], list[PersonMonth]]) -> Iterator[Vector]:
    """Yield what stands for one to four people: those in a cell, those who reached the minimum, those who did not."""
    for (quality, key, column), found in cells.items():
        people, reached = ("people", quality, key, column), ("reached", quality, key, column)
        if 0 < len({one.person_id for one in found}) < 5:
            yield {people: Fraction(1)}
        if 0 < len({one.person_id for one in found if one.reached}) < 5:
            yield {reached: Fraction(1)}
        if 0 < len({one.person_id for one in found if not one.reached}) < 5:
            yield {people: Fraction(1), reached: Fraction(-1)}


@given(st.lists(somebody, max_size=45))
@settings(max_examples=100, deadline=None)
@example([("N", "C", (1, 1, 1))] * 12 + [("S", "C", (1, 1, 1))] * 6 + [("E", "F", (1, 0, 0))] * 2)
@example(
    [("N", "C", (1 + number % 2, 0, 0)) for number in range(12)]
    + [("S", "C", (2 - number // 10, 0, 0)) for number in range(12)]
)
@example([("N", "C", (2, 2, 2))] * 9 + [("S", "F", (1, 1, 1))] * 3)
def test_no_small_group_follows_from_what_is_shown(people: list[Somebody]) -> None:
    found = person_months(people)
    tables = lay_out(found, MONTHS, (REGION, SETTING))
    told = [month for month in MONTHS if len({one.person_id for one in found if one.month == month}) >= 5]
    cells = cells_of([one for one in found if one.month in told])
    columns = [month.isoformat() for month in told]
    span = Span([*sums_of(tables, columns), *shown_in(tables, columns)])
    derivable = [secret for secret in secrets_of(cells) if not span.rest(secret)]
    assert derivable == []


@given(st.lists(somebody, max_size=45))
def test_what_is_shown_is_true(people: list[Somebody]) -> None:
    found = person_months(people)
    cells = cells_of(found)
    for table in lay_out(found, MONTHS, (REGION, SETTING)):
        for line in table.lines:
            for month, cell in zip(MONTHS, line.cells, strict=True):
                true = cells.get((table.quality, line.key, month.isoformat()), [])
                assert cell.people in {None, len(true)}
                assert cell.reached in {None, sum(one.reached for one in true)}
                assert cell.minutes in ({None, 100} if true else {None})
                assert not 0 < (cell.people or 0) < 5


def test_large_groups_are_shown_whole() -> None:
    people: list[Somebody] = [("N", "C", (2, 2, 2))] * 10 + [("S", "F", (2, 2, 2))] * 10
    for table in lay_out(person_months(people), MONTHS, (REGION, SETTING)):
        assert all(cell.people == 10 and cell.reached == 10 for line in table.lines for cell in line.cells)
        assert [line.whole.people for line in table.lines] == [30, 30]


@pytest.mark.parametrize("count", [0, 1, 4])
def test_a_month_of_few_is_hidden_whole(count: int) -> None:
    people: list[Somebody] = [("N", "C", (2, 0, 0))] * count
    tables = lay_out(person_months(people), MONTHS, (REGION, SETTING))
    assert all(table.lines == () for table in tables)
    assert [cell.hidden for cell in tables[0].total.cells] == [count > 0, False, False]
    assert tables[0].total.whole.hidden == (count > 0)
