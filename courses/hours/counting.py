"""The rules of hours: what counts, what waits, what is only logged, and why. Whole minutes.

Limits hold per session, then per month, then in all; within a limit what is confirmed comes first, and the earlier
session before the later one. So the order in which sessions are entered changes nothing. Only the sum of a month is
ever rounded.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final, NamedTuple

from courses.hours.figures import MonthSum, Reason, Why
from courses.hours.models import Rounding
from courses.hours.policies import Period, Policy
from courses.sessions.models import Kind, Mode, SessionState

AGREED: Final = frozenset({SessionState.CONFIRMED, SessionState.LOCKED})
SENT: Final = frozenset({SessionState.SUBMITTED, SessionState.DISPUTED}) | AGREED
QUARTER: Final = 15


class Piece(NamedTuple):
    """A session's minutes in one month; a session that is split at midnight has two, the later with ``logs`` 0."""

    log_id: int
    at: datetime
    month: date
    state: SessionState
    kind: Kind
    mode: Mode
    minutes: int
    logs: int = 1


@dataclass(slots=True)
class Weighed:
    """A piece, the minutes of it that count (or would, once it is confirmed), and why the others do not."""

    piece: Piece
    minutes: int
    reasons: list[Reason] = field(default_factory=list)

    @property
    def counted(self) -> int:
        """The minutes that count."""
        return self.minutes if self.piece.state in AGREED else 0

    @property
    def waiting(self) -> int:
        """The minutes that count once the session is confirmed."""
        return self.minutes if self.piece.state is SessionState.SUBMITTED else 0

    def cut(self, minutes: int, why: Reason) -> None:
        """Let at most ``minutes`` count."""
        if minutes < self.minutes:
            self.reasons.append(why._replace(minutes=self.minutes - minutes))
            self.minutes = minutes


def weigh(pieces: Iterable[Piece], policy: Policy) -> list[Weighed]:
    """Return each piece that was sent with what counts of it, by time. Drafts and voided logs are no hours."""
    sent = sorted((one for one in pieces if one.state in SENT), key=lambda one: (one.at, one.log_id))
    weighed = [_begun(piece, policy) for piece in sent]
    if policy.caps:
        turns = [one for one in weighed if one.counted] + [one for one in weighed if one.waiting]
        for period in Period:
            _limit(turns, policy, period)
    return weighed


def _begun(piece: Piece, policy: Policy) -> Weighed:
    if piece.state is SessionState.DISPUTED:
        return Weighed(piece, 0, [Reason(Why.DISPUTED, piece.minutes)])
    if not policy.counts(piece.kind, piece.mode):
        return Weighed(piece, 0, [Reason(Why.KIND, piece.minutes)])
    return Weighed(piece, piece.minutes)


def _limit(turns: Sequence[Weighed], policy: Policy, period: Period) -> None:
    """Let the limits of a period hold, each taking from its budget what is let through."""
    caps = [cap for cap in policy.caps if cap.period is period]
    left: dict[tuple[int, object], int] = {}
    for one in turns if caps else ():
        piece = one.piece
        where = {Period.SESSION: piece.log_id, Period.MONTH: piece.month, Period.TOTAL: None}[period]
        held = [
            (number, cap) for number, cap in enumerate(caps) if cap.subject.covers(piece.kind, piece.mode)
        ]
        for number, cap in held:
            one.cut(left.setdefault((number, where), cap.minutes), Reason(Why.LIMIT, 0, cap))
        for number, _ in held:
            left[number, where] -= one.minutes


def sum_months(weighed: Iterable[Weighed], policy: Policy) -> dict[date, MonthSum]:
    """Return the sums of the months in which something was logged, rounded as the policy says.

    A disputed session is logged and waits for the coach: its minutes are neither counted nor waiting.
    """
    of_month: dict[date, list[Weighed]] = defaultdict(list)
    for one in weighed:
        of_month[one.piece.month].append(one)
    return {month: _sum(ones, policy) for month, ones in of_month.items()}


def _sum(ones: list[Weighed], policy: Policy) -> MonthSum:
    logged = counted = waiting = one_to_one = filling = filling_waiting = 0
    uncounted = capped = disputed = disputed_logs = 0
    for one in ones:
        piece, now_counted, now_waiting = one.piece, one.counted, one.waiting
        logged += piece.minutes
        counted += now_counted
        waiting += now_waiting
        one_to_one += now_counted * (piece.kind is Kind.ONE_TO_ONE)
        if policy.fills(piece.kind):
            filling += now_counted
            filling_waiting += now_waiting
        for why, minutes, _ in one.reasons:
            uncounted += minutes * (why is Why.KIND)
            capped += minutes * (why is Why.LIMIT)
            if why is Why.DISPUTED:
                disputed += minutes
                disputed_logs += piece.logs

    def rounded(minutes: int) -> int:
        return round_sum(minutes, policy.rounding, most=logged)

    return MonthSum(
        logged=logged,
        waiting=rounded(counted + waiting) - rounded(counted),
        counted=rounded(counted),
        one_to_one=rounded(one_to_one),
        filling=rounded(filling),
        filling_waiting=rounded(filling + filling_waiting) - rounded(filling),
        uncounted=uncounted,
        capped=capped,
        disputed=disputed,
        disputed_logs=disputed_logs,
    )


def round_sum(minutes: int, rounding: Rounding, *, most: int) -> int:
    """Return the sum of a month in quarters of an hour, where the policy rounds; never above ``most``, what was logged.

    Halfway between two quarters (7½ minutes) never occurs in whole minutes.
    """
    match rounding:
        case Rounding.NONE:
            return minutes
        case Rounding.DOWN:
            return minutes // QUARTER * QUARTER
        case Rounding.NEAREST:
            return min((minutes + QUARTER // 2) // QUARTER * QUARTER, most)
