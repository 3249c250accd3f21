"""The forms of resources and collections: what was typed, what it comes to, and what has to be mended."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from werkzeug.datastructures import MultiDict

from courses.frameworks.naming import not_taken, slug_of
from courses.frameworks.typed import rewritten
from courses.library.checking import LONGEST_BODY, is_key
from courses.library.drafts import CollectionDraft, ResourceDraft
from courses.library.errors import AddressMalformedError, TextTooLongError
from courses.library.models import ResourceKind
from institute.i18n import LOCALES, Localised, gettext
from institute.web.forms import storable

TEXTS: Final = ("title", "summary", "body", "alt")
LINES: Final = ("key", "url", "licence", "licence_url", "version", "source")
CHOICES: Final = ("tags", "elements", "languages")
MOST_CHOICES: Final = 200


@dataclass(frozen=True, slots=True)
class Typed:
    """What stands in a form: lines and texts by the names of their fields, and what was chosen."""

    texts: Mapping[str, str] = field(default_factory=dict)
    chosen: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """Return what was typed into a field."""
        return self.texts.get(name, "")

    def picked(self, name: str) -> tuple[str, ...]:
        """Return what was chosen among several."""
        return self.chosen.get(name, ())

    def in_languages(self, name: str) -> dict[str, str]:
        """Return a text in each language that it was typed in."""
        found = {locale: self.texts.get(f"{name}-{locale}", "") for locale in LOCALES}
        return {locale: text for locale, text in found.items() if text.strip()}


def read_typed(form: MultiDict[str, str]) -> Typed:
    """Return what a form brought, made storable. A text of any length is kept, so that it can be given back."""
    names = [*LINES, *(f"{name}-{locale}" for name in TEXTS for locale in LOCALES)]
    texts = {name: storable(form.get(name, "")) for name in names}
    lines = {
        name: " ".join(texts[name].split()) for name in texts if not name.startswith(("body", "summary"))
    }
    chosen = {name: tuple(dict.fromkeys(form.getlist(name)[:MOST_CHOICES])) for name in CHOICES}
    return Typed({**texts, **lines}, chosen)


def typed_of(draft: ResourceDraft) -> Typed:
    """Return a resource as its form shows it."""
    texts = {name: getattr(draft, name) or "" for name in LINES}
    for name in TEXTS:
        texts |= _typed_text(name, getattr(draft, name))
    return Typed(texts, {"tags": draft.tags, "elements": draft.elements, "languages": draft.languages})


def typed_of_collection(title: Localised, summary: Localised | None) -> Typed:
    """Return a collection as its form shows it."""
    return Typed({**_typed_text("title", title), **_typed_text("summary", summary)})


Problems = tuple[tuple[str, str], ...]


def resource_from(
    typed: Typed, before: ResourceDraft | None, *, kind: ResourceKind, key: str, source: str
) -> ResourceDraft | Problems:
    """Return the resource that a form comes to, or (field, sentence) of what is missing.

    ``before`` is what it was, whose files stay. ``source`` is the language that its texts are written in.
    """
    texts = {name: _written(typed, name, before, source) for name in TEXTS}
    title = texts["title"]
    problems = _missing(typed, texts, source) + _needed(typed, texts, kind, source)
    if problems or title is None:
        return problems
    start = before or ResourceDraft(key=key, kind=kind, title=title)
    return replace(
        start,
        title=title,
        summary=texts["summary"],
        body=texts["body"],
        alt=texts["alt"],
        url=typed.text("url") or None,
        licence=typed.text("licence"),
        licence_url=typed.text("licence_url") or None,
        version=typed.text("version"),
        source=typed.text("source"),
        tags=typed.picked("tags"),
        elements=typed.picked("elements"),
        languages=tuple(one for one in typed.picked("languages") if one in LOCALES),
    )


def collection_from(
    typed: Typed, before: CollectionDraft | None, *, key: str, source: str
) -> CollectionDraft | Problems:
    """Return the collection that a form comes to, or (field, sentence) of what is missing; its resources stay."""
    title = _written(typed, "title", before, source)
    summary = _written(typed, "summary", before, source)
    problems = _missing(typed, {"title": title, "summary": summary}, source)
    if problems or title is None:
        return problems
    return CollectionDraft(key, title, summary, before.resources if before else ())


def key_for(typed: Typed, source: str, taken: Container[str], *, otherwise: str) -> str:
    """Return the key that was typed, or a free one made of the title; of ``otherwise`` where that has no letter for it.

    A key that somebody typed is left as it is.
    """
    if typed.text("key"):
        return typed.text("key")
    made = slug_of(typed.text(f"title-{source}"))
    return not_taken(made if is_key(made) else otherwise, taken)


def _written(
    typed: Typed, name: str, before: ResourceDraft | CollectionDraft | None, source: str
) -> Localised | None:
    """Return what was typed as one text, or None where the source language is empty."""
    texts, was = typed.in_languages(name), getattr(before, name, None)
    if source not in texts:
        return None
    return rewritten(was if was is not None and was.source == source else None, texts, source)


def _missing(typed: Typed, texts: Mapping[str, Localised | None], source: str) -> Problems:
    """Return what has no text in the language that it is written in, or one that is far too long."""
    problems = []
    if texts["title"] is None:
        problems.append((f"title-{source}", gettext("Give it a title.")))
    for name in ("summary", "body", "alt"):
        if name in texts and texts[name] is None and typed.in_languages(name):
            said = gettext("Write this in the first language too: the others are its translations.")
            problems.append((f"{name}-{source}", said))
    for name, text in typed.texts.items():
        if len(text) > LONGEST_BODY:
            problems.append((name, TextTooLongError(at=name, length=len(text), most=LONGEST_BODY).text))
    return tuple(problems)


def _needed(typed: Typed, texts: Mapping[str, Localised | None], kind: ResourceKind, source: str) -> Problems:
    """Return what a resource of this kind is not complete without."""
    if kind is ResourceKind.IMAGE and texts["alt"] is None and not typed.in_languages("alt"):
        return ((f"alt-{source}", gettext("Say what the picture shows: who does not see it is told this.")),)
    if kind is ResourceKind.LINK and not typed.text("url"):
        return (("url", AddressMalformedError().text),)
    return ()


def _typed_text(name: str, text: Localised | None) -> dict[str, str]:
    return {f"{name}-{locale}": one for locale, one in (text.texts if text is not None else {}).items()}
