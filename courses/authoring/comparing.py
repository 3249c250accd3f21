"""What differs between two texts of the same part, field by field and language by language: pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Final

from courses.catalogue.addresses import PartDraft
from courses.catalogue.fields import facts_of, texts_of

MOST_LINES: Final = 600  # comparing takes the product of both lengths


class Fate(StrEnum):
    """What became of some lines."""

    SAME = "same"
    GONE = "gone"
    NEW = "new"


@dataclass(frozen=True, slots=True)
class Piece:
    """Some lines that stayed, went or came."""

    fate: Fate
    text: str


@dataclass(frozen=True, slots=True)
class Change:
    """A field that differs. ``locale`` is the text's language, empty for what is no text; None: nothing was there."""

    path: str
    locale: str
    before: str | None
    after: str | None

    @property
    def pieces(self) -> list[Piece]:
        """Both texts in one, line by line; very long ones one after the other."""
        old, new = (self.before or "").splitlines(), (self.after or "").splitlines()
        if len(old) > MOST_LINES or len(new) > MOST_LINES:
            return list(_pieces("replace", old, new))
        matcher = SequenceMatcher(None, old, new, autojunk=False)
        return [
            piece
            for verb, start, end, new_start, new_end in matcher.get_opcodes()
            for piece in _pieces(verb, old[start:end], new[new_start:new_end])
        ]


def changes_between(before: PartDraft, after: PartDraft) -> tuple[Change, ...]:
    """Return every field that differs, in the order of ``after``, what is gone at the end.

    The number of a part is no field of it: the outline's order decides.
    """
    old, new = _values(before), _values(after)
    return tuple(
        Change(path, locale, old.get((path, locale)), new.get((path, locale)))
        for path, locale in {**new, **old}
        if old.get((path, locale)) != new.get((path, locale))
    )


def _values(draft: PartDraft) -> dict[tuple[str, str], str]:
    """Return every value as a text: ``True`` and ``False`` as they are written, keys and numbers likewise."""
    found = {
        (path, locale): text for path, each in texts_of(draft).items() for locale, text in each.texts.items()
    }
    facts = ((path, value) for path, value in facts_of(draft).items() if path != "number")
    return found | {(path, ""): str(value) for path, value in facts}


def _pieces(verb: str, old: list[str], new: list[str]) -> Iterator[Piece]:
    if verb == "equal":
        yield Piece(Fate.SAME, "\n".join(old))
        return
    if old:
        yield Piece(Fate.GONE, "\n".join(old))
    if new:
        yield Piece(Fate.NEW, "\n".join(new))
