"""What is missing in a programme before it is good to study: pure, and never a reason to refuse by itself."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from courses.catalogue.addresses import PartDraft, each_part
from courses.catalogue.budgets import Budget, check_budget
from courses.catalogue.drafts import (
    ActivityDraft,
    InstrumentDraft,
    MaterialDraft,
    MinuteRange,
    ModuleDraft,
    ProgrammeContent,
    ProgrammeDraft,
    SegmentDraft,
)
from courses.catalogue.fields import texts_of
from courses.catalogue.models import ActivityKind
from institute.i18n import Localised, text_hash

_IMAGE_WITHOUT_TEXT: Final = re.compile(r"!\[\s*\]\(")
_NEEDS_MATERIAL: Final = frozenset({ActivityKind.DOCUMENT, ActivityKind.WATCHING})


class Lack(StrEnum):
    """What is missing."""

    MODULE = "module"
    SEGMENT = "segment"
    DESCRIPTION = "description"
    OBJECTIVE = "objective"
    CONTENT = "content"
    READING_SUM = "reading_sum"
    COACHING_SUM = "coaching_sum"
    QUESTION = "question"
    PROMPT = "prompt"
    MATERIAL = "material"
    INSTRUMENT = "instrument"
    SESSION = "session"
    BODY = "body"
    IMAGE_TEXT = "image_text"
    SCALE = "scale"
    ITEM = "item"
    TRANSLATION = "translation"
    FRESH_TRANSLATION = "fresh_translation"


@dataclass(frozen=True, slots=True)
class Gap:
    """One thing that is missing: in the part at ``address`` (empty: the programme itself), in the field at ``path``.

    ``locale`` is the language of a translation that is missing or stale, else empty.
    """

    address: str
    path: str
    what: Lack
    locale: str = ""


def gaps_of(content: ProgrammeContent, languages: Sequence[str]) -> list[Gap]:
    """Return everything that is missing in a programme for readers of ``languages``, in the order of its outline."""
    found: list[Gap] = []
    segments = {module.draft.slug: module.segments for module in content.modules}
    for address, draft in each_part(content):
        found += (Gap(address, path, what) for path, what in lacks_of(draft))
        if isinstance(draft, ProgrammeDraft) and not content.modules:
            found.append(Gap(address, "", Lack.MODULE))
        if isinstance(draft, ModuleDraft):
            found += (Gap(address, path, what) for path, what in lacks_of_module(draft, segments[draft.slug]))
        found += (
            Gap(address, path, what, locale) for path, what, locale in open_translations(draft, languages)
        )
    return found


def lacks_of(draft: PartDraft) -> list[tuple[str, Lack]]:
    """Return what is missing in one part, seen alone: pairs of a field's path and what it lacks."""
    found: list[tuple[str, Lack]] = []
    if isinstance(draft, (ModuleDraft, SegmentDraft)) and not draft.objectives:
        found.append(("objectives", Lack.OBJECTIVE))
    if isinstance(draft, ModuleDraft) and is_blank(draft.description):
        found.append(("description", Lack.DESCRIPTION))
    if isinstance(draft, SegmentDraft):
        found += _lacks_of_segment(draft)
    if isinstance(draft, InstrumentDraft):
        if not draft.scale:
            found.append(("scale", Lack.SCALE))
        if not any(area.items for area in draft.areas):
            found.append(("areas", Lack.ITEM))
    found += (
        (path, Lack.IMAGE_TEXT)
        for path, text in texts_of(draft).items()
        if any(_IMAGE_WITHOUT_TEXT.search(one) for one in text.texts.values())
    )
    return found


def lacks_of_module(draft: ModuleDraft, segments: Sequence[SegmentDraft]) -> list[tuple[str, Lack]]:
    """Return what a module lacks in view of its segments."""
    if not segments:
        return [("", Lack.SEGMENT)]
    return lacks_of_budgets(
        draft.reading,
        draft.coaching,
        [one.reading for one in segments],
        [one.coaching for one in segments],
    )


def lacks_of_budgets(
    reading: MinuteRange,
    coaching: MinuteRange,
    readings: Sequence[MinuteRange],
    coachings: Sequence[MinuteRange],
) -> list[tuple[str, Lack]]:
    """Return which of a module's two ranges its segments do not add up to."""
    found = []
    if check_budget(Budget.READING, reading, readings):
        found.append(("reading", Lack.READING_SUM))
    if check_budget(Budget.COACHING, coaching, coachings):
        found.append(("coaching", Lack.COACHING_SUM))
    return found


def open_translations(draft: PartDraft, languages: Iterable[str]) -> Iterator[tuple[str, Lack, str]]:
    """Yield (path, what, locale) for every text of a part that a language lacks or has of an older source."""
    wished = tuple(languages)
    for path, text in texts_of(draft).items():
        if is_blank(text):
            continue
        mark = text_hash(text.texts[text.source])
        for locale in wished:
            if locale == text.source:
                continue
            if not text.texts.get(locale, "").strip():
                yield path, Lack.TRANSLATION, locale
            elif text.origins.get(locale) != mark:
                yield path, Lack.FRESH_TRANSLATION, locale


def is_blank(text: Localised | None) -> bool:
    """Tell whether nothing stands in the source language."""
    return text is None or not text.texts.get(text.source, "").strip()


def _lacks_of_segment(draft: SegmentDraft) -> Iterator[tuple[str, Lack]]:
    if is_blank(draft.content):
        yield "content", Lack.CONTENT
    if draft.session is not None and not draft.session.questions:
        yield "session/questions", Lack.QUESTION
    for activity in draft.activities:
        yield from _lacks_of_activity(activity, has_session=draft.session is not None)
    yield from (
        (f"materials/{material.key}", Lack.BODY) for material in draft.materials if _is_empty(material)
    )


def _lacks_of_activity(activity: ActivityDraft, *, has_session: bool) -> Iterator[tuple[str, Lack]]:
    path = f"activities/{activity.key}"
    if activity.kind is ActivityKind.REFLECTION and is_blank(activity.prompt):
        yield f"{path}/prompt", Lack.PROMPT
    if activity.kind in _NEEDS_MATERIAL and not activity.material:
        yield f"{path}/material", Lack.MATERIAL
    if activity.kind is ActivityKind.ASSESSMENT and not activity.instrument:
        yield f"{path}/instrument", Lack.INSTRUMENT
    if activity.kind is ActivityKind.ATTEND and not has_session:
        yield f"{path}/kind", Lack.SESSION


def _is_empty(material: MaterialDraft) -> bool:
    return is_blank(material.body) and not material.url and not material.resource
