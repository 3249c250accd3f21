"""What a coach's pages show: what waits for whom, whose month is at risk, and one log with its history."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import partial
from typing import Final

from courses.coaching.figures import MonthFigure
from courses.coaching.histories import HistoryLine, history_of, objections_to
from courses.coaching.models import SessionLogId, SessionState
from courses.coaching.months import last_day
from courses.coaching.queries import LogLine, find_line, hours_of_several, logs_by_coach
from courses.coaching.states import OPEN, may_become
from courses.cohorts.assigning import local_day
from courses.cohorts.models import EnrolmentId
from courses.cohorts.rosters import find_coached
from institute.actors import Actor

MOST_SETTLED: Final = 200
SOON_DAYS: Final = 10


class Outlook(StrEnum):
    """How a participant's month will probably end."""

    TARGET = "target"
    MET = "met"
    ON_COURSE = "on_course"
    SHORT = "short"
    AT_RISK = "at_risk"


@dataclass(frozen=True, slots=True)
class MonthLine:
    """A participant's present month, as the coach sees it."""

    enrolment_id: EnrolmentId
    name: str
    month: MonthFigure
    outlook: Outlook


@dataclass(frozen=True, slots=True)
class CoachBoard:
    """Today, for a coach. ``unfinished`` holds what waits for the coach: disputed logs first, then drafts."""

    unfinished: tuple[LogLine, ...]
    waiting: tuple[LogLine, ...]
    settled: tuple[LogLine, ...]
    objections: dict[SessionLogId, HistoryLine]
    months: tuple[MonthLine, ...]

    @property
    def at_risk(self) -> int:
        """The number of participants who will miss the minimum unless something is done soon."""
        return sum(line.outlook is Outlook.AT_RISK for line in self.months)


@dataclass(frozen=True, slots=True)
class CoachLogPage:
    """A coach's log with its history and what may be done with it."""

    log: LogLine
    history: list[HistoryLine]

    @property
    def may_revise(self) -> bool:
        """Whether it can be changed and sent (again)."""
        return may_become(self.log.state, SessionState.SUBMITTED)

    @property
    def may_void(self) -> bool:
        """Whether it can be taken back."""
        return may_become(self.log.state, SessionState.VOIDED)


def coach_board(actor: Actor) -> CoachBoard:
    """Return what a coach has to look at today, in five queries. What is open is there whatever its age."""
    logged = partial(logs_by_coach, actor.person_id or 0, institute_id=actor.institute_id, place=actor.place)
    lines = logged(OPEN)
    disputed = [line for line in lines if line.state is SessionState.DISPUTED]
    drafts = [line for line in lines if line.state is SessionState.DRAFT]
    return CoachBoard(
        unfinished=(*disputed, *drafts),
        waiting=tuple(line for line in lines if line.waits),
        settled=tuple(logged(set(SessionState) - OPEN, most=MOST_SETTLED)),
        objections=objections_to(line.id for line in disputed),
        months=tuple(month_lines(actor)),
    )


def month_lines(actor: Actor) -> list[MonthLine]:
    """Return the present month of everybody whom the actor coaches, those at risk first, in two queries."""
    members = find_coached(actor)
    hours = hours_of_several(member.enrolment_id for member in members)
    lines = []
    for member in members:
        month = hours[member.enrolment_id].present
        today = local_day(member.timezone)
        lines.append(MonthLine(member.enrolment_id, member.name, month, outlook_of(month, today)))
    order = list(reversed(Outlook))
    return sorted(lines, key=lambda line: (order.index(line.outlook), line.name))


def outlook_of(month: MonthFigure, today: date) -> Outlook:
    """Return how a month will end: at risk where the minimum is missing and few days are left."""
    if month.counted >= month.target:
        return Outlook.TARGET
    if month.counted >= month.minimum:
        return Outlook.MET
    if month.expected >= month.minimum:
        return Outlook.ON_COURSE
    return Outlook.AT_RISK if (last_day(today) - today).days < SOON_DAYS else Outlook.SHORT


def board_panel(actor: Actor) -> CoachBoard | None:
    """Return the board for a coach's home; None for somebody who coaches nobody and logged nothing."""
    board = coach_board(actor)
    return board if board.months or board.unfinished or board.waiting else None


def coach_log_page(log_id: SessionLogId, *, actor: Actor) -> CoachLogPage:
    """Return a coach's own log. Raises NotFoundError."""
    log = find_line(log_id, institute_id=actor.institute_id, coach_id=actor.person_id)
    return CoachLogPage(log, history_of(log_id, drafts=True))
