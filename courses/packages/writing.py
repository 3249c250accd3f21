"""Writing a package: the same content always makes the same bytes."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterator
from typing import IO, BinaryIO, Final

from courses.catalogue.drafts import ProgrammeContent
from courses.packages.carried import Carried
from courses.packages.composing import files_of
from courses.packages.papers import ROOT_FILE

MEDIA_TYPE: Final = "application/zip"
_OLDEST: Final = (1980, 1, 1, 0, 0, 0)  # the first moment that a zip can name
_PLAIN_FILE: Final = 0o100644 << 16
_UNIX: Final = 3

Contents = Callable[[str], Iterator[bytes]]
"""Gives a file piece by piece, by its SHA-256."""


def write_zip(
    content: ProgrammeContent, carried: Carried, *, contents: Contents, to: BinaryIO | IO[bytes]
) -> None:
    """Write the package of a programme and what comes with it; ``contents`` gives the files of its resources.

    What says most comes first: programme.toml, then the texts, then the files, each in the order of their names.
    """
    texts, held = files_of(content, carried)
    with zipfile.ZipFile(to, "w") as archive:
        for name in sorted(texts, key=lambda name: (name != ROOT_FILE, name)):
            archive.writestr(_member(name, zipfile.ZIP_DEFLATED), texts[name].encode())
        for name in sorted(held):
            # Pictures and recordings are packed already.
            with archive.open(_member(name, zipfile.ZIP_STORED), "w") as opened:
                for piece in contents(held[name]):
                    opened.write(piece)


def _member(name: str, packing: int) -> zipfile.ZipInfo:
    member = zipfile.ZipInfo(name, _OLDEST)
    member.compress_type, member.external_attr, member.create_system = packing, _PLAIN_FILE, _UNIX
    return member
