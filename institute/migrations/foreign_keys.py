"""SQLite rebuilds a table to change it; with foreign keys on, dropping the old parent would empty its children."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection


class BrokenReferencesError(Exception):
    """A migration left rows that refer to nothing."""


@contextmanager
def unchecked(connection: Connection) -> Iterator[None]:
    """Turn SQLite's foreign keys off inside the block and check all of them after it."""
    if connection.dialect.name != "sqlite":
        yield
        return
    raw = connection.connection.dbapi_connection
    if raw is None:
        raise RuntimeError("there is no connection to migrate on")
    raw.execute("PRAGMA foreign_keys = OFF")
    try:
        yield
        broken = raw.execute("PRAGMA foreign_key_check").fetchall()
        if broken:
            raise BrokenReferencesError(f"{len(broken)} rows refer to nothing, first in table {broken[0][0]}")
    finally:
        raw.execute("PRAGMA foreign_keys = ON")
