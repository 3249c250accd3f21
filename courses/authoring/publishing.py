"""Publishing: what was written becomes a version that never changes."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from courses.authoring.errors import TranslationsOpenError, UnpublishableError
from courses.authoring.missing import Gap, Lack, gaps_of
from courses.authoring.mistakes import TextLongError
from courses.authoring.replacing import note_published
from courses.authoring.rows import find_programme, languages_of, own_row
from courses.authoring.shelf import Whole, read_whole, take_up
from courses.catalogue.checking import Problem, problems_of
from courses.catalogue.drafts import ProgrammeContent
from courses.catalogue.models import ProgrammeVersionId
from courses.catalogue.publishing import publish_version
from institute.actors import Actor
from institute.db import db, transaction
from institute.errors import DomainError

TRANSLATING = frozenset({Lack.TRANSLATION, Lack.FRESH_TRANSLATION})
NOTE_LENGTH = 2_000


@dataclass(frozen=True, slots=True)
class OpenLanguage:
    """How many texts a language lacks, and how many of its translations are older than their texts."""

    locale: str
    missing: int
    stale: int


@dataclass(frozen=True, slots=True)
class Readiness:
    """What stands in the way of publishing: problems forbid it, translations ask for a tick, gaps are only told."""

    problems: tuple[Problem, ...]
    gaps: tuple[Gap, ...]
    languages: tuple[OpenLanguage, ...]


def readiness_of(content: ProgrammeContent, languages: tuple[str, ...]) -> Readiness:
    """Return what stands in the way of publishing a programme for readers of ``languages``."""
    found = gaps_of(content, languages)
    counted = Counter((gap.locale, gap.what) for gap in found if gap.what in TRANSLATING)
    return Readiness(
        problems=tuple(problems_of(content)),
        gaps=tuple(gap for gap in found if gap.what not in TRANSLATING),
        languages=tuple(
            OpenLanguage(locale, counted[locale, Lack.TRANSLATION], counted[locale, Lack.FRESH_TRANSLATION])
            for locale in languages
            if counted[locale, Lack.TRANSLATION] or counted[locale, Lack.FRESH_TRANSLATION]
        ),
    )


def look_through(programme_slug: str, *, actor: Actor) -> tuple[Whole, Readiness]:
    """Return a programme as it would be published, and what stands in the way. Raises PartNotFoundError."""
    programme_id = take_up(programme_slug, actor=actor)
    whole = read_whole(programme_id)
    languages = languages_of(own_row(programme_id, db.session()), db.session())
    return whole, readiness_of(whole.content, languages)


def try_to_publish(programme_slug: str, *, note: str, stale_ok: bool, actor: Actor) -> DomainError | None:
    """Publish as ``publish`` does, or return what stands in the way; then nothing was written."""
    try:
        publish(programme_slug, note=note, stale_ok=stale_ok, actor=actor)
    except (UnpublishableError, TranslationsOpenError, TextLongError) as error:
        return error
    return None


def publish(programme_slug: str, *, note: str, stale_ok: bool, actor: Actor) -> ProgrammeVersionId:
    """Make what is written the newest version; who studies an older one stays there until moved.

    The same content again makes no version. Raises PartNotFoundError, UnpublishableError, TranslationsOpenError
    unless ``stale_ok`` says that it is known, TextLongError for a note that nobody would read.
    """
    if len(note) > NOTE_LENGTH:
        raise TextLongError(length=len(note), most=NOTE_LENGTH)
    programme_id = take_up(programme_slug, actor=actor)
    with transaction() as session:
        find_programme(programme_slug, actor=actor, session=session, lock=True)
        whole, readiness = look_through(programme_slug, actor=actor)
        if readiness.problems:
            raise UnpublishableError
        if readiness.languages and not stale_ok:
            raise TranslationsOpenError
        version_id = publish_version(whole.content, parts=whole.parts, note=note, actor=actor)
        note_published(programme_id, session)
        return version_id
