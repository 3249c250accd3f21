"""Many rows in one statement: they travel as one JSON document, and the database takes it apart.

A statement with a parameter for every value costs many times more to send than to carry out.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import (
    JSON,
    BindParameter,
    Boolean,
    ColumnElement,
    Connection,
    FromClause,
    Integer,
    String,
    Table,
    bindparam,
    cast,
    column,
    func,
    select,
    type_coerce,
)

POSTGRESQL: Final = "postgresql"
ROWS: Final[BindParameter[str]] = bindparam("rows", type_=String)
Kind = type[Integer] | type[String] | type[Boolean] | type[JSON]


def rows_of(dialect: str, *kinds: Kind) -> tuple[FromClause, list[ColumnElement[Any]]]:
    """Return a source of the rows in the parameter ``rows``, a JSON list of lists, and its columns of these kinds."""
    if dialect == POSTGRESQL:
        each = func.json_array_elements(cast(ROWS, JSON)).table_valued(column("value", JSON)).render_derived()
        return each, [_on_postgresql(each.c.value, place, kind) for place, kind in enumerate(kinds)]
    source = func.json_each(ROWS).table_valued("value")
    return source, [
        type_coerce(func.json_extract(source.c.value, f"$[{place}]"), kind())
        for place, kind in enumerate(kinds)
    ]


def _on_postgresql(value: ColumnElement[Any], place: int, kind: Kind) -> ColumnElement[Any]:
    if kind is JSON:
        return type_coerce(value.op("->")(place), JSON())
    text = value.op("->>", return_type=String())(place)
    return text if kind is String else cast(text, kind())


def reserve_ids(connection: Connection, table: Table, count: int) -> Sequence[int]:
    """Return ids for new rows of ``table``: whoever writes to SQLite is alone, PostgreSQL gives no number twice."""
    if connection.dialect.name == POSTGRESQL:
        sequence = func.pg_get_serial_sequence(table.name, "id")
        return connection.scalars(
            select(func.nextval(sequence)).select_from(func.generate_series(1, count))
        ).all()
    last = connection.scalar(select(func.max(table.c.id))) or 0
    return range(last + 1, last + 1 + count)
