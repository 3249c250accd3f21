"""``institute migrate``: an older database is copied before it is changed, and keeps what it holds."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import flask_migrate
from alembic.script import ScriptDirectory
from flask import Flask
from sqlalchemy import func, select, table

from courses.loading.institutes import load_institute
from institute.config import Settings
from institute.db import db
from institute.paths import MIGRATIONS, ROOT

COUNTED = (
    "institute",
    "person",
    "programme",
    "module",
    "segment",
    "activity",
    "enrolment",
    "coach_assignment",
)


def _counts() -> dict[str, int]:
    with db.engine.connect() as connection:
        counting = {name: select(func.count()).select_from(table(name)) for name in COUNTED}
        return {name: connection.scalar(count) or 0 for name, count in counting.items()}


def _migrate(app: Flask) -> str:
    db.session.remove()
    result = app.test_cli_runner().invoke(args=["institute", "migrate"])
    assert result.exit_code == 0, result.output
    return result.output


def test_up_to_date_database_is_left_alone(app: Flask, settings: Settings) -> None:
    assert _migrate(app) == "The database is up to date.\n"
    assert not (settings.data_dir / "backups").exists()


def test_older_database_is_copied_first_and_keeps_parents_and_children(
    app: Flask, settings: Settings
) -> None:
    load_institute(ROOT / "courses" / "sample")
    db.session.remove()
    before = _counts()
    assert all(before.values())
    newest = ScriptDirectory(str(MIGRATIONS)).get_revision("head")
    assert newest is not None
    flask_migrate.downgrade(directory=str(MIGRATIONS), revision="-1")
    told = _migrate(app)
    assert _counts() == before
    if db.engine.dialect.name != "sqlite":
        return
    (copy,) = (settings.data_dir / "backups").iterdir()
    assert str(copy) in told
    with sqlite3.connect(copy) as kept:
        assert kept.execute("SELECT version_num FROM alembic_version").fetchone()[0] == newest.down_revision
        assert kept.execute("SELECT count(*) FROM person").fetchone()[0] == before["person"]
    kept.close()


def test_every_migration_goes_back_and_forth_with_data(app: Flask, tmp_path: Path) -> None:
    load_institute(ROOT / "courses" / "sample")
    db.session.remove()
    flask_migrate.downgrade(directory=str(MIGRATIONS), revision="base")
    flask_migrate.upgrade(directory=str(MIGRATIONS))
    assert not any(_counts().values())
    load_institute(ROOT / "courses" / "sample")
    assert all(_counts().values())


def test_migrations_are_numbered_in_one_line(app: Flask) -> None:
    history = [script.revision for script in ScriptDirectory(str(MIGRATIONS)).walk_revisions()]
    assert sorted(history) == [f"{number:04d}" for number in range(1, len(history) + 1)]
