"""The files of a package, in a folder or in a zip, where nothing is trusted that it says of itself."""

from __future__ import annotations

import os
import re
import stat
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, BinaryIO, Final, Protocol

from courses.packages import problems
from courses.packages.problems import PackageError, Problem, Problems
from institute.i18n import lazy_gettext

FORMAT: Final = 1
ROOT_FILE: Final = "programme.toml"
INSTRUMENTS: Final = "instruments"
RESOURCES: Final = "resources"
FRAMEWORKS: Final = "frameworks"
VOCABULARIES_FILE: Final = "vocabularies.toml"
RUBRICS: Final = "rubrics"  # a folder of companions (courses.packages.companions)
RESERVED: Final = frozenset({INSTRUMENTS, RESOURCES, FRAMEWORKS, RUBRICS})
_DEVICES: Final = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])\Z")  # no file has such a name on Windows
LARGEST_PACKAGE: Final = 500 * 1024 * 1024
LARGEST_TABLE: Final = 4 * 1024 * 1024
LARGEST_TEXT: Final = 1024 * 1024
MOST_FILES: Final = 20_000
MOST_UNPACKED: Final = 600 * 1024 * 1024
MOST_TIMES: Final = 200  # texts shrink to a fifth, a bomb to a thousandth
SMALL: Final = 20 * 1024 * 1024  # what unpacks to this little is no bomb, however well it shrinks
LONGEST_PATH: Final = 240
DEEPEST_PATH: Final = 8
MOST_NAMED: Final = 50
_PIECE: Final = 256 * 1024
_ENCRYPTED: Final = 0x1
_PLAIN_PACKING: Final = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_DAMAGE: Final = (
    zipfile.BadZipFile, zlib.error, EOFError, ValueError, OSError, NotImplementedError, KeyError, struct.error,
)  # fmt: skip
# What file managers put beside the files, on their own.
_CLUTTER: Final = re.compile(r"(^|/)(__MACOSX/.*|\.DS_Store|Thumbs\.db|desktop\.ini)\Z")
_END: Final = b"PK\x05\x06"
_END_SIZE: Final = 22
_LONGEST_COMMENT: Final = 0xFFFF
_LOCATOR_SIZE: Final = 20
_END64_SIZE: Final = 56


class Papers(Protocol):
    """The files of a package by their paths below its root, with ``/`` between folders."""

    @property
    def names(self) -> frozenset[str]:
        """Every path."""

    def pieces(self, name: str, most: int) -> Iterator[bytes]:
        """Give a file piece by piece. Raises PackageError for what is damaged or larger than ``most`` bytes."""


class FolderPapers:
    """The files below a folder of this machine."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        paths = (Path(top) / name for top, _, names in os.walk(folder) for name in names)
        found = (path.relative_to(folder).as_posix() for path in paths)
        self.names = frozenset(name for name in found if not _CLUTTER.search(name))

    def pieces(self, name: str, most: int) -> Iterator[bytes]:
        """Give a file piece by piece. Raises PackageError."""
        try:
            with (self.folder / name).open("rb") as opened:
                yield from _bounded(opened, name, most)
        except OSError as error:
            sentence = lazy_gettext("The file cannot be read.")
            raise PackageError(Problem(problems.MISSING_FILE, sentence, name)) from error


class ZipPapers:
    """The files of a zip. Made by ``opened_zip``."""

    def __init__(self, archive: zipfile.ZipFile, members: dict[str, zipfile.ZipInfo]) -> None:
        self.archive = archive
        self.members = members
        self.names = frozenset(members)

    def pieces(self, name: str, most: int) -> Iterator[bytes]:
        """Give a file piece by piece. Raises PackageError.

        The standard library unpacks no more than the size a member declares, and then compares its checksum.
        """
        left = self.members[name].file_size
        try:
            with self.archive.open(self.members[name]) as opened:
                for piece in _bounded(opened, name, most):
                    left -= len(piece)
                    yield piece
            if left:
                raise EOFError
        except _DAMAGE as error:
            sentence = lazy_gettext("The file is damaged, or not of the size that the zip says.")
            raise PackageError(Problem(problems.ZIP, sentence, name)) from error


@contextmanager
def opened_zip(data: BinaryIO) -> Iterator[ZipPapers]:
    """Open a zip whose names, sizes and members were looked at. Raises PackageError with all that is wrong."""
    _check_size(data)
    try:
        archive = zipfile.ZipFile(data)
    except _DAMAGE as error:
        raise PackageError(Problem(problems.ZIP, _NOT_ZIP)) from error
    with archive:
        yield ZipPapers(archive, _members(archive, data))


def read_text(papers: Papers, name: str, noted: Problems) -> str | None:
    """Return a text file with line ends of one kind, or note why it cannot be read and return None."""
    try:
        most = LARGEST_TABLE if name.endswith(".toml") else LARGEST_TEXT
        data = b"".join(papers.pieces(name, most))
    except PackageError as error:
        noted.found.extend(error.problems)
        return None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        noted.add(problems.TEXT, lazy_gettext("The file is not UTF-8."), file=name, line=line)
        return None
    return text.replace("\r\n", "\n").replace("\r", "\n")


_NOT_ZIP: Final = lazy_gettext("This is not a zip, or it is damaged, or its end is missing.")
_SWELLS: Final = lazy_gettext("The zip unpacks to far more than its size, or holds too many files.")


def _bounded(opened: IO[bytes], name: str, most: int) -> Iterator[bytes]:
    size = 0
    while piece := opened.read(_PIECE):
        size += len(piece)
        if size > most:
            sentence = lazy_gettext("The file is larger than %(most)s kB.", most=most // 1024)
            raise PackageError(Problem(problems.LARGE, sentence, name))
        yield piece


def _check_size(data: BinaryIO) -> None:
    """Refuse what is too large to be opened: the standard library reads the whole list of members at once."""
    size = data.seek(0, os.SEEK_END)
    if size > LARGEST_PACKAGE:
        most = LARGEST_PACKAGE // (1024 * 1024)
        sentence = lazy_gettext("The package is larger than %(most)s MB.", most=most)
        raise PackageError(Problem(problems.LARGE, sentence))
    data.seek(max(0, size - _END_SIZE - _LONGEST_COMMENT - _LOCATOR_SIZE - _END64_SIZE))
    tail = data.read()
    at = tail.rfind(_END)
    if at < 0 or len(tail) < at + _END_SIZE:
        raise PackageError(Problem(problems.ZIP, _NOT_ZIP))
    listed = [struct.unpack_from("<L", tail, at + 12)[0]]
    before = at - _LOCATOR_SIZE - _END64_SIZE
    if before >= 0 and tail[at - _LOCATOR_SIZE :].startswith(b"PK\x06\x07"):
        listed.append(struct.unpack_from("<Q", tail, before + 40)[0])
    if max(size for size in listed if size != 0xFFFFFFFF) > MOST_FILES * 2 * LONGEST_PATH:  # noqa: PLR2004
        raise PackageError(Problem(problems.SWELLING, _SWELLS))
    data.seek(0)


def _members(archive: zipfile.ZipFile, data: BinaryIO) -> dict[str, zipfile.ZipInfo]:
    members = archive.infolist()
    size = data.seek(0, os.SEEK_END)
    unpacked = sum(member.file_size for member in members)
    # Members that share bytes, as in the bombs that need no nesting, claim more than the archive has.
    packed = sum(member.compress_size for member in members)
    if (
        len(members) > MOST_FILES
        or unpacked > min(MOST_UNPACKED, max(SMALL, MOST_TIMES * size))
        or packed > size
    ):
        raise PackageError(Problem(problems.SWELLING, _SWELLS))
    noted, seen, files = Problems(), set[str](), dict[str, zipfile.ZipInfo]()
    for member in members:
        name = member.orig_filename
        if len(noted.found) >= MOST_NAMED:
            break
        if fault := _fault(member):
            code, sentence = fault
            noted.add(code, sentence, file=shown(name))
            continue
        folded = unicodedata.normalize("NFKC", name).casefold().rstrip("/")
        if folded in seen:
            sentence = lazy_gettext("Two files have this name, or names that some systems take for the same.")
            noted.add(problems.TWICE, sentence, file=shown(name))
        seen.add(folded)
        if not member.is_dir() and not _CLUTTER.search(name):
            files[name] = member
    noted.refuse()
    return _below_root(files)


def _fault(member: zipfile.ZipInfo) -> tuple[str, object] | None:
    """Return the code and sentence for a member that nothing here may open."""
    name, kind = member.orig_filename, stat.S_IFMT(member.external_attr >> 16)
    if not is_safe_path(name):
        return problems.PATH, lazy_gettext(
            "The path leads out of the package or cannot be used on every system."
        )
    if kind not in {0, stat.S_IFREG, stat.S_IFDIR}:
        return problems.PATH, lazy_gettext("This is a link or a device, not a file.")
    if member.flag_bits & _ENCRYPTED:
        return problems.LOCKED, lazy_gettext("The file is locked with a password.")
    if member.compress_type not in _PLAIN_PACKING:
        return problems.ZIP, lazy_gettext("The file is packed in a way that is not read here: use Deflate.")
    return None


def is_safe_path(name: str) -> bool:
    """Tell whether a path stays below its root on every system and shows as what it is."""
    folders = name.removesuffix("/").split("/")
    return (
        0 < len(name) <= LONGEST_PATH
        and len(folders) <= DEEPEST_PATH
        and not any(one in '\\:*?"<>|' or unicodedata.category(one)[0] == "C" for one in name)
        and all(folder == folder.strip(" ") and not folder.endswith(".") and folder for folder in folders)
        and not any(len(folder) > 1 and not folder.strip(".") for folder in folders)
    )


def stem_of(key: str) -> str:
    """Return the name of a part's folder or file: its slug or key, but for what means something else there."""
    return f"{key}_" if key in RESERVED or _DEVICES.match(key) else key


def shown(name: str) -> str:
    """Return a path as a problem shows it: what cannot be seen is spelled out."""
    return "".join(one if one.isprintable() else ascii(one)[1:-1] for one in name[:LONGEST_PATH])


def _below_root(files: dict[str, zipfile.ZipInfo]) -> dict[str, zipfile.ZipInfo]:
    """Return the files by their paths below the one folder that a zip of a folder begins with."""
    tops = {name.partition("/")[0] for name in files}
    if ROOT_FILE not in files and len(tops) == 1 and f"{(top := tops.pop())}/{ROOT_FILE}" in files:
        return {name.removeprefix(f"{top}/"): member for name, member in files.items()}
    return files
