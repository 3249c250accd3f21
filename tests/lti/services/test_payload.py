"""A score is exact and finite, or it is refused before it leaves the house."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from lti.services.scores import ScorePayload

AT = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)


def payload(given: Any, maximum: Any, **more: Any) -> ScorePayload:
    """Make a payload for somebody, now."""
    facts = {"user_id": "somebody", "timestamp": AT, "submitted_at": AT, **more}
    return ScorePayload(given=given, maximum=maximum, **facts)


@pytest.mark.parametrize(
    ("given", "maximum"),
    [
        (True, 1),
        (1, True),
        (float("nan"), 1),
        (0.5, 1),
        (Decimal("NaN"), 1),
        (Decimal("Infinity"), 1),
        (1, float("inf")),
        ("1", 1),
        (None, 1),
        (1, 0),
        (-1, 1),
        (2, 1),
    ],
)
def test_what_is_no_exact_share_of_a_maximum_is_refused(given: Any, maximum: Any) -> None:
    with pytest.raises(ValueError, match="score"):
        payload(given, maximum)


@pytest.mark.parametrize(
    ("given", "maximum", "sent"),
    [
        (3, 7, (3, 7)),
        (Fraction(1, 3), 1, (1, 3)),
        (Decimal("12.5"), 60, (25, 120)),
        (0, 5, (0, 5)),
        (Fraction(2), Fraction(4), (2, 4)),
    ],
)
def test_a_share_goes_out_as_whole_numbers(given: Any, maximum: Any, sent: tuple[int, int]) -> None:
    message = payload(given, maximum).as_json()
    assert (message["scoreGiven"], message["scoreMaximum"]) == sent


def test_a_comment_is_sent_with_every_score_that_has_one() -> None:
    assert payload(1, 2, comment="Well done").as_json()["comment"] == "Well done"
    assert "comment" not in payload(1, 2).as_json()


def test_instants_go_out_in_utc_and_must_be_aware() -> None:
    assert payload(1, 2).as_json()["timestamp"] == "2026-11-22T09:30:00.000Z"
    with pytest.raises(ValueError, match="aware"):
        payload(1, 2, timestamp=AT.replace(tzinfo=None))
