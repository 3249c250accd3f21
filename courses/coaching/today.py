"""What is planned, for both sides' homes: a coach's day, a participant's next session and the rest of the month."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from flask import g, has_request_context

from courses.calendar.entries import Entry, Window, entries_of
from courses.cohorts.models import EnrolmentId
from courses.cohorts.queries import EnrolmentHere, find_enrolment
from courses.cohorts.rosters import Member
from courses.hours.bars import Fill
from courses.hours.months import following, month_of
from courses.schedule.models import PlanState
from courses.schedule.planning import uid_of
from courses.schedule.queries import Planned, planned_by_coach, planned_for
from courses.sessions.actions import ActionLine, open_actions, open_actions_among
from courses.sessions.models import Side
from institute.actors import Actor
from institute.clock import now
from institute.db import db
from institute.people.models import Institute

AHEAD: Final = timedelta(days=400)
BEHIND: Final = timedelta(days=60)
MOST_ACTIONS: Final = 5


@dataclass(frozen=True, slots=True)
class TodayLine:
    """Something of a coach's day: a meeting, or a session that is ``planned``, with what was agreed and is to do."""

    entry: Entry
    planned: Planned | None
    agreed: tuple[ActionLine, ...] = ()

    @property
    def over(self) -> bool:
        """Whether its time has passed."""
        return self.entry.ends <= now()

    @property
    def running(self) -> bool:
        """Whether it goes on at this moment."""
        return self.entry.starts <= now() < self.entry.ends


@dataclass(frozen=True, slots=True)
class CoachDay:
    """A coach's day: what is in it, the sessions that nobody logged, and the minutes planned with each this month."""

    lines: tuple[TodayLine, ...]
    unlogged: tuple[Planned, ...]
    planned: dict[EnrolmentId, int]

    @property
    def next_line(self) -> TodayLine | None:
        """What goes on now or comes next."""
        return next((line for line in self.lines if not line.over), None)


@dataclass(frozen=True, slots=True)
class NextSession:
    """A participant's next session, None where none is planned, and what they agreed to do."""

    planned: Planned | None
    agreed: tuple[ActionLine, ...]
    today: date


def coach_day(actor: Actor, members: list[Member]) -> CoachDay:
    """Return a coach's day on the clock of those whom they coach."""
    zone = ZoneInfo(members[0].timezone if members else _own_zone(actor))
    today = now().astimezone(zone).date()
    month = month_of(today)
    begins, ends = _day(today, zone), _day(following(month), zone)
    plans = planned_by_coach(actor, since=now() - BEHIND, until=max(ends, begins + timedelta(days=2)))
    return CoachDay(
        lines=tuple(_lines(actor, plans, begins, _day(today + timedelta(days=1), zone))),
        unlogged=tuple(plan for plan in plans if plan.waits_for_log),
        planned=_minutes(plans, month),
    )


def next_session_panel(actor: Actor) -> NextSession | None:
    """Return what a participant's home says of the next session; None where nothing is planned or agreed."""
    enrolment = find_enrolment(actor)
    if enrolment is None:
        return None
    coming = upcoming(enrolment)
    actions = open_actions(enrolment.id, institute_id=enrolment.institute_id, side=Side.PARTICIPANT)
    if not coming and not actions:
        return None
    today = now().astimezone(ZoneInfo(enrolment.timezone)).date()
    return NextSession(next(iter(coming), None), tuple(actions[:MOST_ACTIONS]), today)


def planned_blocks(enrolment: EnrolmentHere, month: date) -> tuple[tuple[Fill, int], ...]:
    """Return the blocks of what is planned in the rest of a month."""
    return tuple((Fill.PLANNED, one.minutes) for one in upcoming(enrolment) if month_of(one.day) == month)


def upcoming(enrolment: EnrolmentHere) -> list[Planned]:
    """Return what is planned with an enrolment and not over, the next first; asked once in a request."""
    known: dict[EnrolmentId, list[Planned]] = g.setdefault("upcoming", {}) if has_request_context() else {}
    if enrolment.id not in known:
        found = planned_for(
            enrolment.id, institute_id=enrolment.institute_id, since=now(), until=now() + AHEAD
        )
        known[enrolment.id] = [one for one in found if one.state is PlanState.PLANNED]
    return known[enrolment.id]


def _lines(actor: Actor, plans: list[Planned], begins: datetime, ends: datetime) -> Iterable[TodayLine]:
    if actor.person_id is None:
        return
    by_uid = {uid_of(plan.id): plan for plan in plans}
    entries = entries_of(Window(actor.institute_id, actor.person_id, begins, ends))
    found = [(entry, by_uid.get(entry.uid)) for entry in entries if not entry.cancelled]
    alone = {plan.members[0].enrolment_id for _, plan in found if plan is not None and len(plan.members) == 1}
    agreed = open_actions_among(alone, institute_id=actor.institute_id)
    for entry, plan in found:
        own = agreed[plan.members[0].enrolment_id] if plan is not None and len(plan.members) == 1 else []
        yield TodayLine(entry, plan, tuple(own[:MOST_ACTIONS]))


def _minutes(plans: list[Planned], month: date) -> dict[EnrolmentId, int]:
    sums: dict[EnrolmentId, int] = defaultdict(int)
    for plan in plans:
        if plan.state is PlanState.PLANNED and not plan.over and month_of(plan.day) == month:
            for member in plan.members:
                sums[member.enrolment_id] += plan.minutes
    return dict(sums)


def _day(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), tzinfo=zone)


def _own_zone(actor: Actor) -> str:
    return db.session.get_one(Institute, actor.institute_id).timezone
