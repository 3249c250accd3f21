"""Publishing what was written of a rubric, as its next version. Tasks that were made before keep theirs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from certificates.rubrics.checking import check_sketch
from certificates.rubrics.defining import define_rubric
from certificates.rubrics.drafting import locked
from certificates.rubrics.errors import (
    RubricMovedOnError,
    RubricSameError,
    RubricUnfinishedError,
    TranslationsUnseenError,
)
from certificates.rubrics.models import RubricId
from certificates.rubrics.queries import newest
from certificates.rubrics.sketches import Sketch, digest_of, read_document, texts_of
from institute.actors import Actor
from institute.db import db, transaction
from institute.i18n import Localised
from institute.people.models import Institute


@dataclass(frozen=True, slots=True)
class OpenTexts:
    """How many texts of a rubric are open in a language."""

    locale: str
    missing: int
    stale: int

    @property
    def total(self) -> int:
        """How many texts wait for a translator."""
        return self.missing + self.stale


def publish(key: str, *, seen: str, version: int, known: bool, actor: Actor) -> RubricId:
    """Make a draft the next version of its rubric, and end it.

    ``seen`` is the digest of the draft and ``version`` the number of the newest version that the page showed;
    ``known`` says that open translations are known. Raises RubricNotFoundError, RubricMovedOnError where either
    changed since, RubricUnfinishedError, RubricSameError, TranslationsUnseenError.
    """
    with transaction() as session:
        row = locked(key, actor=actor, session=session)
        sketch = read_document(row.document)
        last = newest(actor.institute_id, key)
        if digest_of(sketch) != seen or (last.version if last else 0) != version:
            raise RubricMovedOnError
        checked = check_sketch(key, sketch)
        if checked.draft is None:
            raise RubricUnfinishedError
        if last is not None and last.sha256 == checked.draft.sha256:
            raise RubricSameError
        if not known and any(one.total for one in open_texts(sketch, languages_of(actor))):
            raise TranslationsUnseenError
        session.delete(row)
        return define_rubric(checked.draft, actor=actor)


def open_texts(sketch: Sketch, languages: Iterable[str]) -> list[OpenTexts]:
    """Return what is open in each language but the one that the rubric is written in."""
    texts = [text for text in texts_of(sketch).values() if text.texts.get(text.source, "").strip()]
    return [
        OpenTexts(
            locale,
            sum(_is_missing(text, locale) for text in texts),
            sum(_is_stale(text, locale) for text in texts),
        )
        for locale in languages
        if locale != sketch.title.source
    ]


def languages_of(actor: Actor) -> list[str]:
    """Return the languages of the actor's institute."""
    return db.session.get_one(Institute, actor.institute_id).languages.split()


def _is_missing(text: Localised, locale: str) -> bool:
    return not text.texts.get(locale, "").strip()


def _is_stale(text: Localised, locale: str) -> bool:
    return not _is_missing(text, locale) and text.shown(locale).stale
