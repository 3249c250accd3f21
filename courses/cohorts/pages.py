"""What a participant's pages show: the programme, joined with what this person has done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Date, bindparam, select

from courses.catalogue.details import MaterialDetail, ModuleDetail, SegmentDetail, Step
from courses.catalogue.models import Timing
from courses.catalogue.outlines import ModuleLine, Outline, SegmentLine
from courses.catalogue.progress import NOTHING, Progress
from courses.catalogue.queries import load_material, load_module, load_segment
from courses.catalogue.reading import ReadingHere, read_here
from courses.catalogue.timeline import Moment, lay_out, next_step
from courses.cohorts.assigning import assigned_on, local_day
from courses.cohorts.errors import SegmentClosedError
from courses.cohorts.gates import Gate
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

    def gate_of(self, module: ModuleLine) -> Gate | None:
        """Return what a module waits for whose segments are all closed, None for any other."""
        gates = [self.standing.gate_of(segment) for segment in module.segments]
        return gates[0] if gates and all(gates) else None


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
    work_page: str = "participant_activities.show"


@dataclass(frozen=True, slots=True)
class ClosedPage:
    """A segment that is not open yet, and what it waits for."""

    enrolment: EnrolmentHere
    module: ModuleLine
    segment: SegmentLine
    gate: Gate


@dataclass(frozen=True, slots=True)
class MaterialPage:
    """One material of a segment."""

    module: ModuleLine
    segment: SegmentLine
    material: MaterialDetail


@dataclass(frozen=True, slots=True)
class NextStepPanel:
    """What a participant does next. Without an enrolment, and when all is done, there is no segment.

    ``gate`` tells that the segment is not open yet. ``before_session`` is the number of the session before which
    ``left_before`` steps are to be done, None where the next step waits for no session.
    """

    enrolment: EnrolmentHere | None
    module: ModuleLine | None = None
    segment: SegmentLine | None = None
    step: Step | None = None
    minutes_left: int = 0
    segment_progress: Progress = NOTHING
    progress: Progress = NOTHING
    gate: Gate | None = None
    before_session: int | None = None
    left_before: int = 0


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
    open_ones = [
        segment
        for segment in line.segments
        if not standing.of_segment(segment).complete and standing.gate_of(segment) is None
    ]
    visited = [segment for segment in open_ones if segment.part_id == enrolment.last_part_id]
    current = next(iter(visited or open_ones), None)
    return ModulePage(enrolment, standing, line, load_module(line.id), current)


def open_segment(module: str, segment: str, *, actor: Actor) -> SegmentPage | ClosedPage:
    """Return a segment of the participant's programme, and remember that they were here. Raises NotFoundError.

    Of a segment that is not open yet, only what it waits for is shown.
    """
    enrolment = own_enrolment(actor)
    standing = load_standing(enrolment)
    line = standing.outline.module(module)
    found = line.segment(segment)
    gate = standing.gate_of(found)
    if gate is not None:
        return ClosedPage(enrolment, line, found, gate)
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
        coach_name=coach_name(enrolment),
    )


def material_page(module: str, segment: str, key: str, *, actor: Actor) -> MaterialPage:
    """Return a material of the participant's programme. Raises NotFoundError, SegmentClosedError before its time."""
    standing = load_standing(own_enrolment(actor))
    line = standing.outline.module(module)
    found = line.segment(segment)
    if standing.gate_of(found) is not None:
        raise SegmentClosedError
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
    gate = standing.gate_of(segment)
    if gate is not None:
        return NextStepPanel(enrolment, module, segment, progress=standing.of_programme(), gate=gate)
    detail = load_segment(segment.id)
    moments = lay_out(detail.steps, detail.plan.number if detail.plan else None, standing.done)
    step = next_step(moments, standing.done)
    session, left = _before_session(moments, step)
    return NextStepPanel(
        enrolment=enrolment,
        module=module,
        segment=segment,
        step=step,
        before_session=session,
        left_before=left,
        minutes_left=sum(step.minutes or 0 for step in detail.steps if step.id not in standing.done),
        segment_progress=standing.of_segment(segment),
        progress=standing.of_programme(),
    )


def current_segment(enrolment: EnrolmentHere, standing: Standing) -> tuple[ModuleLine, SegmentLine] | None:
    """Return where to go on: the segment last visited if it has open steps, else the first that has any.

    What is closed comes after all that is open.
    """
    left = [
        (module, segment)
        for module, segment in standing.outline.segments()
        if standing.of_segment(segment).left
    ]
    open_ones = [found for found in left if standing.gate_of(found[1]) is None]
    visited = [found for found in open_ones if found[1].part_id == enrolment.last_part_id]
    return next(iter(visited or open_ones or left), None)


def _before_session(moments: Sequence[Moment], step: Step | None) -> tuple[int | None, int]:
    """Return the session that the next step comes before, and how many steps are left until then."""
    moment = next((one for one in moments if step is not None and step in one.steps), None)
    if moment is None or moment.session_number is None:
        return None, 0
    following = {Timing.BEFORE: 0, Timing.BETWEEN: 1}.get(moment.timing)
    return (None, 0) if following is None else (moment.session_number + following, moment.progress.left)


def _neighbours(
    outline: Outline, segment: SegmentLine
) -> tuple[tuple[ModuleLine, SegmentLine] | None, tuple[ModuleLine, SegmentLine] | None]:
    everything = outline.segments()
    at = next(index for index, found in enumerate(everything) if found[1].id == segment.id)
    previous = everything[at - 1] if at else None
    return previous, everything[at + 1] if at + 1 < len(everything) else None


def coach_name(enrolment: EnrolmentHere) -> str | None:
    """Return the name of today's coach: empty where the platform shares none, None where nobody coaches."""
    here = {"enrolment": enrolment.id, "today": local_day(enrolment.timezone)}
    return db.session.scalar(_COACH_NAME, here)
