"""An institute's hours at one glance: for each enrolment the sums of its months, kept beside them."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

from sqlalchemy import bindparam, func, select

from courses.catalogue.models import ProgrammeId
from courses.cohorts.models import Cohort, Enrolment, EnrolmentId
from courses.hours.models import HoursTotal
from institute.actors import InstituteId
from institute.db import db


class Total(NamedTuple):
    """All minutes of an enrolment: ``counted + waiting <= logged``."""

    enrolment_id: EnrolmentId
    programme_id: ProgrammeId
    logged: int
    waiting: int
    counted: int


class Minutes(NamedTuple):
    """All minutes of an institute, and of how many enrolments they are."""

    enrolments: int
    logged: int
    waiting: int
    counted: int


_SUMS: Final = (HoursTotal.logged, HoursTotal.waiting, HoursTotal.counted)
_TOTALS: Final = (
    select(Enrolment.id, Cohort.programme_id, *(func.coalesce(one, 0) for one in _SUMS))
    .join(Cohort, Cohort.id == Enrolment.cohort_id)
    .outerjoin(HoursTotal, HoursTotal.enrolment_id == Enrolment.id)
    .where(Enrolment.institute_id == bindparam("institute"))
)
_ALL: Final = select(func.count(), *(func.coalesce(func.sum(one), 0) for one in _SUMS)).where(
    HoursTotal.institute_id == bindparam("institute")
)
# Beside each member of a list, in the statement that lists them: what ``hours_of`` calls counted.
COUNTED: Final = (
    select(func.coalesce(func.max(HoursTotal.counted), 0))
    .where(HoursTotal.enrolment_id == Enrolment.id)
    .correlate(Enrolment, Cohort)
    .scalar_subquery()
)


def totals_of_institute(institute_id: InstituteId) -> dict[EnrolmentId, Total]:
    """Return the totals of every enrolment of an institute, also of those without a session, in one query."""
    rows = db.session.execute(_TOTALS, {"institute": institute_id})
    return {row[0]: Total._make(row) for row in rows}


def minutes_of_institute(institute_id: InstituteId) -> Minutes:
    """Return all minutes of an institute, in one query."""
    row: Any = db.session.execute(_ALL, {"institute": institute_id}).one()
    return Minutes(*map(int, row))
