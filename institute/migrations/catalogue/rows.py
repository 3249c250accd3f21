"""All rows of some tables at once: read before the tables go, written into those that come."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa

from institute.migrations.catalogue.documents import Row

Rows = dict[str, list[Row]]


def table_of(name: str, bind: sa.Connection) -> sa.Table:
    """Return a table as it is now. Nothing in a JSON column is NULL, as everywhere else."""
    table = sa.Table(name, sa.MetaData(), autoload_with=bind, resolve_fks=False)
    for column in table.columns:
        if isinstance(column.type, sa.JSON):
            column.type = sa.JSON(none_as_null=True)
    return table


def read(bind: sa.Connection, names: Iterable[str]) -> Rows:
    """Return all rows of the tables, in the order of their first columns."""
    found: Rows = {}
    for name in names:
        table = table_of(name, bind)
        rows = bind.execute(sa.select(table).order_by(*table.primary_key.columns)).mappings()
        found[name] = [dict(row) for row in rows]
    return found


def write(bind: sa.Connection, name: str, rows: list[Row]) -> None:
    """Write rows with the ids that they have."""
    if rows:
        bind.execute(sa.insert(table_of(name, bind)), rows)


def write_one(bind: sa.Connection, name: str, row: Row) -> int:
    """Write a row that gets its id here, and return the id."""
    table = table_of(name, bind)
    made: Any = bind.execute(sa.insert(table).values(**row).returning(table.c.id)).scalar_one()
    return int(made)


def count_on(bind: sa.Connection, names: Iterable[str]) -> None:
    """Let PostgreSQL count ids on from the highest that was written; SQLite does so by itself."""
    if bind.dialect.name != "postgresql":
        return
    for name in names:
        highest = bind.scalar(sa.text(f"SELECT max(id) FROM {name}"))  # noqa: S608  (names of our tables)
        if highest is not None:
            bind.execute(
                sa.text("SELECT setval(pg_get_serial_sequence(:name, 'id'), :highest)"),
                {"name": name, "highest": highest},
            )


def below(rows: list[Row], parent: str) -> dict[int, list[Row]]:
    """Return rows by what they belong to, in their order there."""
    found: dict[int, list[Row]] = {}
    place = "position" if rows and "position" in rows[0] else "number"
    for row in sorted(rows, key=lambda one: (one.get(place) or 0, one["id"])):
        if row[parent] is not None:
            found.setdefault(row[parent], []).append(row)
    return found
