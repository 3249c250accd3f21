"""Commands of the backup: ``flask --app wsgi institute migrate``, ``backup`` and ``restore``."""

from __future__ import annotations

import click
from flask.cli import with_appcontext

from institute.backup.migrating import migrate_database
from institute.db import db


@click.command("migrate")
@with_appcontext
def migrate() -> None:
    """Bring the database up to date; an older one is copied to DATA_DIR/backups first."""
    done = migrate_database()
    if done.before == done.after:
        click.echo("The database is up to date.")
        return
    if done.copy is not None:
        click.echo(f"The database was copied to {done.copy}.")
    elif done.before is not None and db.engine.dialect.name != "sqlite":
        click.echo("A PostgreSQL database is not copied before it is changed: institute backup does that.")
    click.echo("The database was brought up to date." if done.before else "The database was made.")
