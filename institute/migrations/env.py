"""Alembic's environment: migrations run on the application's engine, with foreign keys off while tables are rebuilt."""

from __future__ import annotations

from alembic import context
from flask import current_app

from institute.db import Base, db
from institute.migrations.foreign_keys import check, unchecked


def run_online() -> None:
    """Migrate the application's database. Foreign keys are checked at the end, whole."""
    configured = current_app.extensions["migrate"].configure_args
    with db.engine.connect() as connection, unchecked(connection):
        context.configure(
            connection=connection, target_metadata=Base.metadata, transactional_ddl=True, **configured
        )
        with context.begin_transaction():
            context.run_migrations()
            check(connection)


if context.is_offline_mode():
    raise SystemExit("Migrations run against a database: they move data, which a script could not.")
run_online()
