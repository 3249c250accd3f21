"""The states of a submission and every lawful way between them. Whatever is not listed is refused."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class SubmissionState(StrEnum):
    """Where a submission stands. Text and files are frozen in every state but ``DRAFT``."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    SCREENING = "screening"
    RETURNED_UNSCORABLE = "returned_unscorable"
    IN_SCORING = "in_scoring"
    SCORED = "scored"
    ADJUDICATING = "adjudicating"
    ADJUDICATED = "adjudicated"
    RELEASED = "released"
    ACCEPTED = "accepted"
    REVISE = "revise"
    APPEALED = "appealed"
    UPHELD = "upheld"
    CHANGED = "changed"


LAWFUL: Final[Mapping[SubmissionState, frozenset[SubmissionState]]] = {
    SubmissionState.DRAFT: frozenset({SubmissionState.SUBMITTED}),
    SubmissionState.SUBMITTED: frozenset({SubmissionState.SCREENING}),
    SubmissionState.SCREENING: frozenset({SubmissionState.RETURNED_UNSCORABLE, SubmissionState.IN_SCORING}),
    SubmissionState.RETURNED_UNSCORABLE: frozenset(),
    # A rater may find a file that cannot be read after the first scores.
    SubmissionState.IN_SCORING: frozenset({SubmissionState.RETURNED_UNSCORABLE, SubmissionState.SCORED}),
    SubmissionState.SCORED: frozenset({SubmissionState.ADJUDICATING, SubmissionState.RELEASED}),
    # A third person may find what two raters overlooked.
    SubmissionState.ADJUDICATING: frozenset(
        {SubmissionState.ADJUDICATED, SubmissionState.RETURNED_UNSCORABLE}
    ),
    SubmissionState.ADJUDICATED: frozenset({SubmissionState.RELEASED}),
    SubmissionState.RELEASED: frozenset(
        {SubmissionState.ACCEPTED, SubmissionState.REVISE, SubmissionState.APPEALED}
    ),
    SubmissionState.ACCEPTED: frozenset(),
    SubmissionState.REVISE: frozenset(),
    SubmissionState.APPEALED: frozenset({SubmissionState.UPHELD, SubmissionState.CHANGED}),
    SubmissionState.UPHELD: frozenset({SubmissionState.REVISE}),
    SubmissionState.CHANGED: frozenset({SubmissionState.ACCEPTED, SubmissionState.REVISE}),
}

# After these another attempt may begin; every other submission is the one standing attempt of its requirement.
ENDED: Final = frozenset({SubmissionState.RETURNED_UNSCORABLE, SubmissionState.REVISE})

# Released without having passed, and what an appeal upheld: they stand until a new version begins, which ends them.
UNDECIDED: Final = frozenset({SubmissionState.RELEASED, SubmissionState.UPHELD})
SENT_BACK: Final = ENDED | UNDECIDED


def is_lawful(state: SubmissionState, wished: SubmissionState) -> bool:
    """Tell whether a submission may go from ``state`` to ``wished``."""
    return wished in LAWFUL[state]
