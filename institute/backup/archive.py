"""The archive: a plain tar of the database, the keys, the files, and last the manifest."""

from __future__ import annotations

import hashlib
import io
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, BinaryIO, Final, cast

from institute.backup.errors import ArchiveDamagedError, ArchiveUnreadableError
from institute.backup.manifest import FILE_FOLDER, MANIFEST, Manifest, Member

CHUNK: Final = 1024 * 1024
LARGEST_MANIFEST: Final = 256 * 1024 * 1024


class _Hashing(io.RawIOBase):
    """Reads from another file and hashes what passes."""

    def __init__(self, source: BinaryIO) -> None:
        self.source = source
        self.digest = hashlib.sha256()

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        piece = self.source.read(size)
        self.digest.update(piece)
        return piece


class ArchiveWriter:
    """Writes members one after another, in pieces, and remembers what they were."""

    def __init__(self, file: BinaryIO, *, at: float) -> None:
        self.tar = tarfile.TarFile(fileobj=file, mode="w", format=tarfile.PAX_FORMAT)
        self.at = at
        self.members: dict[str, Member] = {}

    def add(self, name: str, source: BinaryIO, size: int) -> None:
        """Write a member of ``size`` bytes. Raises OSError if ``source`` has fewer."""
        passing = _Hashing(source)
        self.tar.addfile(self._head(name, size), cast("IO[bytes]", passing))
        self.members[name] = Member(size, passing.digest.hexdigest())

    def finish(self, manifest: Manifest) -> None:
        """Write the manifest, which makes the archive whole."""
        text = manifest.as_json()
        self.tar.addfile(self._head(MANIFEST, len(text)), io.BytesIO(text))
        self.tar.close()

    def _head(self, name: str, size: int) -> tarfile.TarInfo:
        head = tarfile.TarInfo(name)
        head.size, head.mode, head.mtime = size, 0o600, int(self.at)
        return head


class ArchiveReader:
    """A backup whose manifest was read and whose members are those of the manifest, by name and size."""

    def __init__(self, tar: tarfile.TarFile, path: Path) -> None:
        self.tar = tar
        self.path = path
        self.heads = {head.name: head for head in tar.getmembers()}
        self.manifest = self._manifest()

    def _manifest(self) -> Manifest:
        head = self.heads.get(MANIFEST)
        if head is None or not head.isreg() or head.size > LARGEST_MANIFEST:
            raise ArchiveUnreadableError(path=self.path)
        manifest = Manifest.of_json(self._file(head).read())
        found = {name: head.size for name, head in self.heads.items() if head.isreg() and name != MANIFEST}
        if found != {name: member.size for name, member in manifest.members.items()}:
            raise ArchiveUnreadableError(path=self.path)
        return manifest

    def names(self, prefix: str) -> list[str]:
        """Return the names of the members that begin with ``prefix``."""
        return [name for name in self.manifest.members if name.startswith(prefix)]

    def open(self, name: str) -> IO[bytes]:
        """Return a member for reading."""
        return self._file(self.heads[name])

    def read(self, name: str) -> bytes:
        """Return a small member whole."""
        return self.open(name).read()

    def check(self) -> None:
        """Read every member and compare it with the manifest. Raises ArchiveDamagedError for the first that differs."""
        for name, member in self.manifest.members.items():
            digest = hashlib.sha256()
            source = self.open(name)
            while piece := source.read(CHUNK):
                digest.update(piece)
            named = name.removeprefix(FILE_FOLDER) if name.startswith(FILE_FOLDER) else member.sha256
            if digest.hexdigest() != member.sha256 or named != member.sha256:
                raise ArchiveDamagedError(member=name)

    def _file(self, head: tarfile.TarInfo) -> IO[bytes]:
        source = self.tar.extractfile(head)
        if source is None:
            raise ArchiveUnreadableError(path=self.path)
        return source


@contextmanager
def open_archive(path: Path) -> Iterator[ArchiveReader]:
    """Open a backup. Raises ArchiveUnreadableError for a file that is none, or not a whole one."""
    try:
        tar = tarfile.TarFile(path)
    except (OSError, tarfile.TarError) as error:
        raise ArchiveUnreadableError(path=path) from error
    with tar:
        try:
            reader = ArchiveReader(tar, path)
        except (OSError, ValueError, tarfile.TarError) as error:
            raise ArchiveUnreadableError(path=path) from error
        yield reader
