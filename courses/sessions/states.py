"""The lawful ways of a session log, in one place."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from courses.sessions.models import SessionState

LOCKS_AFTER: Final = timedelta(days=7)

LAWFUL: Final[Mapping[SessionState, frozenset[SessionState]]] = {
    SessionState.DRAFT: frozenset({SessionState.DRAFT, SessionState.SUBMITTED, SessionState.VOIDED}),
    SessionState.SUBMITTED: frozenset(
        {SessionState.SUBMITTED, SessionState.CONFIRMED, SessionState.DISPUTED, SessionState.VOIDED}
    ),
    SessionState.DISPUTED: frozenset({SessionState.SUBMITTED, SessionState.VOIDED}),
    SessionState.CONFIRMED: frozenset({SessionState.LOCKED}),
    SessionState.LOCKED: frozenset(),
    SessionState.VOIDED: frozenset(),
}

# Somebody still has to do something about these.
OPEN: Final = frozenset({SessionState.DRAFT, SessionState.SUBMITTED, SessionState.DISPUTED})


def may_become(state: SessionState, wished: SessionState) -> bool:
    """Tell whether a lawful way leads from a state to another."""
    return wished in LAWFUL[state]


def seen_at(state: SessionState, confirmed_at: datetime | None, at: datetime) -> SessionState:
    """Return the state as it holds at ``at``: a confirmed log is locked once seven days have passed.

    Nothing but the lock follows a confirmation, so the row may say "confirmed" until somebody has use for it.
    """
    if state is SessionState.CONFIRMED and confirmed_at is not None and at >= confirmed_at + LOCKS_AFTER:
        return SessionState.LOCKED
    return state
