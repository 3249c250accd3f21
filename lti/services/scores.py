"""A score as it goes to a platform (AGS 2.0, "Score publish service"). Numbers are exact until they are written."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from lti.services.connector import PlatformConnector
from lti.services.lineitems import append_to_path
from lti.services.scopes import SCORE, SCORE_TYPE

Exact = int | Fraction | Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class ScorePayload:
    """What one person has reached, and when.

    ``given`` and ``maximum`` are exact and finite, ``maximum`` positive, ``given`` between 0 and it. ``timestamp`` is
    the moment of sending that platforms compare; ``submitted_at`` is when the work was done. ``comment`` is sent
    every time: a platform clears it when a later score is silent. ``complete`` tells whether the work is done; None
    means at the full score. Raises ValueError for anything else.
    """

    user_id: str
    given: Exact
    maximum: Exact
    timestamp: datetime
    submitted_at: datetime
    comment: str | None = None
    complete: bool | None = None

    def __post_init__(self) -> None:
        """Refuse what no platform should be sent."""
        given, maximum = _exact(self.given), _exact(self.maximum)
        if maximum <= 0 or not 0 <= given <= maximum:
            raise ValueError("a score lies between 0 and its maximum")
        if not self.user_id:
            raise ValueError("a score belongs to somebody")
        if self.timestamp.tzinfo is None or self.submitted_at.tzinfo is None:
            raise ValueError("instants are aware")

    def as_json(self) -> dict[str, Any]:
        """Return the message, with whole numbers: a third of 1 goes out as 1 of 3, not as 0.333.

        Work that goes on is InProgress, work that is done Completed; the grading is always FullyGraded, because
        platforms clear the grade at anything less.
        """
        given, maximum = _exact(self.given), _exact(self.maximum)
        unit = given.denominator * maximum.denominator
        if given.denominator == maximum.denominator == 1:
            unit = 1
        message: dict[str, Any] = {
            "userId": self.user_id,
            "scoreGiven": int(given * unit),
            "scoreMaximum": int(maximum * unit),
            "activityProgress": "Completed" if self._is_complete() else "InProgress",
            "gradingProgress": "FullyGraded",
            "timestamp": _instant(self.timestamp),
            "submission": {"submittedAt": _instant(self.submitted_at)},
        }
        if self.comment:
            message["comment"] = self.comment
        return message

    def _is_complete(self) -> bool:
        return _exact(self.given) == _exact(self.maximum) if self.complete is None else self.complete


def post_score(connector: PlatformConnector, line_item_url: str, payload: ScorePayload) -> None:
    """Send a score. Raises ServiceError; StaleError if the platform holds a later timestamp."""
    connector.request(
        "POST",
        append_to_path(line_item_url, "scores"),
        scopes=(SCORE,),
        accept="*/*",
        content=json.dumps(payload.as_json()).encode(),
        content_type=SCORE_TYPE,
        read=False,
    )


def _exact(number: Any) -> Fraction:
    if isinstance(number, bool) or not isinstance(number, int | Fraction | Decimal):
        raise ValueError("a score is an exact number")  # noqa: TRY004  (one kind of refusal for all of them)
    if isinstance(number, Decimal) and not number.is_finite():
        raise ValueError("a score is finite")
    return Fraction(number)


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
