"""A program that others wrote sends files to the tool as it runs, over lines that break and to processes that die."""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from tusclient.client import TusClient

from institute.actors import Actor
from institute.config import Settings
from institute.db import transaction
from institute.files.models import StoredFile
from institute.files.reading import open_file
from institute.files.uploads import claim
from institute.files.uploads.models import UploadId
from institute.paths import ROOT
from institute.people.models import Person
from institute.web import forms, sessions
from tests.films import write_film
from tests.institute.cutting import cut_line
from tests.journeys.house import free_ports

# The other program leaves connections and files to the garbage collector.
pytestmark = [
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]
LARGE = 200 * 1000 * 1000
SMALL = 12 * 1000 * 1000


@dataclass
class Server:
    """The web processes of the tool, on a port of their own."""

    port: int
    environment: dict[str, str]
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start them and wait until they answer."""
        words = [
            "gunicorn",
            "wsgi:app",
            "--bind",
            f"127.0.0.1:{self.port}",
            "--workers",
            "1",
            "--threads",
            "4",
        ]
        self.process = subprocess.Popen(
            [sys.executable, "-m", *words, "--log-level", "error"],
            cwd=ROOT,
            env=self.environment,
            start_new_session=True,
        )
        for _ in range(600):
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=5):
                    return
            except OSError:
                assert self.process.poll() is None
                time.sleep(0.05)
        raise AssertionError("the server did not start")

    def kill(self) -> None:
        """End them as a power cut would."""
        if self.process is not None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None


@pytest.fixture
def server(app: Flask, settings: Settings) -> Iterator[Server]:
    """The running tool on the test's own data."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    environment = {
        **kept,
        "DATA_DIR": str(settings.data_dir),
        "DATABASE_URL": settings.database_url.replace("postgresql+psycopg://", "postgresql://"),
        "PUBLIC_URL": settings.public_url,
        "SECRET_KEY": settings.secret_key,
        "NOTES_KEY": settings.notes_key,
        "PLATFORM_NETWORKS": "loopback",
        "PYTHONPATH": str(ROOT),
    }
    made = Server(free_ports()[0], environment)
    made.start()
    yield made
    made.kill()


@pytest.fixture
def lucia(make_person: Callable[..., Person]) -> Person:
    """Who sends."""
    return make_person()


@contextmanager
def uploader(person: Person, port: int, path: Path, *, piece: int, checked: bool) -> Iterator[Any]:
    """Hold the other program, inside a session of this person's, about to send a file.

    It is given an open file, for it leaves open what it opens itself.
    """
    opened, secret = sessions.open_session(
        institute_id=person.institute_id, person_id=person.id, door="test", door_key="test"
    )
    marks = {
        forms.TOKEN_HEADER: forms.session_token(opened.id, opened.secret_hash),
        "Cookie": f"{sessions.COOKIE}={secret}",
    }
    client = TusClient(
        f"http://127.0.0.1:{port}{sessions.session_path(opened.id, '/uploads/')}", headers=marks
    )
    with path.open("rb") as stream:
        yield client.uploader(
            file_stream=stream,
            chunk_size=piece,
            metadata={"filename": path.name},
            retries=20,
            retry_delay=0.2,
            upload_checksum=checked,
        )


def taken(sending: Any, person: Person) -> StoredFile:
    """Take the file that was sent, as a room does."""
    upload_id = UploadId(sending.url.rpartition("/")[2])
    actor = Actor(institute_id=person.institute_id, person_id=person.id)
    with transaction() as session:
        return session.get_one(StoredFile, claim(upload_id, actor=actor))


def assert_same(row: StoredFile, path: Path) -> None:
    """Compare what was stored with what was sent, byte by byte and by its checksum."""
    with path.open("rb") as file:
        assert row.sha256 == hashlib.file_digest(file, "sha256").hexdigest()
    _row, stored = open_file(row.id, institute_id=row.institute_id)
    with stored, path.open("rb") as file:
        while piece := file.read(1 << 20):
            assert stored.read(len(piece)) == piece
        assert not stored.read(1)
    assert row.media_type == "video/mp4"


@pytest.mark.parametrize(
    "way",
    [(SMALL, 2_000_000, True), (LARGE, LARGE, False)],
    ids=["12-MB-in-pieces-with-checksums", "200-MB-at-once"],
)
def test_file_arrives_whole_over_a_connection_that_was_cut_three_times(
    server: Server, lucia: Person, tmp_path: Path, way: tuple[int, int, bool]
) -> None:
    size, piece, checked = way
    path = tmp_path / "lesson.mp4"
    write_film(path, size)
    with (
        cut_line(server.port, [size // 5, size // 2, size * 4 // 5]) as line,
        uploader(lucia, line.port, path, piece=piece, checked=checked) as sending,
    ):
        sending.upload()
    assert line.cuts == 3
    assert_same(taken(sending, lucia), path)


def test_what_was_counted_survives_a_server_that_is_killed(
    server: Server, lucia: Person, tmp_path: Path
) -> None:
    path = tmp_path / "lesson.mp4"
    write_film(path, SMALL)
    with uploader(lucia, server.port, path, piece=5_000_000, checked=True) as sending:
        sending.upload_chunk()
        server.kill()
        server.start()
        assert sending.get_offset() == 5_000_000
        sending.upload()
    assert_same(taken(sending, lucia), path)
