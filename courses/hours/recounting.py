"""Writing the sums of the months: whenever a log changes, and when a programme counts otherwise.

What pages, lists, certificates and gradebooks show is read from these rows, so that there is one answer.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any, Final

from sqlalchemy import bindparam, delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from courses.cohorts.models import Cohort, Enrolment, EnrolmentId
from courses.hours.counting import sum_months, weigh
from courses.hours.figures import MonthSum
from courses.hours.models import CoachingPolicy, HoursMonth, HoursTotal
from courses.hours.pieces import pieces_of
from courses.hours.policies import COLUMNS, Policy, read_policy
from institute.actors import InstituteId
from institute.db import Base
from institute.parting import parts_of

AT_ONCE: Final = 200
SUMS: Final = MonthSum._fields

_THESE: Final = Enrolment.id.in_(bindparam("enrolments", expanding=True))
_LOCKED: Final = select(Enrolment.id).where(_THESE).order_by(Enrolment.id).with_for_update(key_share=True)
_POLICIES: Final = (
    select(Enrolment.id, Enrolment.institute_id, *COLUMNS)
    .join(Cohort, Cohort.id == Enrolment.cohort_id)
    .outerjoin(CoachingPolicy, CoachingPolicy.programme_id == Cohort.programme_id)
    .where(_THESE)
)
_MONTHS: Final = select(HoursMonth.__table__).where(
    HoursMonth.enrolment_id.in_(bindparam("enrolments", expanding=True))
)


def recount(enrolment_ids: Iterable[EnrolmentId], *, session: Session) -> None:
    """Write the sums of enrolments as their logs stand now. Who else recounts one of them waits."""
    for some in parts_of(sorted(set(enrolment_ids)), AT_ONCE):
        _recount(some, session)


def _recount(enrolment_ids: Sequence[EnrolmentId], session: Session) -> None:
    session.flush()
    # Locked before the logs are read: whoever commits another log meanwhile counts both.
    wanted = {"enrolments": enrolment_ids}
    session.execute(_LOCKED, wanted).all()
    rows = session.execute(_POLICIES, wanted).all()
    by_policy: dict[Policy, list[EnrolmentId]] = defaultdict(list)
    institutes: dict[EnrolmentId, InstituteId] = {}
    for row in rows:
        by_policy[read_policy(*row[2:])].append(row.id)
        institutes[row.id] = row.institute_id
    months = []
    for policy, members in by_policy.items():
        pieces = pieces_of(members, policy)
        months += [
            {"enrolment_id": one, "month": month, "institute_id": institutes[one], **sums._asdict()}
            for one in members
            for month, sums in sum_months(weigh(pieces.get(one, ()), policy), policy).items()
        ]
    _write(institutes, months, session)


def _write(
    institutes: dict[EnrolmentId, InstituteId], months: list[dict[str, object]], session: Session
) -> None:
    totals: dict[EnrolmentId, dict[str, object]] = {
        one: {"enrolment_id": one, "institute_id": here, "logged": 0, "waiting": 0, "counted": 0}
        for one, here in institutes.items()
    }
    packed: dict[object, list[list[object]]] = {one: [] for one in institutes}
    new = {(month["enrolment_id"], month["month"]): month for month in months}
    for month in months:
        total = totals[month["enrolment_id"]]  # type: ignore[index]
        for name in ("logged", "waiting", "counted"):
            total[name] += month[name]  # type: ignore[operator]
        packed[month["enrolment_id"]].append([str(month["month"]), *(month[name] for name in SUMS)])
    for one, total in totals.items():
        total["months"] = json.dumps(sorted(packed[one]), separators=(",", ":"))
    there = session.execute(_MONTHS, {"enrolments": list(institutes)})
    old = {(row.enrolment_id, row.month): dict(row._mapping) for row in there}
    for enrolment_id, month in old.keys() - new.keys():
        session.execute(
            delete(HoursMonth).where(HoursMonth.enrolment_id == enrolment_id, HoursMonth.month == month)
        )
    changed = [month for key, month in new.items() if old.get(key) != month]
    server = session.get_bind().dialect.name == "postgresql"
    if changed:
        session.execute(_upsert(HoursMonth, ("enrolment_id", "month"), SUMS, on_server=server), changed)
    if totals:
        kept = ("logged", "waiting", "counted", "months")
        session.execute(_upsert(HoursTotal, ("enrolment_id",), kept, on_server=server), list(totals.values()))


@cache
def _upsert(model: type[Base], key: tuple[str, ...], names: tuple[str, ...], *, on_server: bool) -> Any:
    """Return the statement that writes rows whether or not they are there; making it costs more than running it."""
    fresh = postgresql.insert(model) if on_server else sqlite.insert(model)
    return fresh.on_conflict_do_update(
        index_elements=key, set_={name: fresh.excluded[name] for name in names}
    )
