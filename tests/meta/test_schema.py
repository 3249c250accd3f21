"""The schema: what the migrations make is what the models say, triggers and checks included, on both databases."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import flask_migrate
import pytest
from alembic.script import ScriptDirectory
from flask import Flask
from sqlalchemy import create_engine, make_url, text

import certificates
import courses
import lti
from institute.app import create_app
from institute.config import Settings
from institute.db import Base, db
from tests.meta import sources
from tests.meta.schema import described

MIGRATIONS = sources.ROOT / "institute" / "migrations"
MakeApp = Callable[[str], Flask]


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def make_app(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[MakeApp]:
    """Make applications on databases of their own that hold nothing yet, on one kind of database."""
    made: list[Flask] = []
    names: list[str] = []

    def address(name: str) -> str:
        if request.param == "sqlite":
            return f"sqlite:///{tmp_path / name}.sqlite3"
        given = os.environ.get("TEST_DATABASE_URL")
        if not given:
            pytest.skip("TEST_DATABASE_URL names no PostgreSQL server")
        names.append(f"schema_{name}_{os.getpid()}")
        _on_server(given, f"DROP DATABASE IF EXISTS {names[-1]}", f"CREATE DATABASE {names[-1]}")
        return make_url(given).set(database=names[-1]).render_as_string(hide_password=False)

    def make(name: str) -> Flask:
        given = {
            "DATA_DIR": str(tmp_path),
            "DATABASE_URL": address(name),
            "SECRET_KEY": "only for schemas " * 3,
        }
        made.append(create_app(courses, certificates, lti, settings=Settings.from_environment(given)))
        return made[-1]

    yield make
    for app in made:
        with app.app_context():
            db.engine.dispose()
    for name in names:
        _on_server(os.environ["TEST_DATABASE_URL"], f"DROP DATABASE {name}")


def _on_server(given: str, *statements: str) -> None:
    engine = create_engine(given, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()


def schema(app: Flask) -> set[str]:
    """Return the lines of the schema of an application's database."""
    with app.app_context(), db.engine.connect() as connection:
        return described(connection)


@pytest.mark.every_value
def test_migrations_make_what_the_models_say(make_app: MakeApp) -> None:
    migrated, created = make_app("migrated"), make_app("created")
    with migrated.app_context():
        flask_migrate.upgrade(directory=str(MIGRATIONS))
    with created.app_context():
        Base.metadata.create_all(db.engine)
    made, said = schema(migrated), schema(created)
    assert len(said) > 100
    assert sorted(made - said) == []
    assert sorted(said - made) == []


@pytest.mark.every_value
def test_migrations_go_back_to_nothing_and_up_again(make_app: MakeApp) -> None:
    app = make_app("returning")
    with app.app_context():
        flask_migrate.upgrade(directory=str(MIGRATIONS))
        up = schema(app)
        flask_migrate.downgrade(directory=str(MIGRATIONS), revision="base")
        assert sorted(schema(app)) == []
        flask_migrate.upgrade(directory=str(MIGRATIONS))
        assert schema(app) == up


def test_migrations_stand_in_one_line_and_are_named_by_their_number() -> None:
    scripts = ScriptDirectory(str(MIGRATIONS))
    assert len(scripts.get_heads()) == 1
    numbers = [script.revision for script in scripts.walk_revisions()][::-1]
    assert numbers == [f"{number:04}" for number in range(1, len(numbers) + 1)]
    names = sorted(path.name for path in sources.files("institute/migrations/versions", ".py"))
    assert [name[:5] for name in names if name != "__init__.py"] == [f"{number}_" for number in numbers]
    assert all((script.doc or "").strip() for script in scripts.walk_revisions())
