"""What a place takes, as its page says it: signed, so that a browser passes it on and cannot change it."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from institute.config import current_settings
from institute.files.checking import LARGEST_FILE
from institute.files.kinds import MEDIA, FileKind
from institute.files.uploads.errors import UploadRequestError
from institute.files.uploads.models import LONGEST_ABOUT

LARGEST_MEDIUM: Final = 200 * 1024 * 1024
_MARK: Final = 64


@dataclass(frozen=True, slots=True)
class Offer:
    """``about`` names the place, such as ``evidence:practice-change``; no ``kinds`` are all there are."""

    about: str = ""
    kinds: frozenset[FileKind] = frozenset()

    @property
    def taken(self) -> frozenset[FileKind]:
        """The kinds that are taken."""
        return self.kinds or frozenset(FileKind)

    @property
    def largest(self) -> int:
        """How many bytes a file may have: sound and film more than anything else."""
        return LARGEST_MEDIUM if self.taken & MEDIA - {FileKind.VTT} else LARGEST_FILE


def write_offer(about: str, kinds: Iterable[FileKind]) -> str:
    """Return what a page passes on with each file. Raises ValueError for a name of a place that cannot be kept."""
    if len(about) > LONGEST_ABOUT or "|" in about:
        raise ValueError("a place has a short name")
    text = f"{about}|{' '.join(sorted(kind.name for kind in kinds))}"
    return _sign(text) + text


def read_offer(given: str) -> Offer:
    """Return what ``write_offer`` wrote; nothing is an offer of everything. Raises UploadRequestError."""
    if not given:
        return Offer()
    mark, text = given[:_MARK], given[_MARK:]
    if not hmac.compare_digest(mark.encode(), _sign(text).encode()):
        raise UploadRequestError
    about, _, kinds = text.partition("|")
    return Offer(about, frozenset(FileKind[name] for name in kinds.split()))


def kinds_of(text: str) -> frozenset[FileKind]:
    """Return the kinds that a row names; none are all there are."""
    return frozenset(FileKind[name] for name in text.split()) or frozenset(FileKind)


def _sign(text: str) -> str:
    key = current_settings().secret_key.encode()
    return hmac.new(key, f"upload:{text}".encode(), hashlib.sha256).hexdigest()
