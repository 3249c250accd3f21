"""Alembic's environment: migrations run on the application's engine, with foreign keys off while tables are rebuilt."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context
from flask import current_app
from sqlalchemy.types import TypeDecorator

from institute.db import Base, UtcDateTime, db
from institute.migrations.foreign_keys import check, unchecked
from institute.migrations.rebuilding import one_by_one


def render_plainly(kind: str, thing: Any, _context: object) -> str | Literal[False]:
    """Write our column types as the plain ones they are stored as: a migration must outlive the code."""
    if kind == "type" and isinstance(thing, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(thing, TypeDecorator):
        return "sa." + repr(thing.impl_instance)
    return False


def run_online() -> None:
    """Migrate the application's database. Foreign keys are checked at the end, whole."""
    configured = current_app.extensions["migrate"].configure_args
    with db.engine.connect() as connection, unchecked(connection):
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            transactional_ddl=True,
            render_item=render_plainly,
            **configured,
        )
        with context.begin_transaction(), one_by_one():
            context.run_migrations()
            check(connection)


if context.is_offline_mode():
    raise SystemExit("Migrations run against a database: they move data, which a script could not.")
run_online()
