"""Files that a form brings: checked and kept before any transaction, then taken as far as there is room."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import BinaryIO

from institute.errors import DomainError
from institute.files.checking import CheckedFile, FileRefusedError, check
from institute.files.models import StoredFile
from institute.files.storage import Blob
from institute.files.storing import expect_sweep, keep
from institute.i18n import ngettext


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file whose bytes are stored; nothing refers to them yet."""

    checked: CheckedFile
    blob: Blob


def keep_handed(
    files: Iterable[tuple[str, BinaryIO]], *, most: int
) -> tuple[tuple[KeptFile, ...], tuple[DomainError, ...]]:
    """Check and keep ``files``, which are (name, content); return what is kept and what was refused.

    Call it outside any transaction. There is room for ``most``; what comes after twice as many is not looked at.
    """
    kept: list[KeptFile] = []
    refused: list[DomainError] = []
    for name, data in list(files)[: 2 * most]:
        try:
            checked = check(data, name=name)
        except FileRefusedError as error:
            refused.append(error)
        else:
            kept.append(KeptFile(checked, keep(data)))
    return tuple(kept), tuple(refused)


def take_new(
    kept: Iterable[KeptFile], there: Iterable[StoredFile], *, most: int
) -> tuple[list[KeptFile], list[str]]:
    """Return which files are new beside those ``there`` and find room, and a sentence for each that finds none.

    Call it in the transaction that inserts them: bytes that find no room go with a sweep.
    """
    known = {(file.sha256, file.name) for file in there}
    taken: list[KeptFile] = []
    problems: list[str] = []
    for file in kept:
        same = (file.blob.sha256, file.checked.name)
        if same in known:
            continue
        if len(known) >= most:
            problems.append(no_room(file.checked.name, most))
            expect_sweep()
            continue
        known.add(same)
        taken.append(file)
    return taken, problems


def no_room(name: str, most: int) -> str:
    """Return the sentence about a file that finds no room beside ``most`` others."""
    return ngettext(
        "“%(file)s” was not added: there is room for %(num)s file. Remove it first.",
        "“%(file)s” was not added: there is room for %(num)s files. Remove one first.",
        most,
        file=f"\u2068{name}\u2069",
    )
