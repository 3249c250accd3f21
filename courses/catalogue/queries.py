"""Reading the catalogue: what its pages show, as plain values."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Final

from sqlalchemy import bindparam, select
from sqlalchemy.orm import defer

from courses.catalogue.drafts import MinuteRange
from courses.catalogue.models import (
    Activity,
    ActivityId,
    ActivityKind,
    AreaOfFocus,
    Audience,
    Material,
    MaterialKind,
    Module,
    ModuleId,
    Objective,
    ObjectiveKind,
    PlanStep,
    Programme,
    ProgrammeId,
    ReflectiveQuestion,
    Segment,
    SegmentId,
    SessionPlan,
    Timing,
)
from courses.catalogue.naming import is_slug
from institute.actors import InstituteId
from institute.db import db
from institute.errors import NotFoundError
from institute.i18n import Localised


@dataclass(frozen=True, slots=True)
class SegmentLine:
    """A segment as it stands in an outline; ``steps`` are its activities in use."""

    id: SegmentId
    number: int
    slug: str
    title: Localised
    reading: MinuteRange
    coaching: MinuteRange
    steps: tuple[ActivityId, ...]


@dataclass(frozen=True, slots=True)
class ModuleLine:
    """A module as it stands in an outline, with its segments in order."""

    id: ModuleId
    number: int
    slug: str
    title: Localised
    reading: MinuteRange
    coaching: MinuteRange
    segments: tuple[SegmentLine, ...]

    def segment(self, slug: str) -> SegmentLine:
        """Return the segment with this slug. Raises NotFoundError."""
        for line in self.segments:
            if line.slug == slug:
                return line
        raise NotFoundError


@dataclass(frozen=True, slots=True)
class Outline:
    """A programme with its modules in order."""

    id: ProgrammeId
    slug: str
    title: Localised
    summary: Localised | None
    modules: tuple[ModuleLine, ...]

    def module(self, slug: str) -> ModuleLine:
        """Return the module with this slug. Raises NotFoundError."""
        for line in self.modules:
            if line.slug == slug:
                return line
        raise NotFoundError


@dataclass(frozen=True, slots=True)
class ProgrammeLine:
    """A programme in a list."""

    id: ProgrammeId
    slug: str
    title: Localised
    summary: Localised | None


@dataclass(frozen=True, slots=True)
class ObjectiveLine:
    """A learning objective."""

    kind: ObjectiveKind
    text: Localised


@dataclass(frozen=True, slots=True)
class AreaLine:
    """An area of concentration with its toolkit."""

    key: str
    title: Localised
    toolkit: Localised | None


@dataclass(frozen=True, slots=True)
class ModuleDetail:
    """What a module says beyond its line in the outline."""

    description: Localised
    objectives: tuple[ObjectiveLine, ...]
    areas: tuple[AreaLine, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """Something to tick off."""

    id: ActivityId
    key: str
    timing: Timing
    session_number: int | None
    kind: ActivityKind
    minutes: int | None
    title: Localised
    note: Localised | None


@dataclass(frozen=True, slots=True)
class MaterialLine:
    """A material in a segment's list. ``url`` is None where the material is a text of our own."""

    key: str
    kind: MaterialKind
    title: Localised
    detail: Localised | None
    url: str | None


@dataclass(frozen=True, slots=True)
class PlanLine:
    """A step of a session plan."""

    text: Localised
    audience: Audience


@dataclass(frozen=True, slots=True)
class Plan:
    """A session plan. Without the script, opening and wrap-up are None and only the common steps are there."""

    number: int
    minutes: MinuteRange
    equity_prompt: Localised | None
    steps: tuple[PlanLine, ...]
    opening: Localised | None = None
    wrap_up: Localised | None = None
    questions: tuple[Localised, ...] = ()


@dataclass(frozen=True, slots=True)
class SegmentDetail:
    """What a segment holds. ``content`` is Markdown."""

    content: Localised
    objectives: tuple[ObjectiveLine, ...]
    plan: Plan | None
    steps: tuple[Step, ...]
    materials: tuple[MaterialLine, ...]


@dataclass(frozen=True, slots=True)
class MaterialDetail:
    """A material with its text (Markdown)."""

    line: MaterialLine
    body: Localised | None


# Built once: making a statement costs more than asking the database.
_OUTLINE: Final = (
    select(Programme, Module, Segment)
    .outerjoin(Module, Module.programme_id == Programme.id)
    .outerjoin(Segment, Segment.module_id == Module.id)
    .where(Programme.institute_id == bindparam("institute"))
    .options(defer(Module.description))
    .order_by(Module.number, Segment.number)
)
_OUTLINE_BY_ID: Final = _OUTLINE.where(Programme.id == bindparam("programme"))
_OUTLINE_BY_SLUG: Final = _OUTLINE.where(Programme.slug == bindparam("programme"))
_PROGRAMME_STEPS: Final = (
    select(Activity.segment_id, Activity.id)
    .join(Segment, Segment.id == Activity.segment_id)
    .join(Module, Module.id == Segment.module_id)
    .where(Module.programme_id == bindparam("programme"), Activity.retired_at.is_(None))
    .order_by(Activity.segment_id, Activity.position)
)
_MODULE_TEXT: Final = select(Module.description).where(Module.id == bindparam("module"))
_MODULE_OBJECTIVES: Final = (
    select(Objective.kind, Objective.text)
    .where(Objective.module_id == bindparam("module"))
    .order_by(Objective.position)
)
_MODULE_AREAS: Final = (
    select(AreaOfFocus.key, AreaOfFocus.title, AreaOfFocus.toolkit)
    .where(AreaOfFocus.module_id == bindparam("module"))
    .order_by(AreaOfFocus.position)
)
_SEGMENT_TEXT: Final = select(Segment.content).where(Segment.id == bindparam("segment"))
_SEGMENT_OBJECTIVES: Final = (
    select(Objective.kind, Objective.text)
    .where(Objective.segment_id == bindparam("segment"))
    .order_by(Objective.position)
)
_SEGMENT_MATERIALS: Final = (
    select(Material.key, Material.kind, Material.title, Material.detail, Material.url)
    .where(Material.segment_id == bindparam("segment"))
    .order_by(Material.position)
)
_SEGMENT_STEPS: Final = (
    select(
        Activity.id, Activity.key, Activity.timing, Activity.session_number,
        Activity.kind, Activity.minutes, Activity.title, Activity.note,
    )
    .where(Activity.segment_id == bindparam("segment"), Activity.retired_at.is_(None))
    .order_by(Activity.position)
)  # fmt: skip
_SEGMENT_PLAN: Final = select(SessionPlan).where(SessionPlan.segment_id == bindparam("segment"))
_PLAN_STEPS: Final = (
    select(PlanStep.text, PlanStep.audience)
    .where(PlanStep.session_plan_id == bindparam("plan"))
    .order_by(PlanStep.position)
)
_COMMON_STEPS: Final = _PLAN_STEPS.where(PlanStep.audience == Audience.BOTH)
_PLAN_QUESTIONS: Final = (
    select(ReflectiveQuestion.text)
    .where(ReflectiveQuestion.session_plan_id == bindparam("plan"))
    .order_by(ReflectiveQuestion.position)
)


def list_programmes(institute_id: InstituteId) -> list[ProgrammeLine]:
    """Return an institute's programmes in the order in which they were made."""
    rows = db.session.execute(
        select(Programme.id, Programme.slug, Programme.title, Programme.summary)
        .where(Programme.institute_id == institute_id)
        .order_by(Programme.id)
    )
    return [ProgrammeLine(*row) for row in rows]


def load_outline(institute_id: InstituteId, programme: ProgrammeId | str) -> Outline:
    """Return a programme of an institute by id or slug, with all modules and segments, in two queries.

    Raises NotFoundError.
    """
    if isinstance(programme, str) and not is_slug(programme):
        raise NotFoundError
    statement = _OUTLINE_BY_SLUG if isinstance(programme, str) else _OUTLINE_BY_ID
    rows = db.session.execute(statement, {"institute": institute_id, "programme": programme}).all()
    if not rows:
        raise NotFoundError
    found: Programme = rows[0][0]
    steps = _steps_by_segment(found.id)
    segments: dict[ModuleId, list[SegmentLine]] = {}
    modules: list[Module] = []
    for row in rows:
        module: Module | None = row[1]
        segment: Segment | None = row[2]
        if module is None:
            continue
        if module.id not in segments:
            modules.append(module)
            segments[module.id] = []
        if segment is not None:
            segments[module.id].append(_segment_line(segment, tuple(steps[segment.id])))
    lines = tuple(_module_line(module, tuple(segments[module.id])) for module in modules)
    return Outline(found.id, found.slug, found.title, found.summary, lines)


def load_module(module_id: ModuleId) -> ModuleDetail:
    """Return what a module says. Raises NotFoundError."""
    here = {"module": module_id}
    description = db.session.scalar(_MODULE_TEXT, here)
    if description is None:
        raise NotFoundError
    return ModuleDetail(
        description,
        tuple(ObjectiveLine(*row) for row in db.session.execute(_MODULE_OBJECTIVES, here)),
        tuple(AreaLine(*row) for row in db.session.execute(_MODULE_AREAS, here)),
    )


def load_segment(segment_id: SegmentId, *, script: bool = False) -> SegmentDetail:
    """Return what a segment holds; with ``script``, also what is for the coach alone. Raises NotFoundError."""
    here = {"segment": segment_id}
    content = db.session.scalar(_SEGMENT_TEXT, here)
    if content is None:
        raise NotFoundError
    return SegmentDetail(
        content=content,
        objectives=tuple(ObjectiveLine(*row) for row in db.session.execute(_SEGMENT_OBJECTIVES, here)),
        plan=_load_plan(segment_id, script=script),
        steps=tuple(Step(*row) for row in db.session.execute(_SEGMENT_STEPS, here)),
        materials=tuple(MaterialLine(*row) for row in db.session.execute(_SEGMENT_MATERIALS, here)),
    )


def load_material(segment_id: SegmentId, key: str) -> MaterialDetail:
    """Return a material of a segment with its text. Raises NotFoundError."""
    if not is_slug(key):
        raise NotFoundError
    row = db.session.execute(
        select(
            Material.key, Material.kind, Material.title, Material.detail, Material.url, Material.body
        ).where(Material.segment_id == segment_id, Material.key == key)
    ).one_or_none()
    if row is None:
        raise NotFoundError
    return MaterialDetail(MaterialLine(*row[:5]), row[5])


def _segment_line(segment: Segment, steps: tuple[ActivityId, ...]) -> SegmentLine:
    return SegmentLine(
        id=segment.id,
        number=segment.number,
        slug=segment.slug,
        title=segment.title,
        reading=MinuteRange(segment.reading_min, segment.reading_max),
        coaching=MinuteRange(segment.coaching_min, segment.coaching_max),
        steps=steps,
    )


def _module_line(module: Module, segments: tuple[SegmentLine, ...]) -> ModuleLine:
    return ModuleLine(
        id=module.id,
        number=module.number,
        slug=module.slug,
        title=module.title,
        reading=MinuteRange(module.reading_min, module.reading_max),
        coaching=MinuteRange(module.coaching_min, module.coaching_max),
        segments=segments,
    )


def _steps_by_segment(programme_id: ProgrammeId) -> dict[SegmentId, list[ActivityId]]:
    steps: dict[SegmentId, list[ActivityId]] = defaultdict(list)
    for segment_id, activity_id in db.session.execute(_PROGRAMME_STEPS, {"programme": programme_id}):
        steps[segment_id].append(activity_id)
    return steps


def _load_plan(segment_id: SegmentId, *, script: bool) -> Plan | None:
    plan = db.session.scalar(_SEGMENT_PLAN, {"segment": segment_id})
    if plan is None:
        return None
    here = {"plan": plan.id}
    lines = tuple(
        PlanLine(*row) for row in db.session.execute(_PLAN_STEPS if script else _COMMON_STEPS, here)
    )
    minutes = MinuteRange(plan.minutes_min, plan.minutes_max)
    if not script:
        return Plan(plan.number, minutes, plan.equity_prompt, lines)
    questions = tuple(db.session.scalars(_PLAN_QUESTIONS, here))
    return Plan(plan.number, minutes, plan.equity_prompt, lines, plan.opening, plan.wrap_up, questions)
