"""What a form brings: its fields made storable, its files checked and kept before any transaction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import BinaryIO, Final

from courses.activities.models import MOST_FILES
from institute.errors import DomainError
from institute.files.handing import KeptFile, keep_handed
from institute.web.forms import read_revision, storable

SHARED: Final = "coach"


@dataclass(frozen=True, slots=True)
class Handed:
    """What one form brought. ``revision`` is the one that its page was made with, 0 for none."""

    fields: Mapping[str, str] = field(default_factory=dict)
    kept: tuple[KeptFile, ...] = ()
    refused: tuple[DomainError, ...] = ()

    @property
    def text(self) -> str:
        """The text, storable."""
        return storable(self.fields.get("text", ""))

    @property
    def revision(self) -> int:
        """The revision that the page was made with, 0 where the form says none."""
        return read_revision(self.fields)

    @property
    def shared(self) -> bool | None:
        """Whether the coach may read it; None where the form does not ask."""
        return None if "share" not in self.fields else self.fields["share"] == SHARED


def take_in(fields: Mapping[str, str], files: Iterable[tuple[str, BinaryIO]] = ()) -> Handed:
    """Check and keep what a form brought; ``files`` are (name, content). Call it outside any transaction.

    A refused file keeps nothing else from being saved. More files than a work takes are not looked at.
    """
    kept, refused = keep_handed(files, most=MOST_FILES)
    return Handed(dict(fields), kept, refused)
