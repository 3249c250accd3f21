"""A month's log: its sessions, what counts of them, and who put their name to it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from courses.coaching.queries import LogLine, logs_of
from courses.cohorts.assigning import local_day
from courses.cohorts.models import EnrolmentId
from courses.hours.counting import AGREED
from courses.hours.explaining import Explained, explain_enrolment
from courses.hours.figures import MonthFigure
from courses.hours.months import last_day
from courses.hours.queries import hours_of
from courses.logbook.finding import BookHere
from courses.logbook.models import MonthSignOff
from courses.sessions.models import SessionLogId, SessionState, Side
from institute.db import db
from institute.i18n import Localised
from institute.people.models import Institute, Person
from institute.people.naming import name_or_number

UNSETTLED = frozenset({SessionState.SUBMITTED, SessionState.DISPUTED})


@dataclass(frozen=True, slots=True)
class BookLine:
    """A session of the month with what comes of its minutes."""

    log: LogLine
    explained: Explained

    @property
    def agreed(self) -> bool:
        """Whether both sides confirmed it."""
        return self.log.state in AGREED


@dataclass(frozen=True, slots=True)
class SignedHere:
    """One side's name under the month. ``fresh`` tells that it stands under what the month says now.

    Where it does not, ``minutes`` and ``sessions`` are what it stood under.
    """

    side: Side
    name: str
    at: datetime
    minutes: int
    sessions: int
    fresh: bool


@dataclass(frozen=True, slots=True)
class MonthLog:
    """A month of an enrolment as both sides see it; ``over`` from its last day on.

    ``digest`` stands for everything that is signed. ``signed`` has at most one entry for each side.
    """

    book: BookHere
    month: date
    institute_name: Localised
    participant_name: str
    coach_names: tuple[str, ...]
    lines: tuple[BookLine, ...]
    figure: MonthFigure | None
    digest: str
    signed: dict[Side, SignedHere]
    over: bool

    @property
    def agreed(self) -> tuple[BookLine, ...]:
        """The sessions that both sides confirmed."""
        return tuple(line for line in self.lines if line.agreed)

    @property
    def unsettled(self) -> int:
        """How many sessions wait for an answer or a correction."""
        return sum(line.log.state in UNSETTLED for line in self.lines)

    @property
    def counted(self) -> int:
        """The minutes that count."""
        return self.figure.counted if self.figure else 0

    @property
    def logged(self) -> int:
        """The minutes of all sessions."""
        return sum(line.log.minutes for line in self.lines)

    @property
    def last_day(self) -> date:
        """The month's last day, from which on it can be signed."""
        return last_day(self.month)

    @property
    def may_sign(self) -> bool:
        """Whether the reader can put their name to it now."""
        side = self.book.side
        mine = self.signed.get(side) if side else None
        settled = self.over and bool(self.agreed) and not self.unsettled
        return side is not None and settled and (mine is None or not mine.fresh)

    @property
    def changed_since(self) -> bool:
        """Whether somebody signed what the month does not say any more."""
        return any(not one.fresh for one in self.signed.values())


def month_log(book: BookHere, month: date) -> MonthLog:
    """Return a month of an enrolment that the caller may read; sessions that were taken back are left out."""
    logs = logs_of(book.enrolment_id, institute_id=book.institute_id, month=month)
    lines = _lines(logs, explain_enrolment(book.enrolment_id))
    figures = hours_of(book.enrolment_id).months
    figure = next((one for one in figures if one.first_day == month), None)
    digest = digest_of(lines, figure, month)
    person = db.session.get_one(Person, book.participant_id)
    institute = db.session.get_one(Institute, book.institute_id)
    return MonthLog(
        book=book,
        month=month,
        institute_name=institute.name,
        participant_name=name_or_number(person.name, book.participant_id),
        coach_names=tuple(dict.fromkeys(line.log.coach_name for line in lines)),
        lines=lines,
        figure=figure,
        digest=digest,
        signed=signed_in(book.enrolment_id, month, digest),
        over=local_day(book.timezone) >= last_day(month),
    )


def digest_of(lines: tuple[BookLine, ...], figure: MonthFigure | None, month: date) -> str:
    """Return the SHA-256, in hex, of what a month's log says. That a log is locked by now changes nothing."""
    said: list[Any] = [
        [
            line.log.id,
            line.log.start.isoformat(),
            line.log.end.isoformat(),
            line.log.minutes,
            line.log.mode,
            line.log.kind,
            line.agreed,
            line.explained.counted,
        ]
        for line in lines
    ]
    sums = [figure.counted, figure.minimum, figure.target] if figure else []
    return hashlib.sha256(json.dumps([month.isoformat(), said, sums]).encode()).hexdigest()


def signed_in(enrolment_id: EnrolmentId, month: date, digest: str) -> dict[Side, SignedHere]:
    """Return who signed a month, by side: under what it says now, else the last one before."""
    rows = db.session.execute(
        select(MonthSignOff, Person.name)
        .join(Person, Person.id == MonthSignOff.person_id)
        .where(MonthSignOff.enrolment_id == enrolment_id, MonthSignOff.month == month)
        .order_by(MonthSignOff.id)
    )
    found: dict[Side, SignedHere] = {}
    for row, name in rows:
        here = SignedHere(
            row.side,
            name_or_number(name, row.person_id),
            row.at,
            row.minutes,
            row.sessions,
            fresh=row.digest == digest,
        )
        if here.fresh or not (row.side in found and found[row.side].fresh):
            found[row.side] = here
    return found


def months_signed(book: BookHere, figures: Iterable[MonthFigure]) -> dict[date, frozenset[Side]]:
    """Return for each of these months which sides signed what it says now."""
    rows = db.session.execute(
        select(MonthSignOff.month, MonthSignOff.side, MonthSignOff.digest).where(
            MonthSignOff.enrolment_id == book.enrolment_id
        )
    ).all()
    if not rows:
        return {}
    logs = logs_of(book.enrolment_id, institute_id=book.institute_id)
    explained = explain_enrolment(book.enrolment_id)
    found: dict[date, frozenset[Side]] = {}
    for figure in figures:
        month = figure.first_day
        lines = _lines([log for log in logs if log.day.replace(day=1) == month], explained)
        digest = digest_of(lines, figure, month)
        found[month] = frozenset(side for of, side, seen in rows if (of, seen) == (month, digest))
    return found


def _lines(logs: Sequence[LogLine], explained: Mapping[SessionLogId, Explained]) -> tuple[BookLine, ...]:
    return tuple(
        BookLine(log, explained.get(log.id, Explained(log.minutes)))
        for log in reversed(logs)
        if log.state is not SessionState.VOIDED
    )
