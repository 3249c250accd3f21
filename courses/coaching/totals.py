"""An institute's hours at one glance: for each enrolment, summed in the database from one index."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import String, bindparam, func, literal, select, type_coerce

from courses.catalogue.models import ProgrammeId
from courses.coaching.hours import AGREED, SENT
from courses.coaching.models import CoachingPolicy, SessionLog, SessionState
from courses.coaching.policies import DEFAULT, Policy, read_policy
from courses.cohorts.models import Cohort, Enrolment, EnrolmentId
from institute.actors import InstituteId
from institute.db import db


@dataclass(slots=True)
class Total:
    """All minutes of an enrolment: ``counted + waiting <= logged``."""

    enrolment_id: EnrolmentId
    programme_id: ProgrammeId
    logged: int = 0
    waiting: int = 0
    counted: int = 0


# Plain texts instead of enumerations: thousands of rows are read, and a set of pairs decides.
_TOTALS: Final = (
    select(
        SessionLog.enrolment_id,
        type_coerce(SessionLog.state, String).label("state"),
        type_coerce(SessionLog.kind, String).label("kind"),
        type_coerce(SessionLog.mode, String).label("mode"),
        func.sum(SessionLog.minutes).label("minutes"),
    )
    .where(SessionLog.institute_id == bindparam("institute"))
    .group_by(SessionLog.enrolment_id, SessionLog.state, SessionLog.kind, SessionLog.mode)
)
_PROGRAMMES: Final = (
    select(Enrolment.id, Cohort.programme_id)
    .join(Cohort, Cohort.id == Enrolment.cohort_id)
    .where(Enrolment.institute_id == bindparam("institute"))
)
_POLICIES: Final = select(
    CoachingPolicy.programme_id,
    CoachingPolicy.minimum_minutes,
    CoachingPolicy.target_minutes,
    CoachingPolicy.counting,
).where(CoachingPolicy.institute_id == bindparam("institute"))

_KIND, _MODE = (type_coerce(column, String) for column in (SessionLog.kind, SessionLog.mode))
_PAIRS: Final = func.coalesce(
    CoachingPolicy.counting, " ".join(f"{kind}/{mode}" for kind, mode in sorted(DEFAULT.counting))
)
# Beside each member of a list, in the statement that lists them: what ``hours_of`` calls counted.
COUNTED: Final = (
    select(func.coalesce(func.sum(SessionLog.minutes), 0))
    .select_from(SessionLog)
    .outerjoin(CoachingPolicy, CoachingPolicy.programme_id == Cohort.programme_id)
    .where(
        SessionLog.enrolment_id == Enrolment.id,
        SessionLog.state.in_(AGREED),
        literal(" ")
        .concat(_PAIRS)
        .concat(" ")
        .contains(literal(" ").concat(_KIND).concat("/").concat(_MODE).concat(" ")),
    )
    .correlate(Enrolment, Cohort)
    .scalar_subquery()
)


def totals_of_institute(institute_id: InstituteId) -> dict[EnrolmentId, Total]:
    """Return the totals of every enrolment of an institute, also of those without a session, in three queries."""
    here = {"institute": institute_id}
    policies = {row[0]: read_policy(*row[1:]) for row in db.session.execute(_POLICIES, here)}
    pairs = {programme_id: _pairs(policy) for programme_id, policy in policies.items()}
    usual = _pairs(DEFAULT)
    totals = {row[0]: Total(row[0], row[1]) for row in db.session.execute(_PROGRAMMES, here)}
    _add(totals, db.session.execute(_TOTALS, here), pairs, usual)
    return totals


def _add(
    totals: dict[EnrolmentId, Total],
    rows: Iterable[Any],
    pairs: dict[ProgrammeId, frozenset[tuple[str, str]]],
    usual: frozenset[tuple[str, str]],
) -> None:
    sent, agreed = {str(state) for state in SENT}, {str(state) for state in AGREED}
    submitted = str(SessionState.SUBMITTED)
    for enrolment_id, state, kind, mode, minutes in rows:
        if state not in sent:
            continue
        total = totals[enrolment_id]
        total.logged += minutes
        if (kind, mode) in pairs.get(total.programme_id, usual):
            if state in agreed:
                total.counted += minutes
            elif state == submitted:
                total.waiting += minutes


def _pairs(policy: Policy) -> frozenset[tuple[str, str]]:
    return frozenset((str(kind), str(mode)) for kind, mode in policy.counting)
