"""The sections in which a part is written: each a form of its own, filled from the draft, that makes the draft anew."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from courses.authoring import activities, instruments, materials, meetings, readings
from courses.authoring.checked import Checked
from courses.authoring.choices import Choices
from courses.authoring.members import member, with_member
from courses.authoring.sheets import Layout, Sheet
from courses.catalogue.drafts import InstrumentDraft, ModuleDraft, ProgrammeDraft, SegmentDraft
from institute.i18n import Localised

D = TypeVar("D", SegmentDraft, InstrumentDraft, ModuleDraft, ProgrammeDraft)


@dataclass(frozen=True, slots=True)
class Section(Generic[D]):
    """A section over one draft. ``name`` is its page's, ``key`` names the activity, material or area on it.

    ``paths`` are the fields of the draft that it shows, as courses.catalogue.fields names them; ``sheet`` is the form
    as the draft has it; ``check`` makes the whole draft anew. ``locked`` tells that all of it belongs to a core.
    """

    name: str
    layout: Layout
    paths: tuple[str, ...]
    sheet: Sheet
    texts: Mapping[str, Localised]
    check: Callable[[Sheet], Checked[D]]
    key: str | None = None
    locked: bool = False


def reading_section(draft: SegmentDraft, choices: Choices, *, fixed: bool) -> Section[SegmentDraft]:
    """Return what is read, for how long and what for."""
    return Section(
        "reading",
        readings.LAYOUT,
        readings.PATHS,
        readings.fill_reading(draft),
        readings.reading_texts(draft),
        lambda sheet: readings.check_reading(sheet, draft, choices, fixed=fixed),
        locked=fixed,
    )


def session_section(draft: SegmentDraft, choices: Choices, *, fixed: bool) -> Section[SegmentDraft]:
    """Return the plan of the coaching session."""
    return Section(
        "session",
        meetings.LAYOUT,
        meetings.PATHS,
        meetings.fill_session(draft, choices),
        meetings.session_texts(draft),
        lambda sheet: meetings.check_session(sheet, draft, choices, fixed=fixed),
        locked=fixed,
    )


def activity_section(
    key: str | None, draft: SegmentDraft, choices: Choices, *, fixed: bool
) -> Section[SegmentDraft]:
    """Return one activity, a new one for None. Raises NotFoundError."""
    was = member(draft.activities, key)
    locked = fixed and was is not None and not was.local

    def check(sheet: Sheet) -> Checked[SegmentDraft]:
        if locked:
            return Checked(sheet, draft)
        made = activities.check_activity(sheet, was, draft, choices, fixed=fixed)
        whole = replace(draft, activities=with_member(draft.activities, made.draft)) if made.draft else None
        return Checked(sheet, whole, made.problems, made.texts)

    return Section(
        "activity",
        activities.LAYOUT,
        (f"activities/{key}",) if key else (),
        activities.fill_activity(was),
        activities.activity_texts(was),
        check,
        key=key,
        locked=locked,
    )


def material_section(
    key: str | None, draft: SegmentDraft, choices: Choices, *, fixed: bool
) -> Section[SegmentDraft]:
    """Return one material, a new one for None. Raises NotFoundError."""
    was = member(draft.materials, key)
    locked = fixed and was is not None and not was.local

    def check(sheet: Sheet) -> Checked[SegmentDraft]:
        if locked:
            return Checked(sheet, draft)
        made = materials.check_material(sheet, was, draft, choices, fixed=fixed)
        whole = replace(draft, materials=with_member(draft.materials, made.draft)) if made.draft else None
        return Checked(sheet, whole, made.problems, made.texts)

    return Section(
        "material",
        materials.LAYOUT,
        (f"materials/{key}",) if key else (),
        materials.fill_material(was),
        materials.material_texts(was),
        check,
        key=key,
        locked=locked,
    )


def instrument_section(draft: InstrumentDraft, *, fixed: bool) -> Section[InstrumentDraft]:
    """Return an instrument's scale, priorities and questions."""
    return Section(
        "instrument",
        instruments.LAYOUT,
        instruments.PATHS,
        instruments.fill_instrument(draft),
        instruments.instrument_texts(draft),
        lambda sheet: Checked(sheet, draft) if fixed else instruments.check_instrument(sheet, draft),
        locked=fixed,
    )


def area_section(key: str | None, draft: InstrumentDraft, *, fixed: bool) -> Section[InstrumentDraft]:
    """Return one area of an instrument, a new one for None. Raises NotFoundError."""
    was = member(draft.areas, key)

    def check(sheet: Sheet) -> Checked[InstrumentDraft]:
        if fixed:
            return Checked(sheet, draft)
        made = instruments.check_area(sheet, was, draft)
        whole = replace(draft, areas=with_member(draft.areas, made.draft)) if made.draft else None
        return Checked(sheet, whole, made.problems, made.texts)

    return Section(
        "area",
        instruments.AREA_LAYOUT,
        (f"areas/{key}",) if key else (),
        instruments.fill_area(was),
        instruments.area_texts(was),
        check,
        key=key,
        locked=fixed,
    )
