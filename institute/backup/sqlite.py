"""An SQLite database as one file: copied whole while others write to it, replaced while nobody does."""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from institute.backup.errors import ArchiveDamagedError, InUseError, PlaceUnfitError
from institute.backup.folders import sync_folder
from institute.backup.manifest import SQLITE_MEMBER


def copy_database(source: Path, target: Path) -> None:
    """Copy a database as it is at one moment into a new file, with nothing left in a log beside it.

    Raises PlaceUnfitError if the disk refuses.
    """
    target.touch(mode=0o600)
    try:
        with closing(sqlite3.connect(source)) as present, closing(sqlite3.connect(target)) as copy:
            present.backup(copy)
            copy.execute("PRAGMA journal_mode = DELETE")
    except sqlite3.Error as error:
        raise PlaceUnfitError(path=target, reason=error) from error
    shutil.copymode(source, target)


def check_database(path: Path) -> None:
    """Raise ArchiveDamagedError unless SQLite finds the file whole."""
    try:
        with closing(sqlite3.connect(path)) as database:
            answer = database.execute("PRAGMA integrity_check").fetchone()
    except sqlite3.DatabaseError as error:
        raise ArchiveDamagedError(member=SQLITE_MEMBER) from error
    if answer != ("ok",):
        raise ArchiveDamagedError(member=SQLITE_MEMBER)


def fold_log(path: Path) -> None:
    """Write what stands in a database's log into its file. Raises InUseError if somebody else has it open."""
    try:
        with closing(sqlite3.connect(path, timeout=2)) as database:
            (mode,) = database.execute("PRAGMA journal_mode = DELETE").fetchone()
    except sqlite3.OperationalError as error:
        raise InUseError from error
    if mode != "delete":
        raise InUseError


def replace_database(path: Path, draft: Path) -> None:
    """Put ``draft`` where the database is; whenever this is killed, it is the old one or the new one.

    SQLite would play the old one's log into the new one: so the log is folded first, which nobody may hinder.
    Raises InUseError if somebody else has the old one open.
    """
    if path.exists():
        fold_log(path)
        shutil.copymode(path, draft)
    os.replace(draft, path)
    sync_folder(path.parent)
