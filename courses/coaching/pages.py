"""What a participant's pages show of sessions: one of them, and those that wait."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from courses.coaching.amending_pages import OpenAmendment, may_amend, open_amendment
from courses.coaching.answering import Objection
from courses.coaching.histories import HistoryLine, history_of
from courses.coaching.queries import LogLine, find_line, logs_waiting_for
from courses.sessions.models import SessionLogId
from institute.actors import Actor
from institute.errors import DomainError

NOTHING: Final = Objection()


@dataclass(frozen=True, slots=True)
class SessionPage:
    """One session with its history; a participant's own ``objection`` where it lacked something."""

    log: LogLine
    history: list[HistoryLine]
    objection: Objection = NOTHING
    problems: Mapping[str, DomainError] = field(default_factory=dict)
    change: OpenAmendment | None = None

    @property
    def may_amend(self) -> bool:
        """Whether a change may be proposed."""
        return may_amend(self.log, self.change)

    @property
    def summary(self) -> list[tuple[str, str]]:
        """What the objection lacks, as (field, sentence)."""
        return [(name, problem.text) for name, problem in self.problems.items()]


def session_page(log_id: SessionLogId, *, actor: Actor) -> SessionPage:
    """Return a session that the participant took part in. Raises NotFoundError."""
    log = find_line(log_id, institute_id=actor.institute_id, participant_id=actor.person_id)
    return SessionPage(log, history_of(log_id, drafts=False), change=open_amendment(log_id, actor=actor))


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
