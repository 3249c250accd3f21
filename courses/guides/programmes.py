"""What the pages of a programme show to those who may read its script."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from courses.catalogue.budgets import Budget, BudgetWarning, check_budget
from courses.catalogue.details import MaterialDetail, ModuleDetail
from courses.catalogue.outlines import ModuleLine, Outline, SegmentLine
from courses.catalogue.queries import (
    ProgrammeLine,
    load_material,
    load_module,
    load_outline,
)
from courses.catalogue.renderings import Guide, Rendering, SegmentPart, compose
from courses.guides import reading
from courses.guides.surroundings import Surroundings
from institute.actors import Actor
from institute.errors import NotFoundError

Readable = Callable[[Actor], list[ProgrammeLine]]


@dataclass(frozen=True, slots=True)
class GuideModule:
    """A module with what it says, and where its time budget does not add up."""

    line: ModuleLine
    detail: ModuleDetail
    warnings: tuple[BudgetWarning, ...]


@dataclass(frozen=True, slots=True)
class ProgrammeGuide:
    """A programme in full."""

    outline: Outline
    modules: tuple[GuideModule, ...]


@dataclass(frozen=True, slots=True)
class SegmentGuide:
    """A segment in full, with the script of its session: one part of the coach's guide of its module."""

    guide: Guide
    part: SegmentPart
    outline: Outline
    module: ModuleLine
    segment: SegmentLine
    surroundings: Surroundings


@dataclass(frozen=True, slots=True)
class MaterialGuide:
    """A material of a segment."""

    outline: Outline
    module: ModuleLine
    segment: SegmentLine
    material: MaterialDetail


def guide_of_programme(slug: str, *, readable: Readable, actor: Actor) -> ProgrammeGuide:
    """Return a programme that the actor may read. Raises NotFoundError."""
    outline = _outline(slug, readable, actor)
    modules = [GuideModule(line, load_module(line.id), budget_warnings(line)) for line in outline.modules]
    return ProgrammeGuide(outline, tuple(modules))


def guide_of_segment(
    slug: str, module: str, segment: str, *, readable: Readable, actor: Actor
) -> SegmentGuide:
    """Return a segment, with its script, of a programme that the actor may read. Raises NotFoundError."""
    outline = _outline(slug, readable, actor)
    line = outline.module(module)
    found = line.segment(segment)
    here = reading.load_module(actor.institute_id, line.id)
    guide = compose(here.programme, here.content, here.instruments, Rendering.COACH)
    part = next(one for one in guide.segments if one.draft.slug == segment)
    return SegmentGuide(guide, part, outline, line, found, here.surroundings)


def guide_of_material(
    slug: str, module: str, segment: str, key: str, *, readable: Readable, actor: Actor
) -> MaterialGuide:
    """Return a material of a programme that the actor may read. Raises NotFoundError."""
    outline = _outline(slug, readable, actor)
    line = outline.module(module)
    found = line.segment(segment)
    return MaterialGuide(outline, line, found, load_material(found.id, key))


def budget_warnings(module: ModuleLine) -> tuple[BudgetWarning, ...]:
    """Return where a module's segments do not add up to what it states."""
    checked = (
        check_budget(Budget.READING, module.reading, [segment.reading for segment in module.segments]),
        check_budget(Budget.COACHING, module.coaching, [segment.coaching for segment in module.segments]),
    )
    return tuple(warning for warning in checked if warning is not None)


def _outline(slug: str, readable: Readable, actor: Actor) -> Outline:
    for line in readable(actor):
        if line.slug == slug:
            return load_outline(actor.institute_id, line.version_id)
    raise NotFoundError
