"""What one form holds of a framework or a vocabulary: texts in several languages, and facts that are the same in all.

A sheet says everything about one part (a framework itself, a column, an element, a vocabulary, a term) except its key,
its place and whether it is retired. Texts and facts go by their names: ``title``, ``practices/meets``, ``code``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

from courses.frameworks.drafts import ColumnDraft, ElementDraft, FrameworkDraft, TermDraft, VocabularyDraft
from institute.i18n import Localised

PRACTICE: Final = "practices/"

PartDraft: TypeAlias = FrameworkDraft | ColumnDraft | ElementDraft | VocabularyDraft | TermDraft


@dataclass(frozen=True, slots=True)
class Sheet:
    """The texts and facts of one part. A text or fact that is empty is left out."""

    texts: Mapping[str, Localised]
    facts: Mapping[str, str] = field(default_factory=dict)

    @property
    def title(self) -> Localised:
        """The title, which every part has."""
        return self.texts["title"]

    @property
    def practices(self) -> dict[str, Localised]:
        """How an element looks in practice, by the key of the column."""
        return {
            name.removeprefix(PRACTICE): text
            for name, text in self.texts.items()
            if name.startswith(PRACTICE)
        }


def sheet_of(draft: PartDraft) -> Sheet:
    """Return what a form would hold of a part, without what stands below it."""
    texts = {"title": draft.title}
    if draft.description is not None:
        texts["description"] = draft.description
    facts: dict[str, str] = {}
    if isinstance(draft, FrameworkDraft):
        facts = {"version": draft.version, "audiences": " ".join(draft.audiences)}
    elif isinstance(draft, ElementDraft):
        facts = {"code": draft.code}
        texts |= {f"{PRACTICE}{practice.key}": practice.text for practice in draft.practices}
    return Sheet(texts, {name: value for name, value in facts.items() if value})


def document_of(sheet: Sheet) -> dict[str, Any]:
    """Return a sheet as a document that JSON can hold."""
    return {
        "texts": {
            name: {"source": text.source, "texts": dict(text.texts), "origins": dict(text.origins)}
            for name, text in sheet.texts.items()
        },
        "facts": dict(sheet.facts),
    }


def read_document(document: Mapping[str, Any]) -> Sheet:
    """Return the sheet that ``document_of`` made."""
    texts = {
        name: Localised(text["texts"], text["source"], text["origins"])
        for name, text in document["texts"].items()
    }
    return Sheet(texts, document["facts"])


@dataclass(frozen=True, slots=True)
class Difference:
    """A field in which two sheets differ, with both contents (empty where there is none).

    ``locale`` is the language of a text, empty for a fact.
    """

    name: str
    locale: str
    mine: str
    theirs: str


def differences(mine: Sheet, theirs: Sheet) -> list[Difference]:
    """Return where two sheets differ, text by text in each language, in the order of the fields."""
    facts = [
        Difference(name, "", mine.facts.get(name, ""), theirs.facts.get(name, ""))
        for name in dict.fromkeys([*theirs.facts, *mine.facts])
    ]
    texts = [
        Difference(name, locale, _text(mine, name, locale), _text(theirs, name, locale))
        for name in dict.fromkeys([*theirs.texts, *mine.texts])
        for locale in dict.fromkeys([*_locales(theirs, name), *_locales(mine, name)])
    ]
    return [one for one in facts + texts if one.mine != one.theirs]


def _text(sheet: Sheet, name: str, locale: str) -> str:
    return sheet.texts[name].texts.get(locale, "") if name in sheet.texts else ""


def _locales(sheet: Sheet, name: str) -> list[str]:
    return list(sheet.texts[name].texts) if name in sheet.texts else []
