"""The first section of a segment: what is read, for how long, what it is for, and what opens it."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from courses.authoring import mistakes
from courses.authoring.checked import Checked
from courses.authoring.choices import Choices, addresses_in
from courses.authoring.entries import (
    CONTENT_MOST,
    TEXT_MOST,
    TITLE_MOST,
    Entries,
    source_text,
    texts_by_hash,
)
from courses.authoring.objectives import objective_rows, read_objectives
from courses.authoring.sheets import Layout, Sheet, filled
from courses.catalogue.drafts import MinuteRange, OpeningDraft, SegmentDraft
from institute.i18n import Localised

LAYOUT: Final = Layout(
    fields=(
        "title", "content", "reading_least", "reading_most", "coaching_least", "coaching_most", "days", "core",
        "local_note",
    ),
    many=("tags", "elements"),
    rows={"objectives": ("text", "kind", "was"), "after": ("address",)},
)  # fmt: skip
PATHS: Final = (
    "title", "content", "reading", "coaching", "objectives", "opens", "tags", "elements", "core", "local_note",
)  # fmt: skip
DAYS_MOST: Final = 3_000


def fill_reading(draft: SegmentDraft) -> Sheet:
    """Return the form of a segment's reading as the draft has it."""
    return Sheet(
        fields={
            "title": source_text(draft.title),
            "content": source_text(draft.content),
            **range_fields("reading", draft.reading),
            **range_fields("coaching", draft.coaching),
            "days": "" if draft.opens.days is None else str(draft.opens.days),
            "core": "1" if draft.core else "",
            "local_note": source_text(draft.local_note),
        },
        many={"tags": draft.tags, "elements": draft.elements},
        rows={
            "objectives": objective_rows(draft.objectives),
            "after": tuple({"address": address} for address in draft.opens.after),
        },
    )


def reading_texts(draft: SegmentDraft) -> dict[str, Localised]:
    """Return the texts of the section by the fields that show them."""
    texts = {"title": draft.title, "content": draft.content}
    if draft.local_note:
        texts["local_note"] = draft.local_note
    return {**texts, **texts_by_hash("objectives", [one.text for one in draft.objectives])}


def check_reading(
    sheet: Sheet, draft: SegmentDraft, choices: Choices, *, fixed: bool
) -> Checked[SegmentDraft]:
    """Return the segment as the form makes it. Of a fixed one only the local note changes."""
    entries = Entries(sheet, draft.title.source)
    note = entries.text_or_none("local_note", draft.local_note, most=TEXT_MOST)
    if fixed:
        made = replace(draft, local_note=note)
    else:
        made = replace(
            draft,
            title=entries.text("title", draft.title, most=TITLE_MOST, needed=True),
            content=entries.text("content", draft.content, most=CONTENT_MOST),
            reading=entries.range("reading"),
            coaching=entries.range("coaching"),
            objectives=read_objectives(entries, draft.objectives),
            opens=_opening(entries, draft, choices),
            tags=entries.chosen("tags", addresses_in(choices.tags), draft.tags),
            elements=entries.chosen("elements", addresses_in(choices.elements), draft.elements),
            core=bool(sheet["core"]),
            local_note=note,
        )
    return Checked(sheet, None if entries.problems else made, entries.problems, reading_texts(draft))


def range_fields(name: str, minutes: MinuteRange) -> dict[str, str]:
    """Return a range of minutes as its two fields; "up to" leaves the first one empty."""
    return {
        f"{name}_least": str(minutes.least) if minutes.least else "",
        f"{name}_most": str(minutes.most) if minutes.most else "",
    }


def _opening(entries: Entries, draft: SegmentDraft, choices: Choices) -> OpeningDraft:
    offered = {place.address for place in choices.places} | set(draft.opens.after)
    after: dict[str, None] = {}
    for number, row in filled(entries.sheet.rows["after"], "address"):
        address, field = row["address"], f"after-{number}-address"
        if address in choices.own:
            entries.refuse(field, mistakes.OwnAddressError())
        elif address not in offered:
            entries.refuse(field, mistakes.GoneChoiceError(name=address[:TITLE_MOST]))
        after[address] = None
    return OpeningDraft(tuple(after), entries.number_or_none("days", least=0, most=DAYS_MOST))
