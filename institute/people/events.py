"""What is told of people to the other rooms."""

from __future__ import annotations

from dataclasses import dataclass

from institute.actors import InstituteId, PersonId


@dataclass(frozen=True, slots=True)
class RowsChanged:
    """These rows have become one person, or were one and are told apart: what is shown of each may differ now."""

    institute_id: InstituteId
    rows: frozenset[PersonId]


@dataclass(frozen=True, slots=True)
class DutyBegun:
    """One of two people directs the other, or a conflict between them was declared: what keeps them apart is more."""

    institute_id: InstituteId
    person_id: PersonId
    other_id: PersonId
