"""A participant's hours in full, as the participant, the coach and the coordinator see them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from courses.coaching.queries import LogLine, logs_of
from courses.coaching.today import planned_blocks
from courses.cohorts.assigning import local_day
from courses.cohorts.models import EnrolmentId
from courses.cohorts.queries import EnrolmentHere, find_enrolment
from courses.hours.bars import Fill
from courses.hours.counting import Weighed
from courses.hours.excusing import Excuse, excuses_of
from courses.hours.explaining import Explained, explain_all, policy_and_weighed, policy_for, weighed_of
from courses.hours.figures import HoursFigures, MonthFigure
from courses.hours.flags import Flag, flags_of
from courses.hours.months import last_day, month_of
from courses.hours.policies import Policy
from courses.hours.queries import hours_of
from courses.sessions.models import SessionLogId
from institute.actors import Actor, InstituteId

LATEST: Final = 8  # sessions to show where no month is chosen
MONTHS: Final = 6  # months to show where not all are asked for
ALL_MONTHS: Final = "all"
Blocks = tuple[tuple[Fill, int], ...]


@dataclass(frozen=True, slots=True)
class MonthPanel:
    """A participant's present month. ``blocks`` are what fills its bar: what was carried over, then each session."""

    month: MonthFigure
    last_day: date
    blocks: Blocks
    excuse: Excuse | None
    planned: int = field(default=0, kw_only=True)
    """The minutes that are planned in the rest of the month, as the bar shows them."""

    @property
    def month_day(self) -> date:
        """The first day of the month."""
        return self.month.first_day


@dataclass(frozen=True, slots=True)
class Account(MonthPanel):
    """All of somebody's hours. ``shown`` are the sessions of the ``chosen`` month, or the latest ones of all.

    With ``whole`` every month is shown, and no session: the page stays small.
    """

    enrolment_id: EnrolmentId
    hours: HoursFigures
    policy: Policy
    explained: Mapping[SessionLogId, Explained]
    flags: Mapping[SessionLogId, tuple[Flag, ...]]
    excuses: Mapping[date, Excuse]
    waiting: tuple[LogLine, ...]
    shown: tuple[LogLine, ...]
    chosen: MonthFigure | None
    has_more: bool
    whole: bool

    @property
    def months(self) -> tuple[MonthFigure, ...]:
        """The months to show, the latest first: the last ones, or all of them where they were asked for."""
        return self.hours.months[::-1] if self.whole else self.hours.months[: -MONTHS - 1 : -1]

    @property
    def has_earlier(self) -> bool:
        """Whether there are months that are not shown."""
        return len(self.months) < len(self.hours.months)


@dataclass(frozen=True, slots=True)
class HoursPage:
    """A participant's own hours."""

    enrolment: EnrolmentHere
    account: Account


def hours_page(actor: Actor, *, month: str = "") -> HoursPage | None:
    """Return a participant's hours with the sessions of a month (2026-10), or None for somebody who is not enrolled."""
    enrolment = find_enrolment(actor)
    if enrolment is None:
        return None
    account = account_of(enrolment.id, institute_id=enrolment.institute_id, month=month)
    return HoursPage(enrolment, account)


def account_of(enrolment_id: EnrolmentId, *, institute_id: InstituteId, month: str = "") -> Account:
    """Return somebody's hours, with the sessions of a month (2026-10) if it is one of theirs. Raises NotFoundError."""
    hours, policy = hours_of(enrolment_id), policy_for(enrolment_id)
    lines = logs_of(enrolment_id, institute_id=institute_id)
    weighed = weighed_of(enrolment_id, policy)
    chosen = next((one for one in hours.months if f"{one.first_day:%Y-%m}" == month), None)
    settled = [line for line in lines if not line.waits]
    within = {one.piece.log_id for one in weighed if chosen and one.piece.month == chosen.first_day}
    latest = [] if month == ALL_MONTHS else settled[:LATEST]
    shown = [line for line in settled if line.id in within] if chosen else latest
    excuses = excuses_of(enrolment_id)
    return Account(
        month=hours.present,
        last_day=last_day(hours.present.first_day),
        blocks=month_blocks(weighed, hours.present, policy),
        excuse=excuses.get(hours.present.first_day),
        enrolment_id=enrolment_id,
        hours=hours,
        policy=policy,
        explained=explain_all(weighed),
        flags=flags_of(lines, policy),
        excuses=excuses,
        waiting=tuple(line for line in lines if line.waits),
        shown=tuple(shown),
        chosen=chosen,
        has_more=len(shown) < len(settled),
        whole=month == ALL_MONTHS,
    )


def month_panel(actor: Actor) -> MonthPanel | None:
    """Return the present month for a participant's home; None for somebody who is not enrolled."""
    enrolment = find_enrolment(actor)
    if enrolment is None:
        return None
    today = local_day(enrolment.timezone)
    month = hours_of(enrolment.id, today=today).present
    policy, weighed = policy_and_weighed(enrolment.id)
    planned = planned_blocks(enrolment, month.first_day)
    return MonthPanel(
        month=month,
        last_day=last_day(today),
        planned=sum(minutes for _, minutes in planned),
        blocks=(*month_blocks(weighed, month, policy), *planned),
        excuse=excuses_of(enrolment.id).get(month_of(today)) if month.excused else None,
    )


def month_blocks(weighed: list[Weighed], month: MonthFigure, policy: Policy) -> Blocks:
    """Return what fills a month's bar: what was carried over, confirmed sessions, those that wait; each by time."""
    these = [one for one in weighed if one.piece.month == month.first_day and policy.fills(one.piece.kind)]
    carried = [(Fill.CONFIRMED, month.carried)] if month.carried else []
    solid = [(Fill.CONFIRMED, one.counted) for one in these if one.counted]
    return (*carried, *solid, *((Fill.WAITING, one.waiting) for one in these if one.waiting))
