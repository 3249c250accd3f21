"""SQLite rebuilds a table to change it; with foreign keys on, dropping the old parent would empty its children."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection


class BrokenReferencesError(Exception):
    """A migration left rows that refer to nothing."""


@contextmanager
def unchecked(connection: Connection) -> Iterator[None]:
    """Turn SQLite's foreign keys off around a migration; they cannot be turned off inside its transaction."""
    _switch(connection, "OFF")
    try:
        yield
    finally:
        _switch(connection, "ON")


def check(connection: Connection) -> None:
    """Check every reference, while the migration can still be rolled back. Raises BrokenReferencesError."""
    if connection.dialect.name != "sqlite":
        return
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
    if broken:
        raise BrokenReferencesError(f"{len(broken)} rows refer to nothing, first in table {broken[0][0]}")


def _switch(connection: Connection, state: str) -> None:
    raw = connection.connection.dbapi_connection
    if connection.dialect.name == "sqlite" and raw is not None:
        raw.execute(f"PRAGMA foreign_keys = {state}")
