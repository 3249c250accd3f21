"""Commands: ``flask --app wsgi institute …``. Each says in a sentence what it did or why it could not."""

from __future__ import annotations

import shutil
import sqlite3
from datetime import datetime
from pathlib import Path

import click
import flask_migrate
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask, current_app
from flask.cli import AppGroup, with_appcontext
from sqlalchemy import select

from institute.actors import Actor, PersonId, Role
from institute.audit.sealing import first_broken_position
from institute.clock import now
from institute.config import current_settings
from institute.db import db, transaction
from institute.errors import DomainError
from institute.jobs import worker
from institute.messages.links import make_link
from institute.paths import ROOT
from institute.people.granting import grant_role
from institute.people.institutes import find_institute, put_person
from institute.people.models import Grant

institute_group = AppGroup("institute", help="Run and look after the institute's tool.")
MIGRATIONS = ROOT / "institute" / "migrations"


def refused(error: DomainError) -> click.ClickException:
    """Return a refusal as the command line says it: its sentence, exit status 1."""
    return click.ClickException(error.text)


@institute_group.command("migrate")
@with_appcontext
def migrate() -> None:
    """Bring the database up to date; an older one is copied to DATA_DIR/backups first."""
    current_settings().data_dir.mkdir(parents=True, exist_ok=True)
    head = ScriptDirectory(str(MIGRATIONS)).get_current_head()
    with db.engine.connect() as connection:
        present = MigrationContext.configure(connection).get_current_revision()
    if present == head:
        click.echo("The database is up to date.")
        return
    if present is not None:
        copy = backup_database(current_settings().data_dir / "backups", now())
        click.echo(f"The database was copied to {copy}." if copy else "Copy the database with pg_dump first.")
    flask_migrate.upgrade(directory=str(MIGRATIONS))
    click.echo("The database was brought up to date." if present else "The database was made.")


def backup_database(folder: Path, at: datetime) -> Path | None:
    """Copy an SQLite database, whole even while it is written to. Returns None for another database."""
    if db.engine.dialect.name != "sqlite" or not db.engine.url.database:
        return None
    folder.mkdir(parents=True, exist_ok=True)
    copy = folder / f"institute-{at:%Y%m%dT%H%M%SZ}.sqlite3"
    source, target = sqlite3.connect(db.engine.url.database), sqlite3.connect(copy)
    with source, target:
        source.backup(target)
    source.close()
    target.close()
    shutil.copymode(db.engine.url.database, copy)
    return copy


@institute_group.command("worker")
def work() -> None:
    """Deliver what waits in the outbox, until told to stop."""
    worker.run_forever(current_app._get_current_object())  # type: ignore[attr-defined]


@institute_group.command("admin-link")
@click.option("--institute", "slug", help="The institute's slug; not needed where there is one.")
@click.option(
    "--email", default="", help="The administrator's address. A new administrator is made for an unknown one."
)
@with_appcontext
def admin_link(slug: str | None, email: str) -> None:
    """Print a one-time address that signs an administrator in."""
    try:
        institute = find_institute(slug)
        actor = Actor(institute_id=institute.id, person_id=None)
        with transaction():
            person_id = _administrator(actor, email)
            address = make_link(person_id, institute_id=actor.institute_id)
    except DomainError as error:
        raise refused(error) from error
    click.echo(address)
    click.echo("It works once, for 15 minutes.")


def _administrator(actor: Actor, email: str) -> PersonId:
    """Return the administrator of that address, or, without one, the first; make one if there is none."""
    key = f"administrator:{email.lower()}" if email else None
    if key is None:
        found = db.session.scalar(
            select(Grant.person_id)
            .where(
                Grant.institute_id == actor.institute_id,
                Grant.role == Role.ADMINISTRATOR,
                Grant.ended_at.is_(None),
            )
            .order_by(Grant.id)
        )
        if found is not None:
            return found
    person_id = put_person(key=(key or "administrator")[:60], name="", email=email, locale=None, actor=actor)
    grant_role(person_id, Role.ADMINISTRATOR, actor=actor)
    return person_id


@institute_group.command("audit-check")
@with_appcontext
def audit_check() -> None:
    """Walk the audit chain and say whether it is whole."""
    broken = first_broken_position()
    if broken is not None:
        raise click.ClickException(f"The audit chain is broken at position {broken}.")
    click.echo("The audit chain is whole.")


def init_app(app: Flask) -> None:
    """Attach the commands and the migrations."""
    app.cli.add_command(institute_group)
    flask_migrate.Migrate(app, db, directory=str(MIGRATIONS), render_as_batch=True)
