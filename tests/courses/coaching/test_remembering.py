"""Who remembers a session otherwise says from when to when, or in words, and the coach reads it."""

from __future__ import annotations

import pytest

from tests.courses.coaching.conftest import Pair
from tests.institute import post

TIMES = {"difference": "length", "begins": "15:30", "ends": "16:30"}


def dispute(pair: Pair, log_id: int, given: dict[str, str]) -> int:
    """Send the log back and return the status of the answer."""
    path = f"/participant/hours/{log_id}/dispute"
    return pair.participant.post(path, {"version": "1", **given}).status_code


def test_times_are_enough_and_stand_where_the_coach_corrects_the_log(pair: Pair) -> None:
    log_id = pair.log()
    assert dispute(pair, log_id, TIMES) == 303
    for path in (f"/coach/sessions/{log_id}", f"/coach/sessions/{log_id}/edit"):
        assert "I remember 15:30–16:30." in pair.coach.get(path).text
    (back,) = [one for one in post.deliver() if one["To"] == pair.coach_person.email]
    assert "I remember 15:30–16:30." in post.text_of(back)


@pytest.mark.parametrize(
    "given",
    [
        {"difference": "length"},
        {"difference": "length", "begins": "15:30"},
        {"difference": "time", "begins": "half past", "ends": "16:30"},
        {"difference": "time", "begins": "9" * 40, "ends": "\x00"},
        {"difference": "agreed", "begins": "15:30", "ends": "16:30"},
    ],
)
def test_times_that_are_none_or_not_asked_for_do_not_replace_words(pair: Pair, given: dict[str, str]) -> None:
    log_id = pair.log()
    assert dispute(pair, log_id, given) == 422
    assert dispute(pair, log_id, {**TIMES, "reason": "We stopped earlier."}) == 303
    assert "I remember 15:30–16:30. We stopped earlier." in pair.coach.get(f"/coach/sessions/{log_id}").text
