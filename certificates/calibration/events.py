"""What happens in calibration that others may follow."""

from __future__ import annotations

from dataclasses import dataclass

from institute.actors import InstituteId, PersonId


@dataclass(frozen=True, slots=True)
class RaterQualified:
    """Somebody passed a set and may score by its rubric from today on."""

    institute_id: InstituteId
    person_id: PersonId
    rubric_key: str


@dataclass(frozen=True, slots=True)
class RaterDisqualified:
    """The scoring lead ended what somebody was qualified for."""

    institute_id: InstituteId
    person_id: PersonId
    rubric_key: str
