"""The texts of a part beside their translations: what is missing or stale, and how a translation goes in. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from courses.catalogue.addresses import PartDraft
from courses.catalogue.fields import texts_of, with_texts
from institute.i18n import Localised, text_hash

Part = TypeVar("Part", bound=PartDraft)

MARKDOWN = frozenset({"content", "local_note", "prompt", "body"})
LONG = 90  # characters that one line of a form holds


class State(StrEnum):
    """How a translation stands."""

    MISSING = "missing"
    STALE = "stale"
    FRESH = "fresh"


@dataclass(frozen=True, slots=True)
class Line:
    """One text of a part and what stands for it in a language; ``made_from`` is the hash of its source at that time."""

    path: str
    source: str
    source_locale: str
    text: str
    made_from: str
    state: State

    @property
    def markdown(self) -> bool:
        """Whether the text is Markdown."""
        return self.path.rpartition("/")[2] in MARKDOWN

    @property
    def long(self) -> bool:
        """Whether the text needs several lines to be written."""
        return self.markdown or len(self.source) > LONG or "\n" in self.source


@dataclass(frozen=True, slots=True)
class Entry:
    """A translation as somebody wrote it, and the hash of the source that they had before them."""

    text: str
    made_from: str


def lines_of(draft: PartDraft, locale: str) -> list[Line]:
    """Return every text of a part that is to be read in ``locale``, in the order of the part.

    What was written in that language needs no translation and is left out.
    """
    return [
        Line(
            path,
            text.texts[text.source],
            text.source,
            text.texts.get(locale, ""),
            _origin(text, locale),
            state,
        )
        for path, text in texts_of(draft).items()
        if text.source != locale and text.texts.get(text.source, "").strip()
        for state in [state_of(text, locale)]
    ]


def state_of(text: Localised, locale: str) -> State:
    """Return how a text stands in a language."""
    if not text.texts.get(locale, "").strip():
        return State.MISSING
    fresh = _origin(text, locale) == text_hash(text.texts[text.source])
    return State.FRESH if fresh else State.STALE


def translated(draft: Part, locale: str, entries: Mapping[str, Entry]) -> Part:
    """Return the part with these translations by their paths; an empty one is taken away. Unknown paths are ignored."""
    texts = texts_of(draft)
    return with_texts(
        draft,
        {path: _with(texts[path], locale, entry) for path, entry in entries.items() if path in texts},
    )


def _with(text: Localised, locale: str, entry: Entry) -> Localised:
    texts = {name: one for name, one in text.texts.items() if name != locale}
    origins = {name: one for name, one in text.origins.items() if name != locale}
    if not entry.text.strip():
        return Localised(texts, text.source, origins)
    return Localised({**texts, locale: entry.text}, text.source, {**origins, locale: entry.made_from})


def _origin(text: Localised, locale: str) -> str:
    return text.origins.get(locale, "")
