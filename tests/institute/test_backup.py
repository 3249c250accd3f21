"""Backup and restore: one archive, from which the institute stands as it was."""

from __future__ import annotations

import io
import json
import shutil
import tarfile
import threading
from pathlib import Path

import flask_migrate
from sqlalchemy import func, select

from institute.audit.models import AuditEvent
from institute.db import db, transaction
from institute.files.storing import store
from institute.i18n import Localised
from institute.jobs import outbox
from institute.jobs.models import OutboxRow
from institute.paths import MIGRATIONS
from institute.people.models import Institute, Person
from tests.institute.houses import House, restore
from tests.institute.processes import Start, command


def test_restored_in_a_new_folder_everything_stands(
    start: Start, tmp_path: Path, url: dict[str, str], backed_up: tuple[House, Path]
) -> None:
    house, path = backed_up
    with start(tmp_path / "new", **url) as app:
        status, told = restore(app, path)
        assert status == 0, told
        assert told.splitlines()[-1].startswith("Restored the backup of 20")
        assert told.splitlines()[-1].endswith(", with 1 files.")
    with start(tmp_path / "new", **url) as app:
        house.assert_stands(app)
        noted = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "backup.restored")).all()
        assert [note.institute_id for note in noted] == [house.institute_id]


def test_files_that_a_killed_restore_left_do_not_stand_in_the_way(
    start: Start, tmp_path: Path, url: dict[str, str], backed_up: tuple[House, Path]
) -> None:
    house, path = backed_up
    shutil.copytree(tmp_path / "data" / "files", tmp_path / "new" / "files")
    with start(tmp_path / "new", **url) as app:
        assert restore(app, path)[0] == 0
    with start(tmp_path / "new", **url) as app:
        house.assert_stands(app)


def test_archive_is_its_owners_and_says_that_it_holds_the_secret(backed_up: tuple[House, Path]) -> None:
    _house, path = backed_up
    assert path.stat().st_mode & 0o777 == 0o600
    with tarfile.open(path) as tar:
        names = tar.getnames()
        manifest = json.load(tar.extractfile("manifest.json") or io.BytesIO())
    assert names[0].startswith("database.")
    assert names[1:3] == ["keys/secret_key", "keys/notes_key"]
    assert names[3].startswith("files/")
    assert names[-1] == "manifest.json"
    assert set(manifest["members"]) == set(names[:-1])
    assert sorted(entry.name for entry in path.parent.iterdir() if ".part" in entry.name) == []


def test_mail_and_the_sandbox_stay_outside(start: Start, tmp_path: Path, url: dict[str, str]) -> None:
    with start(tmp_path / "data", **url) as app:
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
        house = House(app)
        status, told = command(app, "backup", str(tmp_path / "institute.tar"))
        assert (status, "keep that elsewhere" in told) == (0, True)
    assert secret.encode() not in (tmp_path / "institute.tar").read_bytes()
    with start(tmp_path / "other", **url) as app:
        status, told = restore(app, tmp_path / "institute.tar")
        assert status == 1
        assert told.startswith("Error: The backup was made under another SECRET_KEY")
    with start(tmp_path / "new", SECRET_KEY=secret, **url) as app:
        assert restore(app, tmp_path / "institute.tar")[0] == 0
        house.assert_stands(app)


def test_backup_while_others_write_is_of_one_moment(
    start: Start, tmp_path: Path, url: dict[str, str]
) -> None:
    pairs, stop = [0], threading.Event()
    with start(tmp_path / "data", **url) as app:
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
        assert restore(app, tmp_path / "2.tar")[0] == 0
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
        kept = sorted(entry.name for entry in (tmp_path / "data" / "keys").iterdir())
        assert kept == ["notes_key", "secret_key"]


def test_backup_of_an_older_revision_is_brought_up_to_date(
    start: Start, tmp_path: Path, url: dict[str, str]
) -> None:
    with start(tmp_path / "data", **url) as app:
        with transaction() as session:
            session.add(Institute(slug="old", name=Localised.of({"en": "Old"}), timezone="UTC"))
        db.session.remove()
        flask_migrate.downgrade(directory=str(MIGRATIONS), revision="0006")
        status, told = command(app, "backup", str(tmp_path / "old.tar"))
        assert status == 0, told
        flask_migrate.upgrade(directory=str(MIGRATIONS))
    with start(tmp_path / "new", **url) as app:
        status, told = restore(app, tmp_path / "old.tar")
        assert status == 0, told
        assert command(app, "migrate") == (0, "The database is up to date.\n")
        assert db.session.scalars(select(Institute.slug)).all() == ["old"]
