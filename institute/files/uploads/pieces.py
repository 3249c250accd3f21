"""Bytes of files that are still on their way: one file each beside the storage, outside every backup."""

from __future__ import annotations

import contextlib
import fcntl
import os
import re
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Final

from institute.files.storage import FRESH, Blob, current_storage
from institute.files.uploads.models import UploadId

FOLDER: Final = "pieces"
ROOM_LEFT: Final = 512 * 1024 * 1024
"""Bytes of the disk that uploads leave to everything else."""
_NAME: Final = re.compile(r"[A-Za-z0-9_-]{22}\Z")


def has_room(size: int) -> bool:
    """Tell whether the disk takes so many bytes more and keeps what everything else needs."""
    return shutil.disk_usage(_folder()).free >= size + ROOM_LEFT


@contextlib.contextmanager
def held(upload_id: UploadId) -> Iterator[BinaryIO]:
    """Open the bytes of an upload for reading and writing, while nobody else, in any process, has them open so."""
    path = _place(upload_id)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    with os.fdopen(descriptor, "r+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield file


def write(file: BinaryIO, data: bytes, at: int) -> None:
    """Put bytes at their place and have them on the disk. Raises OSError where the disk refuses."""
    file.seek(at)
    file.write(data)
    file.flush()
    os.fsync(file.fileno())


def keep_whole(upload_id: UploadId) -> Blob:
    """Hand the bytes of a whole upload to the storage; they stay here too until they are dropped."""
    return current_storage().adopt(_place(upload_id))


def drop(upload_id: UploadId) -> None:
    """Remove the bytes of an upload."""
    with contextlib.suppress(FileNotFoundError):
        _place(upload_id).unlink()


def left_alone() -> Iterator[UploadId]:
    """Yield whose bytes lie here and were not written to for a day."""
    for path in sorted(_folder().iterdir()):
        with contextlib.suppress(FileNotFoundError):
            if _NAME.match(path.name) and time.time() - path.stat().st_mtime >= FRESH.total_seconds():
                yield UploadId(path.name)


def _folder() -> Path:
    folder = current_storage().root / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _place(upload_id: UploadId) -> Path:
    if not _NAME.match(upload_id):
        raise FileNotFoundError(upload_id)
    return _folder() / upload_id
