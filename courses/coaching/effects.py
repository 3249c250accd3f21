"""What a log changes once it is confirmed: worked out by the rules of hours, as if it were."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from courses.coaching.cases import Case
from courses.coaching.sheets import SessionFacts
from courses.hours.counting import Piece, sum_months, weigh
from courses.hours.explaining import policy_for
from courses.hours.figures import NOTHING
from courses.hours.months import month_of
from courses.hours.pieces import pieces_of, split
from courses.hours.policies import Policy
from courses.hours.queries import hours_of
from courses.sessions.models import SessionLogId, SessionState

NEWEST: Final = 2**62  # a log that has no id yet comes after all others


@dataclass(frozen=True, slots=True)
class Effect:
    """What a log changes once it is confirmed, in minutes of the month in which the session began.

    ``counted`` of its ``minutes`` count; the month has ``before`` and comes to ``after``; ``missing`` is what its
    minimum lacks then.
    """

    minutes: int
    counted: int
    month: date
    before: int
    after: int
    missing: int

    @property
    def counts(self) -> bool:
        """Whether any of it counts."""
        return self.counted > 0


def effect_of(case: Case, facts: SessionFacts, *, but: SessionLogId | None = None) -> Effect:
    """Return what a log with these facts would change; ``but`` is the log that they replace."""
    policy, month = policy_for(case.enrolment_id), month_of(facts.day)
    there = pieces_of([case.enrolment_id], policy).get(case.enrolment_id, [])
    others = [piece for piece in there if piece.log_id != but]
    mine = _pieces(facts, month, policy)
    weighed = weigh([*others, *mine], policy)
    before = sum_months(weigh(others, policy), policy).get(month, NOTHING)
    after = sum_months(weighed, policy).get(month, NOTHING)
    hours = hours_of(case.enrolment_id)
    figure = next((one for one in hours.months if one.first_day == month), None)
    asked, carried = (hours.minimum, 0) if figure is None else (figure.minimum, figure.carried)
    return Effect(
        minutes=facts.minutes,
        counted=sum(one.minutes for one in weighed if one.piece.log_id == NEWEST),
        month=month,
        before=before.counted,
        after=after.counted,
        missing=max(0, asked - after.filling - carried),
    )


def _pieces(facts: SessionFacts, month: date, policy: Policy) -> list[Piece]:
    whole = Piece(NEWEST, facts.start, month, SessionState.CONFIRMED, facts.kind, facts.mode, facts.minutes)
    return split(whole, facts.end, facts.zone) if policy.split_at_midnight else [whole]
