"""What a cohort's page says about where its people come from: when each course's list was read, and what is wrong."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import bindparam, select

from courses.cohorts.models import Cohort
from institute.actors import Actor, Role
from institute.clock import now
from institute.db import db
from lti.launches.models import Context, ContextId
from lti.platforms.models import Deployment, Registration
from lti.roster.models import Roster, RosterState
from lti.roster.reasons import explain

MOST_FAILED: Final = 20


@dataclass(frozen=True, slots=True)
class RosterLine:
    """How far the list of one course is. ``problem`` and ``advice`` are empty while all is well."""

    context_id: ContextId
    course: str
    platform: str
    state: RosterState
    members: int
    read_at: datetime | None
    next_try_at: datetime | None
    paused_until: datetime | None
    problem: str
    advice: str


@dataclass(frozen=True, slots=True)
class RosterSection:
    """The lists of a cohort's courses. ``may_read``: none of them is being read, nor wants to be left alone."""

    lines: tuple[RosterLine, ...]
    zone: str
    may_read: bool

    @property
    def was_read(self) -> bool:
        """Whether any of them was read, or tried, before."""
        return any(line.read_at or line.problem for line in self.lines)


_COLUMNS: Final = (
    select(
        Context.id,
        Context.title,
        Context.label,
        Registration.name,
        Cohort.timezone,
        Roster.state,
        Roster.reason,
        Roster.members,
        Roster.read_at,
        Roster.next_try_at,
        Roster.paused_until,
    )
    .join(Cohort, Cohort.id == Context.cohort_id)
    .join(Deployment, Deployment.id == Context.deployment_id)
    .join(Registration, Registration.id == Deployment.registration_id)
    .outerjoin(Roster, Roster.context_id == Context.id)
    .where(Context.institute_id == bindparam("institute"))
)
_LINES: Final = _COLUMNS.where(Context.cohort_id == bindparam("cohort")).order_by(Context.id)
_FAILED: Final = (
    _COLUMNS.where(
        Deployment.registration_id == bindparam("registration"), Roster.state == RosterState.FAILED
    )
    .order_by(Roster.tried_at.desc(), Context.id)
    .limit(MOST_FAILED)
)


def roster_section(actor: Actor, cohort_id: int) -> RosterSection | None:
    """Return what the page of a facilitator's cohort says, in one query; None where no course is bound."""
    if not actor.has(Role.FACILITATOR) or actor.place != cohort_id:
        return None
    asked = {"cohort": cohort_id, "institute": actor.institute_id}
    rows = db.session.connection().execute(_LINES, asked).all()
    if not rows:
        return None
    lines = tuple(_line(row) for row in rows)
    may_read = any(line.state is not RosterState.READING and line.paused_until is None for line in lines)
    return RosterSection(lines, rows[0].timezone, may_read)


def failed_rosters(actor: Actor, registration_id: int) -> tuple[RosterLine, ...] | None:
    """Return the lists of a platform's courses that could not be read, latest first; None where all could."""
    if not actor.has(Role.ADMINISTRATOR):
        return None
    asked = {"registration": registration_id, "institute": actor.institute_id}
    return tuple(_line(row) for row in db.session.connection().execute(_FAILED, asked)) or None


def _line(row: Any) -> RosterLine:
    failed = row.state is RosterState.FAILED
    problem, advice = explain(row.reason) if failed else ("", "")
    paused = row.paused_until if row.paused_until is not None and row.paused_until > now() else None
    return RosterLine(
        context_id=row.id,
        course=row.title or row.label,
        platform=row.name,
        state=row.state or RosterState.WAITING,
        members=row.members or 0,
        read_at=row.read_at,
        next_try_at=row.next_try_at,
        paused_until=paused,
        problem=problem,
        advice=advice,
    )
