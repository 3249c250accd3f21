"""Saying of each session what was logged, what of it counts, and why the rest does not."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy import bindparam, select

from courses.cohorts.models import Cohort, Enrolment, EnrolmentId
from courses.hours.counting import Weighed, weigh
from courses.hours.figures import Reason, Why, added_up
from courses.hours.models import CoachingPolicy
from courses.hours.pieces import IS_SENT, LOG_COLUMNS, pieces_of, read_pieces
from courses.hours.policies import COLUMNS, Policy, read_policy
from courses.sessions.models import SessionLog, SessionLogId, SessionState
from institute.db import db
from institute.errors import NotFoundError

_POLICY: Final = (
    select(*COLUMNS)
    .select_from(Enrolment)
    .join(Cohort, Cohort.id == Enrolment.cohort_id)
    .outerjoin(CoachingPolicy, CoachingPolicy.programme_id == Cohort.programme_id)
    .where(Enrolment.id == bindparam("enrolment"))
)
_WITH_LOGS: Final = _POLICY.add_columns(*LOG_COLUMNS).outerjoin(
    SessionLog, (SessionLog.enrolment_id == Enrolment.id) & IS_SENT
)
_UNSENT: Final = {SessionState.DRAFT: Why.NOT_SENT, SessionState.VOIDED: Why.TAKEN_BACK}


@dataclass(frozen=True, slots=True)
class Explained:
    """A session's minutes: logged, counted, waiting to count, and by reason those that do not count.

    ``counted`` and what all reasons name make up ``logged``. Rounding concerns the sum of a month, no session.
    """

    logged: int
    counted: int = 0
    waiting: int = 0
    reasons: tuple[Reason, ...] = ()

    @property
    def refused(self) -> tuple[Reason, ...]:
        """The reasons that stand whether or not the session is confirmed."""
        return tuple(reason for reason in self.reasons if reason.why is not Why.WAITING)


def policy_for(enrolment_id: EnrolmentId) -> Policy:
    """Return what the programme of an enrolment asks for. Raises NotFoundError."""
    row = db.session.execute(_POLICY, {"enrolment": enrolment_id}).one_or_none()
    if row is None:
        raise NotFoundError
    return read_policy(*row)


def policy_and_weighed(enrolment_id: EnrolmentId) -> tuple[Policy, list[Weighed]]:
    """Return what the programme asks for, and the sent sessions with what counts of each, in one query.

    Raises NotFoundError.
    """
    rows = db.session.execute(_WITH_LOGS, {"enrolment": enrolment_id}).all()
    if not rows:
        raise NotFoundError
    policy = read_policy(*tuple(rows[0])[: len(COLUMNS)])
    pieces = [piece for row in rows if row.id is not None for piece in read_pieces(row, policy)]
    return policy, weigh(pieces, policy)


def weighed_of(enrolment_id: EnrolmentId, policy: Policy) -> list[Weighed]:
    """Return the sent sessions of an enrolment with what counts of each, by time, in one query."""
    return weigh(pieces_of([enrolment_id], policy).get(enrolment_id, ()), policy)


def explain_all(weighed: Iterable[Weighed]) -> Mapping[SessionLogId, Explained]:
    """Return what comes of each session, the two pieces of one that is split taken together."""
    parts: dict[SessionLogId, list[Weighed]] = defaultdict(list)
    for one in weighed:
        parts[SessionLogId(one.piece.log_id)].append(one)
    return {log_id: _explained(ones) for log_id, ones in parts.items()}


def explain_enrolment(enrolment_id: EnrolmentId) -> Mapping[SessionLogId, Explained]:
    """Return what comes of each sent session of an enrolment. Raises NotFoundError."""
    return explain_all(policy_and_weighed(enrolment_id)[1])


def explain(log_id: SessionLogId) -> Explained:
    """Return what comes of one session beside the others of its participant. Raises NotFoundError."""
    row = db.session.execute(
        select(SessionLog.enrolment_id, SessionLog.state, SessionLog.minutes).where(SessionLog.id == log_id)
    ).one_or_none()
    if row is None:
        raise NotFoundError
    if row.state in _UNSENT:
        return Explained(row.minutes, reasons=(Reason(_UNSENT[row.state], row.minutes),))
    return explain_enrolment(row.enrolment_id)[log_id]


def _explained(ones: list[Weighed]) -> Explained:
    waiting = sum(one.waiting for one in ones)
    reasons = [reason for one in ones for reason in one.reasons]
    return Explained(
        logged=sum(one.piece.minutes for one in ones),
        counted=sum(one.counted for one in ones),
        waiting=waiting,
        reasons=added_up(([Reason(Why.WAITING, waiting)] if waiting else []) + reasons),
    )
