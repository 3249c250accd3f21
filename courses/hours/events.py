"""What coaching tells the other rooms."""

from __future__ import annotations

from dataclasses import dataclass

from courses.cohorts.models import CohortId, EnrolmentId
from institute.actors import InstituteId, PersonId


@dataclass(frozen=True, slots=True)
class HoursChanged:
    """A participant's counted or waiting minutes changed. ``courses.coaching.queries.hours_of`` has the figures."""

    institute_id: InstituteId
    cohort_id: CohortId
    enrolment_id: EnrolmentId
    person_id: PersonId
