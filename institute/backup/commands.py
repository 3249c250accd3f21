"""Commands of the backup: ``flask --app wsgi institute migrate``, ``backup`` and ``restore``."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import click
from flask.cli import with_appcontext

from institute.backup.errors import PlaceUnfitError
from institute.backup.making import make_backup
from institute.backup.migrating import migrate_database
from institute.backup.restoring import restore_backup
from institute.db import db
from institute.terminal import sentences


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


@click.command("backup")
@click.argument("out", type=click.Path())
@with_appcontext
def backup(out: str) -> None:
    """Write database, files and keys as they are now to the new file OUT, or into the folder OUT.

    The tool may go on working meanwhile.
    """
    with sentences():
        place = Path(out)
        if out.endswith(os.sep) and not place.is_dir():
            raise PlaceUnfitError(path=out, reason=os.strerror(errno.ENOENT))
        made = make_backup(place)
    click.echo(f"Backed up to {made.path}: {made.size} bytes, {made.files} files.")
    if made.missing:
        click.echo(f"{made.missing} files that the database names are missing from the storage.", err=True)
    if made.holds_secret:
        click.echo("It holds the secret key: keep it where only you can read it.")
    else:
        click.echo("SECRET_KEY is a setting and not in it: keep that elsewhere, the backup needs it.")


@click.command("restore")
@click.argument("archive", metavar="IN", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--force", is_flag=True, help="Replace data that are there; they are backed up first.")
@with_appcontext
def restore(archive: Path, force: bool) -> None:
    """Put the backup IN in place of what is there. Stop the web processes and the workers first."""
    with sentences():
        done = restore_backup(archive, force=force)
    if done.before is not None:
        click.echo(f"The data before were backed up to {done.before}.")
    click.echo(f"Restored the backup of {done.made_at}, with {done.files} files.")
    if done.missing:
        click.echo(f"{done.missing} files that its database names were missing when it was made.", err=True)
