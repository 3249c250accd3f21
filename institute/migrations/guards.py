"""The triggers that keep tables from being changed, put aside while a migration changes these."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import sqlalchemy as sa
from alembic import op


@contextmanager
def put_aside(tables: Sequence[str]) -> Iterator[None]:
    """Take the guards off tables that nobody else may change, and put them back as they were.

    SQLite loses a table's triggers when it is rebuilt; PostgreSQL keeps them.
    """
    bind = op.get_bind()
    if bind.dialect.name == "postgresql":
        for table in tables:
            op.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        yield
        for table in tables:
            op.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
        return
    triggers = sa.text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name IN :names")
    found = bind.execute(triggers.bindparams(sa.bindparam("names", list(tables), expanding=True))).all()
    for name, _ in found:
        op.execute(f"DROP TRIGGER {name}")
    yield
    for _, statement in found:
        bind.exec_driver_sql(statement)
