"""The data folder: made and marked at the first start, held while something runs, forgotten on request."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from institute.running.table import RefusalError

MARK = ".coaching-institute"
MARK_TEXT = "Made by `make run`. `make reset` deletes this folder's content as long as this file is in it.\n"


@contextmanager
def hold(folder: Path) -> Iterator[None]:
    """Make the folder if need be and hold it, so that no second start and no reset touches it meanwhile.

    Only a folder that was absent or empty is marked as ours to delete.
    Raises RefusalError if it cannot be used.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not any(folder.iterdir()):
            (folder / MARK).write_text(MARK_TEXT, encoding="utf-8")
    except OSError as error:
        raise RefusalError(
            f"DATA_DIR must be a folder that can be written: {folder}: {error.strerror}."
        ) from error
    with _locked(folder):
        yield


def forget(folder: Path) -> bool:
    """Delete what is in the folder. Return whether there was one.

    Raises RefusalError if the folder was not made by a start, or is in use.
    """
    if not folder.exists():
        return False
    if not (folder / MARK).is_file():
        raise RefusalError(f"{folder} was not made by `make run`, so it is left alone. Delete it by hand.")
    with _locked(folder):
        for entry in folder.iterdir():
            if entry.is_dir() and not entry.is_symlink():
                shutil.rmtree(entry)
            else:
                entry.unlink()
    return True


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError as error:
        raise RefusalError(f"{folder} is in use by another `make run`. Stop that one first.") from error
    finally:
        os.close(descriptor)
