"""What every test stands on: an application on a migrated database of its own, and people who sign in."""

from __future__ import annotations

import gc
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import pytest
from flask import Flask
from hypothesis import settings as properties
from jinja2 import FileSystemBytecodeCache
from sqlalchemy.orm import Session

from institute.actors import Actor, Role
from institute.config import Settings
from institute.db import Base, db, transaction
from institute.i18n import Localised
from institute.people.models import Institute, Person
from tests.applications import Applications
from tests.browsing import Visitor, visit

pytest_plugins = ["tests.databases", "tests.selecting"]
# How busy the machine is says nothing about what holds for every value.
properties.register_profile("any-machine", deadline=None)
properties.load_profile("any-machine")

# A process of tests keeps nearly all that it holds: looking through it for cycles took an eighth of its time.
gc.set_threshold(20_000, 20, 20)

Row = TypeVar("Row", bound=Base)
PUBLIC_URL = "http://127.0.0.1:8000"
SECRET = "a secret for tests, long enough to be one"
NOTES = "what seals private notes in tests, long enough"


def pytest_collection_finish() -> None:
    """Leave what was loaded until now out of every search for garbage."""
    gc.freeze()


@pytest.fixture(scope="session")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of this process, emptied for each test: its address is part of an application's settings."""
    return tmp_path_factory.mktemp("house") / "data"


@pytest.fixture
def settings(data_dir: Path, database: Callable[[], str]) -> Settings:
    """Settings of one test: an empty data folder and a migrated database without rows."""
    shutil.rmtree(data_dir, ignore_errors=True)
    return Settings.from_environment(
        {
            "DATA_DIR": str(data_dir),
            "DATABASE_URL": database(),
            "PUBLIC_URL": PUBLIC_URL,
            "SECRET_KEY": SECRET,
            "NOTES_KEY": NOTES,
            "PLATFORM_NETWORKS": "loopback",
        }
    )


@pytest.fixture(scope="session")
def compiled_templates(tmp_path_factory: pytest.TempPathFactory) -> FileSystemBytecodeCache:
    """Templates that were compiled once: without this, compiling them again for each test takes a third of the time."""
    return FileSystemBytecodeCache(str(tmp_path_factory.mktemp("templates")))


@pytest.fixture(scope="session")
def applications(compiled_templates: FileSystemBytecodeCache) -> Applications:
    """The applications that this process has made."""
    return Applications(compiled_templates)


@pytest.fixture
def app(settings: Settings, applications: Applications) -> Iterator[Flask]:
    """The whole application as it is when it has just been made, with its context pushed."""
    app = applications.get(settings)
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def session(app: Flask) -> Session:
    """The session for looking at what was stored; never for changing what a use case should change."""
    return db.session()


@pytest.fixture
def make_institute(app: Flask) -> Callable[..., Institute]:
    """Make a valid institute."""
    count = 0

    def make(*, slug: str = "", name: str = "Valley Coaching Institute", **given: Any) -> Institute:
        nonlocal count
        count += 1
        given.setdefault("timezone", "America/Los_Angeles")
        given.setdefault("languages", "en es zh_Hant vi ar")
        return _stored(Institute(slug=slug or f"institute-{count}", name=Localised.of({"en": name}), **given))

    return make


@pytest.fixture
def institute(make_institute: Callable[..., Institute]) -> Institute:
    """The institute a test is about."""
    return make_institute(slug="valley")


@pytest.fixture
def make_person(app: Flask, institute: Institute) -> Callable[..., Person]:
    """Make a valid person, of the test's institute unless another is given."""

    def make(*, name: str = "Lucía Ortega", institute_id: int | None = None, **given: Any) -> Person:
        return _stored(Person(name=name, institute_id=institute_id or institute.id, **given))

    return make


@pytest.fixture
def system(institute: Institute) -> Actor:
    """The command line, acting in the test's institute."""
    return Actor(institute_id=institute.id, person_id=None)


@pytest.fixture
def sign_in(app: Flask) -> Callable[..., Visitor]:
    """Open a session for a person, as a launch does: ``sign_in(person, roles=[…], place=cohort_id)``."""

    def enter(person: Person, *, roles: tuple[Role, ...] | list[Role] = (), **given: Any) -> Visitor:
        return visit(app, person, roles=roles, **given)

    return enter


def _stored(row: Row) -> Row:
    with transaction() as session:
        session.add(row)
    return row
