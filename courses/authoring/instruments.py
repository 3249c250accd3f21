"""An instrument as forms: its scale and questions on one page, each of its areas on a page of its own."""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import replace
from typing import Final

from courses.authoring import mistakes
from courses.authoring.checked import Checked
from courses.authoring.entries import (
    LINE_MOST,
    TEXT_MOST,
    TITLE_MOST,
    Entries,
    known_by,
    source_text,
    texts_by_hash,
)
from courses.authoring.keys import key_for
from courses.authoring.sheets import Layout, Sheet
from courses.catalogue.drafts import (
    InstrumentAreaDraft,
    InstrumentDraft,
    ItemDraft,
    ScalePointDraft,
)
from courses.catalogue.models import Purpose
from institute.i18n import Localised

LAYOUT: Final = Layout(
    fields=("title", "intro", "purpose", "priorities"),
    rows={"scale": ("label", "value", "was"), "questions": ("text", "was")},
)
AREA_LAYOUT: Final = Layout(fields=("title",), rows={"items": ("text", "key", "was")})
NEW_LAYOUT: Final = Layout(fields=("title", "purpose"))
PATHS: Final = ("title", "intro", "purpose", "priorities", "scale", "questions")
VALUE_MOST: Final = 100
PRIORITIES_MOST: Final = 20
NEW_SCALE: Final = 4


def fill_instrument(draft: InstrumentDraft) -> Sheet:
    """Return the form of an instrument as the draft has it; one without a scale is offered four points."""
    points: tuple[dict[str, str], ...] = tuple(
        {"label": source_text(one.label), "value": str(one.value), "was": known_by(one.label)}
        for one in draft.scale
    )
    offered = tuple({"label": "", "value": str(value), "was": ""} for value in range(1, NEW_SCALE + 1))
    return Sheet(
        fields={
            "title": source_text(draft.title),
            "intro": source_text(draft.intro),
            "purpose": draft.purpose.value,
            "priorities": str(draft.priorities or ""),
        },
        rows={
            "scale": points or offered,
            "questions": tuple({"text": source_text(one), "was": known_by(one)} for one in draft.questions),
        },
    )


def instrument_texts(draft: InstrumentDraft) -> dict[str, Localised]:
    """Return the texts of an instrument's own page by the fields that show them."""
    texts = {"title": draft.title, **({"intro": draft.intro} if draft.intro else {})}
    return {
        **texts,
        **texts_by_hash("scale", [one.label for one in draft.scale]),
        **texts_by_hash("questions", draft.questions),
    }


def check_instrument(sheet: Sheet, draft: InstrumentDraft) -> Checked[InstrumentDraft]:
    """Return the instrument as the form makes it; no two points of the scale have the same value."""
    entries = Entries(sheet, draft.title.source)
    scale: dict[int, ScalePointDraft] = {}
    labels = [one.label for one in draft.scale]
    for line in entries.texts("scale", labels, most=TITLE_MOST, field="label"):
        field = f"scale-{line.number}-value"
        value = entries.number(field, line.row["value"], least=0, most=VALUE_MOST)
        if value in scale:
            entries.refuse(field, mistakes.SameValueError())
        scale[value] = ScalePointDraft(value, line.text)
    purpose = entries.kind("purpose", sheet["purpose"] or draft.purpose, Purpose)
    priorities = entries.number_or_none("priorities", least=0, most=PRIORITIES_MOST) or 0
    if priorities and purpose is not Purpose.SELF_ASSESSMENT:
        entries.refuse("priorities", mistakes.NoOrderError())
    made = replace(
        draft,
        purpose=purpose,
        title=entries.text("title", draft.title, most=TITLE_MOST, needed=True),
        intro=entries.text_or_none("intro", draft.intro, most=TEXT_MOST),
        priorities=priorities,
        scale=tuple(scale.values()),
        questions=tuple(line.text for line in entries.texts("questions", draft.questions, most=LINE_MOST)),
    )
    return Checked(sheet, None if entries.problems else made, entries.problems, instrument_texts(draft))


def fill_area(area: InstrumentAreaDraft | None) -> Sheet:
    """Return the form of an area as the draft has it; of a new one for None."""
    if area is None:
        return Sheet({"title": ""}, rows={"items": ({"text": "", "key": "", "was": ""},)})
    items = tuple(
        {"text": source_text(one.text), "key": one.key, "was": known_by(one.text)} for one in area.items
    )
    return Sheet({"title": source_text(area.title)}, rows={"items": items})


def area_texts(area: InstrumentAreaDraft | None) -> dict[str, Localised]:
    """Return the texts of an area by the fields that show them."""
    if area is None:
        return {}
    return {"title": area.title, **texts_by_hash("items", [one.text for one in area.items])}


def check_area(
    sheet: Sheet, was: InstrumentAreaDraft | None, draft: InstrumentDraft
) -> Checked[InstrumentAreaDraft]:
    """Return the area as the form makes it. An item keeps its key whatever is done to its words: answers name it."""
    entries = Entries(sheet, draft.title.source)
    items = _items(entries, was.items if was else (), draft)
    areas = {one.key for one in draft.areas}
    made = InstrumentAreaDraft(
        key=was.key if was else key_for(sheet["title"], areas, otherwise="area"),
        title=entries.text("title", was.title if was else None, most=TITLE_MOST, needed=True),
        items=items,
    )
    return Checked(sheet, None if entries.problems else made, entries.problems, area_texts(was))


def _items(entries: Entries, was: Sequence[ItemDraft], draft: InstrumentDraft) -> tuple[ItemDraft, ...]:
    lines = entries.texts("items", [one.text for one in was], most=LINE_MOST)
    taken = {item.key for area in draft.areas for item in area.items}
    kept = {line.number: was[line.origin].key for line in lines if line.origin is not None}
    free = {one.key for one in was} - set(kept.values())
    items = []
    for line in lines:
        key = kept.get(line.number)
        if key is None and line.row["key"] in free:  # somebody else changed its words meanwhile
            key = line.row["key"]
            free.discard(key)
        if key is None:
            key = key_for(line.row["text"], taken, otherwise="item")
            taken.add(key)
        items.append(ItemDraft(key, line.text))
    return tuple(items)


def check_new(sheet: Sheet, taken: Container[str], source: str) -> Checked[InstrumentDraft]:
    """Return a new instrument with its title and a key of its own, for good."""
    entries = Entries(sheet, source)
    title = entries.text("title", None, most=TITLE_MOST, needed=True)
    purpose = entries.kind("purpose", sheet["purpose"] or Purpose.SELF_ASSESSMENT, Purpose)
    key = key_for(sheet["title"], taken, otherwise="instrument")
    made = InstrumentDraft(key, title, (), (), purpose=purpose)
    return Checked(sheet, None if entries.problems else made, entries.problems, {})
