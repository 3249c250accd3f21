"""Putting a backup back: read and verified whole first, and then switched to in one step."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

from sqlalchemy import inspect, select

from institute import audit
from institute.actors import Actor
from institute.backup.archive import ArchiveReader, open_archive
from institute.backup.errors import (
    ArchiveNewerError,
    NotEmptyError,
    OtherDatabaseError,
    OtherSecretError,
)
from institute.backup.folders import draft_folder, hold_folder
from institute.backup.making import make_backup
from institute.backup.manifest import FILE_FOLDER, KEY_FOLDER
from institute.backup.migrating import (
    known_revisions,
    migrate_database,
    migrate_file,
    present_revision,
    sqlite_file,
)
from institute.backup.postgres import restore_database
from institute.backup.sqlite import check_database, fold_log, replace_database
from institute.clock import now
from institute.config import NOTES, SECRET, Settings, current_settings, former_secret_file, secret_file
from institute.db import db, transaction
from institute.files.storage import current_storage
from institute.keys.secret import (
    RotationUnderWayError,
    hold_secret,
    is_kept_in_file,
    mark_of,
    write_secret,
)
from institute.people.models import Institute


@dataclass(frozen=True, slots=True)
class Restored:
    """What was put back, and where the data before it were kept (None where there were none)."""

    made_at: str
    revision: str
    files: int
    missing: int
    before: Path | None


def restore_backup(path: Path, *, force: bool = False) -> Restored:
    """Put the backup at ``path`` in place of what is there; data that are there are backed up first.

    Nothing is touched before the whole archive was verified, and whenever this is killed the data are the old ones or
    the new ones. The present database may be empty, or ``force`` must be true. Raises the errors of
    ``institute.backup.errors``.
    """
    settings = current_settings()
    with open_archive(path) as archive, hold_folder(settings.data_dir):
        _check_fit(archive, settings)
        taken = _is_taken()
        if taken and not force:
            raise NotEmptyError
        _check_unused()
        archive.check()
        with draft_folder(settings.data_dir / ".restoring") as folder:
            before = _keep_aside(settings) if taken else None
            _put_files(archive)
            _switch(archive, settings, folder)
    _note(archive)
    manifest = archive.manifest
    return Restored(
        manifest.made_at, manifest.revision, len(archive.names(FILE_FOLDER)), manifest.missing, before
    )


def _check_fit(archive: ArchiveReader, settings: Settings) -> None:
    """Raise unless this program, this kind of database and this secret key go with the backup."""
    manifest = archive.manifest
    if manifest.database != db.engine.dialect.name:
        raise OtherDatabaseError(kind={"sqlite": "SQLite", "postgresql": "PostgreSQL"}[manifest.database])
    if manifest.revision not in known_revisions():
        raise ArchiveNewerError
    if mark_of(_kept_secret(archive, settings, SECRET) or settings.secret_key) != manifest.secret:
        raise OtherSecretError


def _kept_secret(archive: ArchiveReader, settings: Settings, name: str) -> str:
    """Return the secret that comes with the backup, nothing where settings give it here."""
    member = KEY_FOLDER + name
    if member not in archive.manifest.members or not is_kept_in_file(settings, name=name):
        return ""
    return archive.read(member).decode().strip()


def _is_taken() -> bool:
    """Tell whether the database holds anything.

    A lone secret key is what any command makes, and files without a database may be of a restore that was killed:
    no file is ever overwritten.
    """
    path = sqlite_file()
    if path is not None and not path.exists():
        return False
    with db.engine.connect() as connection:
        return bool(inspect(connection).get_table_names())


def _check_unused() -> None:
    """Raise InUseError if another process has the SQLite database open: it would go on writing to the old one."""
    db.session.remove()
    db.engine.dispose()
    path = sqlite_file()
    if path is not None and path.exists():
        fold_log(path)


def _keep_aside(settings: Settings) -> Path:
    folder = settings.data_dir / "backups"
    folder.mkdir(exist_ok=True, mode=0o700)
    return make_backup(folder / f"before-restore-{now():%Y%m%dT%H%M%S.%fZ}.tar").path


def _put_files(archive: ArchiveReader) -> None:
    """Store the files of the backup. Those that are there stay: a name is its content, so none is overwritten."""
    storage = current_storage()
    for name in archive.names(FILE_FOLDER):
        if not storage.exists(name.removeprefix(FILE_FOLDER)):
            storage.put(cast("BinaryIO", archive.open(name)))


def _switch(archive: ArchiveReader, settings: Settings, folder: Path) -> None:
    """Replace the database in one step, and each secret around it so that one of two always opens it."""
    db.session.remove()
    db.engine.dispose()
    kept = {name: _kept_secret(archive, settings, name) for name in (SECRET, NOTES)}
    with hold_secret(settings.data_dir):
        changes = [
            name
            for name, text in kept.items()
            if text and secret_file(settings.data_dir, name).read_text().strip() != text
        ]
        for name in changes:
            former = former_secret_file(settings.data_dir, name)
            if former.exists() and former.read_text().strip() != kept[name]:
                raise RotationUnderWayError
        for name in changes:
            write_secret(former_secret_file(settings.data_dir, name), kept[name])
        _replace_database(archive, folder)
        for name in changes:
            write_secret(secret_file(settings.data_dir, name), kept[name])
        for name in filter(kept.get, kept):
            _put_former(archive, former_secret_file(settings.data_dir, name))
    db.engine.dispose()


def _put_former(archive: ArchiveReader, former: Path) -> None:
    name = KEY_FOLDER + former.name
    if name in archive.manifest.members:
        write_secret(former, archive.read(name).decode().strip())
    else:
        former.unlink(missing_ok=True)


def _replace_database(archive: ArchiveReader, folder: Path) -> None:
    path, member = sqlite_file(), archive.manifest.database_member
    if path is None:
        dump = folder / member
        _unpack(archive, dump)
        restore_database(db.engine.url, dump, folder / "statements.sql")
        migrate_database()
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.restoring")
    _unpack(archive, draft)
    check_database(draft)
    migrate_file(draft)
    fold_log(draft)
    replace_database(path, draft)


def _unpack(archive: ArchiveReader, target: Path) -> None:
    for left in target.parent.glob(f"{target.name}*"):  # by a run that was killed, its logs too
        left.unlink()
    with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        shutil.copyfileobj(archive.open(archive.manifest.database_member), file)
        file.flush()
        os.fsync(file.fileno())


def _note(archive: ArchiveReader) -> None:
    """Record the restore in each institute's decisions: what came after the backup is no longer among them."""
    if present_revision() is None:
        return
    member = archive.manifest.members[archive.manifest.database_member]
    details = {"made_at": archive.manifest.made_at, "database": member.sha256}
    with transaction() as session:
        for institute_id in session.scalars(select(Institute.id)):
            actor = Actor(institute_id=institute_id, person_id=None)
            audit.record("backup.restored", actor=actor, subject=("backup", None), details=details)
