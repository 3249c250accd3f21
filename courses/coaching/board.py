"""What a coach's pages show: what waits for whom, whose month is at risk, and one log with its history."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import partial
from types import MappingProxyType
from typing import Final

from courses.coaching.amending_pages import OpenAmendment, may_amend, open_amendment
from courses.coaching.histories import HistoryLine, history_of, objections_to
from courses.coaching.queries import LogLine, find_line, logs_by_coach
from courses.coaching.today import CoachDay, coach_day
from courses.cohorts.assigning import local_day
from courses.cohorts.models import EnrolmentId
from courses.cohorts.rosters import Member, find_coached
from courses.hours.figures import MonthFigure
from courses.hours.months import last_day
from courses.hours.queries import hours_of_several
from courses.sessions.models import SessionLogId, SessionState
from courses.sessions.states import OPEN, may_become
from institute.actors import Actor

MOST_SETTLED: Final = 200
SOON_DAYS: Final = 10


class Outlook(StrEnum):
    """How a participant's month will probably end."""

    EXCUSED = "excused"
    TARGET = "target"
    MET = "met"
    ON_COURSE = "on_course"
    PLANNED = "planned"
    SHORT = "short"
    AT_RISK = "at_risk"


@dataclass(frozen=True, slots=True)
class MonthLine:
    """A participant's present month, as the coach sees it. ``planned`` are the minutes planned in the rest of it."""

    enrolment_id: EnrolmentId
    name: str
    month: MonthFigure
    outlook: Outlook
    planned: int = 0


@dataclass(frozen=True, slots=True)
class CoachBoard:
    """Today, for a coach. ``unfinished`` holds what waits for the coach: disputed logs first, then drafts."""

    day: CoachDay
    unfinished: tuple[LogLine, ...]
    waiting: tuple[LogLine, ...]
    settled: tuple[LogLine, ...]
    objections: dict[SessionLogId, HistoryLine]
    months: tuple[MonthLine, ...]

    @property
    def to_finish(self) -> int:
        """The number of logs that wait for the coach: those to finish, and sessions without one."""
        return len(self.unfinished) + len(self.day.unlogged)

    @property
    def at_risk(self) -> int:
        """The number of participants who will miss the minimum unless something is done soon."""
        return sum(line.outlook is Outlook.AT_RISK for line in self.months)


@dataclass(frozen=True, slots=True)
class CoachLogPage:
    """A coach's log with its history and what may be done with it."""

    log: LogLine
    history: list[HistoryLine]
    change: OpenAmendment | None = None

    @property
    def may_amend(self) -> bool:
        """Whether a change to what both confirmed may be proposed."""
        return may_amend(self.log, self.change)

    @property
    def may_revise(self) -> bool:
        """Whether it can be changed and sent (again)."""
        return may_become(self.log.state, SessionState.SUBMITTED)

    @property
    def may_void(self) -> bool:
        """Whether it can be taken back."""
        return may_become(self.log.state, SessionState.VOIDED)


def coach_board(actor: Actor, *, settled: bool = True) -> CoachBoard:
    """Return what a coach has to look at today. What is open is there whatever its age.

    Without ``settled`` nothing is read of what is done with.
    """
    logged = partial(logs_by_coach, actor.person_id or 0, institute_id=actor.institute_id, place=actor.place)
    lines = logged(OPEN)
    disputed = [line for line in lines if line.state is SessionState.DISPUTED]
    drafts = [line for line in lines if line.state is SessionState.DRAFT]
    members = find_coached(actor)
    day = coach_day(actor, members)
    return CoachBoard(
        day=day,
        unfinished=(*disputed, *drafts),
        waiting=tuple(line for line in lines if line.waits),
        settled=tuple(logged(set(SessionState) - OPEN, most=MOST_SETTLED)) if settled else (),
        objections=objections_to(line.id for line in disputed),
        months=tuple(month_lines(members, day.planned)),
    )


def month_lines(
    members: list[Member], planned: Mapping[EnrolmentId, int] = MappingProxyType({})
) -> list[MonthLine]:
    """Return the present month of those who are coached, those at risk first, in one query."""
    hours = hours_of_several(member.enrolment_id for member in members)
    lines = []
    for member in members:
        month, minutes = hours[member.enrolment_id].present, planned.get(member.enrolment_id, 0)
        outlook = outlook_of(month, local_day(member.timezone), minutes)
        lines.append(MonthLine(member.enrolment_id, member.name, month, outlook, minutes))
    order = list(reversed(Outlook))
    return sorted(lines, key=lambda line: (order.index(line.outlook), line.name))


def outlook_of(month: MonthFigure, today: date, planned: int = 0) -> Outlook:
    """Return how a month will end: at risk where the minimum is missing and few days are left.

    ``planned`` minutes, of the rest of the month, are believed.
    """
    if month.excused:
        return Outlook.EXCUSED
    steps = (
        (month.filled >= month.target, Outlook.TARGET),
        (month.filled >= month.minimum, Outlook.MET),
        (month.expected >= month.minimum, Outlook.ON_COURSE),
        (month.expected + planned >= month.minimum, Outlook.PLANNED),
        ((last_day(today) - today).days < SOON_DAYS, Outlook.AT_RISK),
    )
    return next((outlook for holds, outlook in steps if holds), Outlook.SHORT)


def board_panel(actor: Actor) -> CoachBoard | None:
    """Return the board for a coach's home; None for somebody who coaches nobody and logged nothing."""
    board = coach_board(actor, settled=False)
    there = board.months or board.unfinished or board.waiting or board.day.lines or board.day.unlogged
    return board if there else None


def coach_log_page(log_id: SessionLogId, *, actor: Actor) -> CoachLogPage:
    """Return a coach's own log. Raises NotFoundError."""
    log = find_line(log_id, institute_id=actor.institute_id, coach_id=actor.person_id)
    return CoachLogPage(log, history_of(log_id, drafts=True), open_amendment(log_id, actor=actor))
