"""Backup and restore: one archive, whole or not at all, from which the institute stands as it was."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import tarfile
import threading
from collections.abc import Callable
from pathlib import Path

import flask_migrate
import pytest
from flask import Flask
from sqlalchemy import func, make_url, select

from institute.actors import Role
from institute.audit.models import AuditEvent
from institute.audit.sealing import seal_events
from institute.clock import shift
from institute.db import db, transaction
from institute.files.models import StoredFileId
from institute.files.reading import open_file
from institute.files.storage import current_storage
from institute.files.storing import store
from institute.i18n import Localised
from institute.jobs import outbox
from institute.jobs.models import OutboxRow
from institute.keys.keeping import key_in_use
from institute.keys.models import KeyPurpose
from institute.paths import MIGRATIONS, ROOT
from institute.people.models import Institute, Person
from tests.browsing import Visitor, visit
from tests.institute.processes import Start, command

CONTENT = b"what a participant handed in " * 1000


class House:
    """An institute with people, a session, a key and a file, and what is needed to find them again."""

    def __init__(self, app: Flask) -> None:
        with transaction() as session:
            institute = Institute(
                slug="valley", name=Localised.of({"en": "Valley"}), timezone="UTC", languages="en es"
            )
            session.add(institute)
            session.flush()
            person = Person(institute_id=institute.id, name="Lucía Ortega")
            session.add(person)
            session.flush()
        self.institute_id = institute.id
        visitor = visit(app, person, roles=[Role.PARTICIPANT])
        self.session_id, self.token = visitor.session_id, visitor.token
        self.cookies = visitor.client._cookies
        self.kid = key_in_use(self.institute_id, KeyPurpose.DOCUMENT).kid
        self.file_id: StoredFileId = store(
            CONTENT,
            institute_id=self.institute_id,
            name="plan.pdf",
            media_type="application/pdf",
            owner_id=None,
        )
        with shift(seconds=60):
            assert seal_events() > 0

    def assert_stands(self, app: Flask) -> None:
        """Assert that everything is there and works in ``app``."""
        client = app.test_client()
        client._cookies = self.cookies
        page = Visitor(client, self.session_id, self.token).get("/", follow_redirects=True)
        assert page.status_code == 200
        assert "Lucía Ortega" in page.text
        assert command(app, "audit-check") == (0, "The audit chain is whole.\n")
        key = key_in_use(self.institute_id, KeyPurpose.DOCUMENT)
        assert key.kid == self.kid
        _file, data = open_file(self.file_id, institute_id=self.institute_id)
        with data:
            assert data.read() == CONTENT


@pytest.fixture
def url(database: Callable[[], str]) -> dict[str, str]:
    """The setting of a migrated database on a server; nothing for SQLite, which lies in the data folder."""
    address = database()
    return {} if address.startswith("sqlite") else {"DATABASE_URL": address}


@pytest.fixture
def backed_up(start: Start, tmp_path: Path, url: dict[str, str]) -> tuple[House, Path]:
    """An institute and its backup."""
    with start(tmp_path / "data", **url) as app:
        command(app, "migrate")
        house = House(app)
        status, told = command(app, "backup", str(tmp_path / "institute.tar"))
        assert status == 0, told
    return house, tmp_path / "institute.tar"


def _restore(app: Flask, path: Path, *words: str) -> tuple[int, str]:
    """Restore, over what the test's one database on a server holds, if that is where it is."""
    force = ["--force"] if db.engine.dialect.name == "postgresql" and "--force" not in words else []
    return command(app, "restore", str(path), *words, *force)


def test_restored_in_a_new_folder_everything_stands(
    start: Start, tmp_path: Path, url: dict[str, str], backed_up: tuple[House, Path]
) -> None:
    house, path = backed_up
    with start(tmp_path / "new", **url) as app:
        status, told = _restore(app, path)
        assert status == 0, told
        assert told.splitlines()[-1].startswith("Restored the backup of 20")
        assert told.splitlines()[-1].endswith(", with 1 files.")
    with start(tmp_path / "new", **url) as app:
        house.assert_stands(app)
        noted = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "backup.restored")).all()
        assert [note.institute_id for note in noted] == [house.institute_id]


def test_archive_is_its_owners_and_says_that_it_holds_the_secret(backed_up: tuple[House, Path]) -> None:
    _house, path = backed_up
    assert path.stat().st_mode & 0o777 == 0o600
    with tarfile.open(path) as tar:
        names = tar.getnames()
        manifest = json.load(tar.extractfile("manifest.json") or io.BytesIO())
    assert names[0].startswith("database.")
    assert names[1] == "keys/secret_key"
    assert names[2].startswith("files/")
    assert names[-1] == "manifest.json"
    assert set(manifest["members"]) == set(names[:-1])
    assert sorted(entry.name for entry in path.parent.iterdir() if ".part" in entry.name) == []


def test_mail_and_the_sandbox_stay_outside(start: Start, tmp_path: Path, url: dict[str, str]) -> None:
    with start(tmp_path / "data", **url) as app:
        command(app, "migrate")
        for folder in ("mail", "sandbox", "backups"):
            (tmp_path / "data" / folder).mkdir()
            (tmp_path / "data" / folder / "content").write_text("not for the archive")
        status, told = command(app, "backup", str(tmp_path))
        assert status == 0, told
    (path,) = tmp_path.glob("institute-*.tar")
    assert b"not for the archive" not in path.read_bytes()


def test_secret_of_the_settings_is_not_in_the_archive(
    start: Start, tmp_path: Path, url: dict[str, str]
) -> None:
    secret = "a secret that stands in the settings alone"
    with start(tmp_path / "data", SECRET_KEY=secret, **url) as app:
        command(app, "migrate")
        house = House(app)
        status, told = command(app, "backup", str(tmp_path / "institute.tar"))
        assert (status, "keep that elsewhere" in told) == (0, True)
    assert secret.encode() not in (tmp_path / "institute.tar").read_bytes()
    with start(tmp_path / "other", **url) as app:
        status, told = _restore(app, tmp_path / "institute.tar")
        assert status == 1
        assert told.startswith("Error: The backup was made under another SECRET_KEY")
    with start(tmp_path / "new", SECRET_KEY=secret, **url) as app:
        assert _restore(app, tmp_path / "institute.tar")[0] == 0
        house.assert_stands(app)


def test_backup_while_others_write_is_of_one_moment(
    start: Start, tmp_path: Path, url: dict[str, str]
) -> None:
    pairs, stop = [0], threading.Event()
    with start(tmp_path / "data", **url) as app:
        command(app, "migrate")
        house = House(app)

        def write() -> None:
            """Write pairs that are whole only together, each with a file that is stored before its row."""
            with app.app_context():
                while not stop.is_set():
                    content = f"file {pairs[0]}".encode()
                    with transaction():
                        outbox.put(kind="one", key=str(pairs[0]))
                        outbox.put(kind="other", key=str(pairs[0]))
                    store(
                        content,
                        institute_id=house.institute_id,
                        name="a.txt",
                        media_type="text/plain",
                        owner_id=None,
                    )
                    pairs[0] += 1
                db.session.remove()

        writer = threading.Thread(target=write)
        writer.start()
        try:
            for number in range(3):
                status, told = command(app, "backup", str(tmp_path / f"{number}.tar"))
                assert status == 0, told
                assert "missing" not in told
        finally:
            stop.set()
            writer.join()
    assert pairs[0] > 3
    with start(tmp_path / "new", **url) as app:
        assert _restore(app, tmp_path / "2.tar")[0] == 0
    with start(tmp_path / "new", **url) as app:
        house.assert_stands(app)
        kinds = db.session.execute(
            select(OutboxRow.kind, func.count())
            .where(OutboxRow.kind.in_(["one", "other"]))
            .group_by(OutboxRow.kind)
        ).all()
        assert len({count for _kind, count in kinds}) == 1
        assert command(app, "backup", str(tmp_path / "again.tar"))[1].find("missing") == -1


def test_data_that_are_there_are_kept_aside_before_they_are_replaced(
    start: Start, tmp_path: Path, url: dict[str, str], backed_up: tuple[House, Path]
) -> None:
    house, path = backed_up
    with start(tmp_path / "data", **url) as app:
        status, told = command(app, "restore", str(path))
        assert (status, told) == (
            1,
            "Error: There are data already. With --force they are backed up first, then replaced.\n",
        )
        with transaction() as session:
            session.add(Person(institute_id=house.institute_id, name="Entered after the backup"))
        status, told = command(app, "restore", "--force", str(path))
        assert status == 0, told
        assert _people() == {"Lucía Ortega"}
        (aside,) = (tmp_path / "data" / "backups").glob("before-restore-*.tar")
        assert str(aside) in told
        assert command(app, "restore", "--force", str(aside))[0] == 0
        assert _people() == {"Lucía Ortega", "Entered after the backup"}
        house.assert_stands(app)


def _people() -> set[str]:
    db.session.remove()
    return set(db.session.scalars(select(Person.name)))


def test_secret_that_is_in_use_gives_way_to_the_backups(
    start: Start, tmp_path: Path, url: dict[str, str], backed_up: tuple[House, Path]
) -> None:
    house, path = backed_up
    for words in (["--new"], [], ["--new"]):
        with start(tmp_path / "data", **url) as app:
            assert command(app, "rotate-secret", *words)[0] == 0
    with start(tmp_path / "data", **url) as app:
        status, told = command(app, "restore", "--force", str(path))
        assert status == 1
        assert told.startswith("Error: There is a former secret key already")
        house.assert_stands(app)
        assert command(app, "rotate-secret")[0] == 0
    with start(tmp_path / "data", **url) as app:
        assert command(app, "restore", "--force", str(path))[0] == 0
    with start(tmp_path / "data", **url) as app:
        house.assert_stands(app)
        assert [entry.name for entry in (tmp_path / "data" / "keys").iterdir()] == ["secret_key"]


def test_backup_of_an_older_revision_is_brought_up_to_date(
    start: Start, tmp_path: Path, url: dict[str, str]
) -> None:
    with start(tmp_path / "data", **url) as app:
        command(app, "migrate")
        with transaction() as session:
            session.add(Institute(slug="old", name=Localised.of({"en": "Old"}), timezone="UTC"))
        db.session.remove()
        flask_migrate.downgrade(directory=str(MIGRATIONS), revision="0006")
        status, told = command(app, "backup", str(tmp_path / "old.tar"))
        assert status == 0, told
        flask_migrate.upgrade(directory=str(MIGRATIONS))
    with start(tmp_path / "new", **url) as app:
        status, told = _restore(app, tmp_path / "old.tar")
        assert status == 0, told
        assert command(app, "migrate") == (0, "The database is up to date.\n")
        assert db.session.scalars(select(Institute.slug)).all() == ["old"]


def _rewritten(path: Path, target: Path, change: Callable[[str, bytes], tuple[str, bytes] | None]) -> Path:
    """Write an archive whose members went through ``change`` (None leaves one out)."""
    with tarfile.open(path) as tar, tarfile.open(target, "w") as out:
        for head in tar.getmembers():
            changed = change(head.name, (tar.extractfile(head) or io.BytesIO()).read())
            if changed is not None:
                new = tarfile.TarInfo(changed[0])
                new.size = len(changed[1])
                out.addfile(new, io.BytesIO(changed[1]))
    return target


def _in_manifest(old: str, new: str) -> Callable[[str, bytes], tuple[str, bytes]]:
    return lambda name, text: (
        (name, text.replace(old.encode(), new.encode())) if name == "manifest.json" else (name, text)
    )


def _turned(name: str, text: bytes) -> tuple[str, bytes]:
    return (name, bytes([text[0] ^ 1]) + text[1:]) if name.startswith("database.") else (name, text)


HOSTILE: dict[str, tuple[Callable[[str, bytes], tuple[str, bytes] | None], str]] = {
    "no manifest": (
        lambda name, text: None if name == "manifest.json" else (name, text),
        "not a whole backup",
    ),
    "no file": (lambda name, text: None if name.startswith("files/") else (name, text), "not a whole backup"),
    "a bit turned": (_turned, "is damaged: database."),
    "another file": (
        lambda name, text: (name, text[::-1]) if name.startswith("files/") else (name, text),
        "is damaged: files/",
    ),
    "a name that leads out": (
        lambda name, text: (name.replace("keys/", "../"), text.replace(b"keys/", b"../")),
        "not a whole backup",
    ),
    "a manifest of nonsense": (
        lambda name, text: (
            (name, b'{"format": 1, "members": [3]}') if name == "manifest.json" else (name, text)
        ),
        "not a whole backup",
    ),
    "a later revision": (_in_manifest('"revision": "0', '"revision": "9'), "newer version"),
    "a later format": (_in_manifest('"format": 1', '"format": 2'), "not a whole backup"),
    "another database": (_in_manifest('"database": "', '"database": "x'), "not a whole backup"),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_archive_that_is_not_what_was_written_is_refused_and_nothing_touched(
    start: Start, tmp_path: Path, url: dict[str, str], backed_up: tuple[House, Path], case: str
) -> None:
    house, path = backed_up
    change, sentence = HOSTILE[case]
    bad = _rewritten(path, tmp_path / "bad.tar", change)
    with start(tmp_path / "data", **url) as app:
        before = _listing(tmp_path / "data")
        status, told = command(app, "restore", "--force", str(bad))
        assert status == 1
        assert sentence in told
        assert _listing(tmp_path / "data") == before
        house.assert_stands(app)


def _listing(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if "sqlite3-" not in path.name}


@pytest.mark.parametrize("cut", [0, 1, 700, 5000, -1, -2000])
def test_archive_cut_short_is_refused(
    start: Start, tmp_path: Path, url: dict[str, str], backed_up: tuple[House, Path], cut: int
) -> None:
    _house, path = backed_up
    whole = path.read_bytes()
    end = (
        cut if cut >= 0 else len(whole) - 10240 + cut
    )  # a tar ends in a record of 10240 bytes that are mostly zero
    (tmp_path / "short.tar").write_bytes(whole[: max(0, end)])
    with start(tmp_path / "new", **url) as app:
        status, told = _restore(app, tmp_path / "short.tar")
        assert (status, "is not a whole backup of this tool." in told or "damaged" in told) == (1, True)


def test_files_that_are_no_archive_are_sentences(start: Start, tmp_path: Path, url: dict[str, str]) -> None:
    (tmp_path / "text").write_text("not an archive")
    with tarfile.open(tmp_path / "other.tar", "w") as tar:
        tar.add(ROOT / "wsgi.py", "wsgi.py")
    with start(tmp_path / "new", **url) as app:
        for name in ("text", "other.tar"):
            status, told = _restore(app, tmp_path / name)
            assert (status, told.startswith("Error: "), "Traceback" in told) == (1, True, False)
        assert command(app, "restore", str(tmp_path / "nowhere"))[0] == 2


def test_places_that_cannot_be_written_are_sentences(
    start: Start, tmp_path: Path, url: dict[str, str], backed_up: tuple[House, Path]
) -> None:
    _house, path = backed_up
    with start(tmp_path / "data", **url) as app:
        assert command(app, "backup", str(path)) == (
            1,
            f"Error: {path} is there already: name another file.\n",
        )
        status, told = command(app, "backup", str(tmp_path / "no" / "such" / "folder.tar"))
        assert (status, told.endswith("cannot be used: No such file or directory.\n")) == (1, True)


def test_nothing_to_back_up_is_a_sentence(start: Start, tmp_path: Path) -> None:
    with start(tmp_path / "empty") as app:
        assert command(app, "backup", str(tmp_path)) == (
            1,
            "Error: There is no database yet: nothing to back up.\n",
        )
    assert not (tmp_path / "empty" / "institute.sqlite3").exists()


def test_file_that_is_missing_from_the_storage_is_told(
    start: Start, tmp_path: Path, url: dict[str, str], backed_up: tuple[House, Path]
) -> None:
    with start(tmp_path / "data", **url) as app:
        for name in list(current_storage().names()):
            (tmp_path / "data" / "files" / name[:2] / name).unlink()
        status, told = command(app, "backup", str(tmp_path / "second.tar"))
        assert status == 0
        assert "1 files that the database names are missing from the storage." in told


def test_folder_that_a_run_holds_is_not_restored_into(
    start: Start, tmp_path: Path, url: dict[str, str], backed_up: tuple[House, Path]
) -> None:
    _house, path = backed_up
    script = "import sys, pathlib\nfrom institute.running.folder import hold\n"
    script += "with hold(pathlib.Path(sys.argv[1])): print('held', flush=True); sys.stdin.read()"
    (tmp_path / "new").mkdir()
    with (
        start(tmp_path / "new", **url) as app,
        subprocess.Popen(
            [sys.executable, "-c", script, str(tmp_path / "new")],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        ) as holder,
    ):
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        status, told = _restore(app, path)
        assert status == 1
        assert "is in use by another run" in told
        holder.communicate()


def test_sqlite_database_that_others_have_open_is_not_replaced(
    start: Start, tmp_path: Path, url: dict[str, str], backed_up: tuple[House, Path]
) -> None:
    house, path = backed_up
    if url:
        return  # a server replaces its tables in one transaction, whoever looks on
    with start(tmp_path / "data") as running:
        house.assert_stands(running)
        done = subprocess.run(
            [sys.executable, "-m", "flask", "--app", "wsgi", "institute", "restore", "--force", str(path)],
            cwd=ROOT,
            env={**os.environ, "DATA_DIR": str(tmp_path / "data")},
            capture_output=True,
            text=True,
            check=False,
        )
        assert (done.returncode, done.stderr) == (
            1,
            "Error: The database is in use: stop the web processes and the workers first.\n",
        )
        assert not (tmp_path / "data" / "backups").exists()
        house.assert_stands(running)


@pytest.mark.parametrize("program", ["pg_dump"])
def test_missing_program_of_postgresql_is_a_sentence(
    start: Start, tmp_path: Path, url: dict[str, str], monkeypatch: pytest.MonkeyPatch, program: str
) -> None:
    if not url:
        return
    with start(tmp_path / "data", **url) as app:
        monkeypatch.setenv("PATH", str(tmp_path))
        status, told = command(app, "backup", str(tmp_path))
        assert (status, told) == (
            1,
            f"Error: {program} is not installed: it comes with PostgreSQL's client programs.\n",
        )


def test_backup_of_one_kind_of_database_is_refused_by_the_other(
    start: Start, tmp_path: Path, url: dict[str, str], backed_up: tuple[House, Path]
) -> None:
    _house, path = backed_up
    if not url:
        return
    assert make_url(url["DATABASE_URL"]).get_backend_name() == "postgresql"
    with start(tmp_path / "sqlite") as app:
        status, told = command(app, "restore", str(path))
        assert status == 1
        assert told.startswith("Error: The backup is of a PostgreSQL database")
