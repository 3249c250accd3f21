"""A backup or a restore that is killed at any step leaves the old state or the new one, never something between."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from institute.audit.sealing import seal_events
from institute.clock import shift
from institute.db import db, transaction
from institute.files.storing import store
from institute.i18n import Localised
from institute.keys.keeping import key_in_use
from institute.keys.models import KeyPurpose
from institute.paths import ROOT
from institute.people.models import Institute
from tests.institute.processes import Start, command

KILLED = -9


def _make(start: Start, data_dir: Path, slug: str, out: Path, url: dict[str, str]) -> None:
    """Make data of an institute with a key and a file, and their backup."""
    with start(data_dir, **url) as app:
        with transaction() as session:
            institute = Institute(slug=slug, name=Localised.of({"en": slug}), timezone="UTC")
            session.add(institute)
        key_in_use(institute.id, KeyPurpose.DOCUMENT)
        store(slug.encode(), institute_id=institute.id, name="a.txt", media_type="text/plain", owner_id=None)
        with shift(seconds=60):
            assert seal_events() > 0
        status, told = command(app, "backup", str(out))
        assert status == 0, told
        db.session.remove()


@pytest.fixture
def folder(start: Start, tmp_path: Path, database: Callable[[], str]) -> tuple[Path, dict[str, str]]:
    """A folder with old data and the backup of new ones, each under a secret key of its own."""
    url: dict[str, str] = {}
    for name, folder in (("new", "new"), ("old", "data")):
        address = database()
        (tmp_path / folder).mkdir()
        if address.startswith("sqlite"):
            shutil.move(address.removeprefix("sqlite:///"), tmp_path / folder / "institute.sqlite3")
        else:
            url = {"DATABASE_URL": address}
        _make(start, tmp_path / folder, name, tmp_path / f"{name}.tar", url)
    shutil.copytree(tmp_path / "data", tmp_path / "old")
    return tmp_path, url


def _killed(what: str, folder: tuple[Path, dict[str, str]]) -> list[dict[str, Any]]:
    """Kill ``what`` at every other step (on a server, at every sixth: it is slow) and say what was seen."""
    path, url = folder
    done = subprocess.run(
        [sys.executable, "-m", "tests.institute.killing", what, "6" if url else "2", str(path)],
        cwd=ROOT,
        env={**os.environ, **url, "DATA_DIR": str(path / "data")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    rounds = [json.loads(line) for line in done.stdout.splitlines()]
    assert [each["status"] for each in rounds] == [KILLED] * (len(rounds) - 1) + [0], done.stderr
    assert [each["again"] for each in rounds] == [0] * len(rounds), done.stderr
    assert len(rounds) > 2
    return rounds


def test_killed_restore_leaves_the_old_data_or_the_new_ones(folder: tuple[Path, dict[str, str]]) -> None:
    seen = [each["seen"] for each in _killed("restore", folder)]
    assert set(seen) == {"old", "new"}
    assert seen == sorted(seen, reverse=True)  # once switched it never goes back


def test_killed_backup_leaves_no_half_archive_under_its_name(folder: tuple[Path, dict[str, str]]) -> None:
    rounds = _killed("backup", folder)
    seen = [each["seen"] for each in rounds]
    assert seen[0] == "absent"
    assert seen[-1] == "whole"
    assert seen == sorted(seen)
    assert not [name for name in rounds[-1]["left"] if ".part" in name]
