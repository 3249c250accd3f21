"""The participant's answer: yes, it was so; or no, and what was different. Nobody confirms what they wrote."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Self

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from courses.coaching import errors
from courses.coaching.letters import tell_disputed
from courses.coaching.reading import clean, time_in
from courses.coaching.storing import change_version
from courses.coaching.writing import refuse_unlawful
from courses.hours.telling import tell_hours_changed
from courses.sessions.models import (
    REASON_LENGTH,
    Difference,
    SessionAnswer,
    SessionLog,
    SessionLogId,
    SessionState,
    Verdict,
)
from institute import audit
from institute.actors import Actor
from institute.clock import now
from institute.db import transaction
from institute.errors import DomainError, NotFoundError

AGREED: Final = (SessionState.CONFIRMED, SessionState.LOCKED)
WITH_TIMES: Final = (Difference.TIME, Difference.LENGTH)
DIGITS: Final = 9
MOST_SHOWN: Final = 500


@dataclass(frozen=True, slots=True)
class Objection:
    """What a participant typed who remembers a session otherwise."""

    difference: str = ""
    reason: str = ""
    begins: str = ""
    ends: str = ""

    @classmethod
    def of(cls, form: Mapping[str, str]) -> Self:
        """Read a form; what it lacks is empty."""
        return cls(*(clean(form.get(name, "")) for name in ("difference", "reason", "begins", "ends")))

    @property
    def names_times(self) -> bool:
        """Whether it says from when to when, which is as good as words where the times are what is different."""
        return self.difference in WITH_TIMES and bool(self.begins or self.ends)

    @property
    def remembered(self) -> tuple[str, str]:
        """From when to when it says that the session lasted, as "15:30"; empty where it says nothing of that."""
        begins, ends = time_in(self.begins), time_in(self.ends)
        if not self.names_times or begins is None or ends is None:
            return "", ""
        return f"{begins:%H:%M}", f"{ends:%H:%M}"

    def problems(self) -> dict[str, DomainError]:
        """Return what has to be mended, by field."""
        found: dict[str, DomainError] = {}
        if self.difference not in list(Difference):
            found["difference"] = errors.DifferenceMissingError()
        for name in ("begins", "ends") if self.names_times else ():
            if time_in(getattr(self, name)) is None:
                found[name] = errors.TimeMissingError()
        if not self.reason and not self.names_times and self.difference != Difference.NOT_HELD:
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


@dataclass(frozen=True, slots=True)
class SeveralAnswered:
    """What came of confirming several: how many are confirmed by now, and which of them wait in another version."""

    confirmed: int
    changed: tuple[SessionLogId, ...]


def confirm_several(shown: Iterable[tuple[SessionLogId, int]], *, actor: Actor) -> SeveralAnswered:
    """Confirm each of the sessions that were shown, (id, version), and that still say what was shown.

    What was changed, answered or taken back meanwhile stays as it is, and is told. What is not the actor's, or was
    logged by the actor, is passed over.
    """
    confirmed, changed = 0, []
    with transaction() as session:
        for log_id, version in sorted(set(shown)):
            log = session.scalar(_mine(log_id, actor))
            if log is None or log.author_id == actor.person_id:
                continue
            if log.state in AGREED:
                confirmed += 1
            elif log.state is SessionState.SUBMITTED and log.version == version:
                confirm_session(log_id, version=version, actor=actor)
                confirmed += 1
            else:
                changed.append(log_id)
    return SeveralAnswered(confirmed, tuple(changed))


def read_shown(values: Iterable[str]) -> list[tuple[SessionLogId, int]]:
    """Return the sessions that a page showed, from the values "id:version" of its form; others are left out."""
    found = []
    for value in values:
        log_id, _colon, version = value.partition(":")
        if all(one.isascii() and one.isdigit() and len(one) <= DIGITS for one in (log_id, version)):
            found.append((SessionLogId(int(log_id)), int(version)))
    return found[:MOST_SHOWN]


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
    log = session.scalar(_mine(log_id, actor))
    if log is None:
        raise NotFoundError
    return log


def _mine(log_id: SessionLogId, actor: Actor) -> Select[SessionLog]:
    return (
        select(SessionLog)
        .where(
            SessionLog.id == log_id,
            SessionLog.institute_id == actor.institute_id,
            SessionLog.participant_id == actor.person_id,
            SessionLog.submitted_at.is_not(None),
        )
        .with_for_update()
    )


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
            begins=objection.remembered[0] if objection else "",
            ends=objection.remembered[1] if objection else "",
            person_id=actor.person_id,
            at=now(),
        )
    )
    session.flush()
