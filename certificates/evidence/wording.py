"""The states of a submission in words and signs, the same everywhere."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from certificates.evidence.models import Owner
from certificates.evidence.states import SENT_BACK, SubmissionState
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
    SubmissionState.RELEASED: _ASKS,
    SubmissionState.ACCEPTED: ("ok", "check-circle"),
    SubmissionState.REVISE: _ASKS,
    SubmissionState.APPEALED: _WAITS,
    SubmissionState.UPHELD: _ASKS,
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


def say_owner(owner: Owner, *, to: Owner = Owner.CANDIDATE) -> str:
    """Return whose it is to hand something in, in words for a reader who is one of them."""
    match owner:
        case Owner.CANDIDATE:
            if to is Owner.CANDIDATE:
                return pgettext("who hands in", "You")
            return pgettext("who hands in", "The participant")
        case Owner.COACH:
            if to is Owner.COACH:
                return pgettext("who hands in", "You")
            return pgettext("who hands in", "The coach")
        case Owner.OFFICE:
            return pgettext("who hands in", "The office")


def say_to_coach(state: SubmissionState | None) -> str:
    """Return where a participant's evidence stands in the few words that their coach reads."""
    if state is None or state is SubmissionState.DRAFT:
        return pgettext("submission", "Not handed in yet")
    if state is SubmissionState.SUBMITTED:
        return pgettext("submission", "Handed in")
    if state is SubmissionState.ACCEPTED:
        return pgettext("submission", "Accepted")
    if state in SENT_BACK:
        return pgettext("submission", "To be revised")
    return pgettext("submission", "Being read")
