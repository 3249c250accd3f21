"""Reading enrolments: whose they are, what is done, how far somebody is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

from sqlalchemy import bindparam, select

from courses.catalogue import progress
from courses.catalogue.models import (
    Activity,
    Module,
    PartId,
    Programme,
    ProgrammeId,
    ProgrammeVersionId,
    Segment,
    StepId,
)
from courses.catalogue.naming import is_slug
from courses.catalogue.outlines import ModuleLine, Outline, SegmentLine
from courses.catalogue.progress import Progress
from courses.catalogue.queries import load_outline
from courses.cohorts.assigning import local_day
from courses.cohorts.errors import EnrolmentClosedError
from courses.cohorts.gates import Calendar, Gate, gates_of
from courses.cohorts.models import (
    ActivityCompletion,
    Cohort,
    CohortId,
    CohortOpening,
    Enrolment,
    EnrolmentId,
    EnrolmentState,
)
from institute.actors import Actor, InstituteId, PersonId
from institute.db import db
from institute.errors import NotFoundError
from institute.i18n import Localised
from institute.web.asking import once_a_page

LEFT: Final = (EnrolmentState.WITHDRAWN, EnrolmentState.TRANSFERRED)


@dataclass(frozen=True, slots=True)
class EnrolmentHere:
    """The enrolment that a participant's pages are about. ``last_part_id`` is the segment last opened."""

    id: EnrolmentId
    institute_id: InstituteId
    cohort_id: CohortId
    programme_id: ProgrammeId
    version_id: ProgrammeVersionId
    person_id: PersonId
    state: EnrolmentState
    last_part_id: PartId | None
    cohort_name: Localised
    timezone: str
    starts: date
    created_at: datetime

    @property
    def active(self) -> bool:
        """Whether steps can be ticked off."""
        return self.state is EnrolmentState.ACTIVE


@dataclass(frozen=True, slots=True)
class Standing:
    """A version's outline together with the steps that one enrolment has done, and what is closed to it still."""

    outline: Outline
    done: frozenset[StepId]
    gates: Mapping[PartId, Gate] = field(default_factory=dict)

    def gate_of(self, segment: SegmentLine) -> Gate | None:
        """Return what keeps a segment closed, None where it is open."""
        return self.gates.get(segment.part_id)

    def reached_and_later(self) -> tuple[tuple[ModuleLine, ...], tuple[ModuleLine, ...]]:
        """Part the modules after the last that is begun, or after the one that follows where all before is done."""
        modules = self.outline.modules
        parts = [self.of_module(module) for module in modules]
        begun = max((at + 1 for at, one in enumerate(parts) if one.done), default=0)
        reached = begun if any(one.left for one in parts[:begun]) else begun + 1
        return modules[:reached], modules[reached:]

    def of_segment(self, segment: SegmentLine) -> Progress:
        """Return the progress in a segment."""
        return progress.of_steps(segment.steps, self.done)

    def of_module(self, module: ModuleLine) -> Progress:
        """Return the progress in a module."""
        return progress.together(self.of_segment(segment) for segment in module.segments)

    def of_programme(self) -> Progress:
        """Return the progress in the whole programme."""
        return progress.together(self.of_module(module) for module in self.outline.modules)


# Built once: making a statement costs more than asking the database.
_OWN: Final = (
    select(Enrolment, Cohort, Segment.part_id)
    .join(Cohort, Cohort.id == Enrolment.cohort_id)
    .outerjoin(Segment, Segment.id == Enrolment.last_segment_id)
    .where(Enrolment.institute_id == bindparam("institute"), Enrolment.person_id == bindparam("person"))
)
_LATEST: Final = _OWN.where(Enrolment.state.not_in(LEFT)).order_by(Enrolment.id.desc()).limit(1)
_IN_COHORT: Final = _OWN.where(Enrolment.cohort_id == bindparam("cohort"))
_TICKED: Final = select(ActivityCompletion.step_id, ActivityCompletion.undone_at).where(
    ActivityCompletion.enrolment_id == bindparam("enrolment")
)


_OWN_DAYS: Final = select(CohortOpening.part_id, CohortOpening.opens_on).where(
    CohortOpening.cohort_id == bindparam("cohort")
)


@once_a_page
def find_enrolment(actor: Actor) -> EnrolmentHere | None:
    """Return the actor's own enrolment: in the cohort that is open, or the latest one where none is.

    Raises EnrolmentClosedError if the person has left the cohort that is open.
    """
    if actor.person_id is None:
        return None
    here = {"institute": actor.institute_id, "person": actor.person_id, "cohort": actor.place}
    row = db.session.execute(_LATEST if actor.place is None else _IN_COHORT, here).one_or_none()
    if row is None:
        return None
    enrolment, cohort, last_part_id = row
    if enrolment.state in LEFT:
        raise EnrolmentClosedError
    return _here(enrolment, cohort, last_part_id)


def enrolment_here(enrolment: Enrolment) -> EnrolmentHere:
    """Return what pages know of an enrolment that somebody found already."""
    return _here(enrolment, enrolment.cohort, None)


def _here(enrolment: Enrolment, cohort: Cohort, last_part_id: PartId | None) -> EnrolmentHere:
    return EnrolmentHere(
        id=enrolment.id,
        institute_id=enrolment.institute_id,
        cohort_id=cohort.id,
        programme_id=cohort.programme_id,
        version_id=enrolment.version_id,
        person_id=enrolment.person_id,
        state=enrolment.state,
        last_part_id=last_part_id,
        cohort_name=cohort.name,
        timezone=cohort.timezone,
        starts=cohort.starts,
        created_at=enrolment.created_at,
    )


def load_standing(enrolment: EnrolmentHere) -> Standing:
    """Return how far an enrolment is and what is open to it, in three queries once the outline is known."""
    outline = load_outline(enrolment.institute_id, enrolment.version_id)
    done, begun = _ticked(enrolment.id)
    own = own_days(enrolment.cohort_id)
    calendar = Calendar(enrolment.starts, own, local_day(enrolment.timezone))
    return Standing(outline, done, gates_of(outline, done, calendar, begun=begun))


def cohort_here(actor: Actor) -> Cohort:
    """Return the cohort that the actor opened. Raises NotFoundError where none is open."""
    cohort = db.session.scalar(
        select(Cohort).where(Cohort.id == actor.place, Cohort.institute_id == actor.institute_id)
    )
    if cohort is None:
        raise NotFoundError
    return cohort


@once_a_page
def own_days(cohort_id: CohortId) -> dict[PartId, date]:
    """Return the days that a cohort set for its segments, by their parts."""
    rows = db.session.execute(_OWN_DAYS, {"cohort": cohort_id})
    return {one.part_id: one.opens_on for one in rows}


def done_steps(enrolment_id: EnrolmentId) -> frozenset[StepId]:
    """Return the steps that stand as done, those of other versions included."""
    return _ticked(enrolment_id)[0]


@once_a_page
def _ticked(enrolment_id: EnrolmentId) -> tuple[frozenset[StepId], frozenset[StepId]]:
    """Return the steps that stand as done, and all that ever did."""
    rows = db.session.execute(_TICKED, {"enrolment": enrolment_id}).all()
    standing = frozenset(step_id for step_id, undone_at in rows if undone_at is None)
    return standing, frozenset(step_id for step_id, _ in rows)


def is_running(cohort_id: CohortId) -> bool:
    """Tell whether a cohort goes on: somebody in it has something to do, or nobody has come yet."""
    states = set(
        db.session.scalars(select(Enrolment.state).where(Enrolment.cohort_id == cohort_id).distinct())
    )
    return not states or bool(states - {EnrolmentState.COMPLETED, *LEFT})


def progress_of(person_id: PersonId, cohort_id: CohortId, target: str | None = None) -> tuple[int, int]:
    """Return (done, total) steps of a person in what a link opens, or in the whole programme of the cohort.

    ``target`` is written as for openables: ``programme:leadership``, ``module:leadership/module-1`` or
    ``segment:leadership/module-1/segment-2``. A target that the cohort does not study, and a person who is not in
    the cohort, give (0, 0).
    """
    query = (
        select(Activity.id, ActivityCompletion.id)
        .join(Segment, Segment.id == Activity.segment_id)
        .join(Module, Module.id == Segment.module_id)
        .join(Enrolment, Enrolment.version_id == Activity.version_id)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .join(Programme, Programme.id == Cohort.programme_id)
        .outerjoin(
            ActivityCompletion,
            (ActivityCompletion.step_id == Activity.step_id)
            & (ActivityCompletion.enrolment_id == Enrolment.id)
            & ActivityCompletion.undone_at.is_(None),
        )
        .where(Cohort.id == cohort_id, Enrolment.person_id == person_id)
    )
    if target is not None:
        kind, _, key = target.partition(":")
        slugs = key.split("/")
        known = {"programme": 1, "module": 2, "segment": 3}.get(kind) == len(slugs)
        if not known or not all(is_slug(slug) for slug in slugs):
            return 0, 0
        for column, slug in zip((Programme.slug, Module.slug, Segment.slug), slugs, strict=False):
            query = query.where(column == slug)
    rows = db.session.execute(query).all()
    return sum(completion is not None for _, completion in rows), len(rows)
