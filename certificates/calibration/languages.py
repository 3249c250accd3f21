"""Texts that a lead writes in one language, and then in others: the first is what the others are translations of."""

from __future__ import annotations

from institute.i18n import Localised, text_hash


def written(before: Localised | None, text: str, *, language: str) -> Localised | None:
    """Return a content text with ``text`` in a language; an empty one takes that language away.

    Without anything before, this language is the source. A source that goes takes its translations with it.
    """
    text = text.strip()
    if before is None:
        return Localised.of({language: text}, source=language) if text else None
    if language == before.source:
        if not text:
            return None
        return before if before.texts[language] == text else before.revised(text)
    texts = {key: value for key, value in before.texts.items() if key != language}
    origins = {key: value for key, value in before.origins.items() if key != language}
    if text:
        texts[language] = text
        origins[language] = text_hash(before.texts[before.source])
    return Localised(texts, before.source, origins)


def said_in(content: Localised | None, language: str) -> str:
    """Return what stands in exactly this language, empty where nothing does."""
    return content.texts.get(language, "") if content is not None else ""
