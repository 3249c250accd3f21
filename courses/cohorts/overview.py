"""How far a cohort is, segment by segment, and who is behind the others."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from courses.catalogue.models import Activity, PartId, Segment
from courses.catalogue.outlines import ModuleLine, Outline, SegmentLine
from courses.catalogue.queries import load_outline
from courses.cohorts.models import ActivityCompletion, Cohort, Enrolment, EnrolmentId, EnrolmentState
from courses.cohorts.queries import cohort_here
from institute.actors import Actor
from institute.db import db
from institute.i18n import Localised
from institute.people.models import Person
from institute.people.naming import name_or_number

COUNTED = (EnrolmentState.ACTIVE, EnrolmentState.PAUSED, EnrolmentState.COMPLETED)


@dataclass(frozen=True, slots=True)
class Learner:
    """Somebody of the cohort, with how many steps they did of how many there are, by segment."""

    enrolment_id: EnrolmentId
    name: str
    done: Mapping[PartId, int]
    total: Mapping[PartId, int]

    def has_finished(self, part_id: PartId) -> bool:
        """Tell whether every step of a segment is done."""
        return 0 < self.total.get(part_id, 0) <= self.done.get(part_id, 0)


@dataclass(frozen=True, slots=True)
class SegmentRow:
    """A segment: how many finished it, how many began, and who has not finished what most have."""

    segment: SegmentLine
    finished: int
    begun: int
    behind: tuple[Learner, ...]


@dataclass(frozen=True, slots=True)
class ModuleRow:
    """A module: how many finished all of it, and its segments."""

    module: ModuleLine
    finished: int
    segments: tuple[SegmentRow, ...]


@dataclass(frozen=True, slots=True)
class OverviewPage:
    """A cohort's progress. ``people`` counts those who take part or have completed it."""

    cohort_name: Localised
    people: int
    modules: tuple[ModuleRow, ...]


def cohort_overview(actor: Actor) -> OverviewPage:
    """Return the progress of the cohort that the actor opened, in four queries where all study one version.

    Raises NotFoundError where no cohort is open.
    """
    cohort = cohort_here(actor)
    outline = load_outline(cohort.institute_id, cohort.version_id)
    learners = _learners(cohort, outline)
    return OverviewPage(cohort.name, len(learners), tuple(rows_of(outline, learners)))


def rows_of(outline: Outline, learners: Sequence[Learner]) -> list[ModuleRow]:
    """Return the rows of a cohort. Behind is who has not finished a segment that half of the cohort or more have."""
    rows = []
    for module in outline.modules:
        parts = [segment.part_id for segment in module.segments if segment.steps]
        everything = sum(bool(parts) and all(map(one.has_finished, parts)) for one in learners)
        segments = tuple(_segment_row(segment, learners) for segment in module.segments)
        rows.append(ModuleRow(module, everything, segments))
    return rows


def _segment_row(segment: SegmentLine, learners: Sequence[Learner]) -> SegmentRow:
    part_id = segment.part_id
    finished = sum(one.has_finished(part_id) for one in learners)
    begun = sum(one.done.get(part_id, 0) > 0 and not one.has_finished(part_id) for one in learners)
    most_have = finished * 2 >= len(learners) > 0
    behind = tuple(one for one in learners if not one.has_finished(part_id)) if most_have else ()
    return SegmentRow(segment, finished, begun, behind)


def _learners(cohort: Cohort, outline: Outline) -> list[Learner]:
    done: dict[EnrolmentId, dict[PartId, int]] = defaultdict(dict)
    for enrolment_id, part_id, count in db.session.execute(
        select(Enrolment.id, Segment.part_id, func.count(ActivityCompletion.id))
        .join(ActivityCompletion, ActivityCompletion.enrolment_id == Enrolment.id)
        .join(
            Activity,
            (Activity.step_id == ActivityCompletion.step_id) & (Activity.version_id == Enrolment.version_id),
        )
        .join(Segment, Segment.id == Activity.segment_id)
        .where(Enrolment.cohort_id == cohort.id, ActivityCompletion.undone_at.is_(None))
        .group_by(Enrolment.id, Segment.part_id)
    ):
        done[enrolment_id][part_id] = count
    people = db.session.execute(
        select(Enrolment.id, Enrolment.person_id, Person.name, Enrolment.version_id)
        .join(Person, Person.id == Enrolment.person_id)
        .where(Enrolment.cohort_id == cohort.id, Enrolment.state.in_(COUNTED), Enrolment.left_at.is_(None))
        .order_by(Person.name, Enrolment.id)
    ).all()
    totals = {outline.version_id: _totals(outline)}
    for version_id in {one.version_id for one in people} - set(totals):
        totals[version_id] = _totals(load_outline(cohort.institute_id, version_id))
    return [
        Learner(one.id, name_or_number(one.name, one.person_id), done.get(one.id, {}), totals[one.version_id])
        for one in people
    ]


def _totals(outline: Outline) -> dict[PartId, int]:
    return {segment.part_id: len(segment.steps) for _, segment in outline.segments()}
