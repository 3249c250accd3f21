"""A draft as participants will see it: what their pages are made of, from what an author wrote. Pure.

The pages here have the names that the templates of the cohorts read; nobody is enrolled and nothing is done.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from courses.authoring.members import there
from courses.authoring.previews import DraftLine, DraftOutline, ModuleInFull
from courses.catalogue import progress
from courses.catalogue.details import (
    MaterialDetail,
    ModuleDetail,
    SegmentDetail,
    Step,
    detail_of_material,
    detail_of_module,
    detail_of_segment,
)
from courses.catalogue.drafts import (
    ActivityDraft,
    InstrumentDraft,
    MaterialDraft,
    OpeningDraft,
    SegmentDraft,
)
from courses.catalogue.models import ModuleId, ProgrammeVersionId, SegmentId, StepId
from courses.catalogue.outlines import ModuleLine, Outline, SegmentLine
from courses.catalogue.progress import Progress
from courses.catalogue.reading import ReadingHere, read_here
from courses.catalogue.timeline import Moment, lay_out, next_step

NOBODY_S_COACH: Final = ""  # the name of a coach whom the platform does not name
WORK_PAGE: Final = ".work"
Neighbour = tuple[ModuleLine, SegmentLine]


@dataclass(frozen=True, slots=True)
class Onlooker:
    """The enrolment of somebody who only looks."""

    state: str = "active"
    active: bool = True
    last_part_id: int | None = None


@dataclass(frozen=True, slots=True)
class Untouched:
    """How far somebody is who has done nothing."""

    done: frozenset[StepId] = frozenset()

    def of_segment(self, segment: SegmentLine) -> Progress:
        """Return the progress in a segment."""
        return progress.of_steps(segment.steps, self.done)

    def of_module(self, module: ModuleLine) -> Progress:
        """Return the progress in a module."""
        return progress.together(self.of_segment(segment) for segment in module.segments)


@dataclass(frozen=True, slots=True)
class PreviewedModule:
    """A module's page."""

    enrolment: Onlooker
    standing: Untouched
    module: ModuleLine
    detail: ModuleDetail
    current: SegmentLine | None


@dataclass(frozen=True, slots=True)
class PreviewedSegment:
    """A segment's page."""

    enrolment: Onlooker
    module: ModuleLine
    segment: SegmentLine
    detail: SegmentDetail
    reading: ReadingHere
    moments: tuple[Moment, ...]
    done: frozenset[StepId]
    progress: Progress
    next_step: Step | None
    previous: Neighbour | None
    following: Neighbour | None
    coach_name: str | None
    work_page: str = WORK_PAGE


@dataclass(frozen=True, slots=True)
class PreviewedMaterial:
    """A material's page."""

    module: ModuleLine
    segment: SegmentLine
    material: MaterialDetail


@dataclass(frozen=True, slots=True)
class DraftTask:
    """An activity with the material that it reads or fills in, and the instrument that it uses."""

    activity: ActivityDraft
    material: MaterialDraft | None
    instrument: InstrumentDraft | None


def module_page(outline: DraftOutline, full: ModuleInFull) -> PreviewedModule:
    """Return a module as participants will see it before they begin."""
    whole = outline_of(outline, full)
    module = whole.module(full.line.slug)
    return PreviewedModule(
        Onlooker(),
        Untouched(),
        module,
        detail_of_module(full.content.draft),
        next(iter(module.segments), None),
    )


def segment_page(outline: DraftOutline, full: ModuleInFull, slug: str) -> PreviewedSegment:
    """Return a segment as participants will see it before they begin. Raises PartNotFoundError."""
    draft = full.segment(slug)
    whole = outline_of(outline, full)
    module = whole.module(full.line.slug)
    line = module.segment(slug)
    detail = detail_of_segment(draft, step_ids(draft))
    done: frozenset[StepId] = frozenset()
    moments = tuple(lay_out(detail.steps, detail.plan.number if detail.plan else None, done))
    previous, following = _neighbours(whole, line)
    return PreviewedSegment(
        enrolment=Onlooker(),
        module=module,
        segment=line,
        detail=detail,
        reading=read_here(detail.content),
        moments=moments,
        done=done,
        progress=progress.of_steps(line.steps, done),
        next_step=next_step(moments, done),
        previous=previous,
        following=following,
        coach_name=NOBODY_S_COACH,
    )


def material_page(outline: DraftOutline, full: ModuleInFull, slug: str, key: str) -> PreviewedMaterial:
    """Return a material as participants will see it. Raises NotFoundError."""
    draft = full.segment(slug)
    module = outline_of(outline, full).module(full.line.slug)
    return PreviewedMaterial(module, module.segment(slug), detail_of_material(draft, key))


def task_of(full: ModuleInFull, slug: str, key: str) -> DraftTask:
    """Return an activity with what it needs. Raises NotFoundError."""
    draft = full.segment(slug)
    activity = there(draft.activities, key)
    return DraftTask(
        activity,
        next((one for one in draft.materials if one.key == activity.material), None),
        next((one for one in full.instruments if one.key == activity.instrument), None),
    )


def step_ids(draft: SegmentDraft) -> dict[str, StepId]:
    """Return identities for the activities of a draft, good for one page: the places in their order."""
    return {one.key: StepId(place) for place, one in enumerate(draft.activities, start=1)}


def outline_of(outline: DraftOutline, full: ModuleInFull) -> Outline:
    """Return the outline as participants' pages read it; only the module in full knows its steps."""
    drafts = {draft.slug: draft for draft in full.content.segments}
    modules = tuple(
        _module_line(
            module, outline.segments[module.part_id], drafts if module.slug == full.line.slug else {}
        )
        for module in outline.modules
    )
    programme = outline.programme
    return Outline(
        outline.programme_id,
        ProgrammeVersionId(0),
        0,
        programme.slug,
        programme.title,
        programme.summary,
        modules,
    )


def _module_line(
    line: DraftLine, segments: tuple[DraftLine, ...], drafts: Mapping[str, SegmentDraft]
) -> ModuleLine:
    return ModuleLine(
        ModuleId(line.part_id),
        line.part_id,
        line.number,
        line.slug,
        line.title,
        line.reading,
        line.coaching,
        tuple(_segment_line(one, drafts.get(one.slug)) for one in segments),
    )


def _segment_line(line: DraftLine, draft: SegmentDraft | None) -> SegmentLine:
    return SegmentLine(
        SegmentId(line.part_id),
        line.part_id,
        line.number,
        line.slug,
        line.title,
        line.reading,
        line.coaching,
        tuple(step_ids(draft).values()) if draft else (),
        draft.opens if draft else OpeningDraft(),
    )


def _neighbours(outline: Outline, line: SegmentLine) -> tuple[Neighbour | None, Neighbour | None]:
    everything = outline.segments()
    at = next(index for index, (_, segment) in enumerate(everything) if segment.id == line.id)
    previous = everything[at - 1] if at else None
    return previous, everything[at + 1] if at + 1 < len(everything) else None
