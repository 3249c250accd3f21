"""Stored files: whole or not there, once for the same bytes, swept only when nobody can miss them."""

from __future__ import annotations

import hashlib
import io
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from institute import clock
from institute.db import transaction
from institute.errors import NotFoundError
from institute.files.models import StoredFile, StoredFileId
from institute.files.reading import FileMissingError, find_file, open_file
from institute.files.storage import current_storage
from institute.files.storing import forget, keep, record, store
from institute.files.sweeping import sweep
from institute.jobs import worker
from institute.paths import ROOT
from institute.people.models import Institute

DATA = b"what was written down" * 1000
DAY = 24 * 3600
KILLED = """
import os, signal, sys
from wsgi import app
from institute.files import storing
with app.app_context():
    if sys.argv[1] == "before":
        storing.keep(b"killed before its row")
        os.kill(os.getpid(), signal.SIGKILL)

    class Dying:
        pieces = [b"a" * 100, b"b" * 100]

        def read(self, _size):
            if not self.pieces:
                os.kill(os.getpid(), signal.SIGKILL)
            return self.pieces.pop()

    storing.keep(Dying())
"""


def stored(institute: Institute, data: bytes = DATA, name: str = "plan.txt") -> StoredFileId:
    """Store a file as a room does."""
    return store(data, institute_id=institute.id, name=name, media_type="text/plain", owner_id=None)


def files_below(folder: Path) -> list[Path]:
    """Return the files of the storage, without its lock."""
    return [path for path in folder.rglob("*") if path.is_file() and path.name != ".lock"]


def grow_old(folder: Path, seconds: int = DAY + 60) -> None:
    """Let everything in the storage be older."""
    for path in files_below(folder):
        os.utime(path, (time.time() - seconds, time.time() - seconds))


def test_file_comes_back_as_it_was_stored(app: Flask, institute: Institute) -> None:
    file_id = stored(institute)
    row, data = open_file(file_id, institute_id=institute.id)
    with data:
        assert data.read() == DATA
    assert (row.sha256, row.size) == (hashlib.sha256(DATA).hexdigest(), len(DATA))
    assert (row.name, row.media_type, row.owner_id) == ("plan.txt", "text/plain", None)


def test_same_bytes_are_kept_once_and_have_two_rows(
    app: Flask, institute: Institute, make_institute: Callable[..., Institute]
) -> None:
    one, two = stored(institute), stored(make_institute(), name="other.txt")
    assert one != two
    assert len(files_below(current_storage().root)) == 1


def test_another_institute_has_no_such_file(
    app: Flask, institute: Institute, make_institute: Callable[..., Institute]
) -> None:
    file_id, other = stored(institute), make_institute()
    for unknown, institute_id in ((file_id, other.id), (StoredFileId(999), institute.id)):
        with pytest.raises(NotFoundError):
            open_file(unknown, institute_id=institute_id)
        with pytest.raises(NotFoundError), transaction():
            forget(unknown, institute_id=institute_id)
    assert find_file(file_id, institute_id=institute.id).id == file_id


def test_files_are_not_written_while_a_transaction_waits(app: Flask) -> None:
    with transaction(), pytest.raises(RuntimeError):
        keep(b"slow")


def test_disk_that_refuses_leaves_nothing_behind(app: Flask) -> None:
    class Broken(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            raise OSError("no space left")

    with pytest.raises(OSError, match="no space"):
        keep(Broken())
    assert files_below(current_storage().root) == []


def test_row_of_a_file_is_never_changed(app: Flask, institute: Institute) -> None:
    file_id = stored(institute)
    with pytest.raises(DBAPIError, match="append-only"), transaction() as session:
        session.execute(update(StoredFile).where(StoredFile.id == file_id).values(sha256="0" * 64))


def test_bytes_that_are_gone_are_told_from_a_file_that_never_was(app: Flask, institute: Institute) -> None:
    file_id = stored(institute)
    for path in files_below(current_storage().root):
        path.unlink()
    with pytest.raises(FileMissingError):
        open_file(file_id, institute_id=institute.id)


@pytest.mark.parametrize("name", ["../../etc/passwd", "", "a" * 63, "A" * 64, "0" * 64 + "\n"])
def test_storage_gives_out_nothing_but_its_own(app: Flask, name: str) -> None:
    keep(b"something")
    with pytest.raises(FileNotFoundError):
        current_storage().open(name)


def test_sweep_takes_what_nobody_refers_to_and_is_a_day_old(app: Flask, institute: Institute) -> None:
    storage = current_storage()
    file_id, orphan = stored(institute), keep(b"never referred to")
    assert sweep() == 0, "it may be referred to in a moment"
    grow_old(storage.root)
    assert sweep() == 1
    assert not storage.exists(orphan.sha256)
    assert find_file(file_id, institute_id=institute.id).id == file_id
    assert storage.exists(hashlib.sha256(DATA).hexdigest())


def test_orphan_that_is_stored_again_is_young_again(app: Flask, institute: Institute) -> None:
    blob = keep(DATA)
    grow_old(current_storage().root)
    assert keep(DATA) == blob
    assert sweep() == 0
    with transaction():
        record(blob, institute_id=institute.id, name="a.txt", media_type="text/plain", owner_id=None)
    grow_old(current_storage().root)
    assert sweep() == 0


def test_removed_file_is_swept_by_the_worker_two_days_later(app: Flask, institute: Institute) -> None:
    storage = current_storage()
    kept, removed = stored(institute, b"kept"), stored(institute, b"removed")
    with transaction():
        forget(removed, institute_id=institute.id)
    assert worker.run_once(app) == 0
    grow_old(storage.root)
    with clock.shift(seconds=2 * DAY):
        worker.run_once(app)
    assert storage.exists(hashlib.sha256(b"kept").hexdigest())
    assert not storage.exists(hashlib.sha256(b"removed").hexdigest())
    assert find_file(kept, institute_id=institute.id).id == kept


@pytest.mark.parametrize("when", ["before", "within"])
def test_process_killed_between_bytes_and_row_loses_and_spoils_nothing(
    app: Flask, institute: Institute, session: Session, when: str
) -> None:
    settings = app.extensions["settings"]
    given = {
        **os.environ,
        "DATA_DIR": str(settings.data_dir),
        "DATABASE_URL": settings.database_url.replace("postgresql+psycopg", "postgresql"),
        "SECRET_KEY": settings.secret_key,
    }
    storage = current_storage()
    file_id = stored(institute)
    done = subprocess.run([sys.executable, "-c", KILLED, when], cwd=ROOT, env=given, check=False)
    assert done.returncode == -signal.SIGKILL
    left = files_below(storage.root)
    assert len(left) == 2
    assert [path.suffix for path in left].count(".part") == (1 if when == "within" else 0)
    assert session.scalar(select(func.count()).select_from(StoredFile)) == 1
    session.rollback()
    assert keep(b"killed before its row").size == 21
    grow_old(storage.root)
    assert sweep() == 2 if when == "within" else sweep() == 1
    assert [path.name for path in files_below(storage.root)] == [hashlib.sha256(DATA).hexdigest()]
    _, data = open_file(file_id, institute_id=institute.id)
    with data:
        assert data.read() == DATA


def test_row_that_is_still_referred_to_goes_with_nothing(app: Flask, institute: Institute) -> None:
    one, two = stored(institute), stored(institute, name="twin.txt")
    with transaction() as session:
        session.execute(delete(StoredFile).where(StoredFile.id == one))
    grow_old(current_storage().root)
    assert sweep() == 0
    _, data = open_file(two, institute_id=institute.id)
    data.close()
