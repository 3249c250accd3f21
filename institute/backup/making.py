"""Making a backup while the tool works: database, keys and files as they were at one moment."""

from __future__ import annotations

import errno
import io
import os
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from sqlalchemy import inspect, select

from institute.backup.archive import ArchiveWriter
from institute.backup.errors import NothingToBackUpError, PlaceTakenError
from institute.backup.folders import draft_folder, sync_folder
from institute.backup.manifest import DATABASE_MEMBERS, FILE_FOLDER, KEY_FOLDER, Manifest
from institute.backup.migrating import present_revision
from institute.backup.postgres import dump_database
from institute.backup.sqlite import copy_database
from institute.clock import now
from institute.config import NOTES, SECRET, Settings, current_settings, former_secret_file, secret_file
from institute.db import db
from institute.files.models import StoredFile
from institute.files.storage import current_storage
from institute.keys.secret import hold_secret, is_kept_in_file, mark_of

NO_HARD_LINKS: Final = (errno.EPERM, errno.ENOTSUP, errno.ENOSYS)


@dataclass(frozen=True, slots=True)
class BackupMade:
    """Where a backup lies and what is in it. ``missing`` counts files that the database names and nobody has."""

    path: Path
    size: int
    files: int
    missing: int
    holds_secret: bool


def make_backup(out: Path) -> BackupMade:
    """Write a backup to the file ``out``, or into the folder ``out`` under a name with the time.

    The file appears whole or not at all, readable by its owner only. Raises NothingToBackUpError, PlaceTakenError,
    PlaceUnfitError, UnderWayError, ProgramMissingError or ProgramFailedError.
    """
    out = out.absolute()
    if out.is_dir():
        out /= f"institute-{now():%Y%m%dT%H%M%SZ}.tar"
    if out.exists():
        raise PlaceTakenError(path=out)
    with draft_folder(out.parent / f".{out.name}.part") as folder:
        draft = folder / "archive"
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            manifest = _write(file, folder)
            file.flush()
            os.fsync(file.fileno())
        _publish(draft, out)
        files = sum(name.startswith(FILE_FOLDER) for name in manifest.members)
        holds_secret = f"{KEY_FOLDER}{SECRET}" in manifest.members
        return BackupMade(out, out.stat().st_size, files, manifest.missing, holds_secret)


def _write(file: BinaryIO, folder: Path) -> Manifest:
    """Write the members. The database comes first: every file that it names lies in the storage by then.

    Nobody replaces a secret between the database and the copy of the keys.
    """
    settings, made_at = current_settings(), now()
    archive = ArchiveWriter(file, at=made_at.timestamp())
    kind = db.engine.dialect.name
    with hold_secret(settings.data_dir):
        revision = _revision()
        snapshot = folder / DATABASE_MEMBERS[kind]
        _snapshot(snapshot)
        keys = _keys(settings)
    with snapshot.open("rb") as source:
        archive.add(snapshot.name, source, snapshot.stat().st_size)
    snapshot.unlink()
    for name, text in keys.items():
        archive.add(KEY_FOLDER + name, io.BytesIO(text), len(text))
    named = _named_files()
    _write_files(archive)
    missing = sum(FILE_FOLDER + name not in archive.members for name in named)
    secret = keys[SECRET].decode().strip() if is_kept_in_file(settings) else settings.secret_key
    manifest = Manifest(made_at.isoformat(), kind, revision, mark_of(secret), missing, archive.members)
    archive.finish(manifest)
    return manifest


def _revision() -> str:
    url = db.engine.url
    if db.engine.dialect.name == "sqlite" and not Path(str(url.database)).exists():
        raise NothingToBackUpError
    revision = present_revision()
    if revision is None:
        raise NothingToBackUpError
    return revision


def _snapshot(target: Path) -> None:
    url = db.engine.url
    if db.engine.dialect.name == "sqlite":
        copy_database(Path(str(url.database)), target)
    else:
        dump_database(url, target)


def _keys(settings: Settings) -> dict[str, bytes]:
    kept = (secret_file, former_secret_file)
    paths = [place(settings.data_dir, name) for name in (SECRET, NOTES) for place in kept]
    return {path.name: path.read_bytes() for path in paths if path.exists()}


def _named_files() -> set[str]:
    """Return the names of all files that the database refers to; one of an older revision knows no files."""
    with db.engine.connect() as connection:
        if not inspect(connection).has_table(StoredFile.__tablename__):
            return set()
        return set(connection.scalars(select(StoredFile.sha256)))


def _write_files(archive: ArchiveWriter) -> None:
    storage = current_storage()
    for name in storage.names():
        try:
            source = storage.open(name)
        except FileNotFoundError:  # nothing referred to it any more, and it was swept away meanwhile
            continue
        with source:
            size = source.seek(0, io.SEEK_END)
            source.seek(0)
            archive.add(FILE_FOLDER + name, source, size)


def _publish(draft: Path, out: Path) -> None:
    """Give the finished archive its name, which must still be free."""
    try:
        os.link(draft, out)
    except FileExistsError as error:
        raise PlaceTakenError(path=out) from error
    except OSError as error:
        if error.errno not in NO_HARD_LINKS:
            raise
        os.rename(draft, out)
    sync_folder(out.parent)
