"""What awards tell the other rooms."""

from __future__ import annotations

from dataclasses import dataclass

from certificates.awards.models import AwardId
from institute.actors import InstituteId, PersonId


@dataclass(frozen=True, slots=True)
class AwardChanged:
    """A person was awarded a level, or an award of theirs was suspended, reinstated or revoked.

    ``certificates.awards.standings.level_reached`` tells which level they hold now.
    """

    institute_id: InstituteId
    person_id: PersonId
    award_id: AwardId


@dataclass(frozen=True, slots=True)
class AwardIssued:
    """A new award stands: issued on an application, or in the place of one that was corrected or renewed."""

    institute_id: InstituteId
    person_id: PersonId
    award_id: AwardId
