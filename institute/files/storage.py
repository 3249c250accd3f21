"""Where the bytes lie: a folder in which each file is named by its SHA-256, so that the same bytes lie there once."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import re
import secrets
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import BinaryIO, Final, cast

from flask import Flask, current_app

CHUNK: Final = 1024 * 1024
FRESH: Final = timedelta(days=1)
_DIGEST: Final = re.compile(r"[0-9a-f]{64}\Z")


@dataclass(frozen=True, slots=True)
class Blob:
    """Bytes that are stored: the hex SHA-256 that names them, and how many they are."""

    sha256: str
    size: int


class Storage:
    """Blobs in a local folder. Another kind of storage has the same ``put``, ``open``, ``exists`` and ``delete``.

    A blob appears whole or not at all and survives a power cut once ``put`` has returned. What was put and never
    referred to does no harm: the sweep takes it away when it is a day old.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self.incoming = root / "incoming"

    def put(self, data: BinaryIO) -> Blob:
        """Store what ``data`` holds from its present place on, in pieces, and return its name and size.

        Raises OSError where the disk refuses, and leaves nothing behind then.
        """
        self.incoming.mkdir(parents=True, exist_ok=True)
        descriptor, draft = tempfile.mkstemp(dir=self.incoming, suffix=".part")  # mode 600
        try:
            digest, size = hashlib.sha256(), 0
            with os.fdopen(descriptor, "wb") as file:
                while piece := data.read(CHUNK):
                    digest.update(piece)
                    size += len(piece)
                    file.write(piece)
                file.flush()
                os.fsync(file.fileno())
            blob = Blob(digest.hexdigest(), size)
            self._publish(draft, blob)
        except BaseException:
            with contextlib.suppress(FileNotFoundError):
                os.unlink(draft)
            raise
        return blob

    def adopt(self, path: Path) -> Blob:
        """Store a file that lies on the disk already, without copying it where the disk can; it stays where it is too.

        Nobody may write to it from then on. Raises OSError where the disk refuses.
        """
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
            self.incoming.mkdir(parents=True, exist_ok=True)
            draft = self.incoming / f"{secrets.token_hex(8)}.part"
            try:
                os.link(path, draft)
            except OSError:  # a disk without hard links
                file.seek(0)
                return self.put(file)
            os.utime(draft)
            blob = Blob(digest, path.stat().st_size)
            try:
                self._publish(str(draft), blob)
            finally:
                draft.unlink(missing_ok=True)
        return blob

    def _publish(self, draft: str, blob: Blob) -> None:
        """Give bytes that are on the disk the name under which they are found."""
        place = self._place(blob.sha256)
        self._make_folder(place.parent)
        # Replaced even where it lies there already: the fresh one is young, so that no sweep takes it.
        with self._lock(fcntl.LOCK_SH):
            os.replace(draft, place)
        _sync(place.parent)

    def open(self, sha256: str) -> BinaryIO:
        """Return the bytes of that name for reading. Raises FileNotFoundError."""
        return self._place(sha256).open("rb")

    def exists(self, sha256: str) -> bool:
        """Tell whether bytes of that name are stored."""
        return self._place(sha256).is_file()

    def delete(self, sha256: str) -> bool:
        """Remove bytes that were put more than a day ago; return whether they are gone by this.

        Younger ones stay: somebody may be about to refer to them.
        """
        place = self._place(sha256)
        with self._lock(fcntl.LOCK_EX):
            try:
                if time.time() - place.stat().st_mtime < FRESH.total_seconds():
                    return False
                place.unlink()
            except FileNotFoundError:
                return False
        return True

    def names(self) -> Iterator[str]:
        """Yield the names of all blobs."""
        for folder in sorted(self.root.glob("[0-9a-f][0-9a-f]")):
            for place in sorted(folder.iterdir()):
                if _DIGEST.match(place.name):
                    yield place.name

    def drop_drafts(self) -> int:
        """Remove what was begun more than a day ago and never finished; return how many there were."""
        dropped = 0
        for draft in self.incoming.glob("*.part"):
            with contextlib.suppress(FileNotFoundError):
                if time.time() - draft.stat().st_mtime >= FRESH.total_seconds():
                    draft.unlink()
                    dropped += 1
        return dropped

    def _place(self, sha256: str) -> Path:
        if not _DIGEST.match(sha256):
            raise FileNotFoundError(sha256)
        return self.root / sha256[:2] / sha256

    def _make_folder(self, folder: Path) -> None:
        if not folder.is_dir():
            folder.mkdir(exist_ok=True)
            _sync(self.root)

    @contextlib.contextmanager
    def _lock(self, kind: int) -> Iterator[None]:
        """Let many put at once, and one sweep alone."""
        with (self.root / ".lock").open("a") as file:
            fcntl.flock(file, kind)
            yield


def _sync(folder: Path) -> None:
    """Have a folder's names on the disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def current_storage() -> Storage:
    """Return the storage of the running application."""
    return cast("Storage", current_app.extensions["files"])


def init_app(app: Flask) -> None:
    """Let the application keep its files in DATA_DIR/files."""
    app.extensions["files"] = Storage(app.extensions["settings"].data_dir / "files")
