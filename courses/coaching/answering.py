"""The participant's answer: yes, it was so; or no, and what was different. Nobody confirms what they wrote."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Self

from sqlalchemy import select
from sqlalchemy.orm import Session

from courses.coaching import errors
from courses.coaching.letters import tell_disputed
from courses.coaching.models import (
    REASON_LENGTH,
    Difference,
    SessionAnswer,
    SessionLog,
    SessionLogId,
    SessionState,
    Verdict,
)
from courses.coaching.sheets import clean
from courses.coaching.telling import tell_hours_changed
from courses.coaching.writing import change_version, refuse_unlawful
from institute import audit
from institute.actors import Actor
from institute.clock import now
from institute.db import transaction
from institute.errors import DomainError, NotFoundError

AGREED: Final = (SessionState.CONFIRMED, SessionState.LOCKED)
DIGITS: Final = 9


@dataclass(frozen=True, slots=True)
class Objection:
    """What a participant typed who remembers a session otherwise."""

    difference: str = ""
    reason: str = ""

    @classmethod
    def of(cls, form: Mapping[str, str]) -> Self:
        """Read a form; what it lacks is empty."""
        return cls(clean(form.get("difference", "")), clean(form.get("reason", "")))

    def problems(self) -> dict[str, DomainError]:
        """Return what has to be mended, by field."""
        found: dict[str, DomainError] = {}
        if self.difference not in list(Difference):
            found["difference"] = errors.DifferenceMissingError()
        if not self.reason and self.difference != Difference.NOT_HELD:
            found["reason"] = errors.ReasonMissingError()
        elif len(self.reason) > REASON_LENGTH:
            found["reason"] = errors.TextTooLongError(length=len(self.reason), most=REASON_LENGTH)
        return found


def read_version(form: Mapping[str, str]) -> int:
    """Return the version that a form was made from, 0 where it says none."""
    text = form.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= DIGITS else 0


def confirm_session(log_id: SessionLogId, *, version: int, actor: Actor) -> None:
    """Confirm a session that the actor took part in and did not log. A second time changes nothing.

    ``version`` is the one that the participant saw. Raises NotFoundError, OwnLogError, SessionChangedError if the
    coach changed it meanwhile, SessionClosedError if it waits for nobody's answer.
    """
    with transaction() as session:
        log = _shared_log(log_id, actor=actor, session=session)
        if log.state in AGREED:
            return
        _refuse_own(log, actor)
        refuse_unlawful(log, SessionState.CONFIRMED)
        if log.version != version:
            raise errors.SessionChangedError
        enrolment_id = log.enrolment_id
        agreed = {"state": SessionState.CONFIRMED, "confirmed_at": now(), "confirmed_by": actor.person_id}
        change_version(log, agreed, session=session)
        _keep(log_id, version, Verdict.CONFIRMED, None, actor=actor, session=session)
        audit.record("session.confirmed", actor=actor, subject=("session_log", log_id))
        tell_hours_changed(enrolment_id, session=session)


def dispute_session(
    log_id: SessionLogId, objection: Objection, *, version: int, actor: Actor
) -> dict[str, DomainError]:
    """Send a log back to the coach with what is different; return what the objection lacks, by field.

    Raises as ``confirm_session``.
    """
    with transaction() as session:
        log = _shared_log(log_id, actor=actor, session=session)
        _refuse_own(log, actor)
        refuse_unlawful(log, SessionState.DISPUTED)
        if log.version != version:
            raise errors.SessionChangedError
        problems = objection.problems()
        if problems:
            return problems
        enrolment_id, coach_id = log.enrolment_id, log.coach_id
        change_version(log, {"state": SessionState.DISPUTED}, session=session)
        _keep(log_id, version, Verdict.DISPUTED, objection, actor=actor, session=session)
        audit.record("session.disputed", actor=actor, subject=("session_log", log_id))
        tell_hours_changed(enrolment_id, session=session)
        tell_disputed(log_id, coach_id, institute_id=actor.institute_id)
        return {}


def _shared_log(log_id: SessionLogId, *, actor: Actor, session: Session) -> SessionLog:
    """Return a log that the participant may read: theirs, and sent. Raises NotFoundError."""
    log = session.scalar(
        select(SessionLog)
        .where(
            SessionLog.id == log_id,
            SessionLog.institute_id == actor.institute_id,
            SessionLog.participant_id == actor.person_id,
            SessionLog.submitted_at.is_not(None),
        )
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if log is None:
        raise NotFoundError
    return log


def _refuse_own(log: SessionLog, actor: Actor) -> None:
    if log.author_id == actor.person_id:
        raise errors.OwnLogError


def _keep(
    log_id: SessionLogId,
    version: int,
    verdict: Verdict,
    objection: Objection | None,
    *,
    actor: Actor,
    session: Session,
) -> None:
    if actor.person_id is None:
        raise NotFoundError
    session.add(
        SessionAnswer(
            institute_id=actor.institute_id,
            log_id=log_id,
            version=version,
            verdict=verdict,
            difference=Difference(objection.difference) if objection else None,
            reason=objection.reason if objection else "",
            person_id=actor.person_id,
            at=now(),
        )
    )
    session.flush()
