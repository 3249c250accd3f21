"""Bringing the database up to date; an older one is copied first."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import flask_migrate
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask

from institute import db as database
from institute.backup.sqlite import copy_database
from institute.clock import now
from institute.config import current_settings
from institute.db import db
from institute.paths import MIGRATIONS


@dataclass(frozen=True, slots=True)
class Migrated:
    """The revision before (None for a new database) and after, and where an SQLite database was copied to."""

    before: str | None
    after: str
    copy: Path | None


def sqlite_file() -> Path | None:
    """Return where the SQLite database lies, None for a database on a server."""
    url = db.engine.url
    return Path(str(url.database)) if db.engine.dialect.name == "sqlite" else None


def present_revision() -> str | None:
    """Return the revision of the application's database, None if it holds nothing of ours."""
    with db.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def newest_revision() -> str:
    """Return the revision that this program works with."""
    head = ScriptDirectory(str(MIGRATIONS)).get_current_head()
    if head is None:
        raise RuntimeError("there are no migrations")
    return head


def known_revisions() -> frozenset[str]:
    """Return all revisions that this program knows."""
    return frozenset(script.revision for script in ScriptDirectory(str(MIGRATIONS)).walk_revisions())


def is_up_to_date() -> bool:
    """Tell whether a database is there and of the newest revision. Asking makes no file."""
    path = sqlite_file()
    return (path is None or path.exists()) and present_revision() == newest_revision()


def migrate_database() -> Migrated:
    """Bring the application's database up to date. An older SQLite one is copied to DATA_DIR/backups first.

    A new SQLite database is its owner's only, and so are the logs that SQLite writes beside it.
    """
    data_dir, path = current_settings().data_dir, sqlite_file()
    data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    if path is not None:
        with suppress(OSError):  # said better when the database is opened
            path.touch(mode=0o600)
    before, newest, copy = present_revision(), newest_revision(), None
    if before != newest:
        if before is not None and path is not None:
            copy = data_dir / "backups" / f"institute-{now():%Y%m%dT%H%M%SZ}.sqlite3"
            copy.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            copy_database(path, copy)
        flask_migrate.upgrade(directory=str(MIGRATIONS))
    return Migrated(before, newest, copy)


def migrate_file(path: Path) -> None:
    """Bring an SQLite database that lies beside the application's one up to date."""
    app = Flask("institute")
    app.extensions["settings"] = current_settings()
    app.config["SQLALCHEMY_DATABASE_URI"] = f"sqlite:///{path}"
    database.init_app(app)
    flask_migrate.Migrate(app, db, directory=str(MIGRATIONS), render_as_batch=True)
    with app.app_context():
        flask_migrate.upgrade()
        db.engine.dispose()
