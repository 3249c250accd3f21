"""A migrated database for each test: a copy of one SQLite file, or one emptied PostgreSQL database per process."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url, text

import certificates
import courses
import lti
from institute.app import create_app
from institute.config import Settings
from institute.db import db

DatabaseMaker = Callable[[], str]


def migrated(url: str, folder: Path) -> None:
    """Bring the database at ``url`` to the newest revision."""
    given = {
        "DATA_DIR": str(folder),
        "DATABASE_URL": url,
        "SECRET_KEY": "only for making the template database",
    }
    app = create_app(courses, certificates, lti, settings=Settings.from_environment(given))
    result = app.test_cli_runner().invoke(args=["institute", "migrate"])
    assert result.exit_code == 0, result.output
    with app.app_context():
        db.engine.dispose()  # the last connection writes SQLite's log into the file that tests copy


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file, made once."""
    folder = tmp_path_factory.mktemp("template")
    migrated(f"sqlite:///{folder / 'template.sqlite3'}", folder)
    return folder / "template.sqlite3"


@pytest.fixture(scope="session")
def postgres_database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str | None]:
    """A migrated PostgreSQL database of this process, or None where TEST_DATABASE_URL names no server."""
    given = os.environ.get("TEST_DATABASE_URL")
    if not given:
        yield None
        return
    server = make_url(given.replace("postgresql://", "postgresql+psycopg://"))
    name = f"institute_test_{os.getpid()}"
    admin = create_engine(server, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {name}"))
        connection.execute(text(f"CREATE DATABASE {name}"))
    url = server.set(database=name).render_as_string(hide_password=False)
    migrated(url, tmp_path_factory.mktemp("postgres"))
    yield url
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    admin.dispose()


@pytest.fixture
def database(request: pytest.FixtureRequest, tmp_path: Path, postgres_database: str | None) -> DatabaseMaker:
    """Return the address of an empty migrated database."""

    def make() -> str:
        if postgres_database is None:
            copy = tmp_path / "test.sqlite3"
            shutil.copy(request.getfixturevalue("sqlite_template"), copy)
            return f"sqlite:///{copy}"
        engine = create_engine(postgres_database)
        with engine.begin() as connection:
            names = connection.scalars(
                text(
                    "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version'"
                )
            ).all()
            connection.execute(text(f"TRUNCATE {', '.join(names)} RESTART IDENTITY CASCADE"))
        engine.dispose()
        return postgres_database

    return make
