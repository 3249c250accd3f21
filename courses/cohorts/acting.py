"""Which of their rows somebody acts with in a cohort, who is one person with several."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import exists, select

from courses.cohorts.models import CohortId, Enrolment, EnrolmentState
from institute.actors import PersonId
from institute.db import db
from institute.people.linking import same_person
from institute.people.models import PersonLink


@dataclass(frozen=True, slots=True)
class ActingRow:
    """The row that is enrolled in the cohort, and how."""

    person_id: PersonId
    state: EnrolmentState


def acting_row(person_id: PersonId, cohort_id: CohortId) -> ActingRow | None:
    """Return the row with which a linked person takes part in a cohort, or None if none of theirs is in it.

    Where two of them are, it is the one that was kept when they were linked.
    """
    not_kept = exists().where(PersonLink.other_id == Enrolment.person_id, PersonLink.undone_at.is_(None))
    row = db.session.execute(
        select(Enrolment.person_id, Enrolment.state)
        .where(Enrolment.cohort_id == cohort_id, Enrolment.person_id.in_(same_person(person_id)))
        .order_by(not_kept, Enrolment.id)
        .limit(1)
    ).one_or_none()
    return None if row is None else ActingRow(row.person_id, row.state)
