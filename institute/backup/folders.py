"""Folders that one run holds at a time, and names that survive a power cut."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from institute.backup.errors import PlaceUnfitError, UnderWayError


@contextmanager
def hold_folder(folder: Path) -> Iterator[None]:
    """Hold a folder, as `make run` holds DATA_DIR. Raises UnderWayError if somebody else does."""
    folder.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError as error:
        raise UnderWayError(path=folder) from error
    finally:
        os.close(descriptor)


@contextmanager
def draft_folder(folder: Path) -> Iterator[Path]:
    """Make a folder of the owner's only and remove it afterwards; what a killed run left in it is removed first."""
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        with hold_folder(folder):
            for left in folder.iterdir():
                left.unlink()
            try:
                yield folder
            finally:
                shutil.rmtree(folder, ignore_errors=True)
    except OSError as error:
        raise PlaceUnfitError(path=folder.parent, reason=error.strerror or type(error).__name__) from error


def sync_folder(folder: Path) -> None:
    """Have a folder's names on the disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
