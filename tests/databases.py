"""A migrated database for each test: a copy of one SQLite file, or one emptied PostgreSQL database per process."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import pytest
from sqlalchemy import (
    Engine,
    create_engine,
    delete,
    event,
    exists,
    literal,
    make_url,
    select,
    table,
    text,
    union_all,
)

import certificates
import courses
import lti
from institute.app import create_app
from institute.config import Settings
from institute.db import db

DatabaseMaker = Callable[[], str]

TABLES: Final = (
    "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version'"
)
SEQUENCES: Final = "SELECT sequencename FROM pg_sequences WHERE last_value IS NOT NULL"


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


@pytest.fixture(scope="session")
def postgres_engine(postgres_database: str) -> Iterator[Engine]:
    """A connection to that database which empties it for the next test."""
    engine = create_engine(postgres_database, isolation_level="AUTOCOMMIT")
    yield engine
    engine.dispose()


def _empty(engine: Engine) -> None:
    """Delete what stands in the tables that hold anything, and count from 1 again.

    Much faster than TRUNCATE of all tables, which makes each of their files anew.
    """
    with engine.connect() as connection:
        names = connection.scalars(text(TABLES)).all()
        tables = [table(name) for name in names]
        used = connection.scalars(
            union_all(
                *(select(literal(one.name)).where(exists(select(1).select_from(one))) for one in tables)
            )
        ).all()
        if not used:
            return
        clear = ["SET session_replication_role = replica"]  # no trigger and no foreign key has a say
        clear += [str(delete(table(name))) for name in used]
        clear += [f"ALTER SEQUENCE {name} RESTART" for name in connection.scalars(text(SEQUENCES)).all()]
        clear += ["SET session_replication_role = DEFAULT"]
        connection.exec_driver_sql("; ".join(clear))


@pytest.fixture
def database(request: pytest.FixtureRequest, postgres_database: str | None) -> DatabaseMaker:
    """Return the address of an empty migrated database: the same for each test of a process."""

    def make() -> str:
        if postgres_database is None:
            template: Path = request.getfixturevalue("sqlite_template")
            copy = template.with_name("test.sqlite3")
            for path in template.parent.glob(f"{copy.name}*"):
                path.unlink()  # whoever still holds the old file keeps it to himself
            shutil.copy(template, copy)
            return f"sqlite:///{copy}"
        _empty(request.getfixturevalue("postgres_engine"))
        return postgres_database

    return make


@contextmanager
def counted() -> Iterator[list[str]]:
    """Note down the statements of what is done inside."""
    statements: list[str] = []

    def note(_conn: object, _cursor: object, statement: str, *_more: object) -> None:
        statements.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
