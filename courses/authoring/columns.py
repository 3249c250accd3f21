"""What a draft is as a row: its document, and the columns that the outline reads in its place."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any, Final, TypeVar

from courses.authoring.errors import TooLongError
from courses.authoring.missing import Lack, lacks_of, open_translations
from courses.authoring.models import Draft, DraftKind
from courses.catalogue.addresses import PartDraft
from courses.catalogue.codec import document_of, read_document
from courses.catalogue.drafts import InstrumentDraft, ModuleDraft, ProgrammeDraft, SegmentDraft
from courses.catalogue.fields import texts_of
from institute.i18n import LOCALES

LONGEST_TEXT: Final = 200_000  # characters, in one language: about a hundred pages
TYPES: Final[dict[DraftKind, type[PartDraft]]] = {
    DraftKind.PROGRAMME: ProgrammeDraft,
    DraftKind.MODULE: ModuleDraft,
    DraftKind.SEGMENT: SegmentDraft,
    DraftKind.INSTRUMENT: InstrumentDraft,
}

AnyDraft = TypeVar("AnyDraft", bound=PartDraft)


def kind_of(draft: PartDraft) -> DraftKind:
    """Return what kind of draft it is."""
    return next(kind for kind, made in TYPES.items() if isinstance(draft, made))


def name_of(draft: PartDraft) -> str:
    """Return the slug or key by which a draft is known beside the others."""
    return draft.key if isinstance(draft, InstrumentDraft) else draft.slug


def renamed(draft: AnyDraft, name: str) -> AnyDraft:
    """Return the draft under another slug or key."""
    if isinstance(draft, InstrumentDraft):
        return replace(draft, key=name)
    return replace(draft, slug=name)


def numbered(draft: PartDraft, number: int = 1) -> PartDraft:
    """Return the draft with a number; 1 as it is kept, since in the rows only the order counts."""
    return replace(draft, number=number) if isinstance(draft, (ModuleDraft, SegmentDraft)) else draft


def draft_in(kind: DraftKind, document: dict[str, Any]) -> PartDraft:
    """Return the draft that a document holds."""
    return read_document(document, TYPES[kind])


def check_lengths(draft: PartDraft) -> None:
    """Raise TooLongError if one text of a draft is longer than a person can read."""
    longest = max(
        (len(text) for each in texts_of(draft).values() for text in each.texts.values()),
        default=0,
    )
    if longest > LONGEST_TEXT:
        raise TooLongError(length=longest, most=LONGEST_TEXT)


def write_columns(row: Draft, draft: PartDraft) -> None:
    """Put a draft into its row, in the document and in every column that is read in its place."""
    kept = numbered(draft)
    row.document = document_of(kept)
    row.slug, row.title = name_of(kept), kept.title
    if isinstance(kept, (ModuleDraft, SegmentDraft)):
        row.reading_min, row.reading_max = kept.reading.least, kept.reading.most
        row.coaching_min, row.coaching_max = kept.coaching.least, kept.coaching.most
        row.core = kept.core
    elif isinstance(kept, InstrumentDraft):
        row.core = kept.core
    elif isinstance(kept, ProgrammeDraft):
        row.core = bool(kept.origin)  # in a programme's own row: whether others keep its core
    lacks = lacks_of(kept)
    row.gaps, row.gap_count = [[path, what.value] for path, what in lacks], len(lacks)
    counted = Counter((what, locale) for _path, what, locale in open_translations(kept, LOCALES))
    row.missing = {locale: counted[Lack.TRANSLATION, locale] for locale in LOCALES}
    row.stale = {locale: counted[Lack.FRESH_TRANSLATION, locale] for locale in LOCALES}
