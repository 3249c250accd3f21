"""What a participant's pages show: the programme, joined with what this person has done."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sqlalchemy import Date, bindparam, select

from courses.catalogue.details import MaterialDetail, ModuleDetail, SegmentDetail, Step
from courses.catalogue.outlines import ModuleLine, Outline, SegmentLine
from courses.catalogue.progress import NOTHING, Progress
from courses.catalogue.queries import load_material, load_module, load_segment
from courses.catalogue.reading import ReadingHere, read_here
from courses.catalogue.timeline import Moment, lay_out, next_step
from courses.cohorts.assigning import assigned_on, local_day
from courses.cohorts.models import CoachAssignment
from courses.cohorts.queries import EnrolmentHere, Standing, find_enrolment, load_standing
from courses.cohorts.ticking import remember_place
from institute.actors import Actor
from institute.db import db
from institute.errors import NotFoundError
from institute.people.models import Person


@dataclass(frozen=True, slots=True)
class ModuleListPage:
    """All modules of the participant's programme."""

    enrolment: EnrolmentHere
    standing: Standing
    current: tuple[ModuleLine, SegmentLine] | None


@dataclass(frozen=True, slots=True)
class ModulePage:
    """One module."""

    enrolment: EnrolmentHere
    standing: Standing
    module: ModuleLine
    detail: ModuleDetail
    current: SegmentLine | None


@dataclass(frozen=True, slots=True)
class SegmentPage:
    """One segment: what to read, what to do and when. ``work_page`` is the endpoint where a step is worked on."""

    enrolment: EnrolmentHere
    outline: Outline
    module: ModuleLine
    segment: SegmentLine
    detail: SegmentDetail
    reading: ReadingHere
    moments: tuple[Moment, ...]
    done: frozenset[int]
    progress: Progress
    next_step: Step | None
    previous: tuple[ModuleLine, SegmentLine] | None
    following: tuple[ModuleLine, SegmentLine] | None
    coach_name: str | None
    work_page: str = "participant_work.show"


@dataclass(frozen=True, slots=True)
class MaterialPage:
    """One material of a segment."""

    module: ModuleLine
    segment: SegmentLine
    material: MaterialDetail


@dataclass(frozen=True, slots=True)
class NextStepPanel:
    """What a participant does next. Without an enrolment, and when all is done, there is no segment."""

    enrolment: EnrolmentHere | None
    module: ModuleLine | None = None
    segment: SegmentLine | None = None
    step: Step | None = None
    minutes_left: int = 0
    segment_progress: Progress = NOTHING
    progress: Progress = NOTHING


_COACH_NAME: Final = (
    select(Person.name)
    .join(CoachAssignment, CoachAssignment.coach_id == Person.id)
    .where(
        CoachAssignment.enrolment_id == bindparam("enrolment"), assigned_on(bindparam("today", type_=Date))
    )
    .limit(1)
)


def own_enrolment(actor: Actor) -> EnrolmentHere:
    """Return the actor's enrolment. Raises NotFoundError where there is none."""
    enrolment = find_enrolment(actor)
    if enrolment is None:
        raise NotFoundError
    return enrolment


def module_list(actor: Actor) -> ModuleListPage | None:
    """Return all modules for a participant, or None for somebody who is not enrolled."""
    enrolment = find_enrolment(actor)
    if enrolment is None:
        return None
    standing = load_standing(enrolment)
    return ModuleListPage(enrolment, standing, current_segment(enrolment, standing))


def module_page(module: str, *, actor: Actor) -> ModulePage:
    """Return a module of the participant's programme. Raises NotFoundError."""
    enrolment = own_enrolment(actor)
    standing = load_standing(enrolment)
    line = standing.outline.module(module)
    open_ones = [segment for segment in line.segments if not standing.of_segment(segment).complete]
    visited = [segment for segment in open_ones if segment.part_id == enrolment.last_part_id]
    current = next(iter(visited or open_ones), None)
    return ModulePage(enrolment, standing, line, load_module(line.id), current)


def open_segment(module: str, segment: str, *, actor: Actor) -> SegmentPage:
    """Return a segment of the participant's programme, and remember that they were here. Raises NotFoundError."""
    enrolment = own_enrolment(actor)
    standing = load_standing(enrolment)
    line = standing.outline.module(module)
    found = line.segment(segment)
    remember_place(enrolment.id, found.id, actor=actor)
    detail = load_segment(found.id)
    moments = lay_out(detail.steps, detail.plan.number if detail.plan else None, standing.done)
    previous, following = _neighbours(standing.outline, found)
    return SegmentPage(
        enrolment=enrolment,
        outline=standing.outline,
        module=line,
        segment=found,
        detail=detail,
        reading=read_here(detail.content),
        moments=tuple(moments),
        done=frozenset(standing.done),
        progress=standing.of_segment(found),
        next_step=next_step(moments, standing.done),
        previous=previous,
        following=following,
        coach_name=_coach_name(enrolment),
    )


def material_page(module: str, segment: str, key: str, *, actor: Actor) -> MaterialPage:
    """Return a material of the participant's programme. Raises NotFoundError."""
    standing = load_standing(own_enrolment(actor))
    line = standing.outline.module(module)
    found = line.segment(segment)
    return MaterialPage(line, found, load_material(found.id, key))


def next_step_panel(actor: Actor) -> NextStepPanel:
    """Return what a participant's home says first: the next open step, where they left off."""
    enrolment = find_enrolment(actor)
    if enrolment is None:
        return NextStepPanel(None)
    standing = load_standing(enrolment)
    current = current_segment(enrolment, standing)
    if current is None:
        return NextStepPanel(enrolment, progress=standing.of_programme())
    module, segment = current
    detail = load_segment(segment.id)
    moments = lay_out(detail.steps, detail.plan.number if detail.plan else None, standing.done)
    return NextStepPanel(
        enrolment=enrolment,
        module=module,
        segment=segment,
        step=next_step(moments, standing.done),
        minutes_left=sum(step.minutes or 0 for step in detail.steps if step.id not in standing.done),
        segment_progress=standing.of_segment(segment),
        progress=standing.of_programme(),
    )


def current_segment(enrolment: EnrolmentHere, standing: Standing) -> tuple[ModuleLine, SegmentLine] | None:
    """Return where to go on: the segment last visited if it has open steps, else the first that has any."""
    open_ones = [
        (module, segment)
        for module, segment in standing.outline.segments()
        if standing.of_segment(segment).left
    ]
    visited = [found for found in open_ones if found[1].part_id == enrolment.last_part_id]
    return next(iter(visited or open_ones), None)


def _neighbours(
    outline: Outline, segment: SegmentLine
) -> tuple[tuple[ModuleLine, SegmentLine] | None, tuple[ModuleLine, SegmentLine] | None]:
    everything = outline.segments()
    at = next(index for index, found in enumerate(everything) if found[1].id == segment.id)
    previous = everything[at - 1] if at else None
    return previous, everything[at + 1] if at + 1 < len(everything) else None


def _coach_name(enrolment: EnrolmentHere) -> str | None:
    """Return the name of today's coach: empty where the platform shares none, None where nobody coaches."""
    here = {"enrolment": enrolment.id, "today": local_day(enrolment.timezone)}
    return db.session.scalar(_COACH_NAME, here)
