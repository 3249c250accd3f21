"""What the pages of the schedule show: the form of a plan, and the lists of both sides."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import select

from courses.catalogue.queries import load_outline
from courses.cohorts.assigning import local_day
from courses.cohorts.models import Enrolment, EnrolmentId
from courses.cohorts.queries import done_steps
from courses.cohorts.rosters import Member, find_coached
from courses.schedule.models import PlanState
from courses.schedule.queries import Planned, planned_by_coach, planned_with
from courses.schedule.sheets import CheckedPlan, PlanSheet
from courses.sessions.models import Mode, SessionLog, SessionState
from institute.actors import Actor
from institute.clock import now
from institute.db import db
from institute.i18n import Localised

AHEAD: Final = timedelta(days=400)
BEHIND: Final = timedelta(days=60)
USUAL_MINUTES: Final = 60
USUAL_BEGIN: Final = "15:30"
WEEK: Final = timedelta(days=7)
DAY: Final = timedelta(days=1)
SATURDAY: Final = 5


@dataclass(frozen=True, slots=True)
class Choice:
    """A segment to choose."""

    id: int
    module_number: int
    number: int
    title: Localised


@dataclass(frozen=True, slots=True)
class PlanForm:
    """The form of a planned session. ``saved`` is the one that it changes, None for a new one."""

    checked: CheckedPlan
    members: tuple[Member, ...]
    segments: tuple[Choice, ...]
    saved: Planned | None = None

    @property
    def sheet(self) -> PlanSheet:
        """What stands in it."""
        return self.checked.sheet

    @property
    def zones(self) -> tuple[str, ...]:
        """On whose clocks its times are."""
        return tuple(dict.fromkeys(member.timezone for member in self.members))


@dataclass(frozen=True, slots=True)
class Agenda:
    """Somebody's planned sessions: those over without a log, those to come, and the others of late."""

    unlogged: tuple[Planned, ...]
    coming: tuple[Planned, ...]
    past: tuple[Planned, ...]


def coach_agenda(actor: Actor) -> Agenda:
    """Return what a coach planned, from two months ago on."""
    return _agenda(planned_by_coach(actor, since=now() - BEHIND, until=now() + AHEAD))


def participant_agenda(actor: Actor) -> Agenda:
    """Return what is planned with a participant, from two months ago on."""
    return _agenda(planned_with(actor, since=now() - BEHIND, until=now() + AHEAD))


def new_plan_form(actor: Actor, *, with_id: str = "", checked: CheckedPlan | None = None) -> PlanForm:
    """Return the form of a new plan, as it was typed or filled in for one of those whom the actor coaches."""
    members = tuple(find_coached(actor))
    chosen = next((one for one in members if str(one.enrolment_id) == with_id), None)
    if chosen is None and len(members) == 1:
        chosen = members[0]
    if checked is None:
        checked = CheckedPlan(_fill_in(chosen, actor))
    return PlanForm(checked, members, _segments(actor, members, checked.sheet))


def plan_form(planned: Planned, actor: Actor, *, checked: CheckedPlan | None = None) -> PlanForm:
    """Return the form that moves a planned session, as it is or as it was typed."""
    members = tuple(find_coached(actor))
    checked = checked or CheckedPlan(PlanSheet.saying(planned))
    return PlanForm(checked, members, _segments(actor, members, checked.sheet), planned)


def _agenda(found: list[Planned]) -> Agenda:
    coming = [one for one in found if one.state is PlanState.PLANNED and not one.over]
    past = [one for one in found if one not in coming and not one.waits_for_log]
    return Agenda(
        unlogged=tuple(one for one in found if one.waits_for_log),
        coming=tuple(coming),
        past=tuple(reversed(past)),
    )


def _segments(actor: Actor, members: tuple[Member, ...], sheet: PlanSheet) -> tuple[Choice, ...]:
    """Return the segments of the programme that the first of those chosen studies."""
    chosen = [one for one in members if str(one.enrolment_id) in sheet.members] or list(members)
    if not chosen:
        return ()
    outline = load_outline(actor.institute_id, chosen[0].version_id)
    return tuple(Choice(one.id, module.number, one.number, one.title) for module, one in outline.segments())


def _fill_in(member: Member | None, actor: Actor) -> PlanSheet:
    """Return a sheet for a session a week after the last one, at its hour, about the next segment."""
    if member is None:
        return PlanSheet(begins=USUAL_BEGIN, ends="16:30", mode=Mode.IN_PERSON)
    last = db.session.execute(
        select(SessionLog.start_utc, SessionLog.end_utc, SessionLog.mode)
        .where(
            SessionLog.enrolment_id == member.enrolment_id,
            SessionLog.coach_id == actor.person_id,
            SessionLog.state != SessionState.VOIDED,
        )
        .order_by(SessionLog.start_utc.desc())
        .limit(1)
    ).one_or_none()
    zone = ZoneInfo(member.timezone)
    today = local_day(member.timezone)
    segment = _next_segment(member, actor)
    begins, length, day, mode = (
        USUAL_BEGIN,
        timedelta(minutes=USUAL_MINUTES),
        _working_day(today),
        Mode.IN_PERSON,
    )
    if last is not None:
        start = last.start_utc.astimezone(zone)
        begins, length, mode = f"{start:%H:%M}", last.end_utc - last.start_utc, last.mode
        day = _weekday_after(start.date(), today)
    first = datetime.fromisoformat(f"{day.isoformat()}T{begins}")
    ends = first + length if (first + length).date() == day else first.replace(hour=23, minute=59)
    return PlanSheet(
        day=day.isoformat(),
        begins=begins,
        ends=f"{ends:%H:%M}",
        mode=mode,
        segment=str(segment or ""),
        members=(str(member.enrolment_id),),
    )


def _weekday_after(last: date, today: date) -> date:
    """Return the first day after ``today`` that is whole weeks after ``last``."""
    weeks = max(1, (today - last) // WEEK + 1)
    return last + weeks * WEEK


def _working_day(today: date) -> date:
    day = today + DAY
    while day.weekday() >= SATURDAY:
        day += DAY
    return day


def _next_segment(member: Member, actor: Actor) -> int | None:
    """Return the id of the segment that somebody is in: where they left off if steps are open, else the first open."""
    outline = load_outline(actor.institute_id, member.version_id)
    done = done_steps(EnrolmentId(member.enrolment_id))
    open_ones = [one for _, one in outline.segments() if not done.issuperset(one.steps)]
    last_id = db.session.scalar(select(Enrolment.last_segment_id).where(Enrolment.id == member.enrolment_id))
    visited = [one for one in open_ones if one.id == last_id]
    return next((one.id for one in visited or open_ones), None)
