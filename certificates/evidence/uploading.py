"""What a form brings: its text made storable, its files checked and kept before any transaction."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import BinaryIO

from certificates.evidence.models import MOST_FILES
from institute.errors import DomainError
from institute.files.checking import CheckedFile, FileRefusedError, check
from institute.files.storage import Blob
from institute.files.storing import keep
from institute.web.forms import storable


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file whose bytes are stored; nothing refers to them yet."""

    checked: CheckedFile
    blob: Blob


@dataclass(frozen=True, slots=True)
class Handed:
    """What one form brought. ``base`` is the digest of the text that its page was made with."""

    text: str
    base: str
    kept: tuple[KeptFile, ...] = ()
    refused: tuple[DomainError, ...] = ()


def take_in(text: str, base: str, files: Iterable[tuple[str, BinaryIO]]) -> Handed:
    """Check and keep what a form brought; ``files`` are (name, content). Call it outside any transaction.

    A refused file keeps neither the text nor the other files from being saved. More files than any requirement
    takes are not looked at.
    """
    kept: list[KeptFile] = []
    refused: list[DomainError] = []
    for name, data in list(files)[: 2 * MOST_FILES]:
        try:
            checked = check(data, name=name)
        except FileRefusedError as error:
            refused.append(error)
        else:
            kept.append(KeptFile(checked, keep(data)))
    return Handed(storable(text), base, tuple(kept), tuple(refused))


def digest_of(text: str) -> str:
    """Return the digest by which a form says what text its page was made with."""
    return hashlib.sha256(text.encode()).hexdigest()
