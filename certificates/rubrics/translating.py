"""Translating a rubric: each text is kept by itself, so that translators and authors are in nobody's way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from certificates.rubrics.drafting import begin_version, find_writing, keep, locked
from certificates.rubrics.errors import RubricLanguageError, RubricNotFoundError
from certificates.rubrics.publishing import OpenTexts, languages_of, open_texts
from certificates.rubrics.queries import draft_of, listing, newest
from certificates.rubrics.sketches import Sketch, read_document, sketch_of, texts_of, with_texts
from certificates.rubrics.writings import writings_of
from courses.frameworks.naming import is_slug
from courses.translating.sheets import Field, Typed, came_late, fields_of, is_untouched
from courses.translating.texts import Line, State, state_of
from institute.actors import Actor
from institute.db import transaction
from institute.i18n import Localised, text_hash


@dataclass(frozen=True, slots=True)
class RubricTexts:
    """A rubric with what is open in each of the institute's other languages. ``drafted``: somebody writes on it."""

    key: str
    title: Localised
    languages: tuple[OpenTexts, ...]
    drafted: bool


@dataclass(frozen=True, slots=True)
class TextsPage:
    """A rubric's texts in one language; ``late`` of them somebody else translated while the form was open."""

    key: str
    sketch: Sketch
    locale: str
    fields: tuple[Field, ...]
    late: int
    drafted: bool

    @property
    def missing(self) -> int:
        """How many texts have no translation."""
        return sum(field.line.state is State.MISSING for field in self.fields)

    @property
    def stale(self) -> int:
        """How many translations are older than their text."""
        return sum(field.line.state is State.STALE for field in self.fields)


@dataclass(frozen=True, slots=True)
class Stored:
    """How many texts were kept, and those that somebody else had translated meanwhile, as they stand now."""

    kept: int
    late: Mapping[str, Line]


def list_texts(actor: Actor) -> list[RubricTexts]:
    """Return every rubric of the institute, what is written of it before what is published, by title."""
    languages = languages_of(actor)
    sketches = writings_of(actor.institute_id)
    drafted = set(sketches)
    for line in listing(actor.institute_id):
        if line.key not in sketches:
            view = newest(actor.institute_id, line.key)
            if view is not None:
                sketches[line.key] = sketch_of(draft_of(view))
    found = [
        RubricTexts(key, sketch.title, tuple(open_texts(sketch, languages)), key in drafted)
        for key, sketch in sketches.items()
    ]
    return sorted(found, key=lambda one: (str(one.title).casefold(), one.key))


def texts_page(
    key: str,
    locale: str,
    *,
    typed: Mapping[str, Typed] | None = None,
    late: Mapping[str, Line] | None = None,
    actor: Actor,
) -> TextsPage:
    """Return a rubric's texts in one language. Raises RubricNotFoundError, RubricLanguageError."""
    row = find_writing(key, institute_id=actor.institute_id)
    if row is not None:
        sketch = read_document(row.document)
    else:
        view = newest(actor.institute_id, key) if is_slug(key) else None
        if view is None:
            raise RubricNotFoundError
        sketch = sketch_of(draft_of(view))
    _check_language(sketch, locale, actor)
    fields = fields_of(lines_of(sketch, locale), typed or {}, late or {}, {})
    return TextsPage(key, sketch, locale, tuple(fields), len(late or {}), row is not None)


def lines_of(sketch: Sketch, locale: str) -> list[Line]:
    """Return every text that is to be read in ``locale``; what was written in that language is left out."""
    return [
        Line(
            path,
            text.texts[text.source],
            text.source,
            text.texts.get(locale, ""),
            text.origins.get(locale, ""),
            state_of(text, locale),
        )
        for path, text in texts_of(sketch).items()
        if text.source != locale and text.texts.get(text.source, "").strip()
    ]


def store(key: str, locale: str, typed: Mapping[str, Typed], *, actor: Actor) -> Stored:
    """Keep what a translator typed in the draft, which is begun where nobody writes on the rubric yet.

    A text that somebody else translated since is not overwritten: the page shows both. Raises RubricNotFoundError,
    RubricLanguageError.
    """
    with transaction() as session:
        page = texts_page(key, locale, actor=actor)
        lines = {field.line.path: field.line for field in page.fields}
        touched = {
            path: one for path, one in typed.items() if path in lines and not is_untouched(one, lines[path])
        }
        if touched:
            begin_version(key, actor=actor)
        else:
            return Stored(0, {})
        row = locked(key, actor=actor, session=session)
        sketch = read_document(row.document)
        lines = {line.path: line for line in lines_of(sketch, locale)}
        late = {path: lines[path] for path, one in touched.items() if came_late(one, lines[path])}
        texts = texts_of(sketch)
        changed = {
            path: _with(texts[path], locale, one, lines[path])
            for path, one in touched.items()
            if path not in late
        }
        wished = with_texts(sketch, changed)
        if wished != sketch:
            keep(row, wished, actor=actor, session=session)
        return Stored(len(changed), late)


def _with(text: Localised, locale: str, typed: Typed, line: Line) -> Localised:
    """Return a text with one translation: ticked as still right, it is as good as made from the present text."""
    texts = {name: one for name, one in text.texts.items() if name != locale}
    origins = {name: one for name, one in text.origins.items() if name != locale}
    if not typed.text.strip():
        return replace(text, texts=texts, origins=origins)
    made_from = text_hash(line.source) if typed.still_right else typed.source_seen
    return replace(text, texts=texts | {locale: typed.text}, origins=origins | {locale: made_from})


def _check_language(sketch: Sketch, locale: str, actor: Actor) -> None:
    if locale not in languages_of(actor) or locale == sketch.title.source:
        raise RubricLanguageError
