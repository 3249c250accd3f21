"""A full disk: what is issued is valid, its documents wait without end, pages say why, and all goes on by itself."""

from __future__ import annotations

import errno
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, select, update
from sqlalchemy.orm import Session

from certificates.awards.issuing import papers
from certificates.awards.issuing.models import AwardPaper
from certificates.awards.models import Award
from certificates.documents.papers.facts import PaperKind
from institute import clock
from institute.config import Settings
from institute.db import db, transaction
from institute.jobs import worker
from institute.jobs.models import JobState, OutboxRow
from institute.jobs.outcomes import NEXT_LOOK, RetryPolicy
from tests.certificates.awards.conftest import AWARDS, Candidate, Office
from tests.certificates.awards.test_batches import BATCHES, begun, seen_in
from tests.working import work

# WeasyPrint leaves a colour profile to the garbage collector.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
FULL = "The server’s disk is full."
LATER = NEXT_LOOK.total_seconds() + 1
HOME = "/administrator/"


@dataclass
class Disk:
    """The disk on which files are kept."""

    fill: Callable[[], None]
    make_room: Callable[[], None]


def run(*command: str | Path) -> bool:
    """Run a program; tell whether it succeeded."""
    return subprocess.run(command, check=False, capture_output=True).returncode == 0


@pytest.fixture
def small_disk(settings: Settings) -> Iterator[Disk]:
    """A disk of its own with room for nothing, where the tests may make one."""
    folder = settings.data_dir / "files"
    folder.mkdir(parents=True, exist_ok=True)
    mount = shutil.which("mount")
    if os.geteuid() != 0 or mount is None:
        pytest.skip("only root makes disks")
    if not run(mount, "-t", "tmpfs", "-o", "size=32k", "tmpfs", folder):
        pytest.skip("this machine lets nobody make disks")

    def grow() -> None:
        assert run(mount, "-o", "remount,size=64m", folder)

    try:
        yield Disk(lambda: None, grow)
    finally:
        assert run("umount", "--lazy", folder)


@pytest.fixture
def feigned_disk(monkeypatch: pytest.MonkeyPatch) -> Disk:
    """A disk that says it is full when what was written has to be on it."""
    real, full = os.fsync, False

    def fsync(descriptor: int) -> None:
        if full:
            raise OSError(errno.EDQUOT, os.strerror(errno.EDQUOT))
        real(descriptor)

    def be(wished: bool) -> Callable[[], None]:
        def change() -> None:
            nonlocal full
            full = wished

        return change

    monkeypatch.setattr(os, "fsync", fsync)
    return Disk(be(True), be(False))


@pytest.fixture(params=["small_disk", "feigned_disk"])
def disk(request: pytest.FixtureRequest) -> Disk:
    """The disk that a test is about."""
    found: Disk = request.getfixturevalue(request.param)
    return found


def job(session: Session, kind: str) -> OutboxRow:
    """Return the wish for something of the only award."""
    session.rollback()
    return session.scalars(select(OutboxRow).where(OutboxRow.kind == kind)).one()


def test_a_certificate_waits_for_room_however_long_it_takes(  # noqa: PLR0917
    app: Flask, disk: Disk, candidate: Candidate, award: Award, office: Office, session: Session
) -> None:
    award_id, ever = award.id, RetryPolicy().most_attempts
    with transaction() as writing:
        writing.execute(update(OutboxRow).where(OutboxRow.kind == "award.document").values(attempts=ever))
    disk.fill()
    for look in range(2):
        with clock.shift(seconds=look * LATER):
            worker.run_once(app)
        found = job(session, "award.document")
        assert (found.state, found.reason, found.attempts) == (JobState.READY, "disk-full", ever)
    for page in (HOME, f"{AWARDS}/{award_id}"):
        assert FULL in office.visitor.get(page).text
    assert candidate.visitor.get("/participant/certificates/").status_code == 200
    disk.make_room()
    with clock.shift(seconds=2 * LATER):
        worker.run_once(app)
        assert FULL not in office.visitor.get(HOME).text
        answer = office.visitor.get(f"{AWARDS}/{award_id}/document")
    assert (answer.status_code, answer.data[:5]) == (200, b"%PDF-")
    assert set(session.scalars(select(AwardPaper.kind))) == set(PaperKind)


def test_a_transcript_and_a_form_wait_for_room_longer_than_they_are_tried_for(
    app: Flask, feigned_disk: Disk, award: Award, office: Office, session: Session
) -> None:
    award_id = award.id
    work(app)
    feigned_disk.fill()
    for look in range(papers.RETRY.most_attempts + 1):
        with clock.shift(seconds=look * LATER):
            worker.run_once(app)
        found = job(session, papers.JOB_KIND)
        assert (found.state, found.reason) == (JobState.READY, "disk-full")
    for page in (HOME, f"{AWARDS}/{award_id}"):
        assert FULL in office.visitor.get(page).text
    assert session.scalars(select(AwardPaper)).all() == []
    feigned_disk.make_room()
    with clock.shift(seconds=10 * LATER):
        worker.run_once(app)
    session.rollback()
    assert set(session.scalars(select(AwardPaper.kind))) == set(PaperKind)
    assert FULL not in office.visitor.get(f"{AWARDS}/{award_id}").text


def refuse_awards() -> Callable[[], None]:
    """Let the database have no room for another award; return how it has some again."""
    engine = db.engine

    def execute(_cursor: Any, statement: str, _parameters: Any, _context: Any) -> None:
        if statement.startswith("INSERT INTO award "):
            raise no_room(engine.dialect.name)

    event.listen(engine, "do_execute", execute)
    return lambda: event.remove(engine, "do_execute", execute)


def no_room(database: str) -> Exception:
    """Return what a database's driver raises when the disk is full."""
    if database == "postgresql":
        return pytest.importorskip("psycopg.errors").DiskFull("could not extend file")  # type: ignore[no-any-return]
    error = sqlite3.OperationalError("database or disk is full")
    error.sqlite_errorcode = sqlite3.SQLITE_FULL
    return error


def test_a_batch_rests_while_the_database_has_no_room_and_goes_on_by_itself(
    app: Flask, make_candidate: Callable[..., Candidate], office: Office, session: Session
) -> None:
    people = [make_candidate(name=name) for name in ("Lucía Ortega", "Mei Ling")]
    for one in people:
        assert one.apply() == 303
    batch_id = begun(office, all="1")
    worker.run_once(app)
    path = f"{BATCHES}/{batch_id}"
    office.visitor.post(f"{path}/start", {"seen": seen_in(office.visitor.get(path).text)})
    make_room = refuse_awards()
    try:
        worker.run_once(app)
    finally:
        make_room()
    page = office.visitor.get(path).text
    assert f"{FULL} It goes on by itself" in page
    assert "0 of 2 issued" in page
    assert session.scalars(select(Award.id)).all() == []
    with clock.shift(seconds=LATER):
        worker.run_once(app)
        page = office.visitor.get(path).text
    assert (FULL in page, "2 of 2 issued" in page) == (False, True)
    assert [len(one.awards) for one in people] == [1, 1]
