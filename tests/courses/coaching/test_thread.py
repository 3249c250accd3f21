"""A session from the coach's form to counted hours: logged, confirmed, disputed, corrected, taken back."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from courses.hours.events import HoursChanged
from courses.hours.queries import hours_of
from courses.sessions.models import SessionAnswer, SessionLog, SessionRevision, SessionState
from institute import events
from tests.courses.coaching.conftest import NEW, Pair, sheet

Read = Callable[[int], SessionLog]


@pytest.fixture
def heard(app: Flask) -> list[HoursChanged]:
    """What the room tells others in this test."""
    told: list[HoursChanged] = []
    events.subscribe(app, HoursChanged, told.append)
    return told


def test_a_logged_session_waits_and_a_confirmed_one_counts(
    pair: Pair, stored: Read, heard: list[HoursChanged]
) -> None:
    log_id = pair.log()
    hours = hours_of(pair.enrolment_id)
    assert (hours.logged, hours.waiting, hours.counted) == (75, 75, 0)
    page = pair.participant.get(f"/participant/hours/{log_id}").text
    assert "Did this session happen like this?" in page
    assert "Yes, confirm 75 minutes" in page
    assert stored(log_id).state is SessionState.SUBMITTED
    assert pair.answer(log_id) == 303
    hours = hours_of(pair.enrolment_id)
    assert (hours.logged, hours.waiting, hours.counted, hours.one_to_one) == (75, 0, 75, 75)
    assert stored(log_id).confirmed_by == pair.participant_person.id
    assert [one.enrolment_id for one in heard] == [pair.enrolment_id] * 2


def test_looking_never_decides(pair: Pair, stored: Read) -> None:
    log_id = pair.log()
    for path in (f"/participant/hours/{log_id}", "/participant/hours/", "/participant/", "/coach/sessions/"):
        pair.participant.get(path)
    assert pair.participant.get(f"/participant/hours/{log_id}/confirm").status_code == 405
    assert stored(log_id).state is SessionState.SUBMITTED


def test_confirming_twice_is_harmless(pair: Pair, session: Session, heard: list[HoursChanged]) -> None:
    log_id = pair.log()
    assert [pair.answer(log_id), pair.answer(log_id)] == [303, 303]
    assert hours_of(pair.enrolment_id).counted == 75
    assert len(session.scalars(select(SessionAnswer)).all()) == 1
    assert len(heard) == 2


def test_a_dispute_says_what_is_different_and_goes_back_to_the_coach(
    pair: Pair, stored: Read, session: Session
) -> None:
    log_id = pair.log()
    assert pair.answer(log_id, "dispute", difference="length", reason="It was 45 minutes") == 303
    assert stored(log_id).state is SessionState.DISPUTED
    hours = hours_of(pair.enrolment_id)
    assert (hours.logged, hours.waiting, hours.counted, hours.disputed) == (75, 0, 0, 1)
    board = pair.coach.get("/coach/sessions/").text
    assert "It was 45 minutes" in board
    form = pair.coach.get(f"/coach/sessions/{log_id}/edit")
    assert form.status_code == 200
    assert "It was 45 minutes" in form.text
    changed = sheet(ends="16:15", version="2")
    assert pair.coach.post(f"/coach/sessions/{log_id}/edit", changed).status_code == 303
    assert (stored(log_id).minutes, stored(log_id).version) == (45, 3)
    assert pair.answer(log_id, version=3) == 303
    assert hours_of(pair.enrolment_id).counted == 45
    assert [one.version for one in session.scalars(select(SessionRevision))] == [1, 3]
    assert [one.version for one in session.scalars(select(SessionAnswer))] == [1, 3]
    page = pair.participant.get(f"/participant/hours/{log_id}").text
    assert "45 min instead of 1 h 15 min" in page


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"difference": "length"},
        {"reason": "It was shorter"},
        {"difference": "nonsense", "reason": "x"},
        {"difference": "length", "reason": "x" * 1001},
        {"difference": "length", "reason": "\0 \n"},
    ],
)
def test_a_dispute_that_lacks_something_keeps_what_was_typed(
    pair: Pair, stored: Read, given: dict[str, str]
) -> None:
    log_id = pair.log()
    answer = pair.participant.post(f"/participant/hours/{log_id}/dispute", {"version": "1", **given})
    assert answer.status_code == 422
    assert given.get("reason", "").strip("\0 \n") in answer.text
    assert stored(log_id).state is SessionState.SUBMITTED


def test_a_session_that_did_not_take_place_needs_no_more_words(pair: Pair, stored: Read) -> None:
    log_id = pair.log()
    assert pair.answer(log_id, "dispute", difference="not_held") == 303
    assert stored(log_id).state is SessionState.DISPUTED


def test_a_draft_is_the_coach_s_alone_and_counts_for_nothing(pair: Pair, stored: Read) -> None:
    log_id = pair.log(wish="draft", next_steps="")
    assert stored(log_id).state is SessionState.DRAFT
    assert hours_of(pair.enrolment_id).logged == 0
    assert pair.participant.get(f"/participant/hours/{log_id}").status_code == 404
    assert pair.answer(log_id) == 404
    assert pair.coach.post(f"/coach/sessions/{log_id}/edit", sheet(version="1")).status_code == 303
    assert stored(log_id).state is SessionState.SUBMITTED


def test_a_log_taken_back_counts_for_nothing_and_frees_its_time(
    pair: Pair, stored: Read, heard: list[HoursChanged]
) -> None:
    log_id = pair.log()
    address = f"/coach/sessions/{log_id}/void"
    assert pair.coach.post(address, {"version": "1"}).status_code == 303
    assert pair.coach.post(address, {"version": "1"}).status_code == 303
    assert stored(log_id).state is SessionState.VOIDED
    assert hours_of(pair.enrolment_id).logged == 0
    assert len(heard) == 2
    assert pair.answer(log_id, version=2) == 409
    assert pair.log() != log_id


def test_what_both_agreed_on_changes_no_more(pair: Pair, stored: Read) -> None:
    log_id = pair.log()
    pair.answer(log_id)
    assert pair.coach.get(f"/coach/sessions/{log_id}/edit").status_code == 409
    assert pair.coach.post(f"/coach/sessions/{log_id}/edit", sheet(version="2")).status_code == 409
    assert pair.coach.post(f"/coach/sessions/{log_id}/void", {"version": "2"}).status_code == 409
    assert pair.answer(log_id, "dispute", version=2, difference="length", reason="no") == 409
    assert stored(log_id).state is SessionState.CONFIRMED


def test_looking_what_a_log_would_change_writes_nothing(pair: Pair, session: Session) -> None:
    for wish in ("look", "", "nonsense"):
        answer = pair.coach.post(f"{NEW}/{pair.enrolment_id}", sheet(wish=wish))
        assert answer.status_code == 200
        assert "1 h 15 min once it is confirmed" in answer.text
    assert session.scalars(select(SessionLog)).all() == []


def test_a_new_log_comes_filled_in_from_the_segment_s_plan_and_the_last_session(pair: Pair) -> None:
    pair.log(next_steps="Share the vision draft", mode="video")
    page = pair.coach.get(f"{NEW}/{pair.enrolment_id}").text
    assert "Share the vision draft" in page
    assert "Look back together" in page
    assert "Do not assess today" not in page
    assert 'value="2026-10-14"' in page
    assert 'value="11:15"' in page  # 45 minutes, as planned, until noon
    assert 'value="12:00"' in page
    assert 'name="mode" value="video" checked' in page
