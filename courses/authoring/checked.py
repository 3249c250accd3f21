"""What came of a form: a draft, or what has to be mended."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from courses.authoring.sheets import Sheet
from courses.catalogue.fields import facts_of, texts_of
from institute.errors import DomainError
from institute.i18n import Localised

D = TypeVar("D")


@dataclass(frozen=True, slots=True)
class Checked(Generic[D]):
    """A sheet with the draft that it makes (None where something has to be mended, by the id of its field).

    ``texts`` holds what the fields show, for saying in which languages it is there: by the name of a field, and by
    ``list/hash`` for the rows of a list.
    """

    sheet: Sheet
    draft: D | None = None
    problems: Mapping[str, DomainError] = field(default_factory=dict)
    texts: Mapping[str, Localised] = field(default_factory=dict)

    @property
    def summary(self) -> list[tuple[str, str]]:
        """What has to be mended, as (id of the field, sentence)."""
        return [(name, error.text) for name, error in self.problems.items()]


def seen_of(draft: object, paths: Sequence[str]) -> str:
    """Return a short digest of what an author sees of some fields: numbers, choices and texts in their own language.

    Translations are left out: they may be added while the source is edited. A path names all that is below it.
    """
    texts = {path: text.texts[text.source] for path, text in texts_of(draft).items()}
    seen = [
        f"{path}={value!r}" for path, value in {**facts_of(draft), **texts}.items() if _is_below(path, paths)
    ]
    return hashlib.sha256("\n".join(sorted(seen)).encode(errors="replace")).hexdigest()[:16]


def _is_below(path: str, paths: Sequence[str]) -> bool:
    return any(path == one or path.startswith(f"{one}/") for one in paths)
