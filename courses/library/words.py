"""What a resource is found by: its texts in each language, folded."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from courses.library.drafts import ResourceDraft
from institute.folding import fold_text

LONGEST_SEARCH: Final = 100
MOST_WORDS: Final = 6
_MARKUP: Final = re.compile(r"[#*_`>\[\]()!|~\\]+")


@dataclass(frozen=True, slots=True)
class Words:
    """What stands about a resource in one language: ``title`` to put it in order, ``words`` to look through."""

    locale: str
    is_source: bool
    title: str
    words: str


def words_of(draft: ResourceDraft) -> list[Words]:
    """Return what a resource is found by, once for each language that one of its texts has."""
    texts = [one for one in (draft.title, draft.summary, draft.body) if one is not None]
    locales = dict.fromkeys(locale for text in texts for locale in text.texts)
    everywhere = f"{draft.key} {draft.source} {draft.version}"
    return [
        Words(
            locale=locale,
            is_source=locale == draft.title.source,
            title=fold_text(draft.title.in_(locale)),
            words=_folded(" ".join([*(text.in_(locale) for text in texts), everywhere])),
        )
        for locale in locales
    ]


def words_searched(search: str) -> list[str]:
    """Return the words of a search, each of which has to be found. Marks and case do not count."""
    return _folded(search[:LONGEST_SEARCH].replace("\0", " ")).split()[:MOST_WORDS]


def _folded(text: str) -> str:
    return " ".join(_MARKUP.sub(" ", fold_text(text)).split())
