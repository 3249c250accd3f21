"""What the pages of amendments show: the change that waits, the form of one, a coordinator's list."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, select

from courses.coaching.amending import (
    AGREED,
    OTHERS_TURN_AFTER,
    Proposal,
    case_of,
    may_answer_in_place_from,
    open_amendment_of,
)
from courses.coaching.amending_errors import NotAgreedYetError
from courses.coaching.amending_letters import facts_before
from courses.coaching.differences import Change, differences
from courses.coaching.queries import LogLine, find_line
from courses.coaching.reading import clean
from courses.coaching.sheets import Checked, Sheet, sheet_of
from courses.coaching.storing import facts_of
from courses.cohorts.coordinating import seen_by
from courses.cohorts.models import Enrolment
from courses.sessions.models import (
    AmendmentState,
    Kind,
    SessionAmendment,
    SessionAmendmentId,
    SessionLog,
    SessionLogId,
    Side,
)
from institute.actors import Actor
from institute.clock import now
from institute.db import db
from institute.errors import DomainError, NotFoundError
from institute.people.models import Person
from institute.people.naming import name_or_number

# A session alone does not become one of a group: others would have to have been there.
KINDS: Final = tuple(kind for kind in Kind if kind is not Kind.GROUP)


@dataclass(frozen=True, slots=True)
class OpenAmendment:
    """A change that waits. ``mine`` tells that the reader proposed it, so the other side has to answer."""

    id: SessionAmendmentId
    who: str
    at: datetime
    reason: str
    changes: tuple[Change, ...]
    mine: bool


@dataclass(frozen=True, slots=True)
class AmendmentForm:
    """The form of a proposal about one log."""

    log: LogLine
    in_group: bool
    checked: Checked
    reason: str
    zone: str

    @property
    def summary(self) -> list[tuple[str, str]]:
        """What has to be mended, as (field, sentence)."""
        return [(name, problem.text) for name, problem in self.checked.problems.items()]


@dataclass(frozen=True, slots=True)
class WaitingAmendment:
    """A change as a coordinator sees it; ``due`` where the other side has let a week pass."""

    amendment: OpenAmendment
    log: LogLine
    answer_from: datetime
    due: bool
    own: bool
    problems: dict[str, DomainError] = field(default_factory=dict)


def open_amendment(log_id: SessionLogId, *, actor: Actor) -> OpenAmendment | None:
    """Return the change to a log that waits for an answer; the caller has checked whose log it is."""
    found = open_amendment_of(log_id, session=db.session())
    return None if found is None else _open(found, actor)


def may_amend(log: LogLine, waiting: OpenAmendment | None) -> bool:
    """Tell whether a change may be proposed: only to what both sides agreed on, and one at a time."""
    return log.state in AGREED and waiting is None


def amendment_form(
    log_id: SessionLogId,
    *,
    side: Side,
    actor: Actor,
    proposal: Proposal | None = None,
    checked: Checked | None = None,
) -> AmendmentForm:
    """Return the form of a proposal, as the log is or as it was typed.

    Raises NotFoundError, NotAgreedYetError.
    """
    whose = {"coach_id" if side is Side.COACH else "participant_id": actor.person_id}
    line = find_line(log_id, institute_id=actor.institute_id, **whose)
    if line.submitted_at is None:
        raise NotFoundError
    if line.state not in AGREED:
        raise NotAgreedYetError
    log = db.session.get_one(SessionLog, log_id)
    case = case_of(log, session=db.session())
    here = checked or Checked(sheet_of(replace(facts_of(log), zone=case.zone)))
    reason = proposal.reason if proposal else ""
    return AmendmentForm(line, log.kind is Kind.GROUP, here, reason, case.zone)


def read_proposal(form: dict[str, str]) -> Proposal:
    """Read a form; what it lacks is empty."""
    return Proposal(Sheet.of(form), clean(form.get("reason", "")))


def waiting_amendments(actor: Actor) -> list[WaitingAmendment]:
    """Return all changes that wait among those whom a coordinator sees, the longest waiting first."""
    rows = db.session.execute(
        select(SessionAmendment, SessionLog.coach_id, SessionLog.participant_id)
        .join(SessionLog, SessionLog.id == SessionAmendment.log_id)
        .join(Enrolment, Enrolment.id == SessionLog.enrolment_id)
        .where(
            SessionAmendment.institute_id == actor.institute_id,
            SessionAmendment.state == AmendmentState.PROPOSED,
            seen_by(actor),
        )
        .order_by(SessionAmendment.proposed_at, SessionAmendment.id)
    ).all()
    return [_waiting(amendment, {one, other}, actor) for amendment, one, other in rows]


def waiting_amendment(
    amendment_id: SessionAmendmentId, *, actor: Actor, problems: dict[str, DomainError] | None = None
) -> WaitingAmendment:
    """Return one of them. Raises NotFoundError if it waits no more, or is not the coordinator's to see."""
    for line in waiting_amendments(actor):
        if line.amendment.id == amendment_id:
            return replace(line, problems=problems or {})
    raise NotFoundError


@dataclass(frozen=True, slots=True)
class AskedLine:
    """A change that waits for the reader's answer; ``endpoint`` is the page of the session, on which it is given."""

    amendment: OpenAmendment
    log: LogLine
    endpoint: str


def asked_panel(actor: Actor) -> list[AskedLine] | None:
    """Return the changes that the other side proposed to a participant; None where there is none."""
    return _asked(actor, SessionLog.participant_id == actor.person_id, "participant_hours.detail")


def asked_coach_panel(actor: Actor) -> list[AskedLine] | None:
    """Return the changes that participants proposed to a coach; None where there is none."""
    return _asked(actor, SessionLog.coach_id == actor.person_id, "coach_sessions.detail")


def overdue_panel(actor: Actor) -> int | None:
    """Return how many changes nobody has answered for a week; None where there is none."""
    return sum(line.due for line in waiting_amendments(actor)) or None


def _asked(actor: Actor, mine: ColumnElement[bool], endpoint: str) -> list[AskedLine] | None:
    here = [] if actor.place is None else [Enrolment.cohort_id == actor.place]
    rows = db.session.scalars(
        select(SessionAmendment)
        .join(SessionLog, SessionLog.id == SessionAmendment.log_id)
        .join(Enrolment, Enrolment.id == SessionLog.enrolment_id)
        .where(
            SessionAmendment.institute_id == actor.institute_id,
            SessionAmendment.state == AmendmentState.PROPOSED,
            SessionAmendment.proposed_by != actor.person_id,
            mine,
            *here,
        )
        .order_by(SessionAmendment.id)
    ).all()
    lines = [
        AskedLine(_open(one, actor), find_line(one.log_id, institute_id=actor.institute_id), endpoint)
        for one in rows
    ]
    return lines or None


def _waiting(amendment: SessionAmendment, both: set[int], actor: Actor) -> WaitingAmendment:
    return WaitingAmendment(
        _open(amendment, actor),
        find_line(amendment.log_id, institute_id=actor.institute_id),
        may_answer_in_place_from(amendment),
        due=now() >= amendment.proposed_at + OTHERS_TURN_AFTER,
        own=actor.person_id in both,
    )


def _open(amendment: SessionAmendment, actor: Actor) -> OpenAmendment:
    name = db.session.get_one(Person, amendment.proposed_by).name
    return OpenAmendment(
        amendment.id,
        name_or_number(name, amendment.proposed_by),
        amendment.proposed_at,
        amendment.reason,
        tuple(differences(facts_before(amendment), amendment.facts, actor.institute_id)),
        mine=amendment.proposed_by == actor.person_id,
    )
