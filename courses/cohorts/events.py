"""What the cohorts tell the other rooms."""

from __future__ import annotations

from dataclasses import dataclass

from courses.catalogue.models import ModuleId, ProgrammeId, SegmentId
from courses.cohorts.models import CohortId, EnrolmentId
from institute.actors import InstituteId, PersonId


@dataclass(frozen=True, slots=True)
class ProgressChanged:
    """A person ticked an activity off, or took a tick back. ``courses.cohorts.queries.progress_of`` has the figures."""

    institute_id: InstituteId
    cohort_id: CohortId
    enrolment_id: EnrolmentId
    person_id: PersonId
    segment_id: SegmentId
    module_id: ModuleId
    programme_id: ProgrammeId
