"""What modules, segments and materials say on a page, made from what their author drafted: pure, for any reader."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from courses.catalogue.doing import Way, way_of
from courses.catalogue.drafts import (
    ActivityDraft,
    MaterialDraft,
    MinuteRange,
    ModuleDraft,
    ObjectiveDraft,
    SegmentDraft,
    SessionDraft,
)
from courses.catalogue.models import ActivityKind, Audience, MaterialKind, ObjectiveKind, StepId, Timing
from institute.errors import NotFoundError
from institute.i18n import Localised


@dataclass(frozen=True, slots=True)
class ObjectiveLine:
    """A learning objective."""

    kind: ObjectiveKind
    text: Localised


@dataclass(frozen=True, slots=True)
class AreaLine:
    """An area of concentration with its toolkit; ``resources`` are keys of the institute's library."""

    key: str
    title: Localised
    toolkit: Localised | None
    resources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ModuleDetail:
    """What a module says beyond its line in the outline."""

    description: Localised
    objectives: tuple[ObjectiveLine, ...]
    areas: tuple[AreaLine, ...]
    tags: tuple[str, ...] = ()
    elements: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """Something to tick off. ``material`` is a key of the segment's, ``instrument`` of the programme's."""

    id: StepId
    key: str
    timing: Timing
    session_number: int | None
    kind: ActivityKind
    minutes: int | None
    title: Localised
    note: Localised | None
    prompt: Localised | None = None
    material: str | None = None
    instrument: str | None = None
    elements: tuple[str, ...] = ()
    local: bool = False

    @property
    def way(self) -> Way:
        """How it is done: a tick, or something to read, write, answer or hand in first."""
        return way_of(
            self.kind,
            prompt=self.prompt is not None,
            material=self.material is not None,
            instrument=self.instrument is not None,
        )


@dataclass(frozen=True, slots=True)
class MaterialLine:
    """A material in a segment's list: a text of our own, an address elsewhere (``url``) or a library ``resource``."""

    key: str
    kind: MaterialKind
    title: Localised
    detail: Localised | None
    url: str | None
    resource: str | None = None
    local: bool = False


@dataclass(frozen=True, slots=True)
class MaterialDetail:
    """A material with its text (Markdown)."""

    line: MaterialLine
    body: Localised | None


@dataclass(frozen=True, slots=True)
class Plan:
    """A session plan as both read it: what is for the coach alone is in their guide."""

    number: int
    minutes: MinuteRange
    equity_prompt: Localised | None
    steps: tuple[Localised, ...]


@dataclass(frozen=True, slots=True)
class SegmentDetail:
    """What a segment holds. ``content`` and ``local_note`` are Markdown."""

    content: Localised
    objectives: tuple[ObjectiveLine, ...]
    plan: Plan | None
    steps: tuple[Step, ...]
    materials: tuple[MaterialLine, ...]
    tags: tuple[str, ...] = ()
    elements: tuple[str, ...] = ()
    local_note: Localised | None = None


def detail_of_module(draft: ModuleDraft) -> ModuleDetail:
    """Return what a module says."""
    return ModuleDetail(
        description=draft.description,
        objectives=_objectives(draft.objectives),
        areas=tuple(AreaLine(one.key, one.title, one.toolkit, one.resources) for one in draft.areas),
        tags=draft.tags,
        elements=draft.elements,
    )


def detail_of_segment(draft: SegmentDraft, step_ids: Mapping[str, StepId]) -> SegmentDetail:
    """Return what a segment holds. ``step_ids`` are the identities of its activities by key."""
    return SegmentDetail(
        content=draft.content,
        objectives=_objectives(draft.objectives),
        plan=_plan(draft.session) if draft.session else None,
        steps=tuple(_step(one, step_ids[one.key]) for one in draft.activities),
        materials=tuple(_material(one) for one in draft.materials),
        tags=draft.tags,
        elements=draft.elements,
        local_note=draft.local_note,
    )


def detail_of_material(draft: SegmentDraft, key: str) -> MaterialDetail:
    """Return a material of a segment with its text. Raises NotFoundError."""
    for material in draft.materials:
        if material.key == key:
            return MaterialDetail(_material(material), material.body)
    raise NotFoundError


def _objectives(drafts: tuple[ObjectiveDraft, ...]) -> tuple[ObjectiveLine, ...]:
    return tuple(ObjectiveLine(one.kind, one.text) for one in drafts)


def _plan(draft: SessionDraft) -> Plan:
    return Plan(
        number=draft.number,
        minutes=draft.minutes,
        equity_prompt=draft.equity_prompt,
        steps=tuple(one.text for one in draft.steps if one.audience is Audience.BOTH),
    )


def _step(draft: ActivityDraft, step_id: StepId) -> Step:
    return Step(
        id=step_id,
        key=draft.key,
        timing=draft.timing,
        session_number=draft.session_number,
        kind=draft.kind,
        minutes=draft.minutes,
        title=draft.title,
        note=draft.note,
        prompt=draft.prompt,
        material=draft.material,
        instrument=draft.instrument,
        elements=draft.elements,
        local=draft.local,
    )


def _material(draft: MaterialDraft) -> MaterialLine:
    return MaterialLine(
        draft.key, draft.kind, draft.title, draft.detail, draft.url, draft.resource, draft.local
    )
