"""What the cohorts tell the other rooms."""

from __future__ import annotations

from dataclasses import dataclass

from courses.catalogue.models import ModuleId, ProgrammeId, SegmentId
from courses.cohorts.models import CohortId, EnrolmentId
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
