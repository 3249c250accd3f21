"""The states of a submission in words and signs, the same everywhere."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from certificates.evidence.states import SubmissionState
from institute.i18n import pgettext

_WAITS: Final = ("plain", "hourglass-split")
_NOTE: Final = ("note", "info-circle")
_ASKS: Final = ("ask", "exclamation-triangle")
_WRITE: Final = ("ask", "pencil")
# The kind of chip and its icon, as the look defines them.
_SIGNS: Final[dict[SubmissionState | None, tuple[str, str]]] = {
    None: _WRITE,
    SubmissionState.DRAFT: _WRITE,
    SubmissionState.SUBMITTED: ("plain", "send"),
    SubmissionState.SCREENING: _WAITS,
    SubmissionState.RETURNED_UNSCORABLE: _ASKS,
    SubmissionState.IN_SCORING: _WAITS,
    SubmissionState.SCORED: _WAITS,
    SubmissionState.ADJUDICATING: _WAITS,
    SubmissionState.ADJUDICATED: _WAITS,
    SubmissionState.RELEASED: _NOTE,
    SubmissionState.ACCEPTED: ("ok", "check-circle"),
    SubmissionState.REVISE: _ASKS,
    SubmissionState.APPEALED: _WAITS,
    SubmissionState.UPHELD: _NOTE,
    SubmissionState.CHANGED: _NOTE,
}


@dataclass(frozen=True, slots=True)
class StateSign:
    """A state as its owner reads it: words, and the chip's kind and icon."""

    words: str
    kind: str
    icon: str


def sign_of(state: SubmissionState | None) -> StateSign:
    """Return how a state is shown; None is a requirement for which nothing was begun."""
    return StateSign(say_state(state), *_SIGNS[state])


def say_state(state: SubmissionState | None) -> str:
    """Return a submission's state in words for the reader."""
    being_scored = pgettext("submission", "Being scored")
    words = {
        None: pgettext("submission", "Not started"),
        SubmissionState.DRAFT: pgettext("submission", "Draft"),
        SubmissionState.SUBMITTED: pgettext("submission", "Submitted"),
        SubmissionState.SCREENING: pgettext("submission", "Being checked"),
        SubmissionState.RETURNED_UNSCORABLE: pgettext("submission", "Returned"),
        SubmissionState.RELEASED: pgettext("submission", "Scores released"),
        SubmissionState.ACCEPTED: pgettext("submission", "Accepted"),
        SubmissionState.REVISE: pgettext("submission", "New version wanted"),
        SubmissionState.APPEALED: pgettext("submission", "Appealed"),
        SubmissionState.UPHELD: pgettext("submission", "Score upheld"),
        SubmissionState.CHANGED: pgettext("submission", "Score changed"),
    }
    return words.get(state, being_scored)
