"""The states of applications and awards and every lawful way between them. Whatever is not listed is refused."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class ApplicationState(StrEnum):
    """Where an application stands. Before somebody applies there is none: what is missing is computed."""

    UNDER_REVIEW = "under_review"
    RETURNED = "returned"
    DENIED = "denied"
    APPEALED = "appealed"
    APPROVED = "approved"
    AWARDED = "awarded"


APPLICATION_WAYS: Final[Mapping[ApplicationState, frozenset[ApplicationState]]] = {
    ApplicationState.UNDER_REVIEW: frozenset(
        {ApplicationState.RETURNED, ApplicationState.DENIED, ApplicationState.APPROVED}
    ),
    ApplicationState.RETURNED: frozenset({ApplicationState.UNDER_REVIEW}),
    ApplicationState.DENIED: frozenset({ApplicationState.APPEALED}),
    ApplicationState.APPEALED: frozenset({ApplicationState.UNDER_REVIEW, ApplicationState.DENIED}),
    ApplicationState.APPROVED: frozenset({ApplicationState.AWARDED}),
    ApplicationState.AWARDED: frozenset(),
}

# Of these a person has one at most for a level.
OPEN: Final = frozenset(
    {
        ApplicationState.UNDER_REVIEW,
        ApplicationState.RETURNED,
        ApplicationState.APPEALED,
        ApplicationState.APPROVED,
    }
)


class AwardStatus(StrEnum):
    """What the public is told of a certificate."""

    VALID = "valid"
    SUSPENDED = "suspended"
    REVOKED = "revoked"
    SUPERSEDED = "superseded"
    EXPIRED = "expired"


AWARD_WAYS: Final[Mapping[AwardStatus, frozenset[AwardStatus]]] = {
    AwardStatus.VALID: frozenset(
        {AwardStatus.SUSPENDED, AwardStatus.REVOKED, AwardStatus.SUPERSEDED, AwardStatus.EXPIRED}
    ),
    AwardStatus.SUSPENDED: frozenset({AwardStatus.VALID, AwardStatus.REVOKED, AwardStatus.EXPIRED}),
    AwardStatus.REVOKED: frozenset(),
    AwardStatus.SUPERSEDED: frozenset(),
    AwardStatus.EXPIRED: frozenset(),
}

# Of these a person has one at most for a level.
STANDING: Final = frozenset({AwardStatus.VALID, AwardStatus.SUSPENDED})


class ReasonClass(StrEnum):
    """Why an award was suspended or revoked, as the public reads it. What exactly happened stays inside."""

    ISSUED_IN_ERROR = "issued_in_error"
    RULES_NOT_MET = "rules_not_met"
    MISCONDUCT = "misconduct"
    HOLDER_ASKED = "holder_asked"
    UNDER_REVIEW = "under_review"
    OTHER = "other"
    CORRECTED = "corrected"
    RENEWED = "renewed"
    LAPSED = "lapsed"


# Those that somebody chooses; the others follow from what happened.
GIVEN: Final = frozenset(ReasonClass) - {ReasonClass.CORRECTED, ReasonClass.RENEWED, ReasonClass.LAPSED}
