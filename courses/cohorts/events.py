"""What the cohorts tell the other rooms."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from courses.catalogue.models import ModuleId, ProgrammeId, SegmentId
from courses.cohorts.models import CoachAssignmentId, CohortId, EnrolmentId, EnrolmentState
from institute.actors import InstituteId, PersonId


@dataclass(frozen=True, slots=True)
class ProgressChanged:
    """A person ticked a step off, or took a tick back. ``courses.cohorts.queries.progress_of`` has the figures.

    Segment and module are None where the person moved to another version: anything may have changed.
    """

    institute_id: InstituteId
    cohort_id: CohortId
    enrolment_id: EnrolmentId
    person_id: PersonId
    segment_id: SegmentId | None
    module_id: ModuleId | None
    programme_id: ProgrammeId


@dataclass(frozen=True, slots=True)
class CoachAssigned:
    """Somebody coaches an enrolment from now on, or the span of that was moved; ``ends_on`` is its last day."""

    assignment_id: CoachAssignmentId
    enrolment_id: EnrolmentId
    coach_id: PersonId
    ends_on: date | None


@dataclass(frozen=True, slots=True)
class EnrolmentMoved:
    """An enrolment came to another state, such as completed."""

    institute_id: InstituteId
    cohort_id: CohortId
    enrolment_id: EnrolmentId
    person_id: PersonId
    state: EnrolmentState


@dataclass(frozen=True, slots=True)
class RecipientChanged:
    """Something else is true of a recipient from a day on, such as how much coaching they need."""

    institute_id: InstituteId
    enrolment_id: EnrolmentId
    since: date
