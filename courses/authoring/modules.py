"""The form of a module: what it is about, how long it takes, its objectives, its areas with their toolkits."""

from __future__ import annotations

import re
from collections.abc import Container, Mapping
from dataclasses import replace
from typing import Final

from werkzeug.datastructures import MultiDict

from courses.authoring import mistakes
from courses.authoring.checked import Checked
from courses.authoring.choices import Choices, addresses_in
from courses.authoring.entries import (
    TEXT_MOST,
    TITLE_MOST,
    Entries,
    source_text,
    texts_by_hash,
)
from courses.authoring.keys import key_for
from courses.authoring.objectives import objective_rows, read_objectives
from courses.authoring.pages import SegmentSums
from courses.authoring.readings import range_fields
from courses.authoring.sections import Section
from courses.authoring.sheets import Layout, Row, Sheet, filled
from courses.catalogue.budgets import Budget, check_budget
from courses.catalogue.drafts import AreaDraft, ModuleDraft
from institute.i18n import Localised

LAYOUT: Final = Layout(
    fields=(
        "title", "description", "reading_least", "reading_most", "coaching_least", "coaching_most", "core",
    ),
    many=("tags", "elements"),
    rows={
        "objectives": ("text", "kind", "was"),
        "areas": ("title", "toolkit", "resources", "more", "was"),
    },
)  # fmt: skip
PATHS: Final = (
    "title", "description", "reading", "coaching", "objectives", "areas", "tags", "elements", "core",
)  # fmt: skip
AREAS_MOST: Final = 20
_RESOURCES: Final = re.compile(r"areas-([0-9]{1,4})-(resources|more)\Z")


def module_section(draft: ModuleDraft, choices: Choices, *, fixed: bool) -> Section[ModuleDraft]:
    """Return the form of a module over its draft."""
    return Section(
        "module",
        LAYOUT,
        PATHS,
        fill_module(draft),
        module_texts(draft),
        lambda sheet: check_module(sheet, draft, choices, fixed=fixed),
        locked=fixed,
    )


def gathered(form: MultiDict[str, str]) -> MultiDict[str, str]:
    """Return the form with the resources of each area in one field, the one that was chosen as a further one too."""
    found: MultiDict[str, str] = MultiDict()
    resources: dict[str, dict[str, None]] = {}
    for name, value in form.items(multi=True):
        row = _RESOURCES.match(name)
        if row is None:
            found.add(name, value)
        else:
            resources.setdefault(row[1], {}).update(dict.fromkeys(value.split()))
    for number, keys in resources.items():
        found.add(f"areas-{number}-resources", " ".join(keys))
    return found


def sums_off(sheet: Sheet, sums: SegmentSums) -> frozenset[str]:
    """Return which of the two ranges in the form its segments do not add up to; what is no range is told elsewhere."""
    off = set()
    for name, summed in ((Budget.READING, sums.reading), (Budget.COACHING, sums.coaching)):
        entries = Entries(sheet, "")
        stated = entries.range(name.value)
        if sums.count and not entries.problems and check_budget(name, stated, [summed]):
            off.add(name.value)
    return frozenset(off)


def fill_module(draft: ModuleDraft) -> Sheet:
    """Return the form as the draft has it."""
    return Sheet(
        fields={
            "title": source_text(draft.title),
            "description": source_text(draft.description),
            **range_fields("reading", draft.reading),
            **range_fields("coaching", draft.coaching),
            "core": "1" if draft.core else "",
        },
        many={"tags": draft.tags, "elements": draft.elements},
        rows={
            "objectives": objective_rows(draft.objectives),
            "areas": tuple(
                {
                    "title": source_text(area.title),
                    "toolkit": source_text(area.toolkit),
                    "resources": " ".join(area.resources),
                    "more": "",
                    "was": area.key,
                }
                for area in draft.areas
            ),
        },
    )


def module_texts(draft: ModuleDraft) -> Mapping[str, Localised]:
    """Return the texts of the form by the fields that show them; those of an area by its key."""
    texts = {"title": draft.title, "description": draft.description}
    texts |= texts_by_hash("objectives", [one.text for one in draft.objectives])
    texts |= {f"areas/{area.key}": area.title for area in draft.areas}
    return texts | {f"toolkit/{area.key}": area.toolkit for area in draft.areas if area.toolkit}


def check_module(sheet: Sheet, draft: ModuleDraft, choices: Choices, *, fixed: bool) -> Checked[ModuleDraft]:
    """Return the module as the form makes it; a fixed one stays as it is."""
    if fixed:
        return Checked(sheet, draft, {}, module_texts(draft))
    entries = Entries(sheet, draft.title.source)
    made = replace(
        draft,
        title=entries.text("title", draft.title, most=TITLE_MOST, needed=True),
        description=entries.text("description", draft.description, most=TEXT_MOST),
        reading=entries.range("reading"),
        coaching=entries.range("coaching"),
        objectives=read_objectives(entries, draft.objectives),
        areas=_areas(entries, draft, {key for key, _title in choices.resources}),
        tags=entries.chosen("tags", addresses_in(choices.tags), draft.tags),
        elements=entries.chosen("elements", addresses_in(choices.elements), draft.elements),
        core=bool(sheet["core"]),
    )
    return Checked(sheet, None if entries.problems else made, entries.problems, module_texts(draft))


def _areas(entries: Entries, draft: ModuleDraft, offered: Container[str]) -> tuple[AreaDraft, ...]:
    rows = filled(entries.sheet.rows["areas"], "title", "toolkit", "resources")
    if len(rows) > AREAS_MOST:
        entries.refuse("areas-add", mistakes.TooManyRowsError(most=AREAS_MOST))
    before = {area.key: area for area in draft.areas}
    found: dict[str, AreaDraft] = {}
    for number, row in rows:
        was = before.get(row["was"]) if row["was"] not in found else None
        name = f"areas-{number}"
        title = entries.text_of(
            f"{name}-title", row["title"], was.title if was else None, most=TITLE_MOST, needed=True
        )
        toolkit = None
        if row["toolkit"]:
            old = was.toolkit if was else None
            toolkit = entries.text_of(f"{name}-toolkit", row["toolkit"], old, most=TEXT_MOST)
        key = was.key if was else key_for(row["title"], {*before, *found}, otherwise="area")
        resources = _resources(entries, f"{name}-more", row, was, offered)
        found[key] = AreaDraft(key, title, toolkit, resources)
    return tuple(found.values())


def _resources(
    entries: Entries, name: str, row: Row, was: AreaDraft | None, offered: Container[str]
) -> tuple[str, ...]:
    """Return the resources of an area's toolkit; what is not in the library any more may stay where it was."""
    chosen = tuple(dict.fromkeys(row["resources"].split()))
    gone = [key for key in chosen if key not in offered and not (was and key in was.resources)]
    if gone:
        entries.refuse(name, mistakes.GoneChoiceError(name=gone[0][:TITLE_MOST]))
    return chosen
