"""The institute that a capability furnishes."""

from __future__ import annotations

from dataclasses import dataclass

from courses.cohorts.models import CohortId, EnrolmentId
from institute.actors import Actor, InstituteId, PersonId, Role


@dataclass(frozen=True, slots=True)
class Room:
    """The sample institute: Lucía is enrolled and coached by Amina; Grace holds whatever role is tried."""

    institute_id: InstituteId
    cohort_id: CohortId
    enrolment_id: EnrolmentId
    people: dict[str, PersonId]

    def actor(self, key: str, *roles: Role) -> Actor:
        """Return a person of the sample as somebody who acts in the cohort with ``roles``."""
        return Actor(
            institute_id=self.institute_id,
            person_id=self.people[key],
            roles=frozenset(roles),
            place=self.cohort_id,
        )
