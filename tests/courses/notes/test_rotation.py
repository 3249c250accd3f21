"""NOTES_KEY is replaced while people write, and no database alone opens a note."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from courses.notes.models import NotesKey
from institute.config import NOTES, Settings, former_secret_file, secret_file
from institute.db import db
from tests.courses.coaching.conftest import Pair
from tests.institute.processes import command

OLD = "what sealed the notes until today, long enough"
NEW = "what seals the notes from today on, long enough"
Restart = Callable[..., None]


@pytest.fixture
def restart(app: Flask) -> Restart:
    """Let the tool go on under other secrets, as a restart does."""

    def change(notes_key: str, former: str = "") -> None:
        settings: Settings = app.extensions["settings"]
        app.extensions["settings"] = dataclasses.replace(
            settings, notes_key=notes_key, former_notes_key=former
        )

    return change


@pytest.fixture
def page(pair: Pair, restart: Restart) -> Callable[[], str]:
    """Look at a session on which its coach noted something under the old key."""
    restart(OLD)
    log_id = pair.log()
    pair.coach.post(f"/coach/notes/session/{log_id}", {"private_note": "For me alone."})
    return lambda: pair.coach.get(f"/coach/sessions/{log_id}").text


def test_a_key_in_the_settings_is_replaced_in_three_steps(
    app: Flask, restart: Restart, page: Callable[[], str]
) -> None:
    restart(NEW, former=OLD)
    assert "For me alone." in page()
    status, told = command(app, "rotate-notes-key")
    assert (status, told.splitlines()[0]) == (0, "1 wrapped anew, 0 already, 0 cannot be opened.")
    assert "Nothing needs FORMER_NOTES_KEY any more" in told
    restart(NEW)
    assert "For me alone." in page()
    assert command(app, "rotate-notes-key")[1].startswith("0 wrapped anew, 1 already")


def test_under_another_key_nothing_is_read_and_the_page_says_so(
    app: Flask, restart: Restart, page: Callable[[], str]
) -> None:
    restart(NEW)
    assert "For me alone." not in page()
    assert "cannot be opened" in page()
    status, told = command(app, "rotate-notes-key")
    assert status == 1
    assert "1 cannot be opened" in told
    restart(OLD)
    assert "For me alone." in page()


def test_rotating_leaves_the_notes_and_changes_every_wrapping(
    app: Flask, restart: Restart, page: Callable[[], str]
) -> None:
    before = db.session.scalars(select(NotesKey.wrapped)).all()
    restart(NEW, former=OLD)
    assert command(app, "rotate-notes-key")[0] == 0
    db.session.rollback()
    assert set(db.session.scalars(select(NotesKey.wrapped))).isdisjoint(before)
    assert "For me alone." in page()


def test_a_key_in_its_file_is_replaced_and_the_former_deleted(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings: Settings = app.extensions["settings"]
    monkeypatch.delenv("NOTES_KEY", raising=False)
    kept, former = secret_file(settings.data_dir, NOTES), former_secret_file(settings.data_dir, NOTES)
    Settings.from_environment({"DATA_DIR": str(settings.data_dir)})
    before = kept.read_text()
    assert command(app, "rotate-notes-key", "--new")[0] == 0
    assert former.read_text() == before != kept.read_text()
    assert {_mode(kept), _mode(former)} == {0o600}
    again = Settings.from_environment({"DATA_DIR": str(settings.data_dir)})
    assert (again.notes_key, again.former_notes_key) == (kept.read_text(), before)
    assert command(app, "rotate-notes-key")[0] == 0
    assert not former.exists()


def _mode(path: Path) -> int:
    return path.stat().st_mode & 0o777
