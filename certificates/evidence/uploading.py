"""What a form brings: its text made storable, its files checked and kept before any transaction."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import BinaryIO

from certificates.evidence.models import LONGEST_TITLE, MOST_FILES
from institute.errors import DomainError
from institute.files.checking import FileRefusedError, check
from institute.files.handing import KeptFile
from institute.files.kinds import DOCUMENTS, MEDIA
from institute.files.storing import keep
from institute.web.forms import storable


@dataclass(frozen=True, slots=True)
class Handed:
    """What one form brought. ``base`` is the digest of the text that its page was made with.

    ``asked`` is the revision of the requirement that the page showed, 0 where it said none. ``link`` is (name,
    address) of a link to be added, ``item`` the key of a plan's version or a session, ``uploads`` the ids of files
    that arrived in pieces.
    """

    text: str
    base: str
    kept: tuple[KeptFile, ...] = ()
    refused: tuple[DomainError, ...] = ()
    asked: int = 0
    link: tuple[str, str] = ("", "")
    item: str = ""
    uploads: tuple[str, ...] = ()

    @property
    def brings(self) -> bool:
        """Whether there is anything beside the text to begin a draft for."""
        return bool(self.kept or any(self.link) or self.item or self.uploads)


def take_in(
    text: str,
    base: str,
    files: Iterable[tuple[str, BinaryIO]],
    *,
    media: bool = False,
    more: Mapping[str, str] | None = None,
    uploads: Sequence[str] = (),
) -> Handed:
    """Check and keep what a form brought; ``files`` are (name, content). Call it outside any transaction.

    ``media``: film and sound are taken as well; ``more`` holds the other fields. A refused file keeps neither the text
    nor the other files from being saved. More files than any requirement takes are not looked at.
    """
    kept: list[KeptFile] = []
    refused: list[DomainError] = []
    for name, data in list(files)[: 2 * MOST_FILES]:
        try:
            checked = check(data, name=name, kinds=DOCUMENTS | MEDIA if media else DOCUMENTS)
        except FileRefusedError as error:
            refused.append(error)
        else:
            kept.append(KeptFile(checked, keep(data)))
    fields = more or {}
    return Handed(
        storable(text),
        base,
        tuple(kept),
        tuple(refused),
        asked=_revision(fields.get("_asked", "")),
        link=(
            _line(fields.get("link_title", ""))[: LONGEST_TITLE + 1],
            storable(fields.get("link_url", "")).strip(),
        ),
        item=storable(fields.get("item", ""))[:40],
        uploads=tuple(uploads[: 2 * MOST_FILES]),
    )


def digest_of(text: str) -> str:
    """Return the digest by which a form says what text its page was made with."""
    return hashlib.sha256(text.encode()).hexdigest()


def _line(text: str) -> str:
    return " ".join(storable(text).split())


def _revision(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0  # noqa: PLR2004
