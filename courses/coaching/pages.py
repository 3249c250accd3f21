"""What a participant's pages show: the month, the months before, the sessions, and the one that waits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from courses.coaching.answering import Objection
from courses.coaching.bars import Fill
from courses.coaching.figures import HoursFigures, MonthFigure
from courses.coaching.histories import HistoryLine, history_of
from courses.coaching.hours import AGREED
from courses.coaching.models import SessionLogId, SessionState
from courses.coaching.months import last_day, month_of
from courses.coaching.queries import LogLine, find_line, hours_of, logs_of, logs_waiting_for
from courses.cohorts.assigning import local_day
from courses.cohorts.queries import EnrolmentHere, find_enrolment
from institute.actors import Actor
from institute.errors import DomainError

NOTHING: Final = Objection()


@dataclass(frozen=True, slots=True)
class MonthPanel:
    """A participant's present month. ``blocks`` are its sessions that count or may, for the bar."""

    month: MonthFigure
    last_day: date
    blocks: tuple[tuple[Fill, int], ...]

    @property
    def month_day(self) -> date:
        """The first day of the month."""
        return month_of(self.last_day)


@dataclass(frozen=True, slots=True)
class HoursPage(MonthPanel):
    """All of a participant's hours, and their sessions: those that wait for the participant, and the others."""

    enrolment: EnrolmentHere
    hours: HoursFigures
    waiting: tuple[LogLine, ...]
    others: tuple[LogLine, ...]

    @property
    def before(self) -> tuple[MonthFigure, ...]:
        """The months before the present one, the latest first."""
        return self.hours.months[-2::-1]


@dataclass(frozen=True, slots=True)
class SessionPage:
    """One session with its history; a participant's own ``objection`` where it lacked something."""

    log: LogLine
    history: list[HistoryLine]
    objection: Objection = NOTHING
    problems: Mapping[str, DomainError] = field(default_factory=dict)

    @property
    def summary(self) -> list[tuple[str, str]]:
        """What the objection lacks, as (field, sentence)."""
        return [(name, problem.text) for name, problem in self.problems.items()]


def hours_page(actor: Actor) -> HoursPage | None:
    """Return a participant's hours, or None for somebody who is not enrolled."""
    enrolment = find_enrolment(actor)
    if enrolment is None:
        return None
    hours = hours_of(enrolment.id)
    lines = logs_of(enrolment.id, institute_id=enrolment.institute_id)
    today = local_day(enrolment.timezone)
    return HoursPage(
        enrolment=enrolment,
        hours=hours,
        month=hours.present,
        last_day=last_day(today),
        blocks=tuple(month_blocks(lines, today)),
        waiting=tuple(line for line in lines if line.waits),
        others=tuple(line for line in lines if not line.waits),
    )


def month_blocks(lines: list[LogLine], today: date) -> list[tuple[Fill, int]]:
    """Return the blocks of this month's bar: confirmed sessions first, then those that wait, each by time."""
    these = [line for line in lines if line.counts and month_of(line.day) == month_of(today)]
    these.sort(key=lambda line: line.start)
    solid = [(Fill.CONFIRMED, line.minutes) for line in these if line.state in AGREED]
    return solid + [(Fill.WAITING, line.minutes) for line in these if line.state is SessionState.SUBMITTED]


def session_page(log_id: SessionLogId, *, actor: Actor) -> SessionPage:
    """Return a session that the participant took part in. Raises NotFoundError."""
    log = find_line(log_id, institute_id=actor.institute_id, participant_id=actor.person_id)
    return SessionPage(log, history_of(log_id, drafts=False))


def objection_page(
    log_id: SessionLogId, objection: Objection, problems: Mapping[str, DomainError], *, actor: Actor
) -> SessionPage:
    """Return the same page with an objection that lacked something. Raises NotFoundError."""
    here = session_page(log_id, actor=actor)
    return SessionPage(here.log, here.history, objection, problems)


def waiting_panel(actor: Actor) -> list[LogLine] | None:
    """Return the sessions that wait for the participant, the oldest first; None where none does."""
    if actor.person_id is None:
        return None
    found = logs_waiting_for(actor.person_id, institute_id=actor.institute_id, place=actor.place)
    return found or None


def month_panel(actor: Actor) -> MonthPanel | None:
    """Return the present month for a participant's home; None for somebody who is not enrolled."""
    enrolment = find_enrolment(actor)
    if enrolment is None:
        return None
    today = local_day(enrolment.timezone)
    lines = logs_of(enrolment.id, institute_id=enrolment.institute_id, month=month_of(today))
    month = hours_of(enrolment.id).present
    return MonthPanel(month, last_day(today), tuple(month_blocks(lines, today)))
