"""Processes of the tool beside one another: started on a data folder, with settings of their own."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask

import certificates
import courses
import lti
from institute.app import create_app
from institute.config import Settings
from institute.db import db
from tests.browsing import OutsideClient
from tests.conftest import PUBLIC_URL
from tests.institute.houses import House
from tests.institute.processes import Start, command


@pytest.fixture
def start(monkeypatch: pytest.MonkeyPatch) -> Start:
    """Run a process of the tool on a data folder, under the settings that are given by name."""
    for name in ("SECRET_KEY", "FORMER_SECRET_KEY"):
        monkeypatch.delenv(name, raising=False)

    @contextmanager
    def starting(data_dir: Path, **given: str) -> Iterator[Flask]:
        settings = Settings.from_environment({"DATA_DIR": str(data_dir), "PUBLIC_URL": PUBLIC_URL, **given})
        app = create_app(courses, certificates, lti, settings=settings)
        app.test_client_class = OutsideClient
        with app.app_context():
            try:
                yield app
            finally:
                db.session.remove()
                db.engine.dispose()

    return starting


@pytest.fixture
def url(database: Callable[[], str], tmp_path: Path) -> dict[str, str]:
    """The setting of a migrated database on a server; nothing for SQLite, where one lies in the folder ``data``."""
    address = database()
    if not address.startswith("sqlite"):
        return {"DATABASE_URL": address}
    (tmp_path / "data").mkdir()
    shutil.move(address.removeprefix("sqlite:///"), tmp_path / "data" / "institute.sqlite3")
    return {}


@pytest.fixture
def backed_up(start: Start, tmp_path: Path, url: dict[str, str]) -> tuple[House, Path]:
    """An institute and its backup."""
    with start(tmp_path / "data", **url) as app:
        house = House(app)
        status, told = command(app, "backup", str(tmp_path / "institute.tar"))
        assert status == 0, told
    return house, tmp_path / "institute.tar"
