"""Two browsers at once, a late save, a stale page: one wins, the other is told, nothing is lost or counted twice."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from courses.coaching.locking import lock_logs
from courses.coaching.queries import find_line
from courses.hours.queries import hours_of
from courses.sessions.models import SessionAnswer, SessionLog, SessionLogId, SessionRevision, SessionState
from institute import clock
from institute.actors import Actor
from institute.db import transaction
from tests.courses.coaching.conftest import NEW, Pair, sheet

Read = Callable[[int], SessionLog]
WEEK = 7 * 24 * 3600


def together(*calls: Callable[[], int]) -> list[int]:
    """Make requests at the same time and return their statuses in order."""
    with ThreadPoolExecutor(len(calls)) as pool:
        return [future.result() for future in [pool.submit(call) for call in calls]]


@pytest.mark.every_value
@pytest.mark.parametrize("_attempt", range(3))
def test_confirming_and_revising_at_once_lets_one_win(pair: Pair, stored: Read, _attempt: int) -> None:
    log_id = pair.log()
    changed = sheet(ends="16:30", version="1")
    confirmed, revised = together(
        lambda: pair.answer(log_id),
        lambda: pair.coach.post(f"/coach/sessions/{log_id}/edit", changed).status_code,
    )
    assert sorted([confirmed, revised]) == [303, 409]
    log, hours = stored(log_id), hours_of(pair.enrolment_id)
    if confirmed == 303:
        assert (log.state, log.minutes, hours.counted, hours.waiting) == (SessionState.CONFIRMED, 75, 75, 0)
    else:
        assert (log.state, log.minutes, hours.counted, hours.waiting) == (SessionState.SUBMITTED, 60, 0, 60)


def test_confirming_from_many_windows_at_once_counts_once(pair: Pair, session: Session) -> None:
    log_id = pair.log()
    assert together(*[lambda: pair.answer(log_id)] * 4) == [303] * 4
    assert hours_of(pair.enrolment_id).counted == 75
    assert session.scalar(select(func.count(SessionAnswer.id))) == 1


def test_confirming_and_disputing_at_once_keeps_one_answer(pair: Pair, session: Session) -> None:
    log_id = pair.log()
    answers = together(
        lambda: pair.answer(log_id),
        lambda: pair.answer(log_id, "dispute", difference="length", reason="Shorter"),
    )
    assert sorted(answers) == [303, 409]
    assert session.scalar(select(func.count(SessionAnswer.id))) == 1


def test_two_tabs_that_log_the_same_time_make_one_session(pair: Pair, session: Session) -> None:
    def send() -> int:
        return pair.coach.post(f"{NEW}/{pair.enrolment_id}", sheet()).status_code

    statuses = together(send, send, send)
    assert statuses.count(303) == 1
    assert set(statuses) <= {303, 409, 422}
    assert session.scalar(select(func.count(SessionLog.id))) == 1


@pytest.mark.every_value
@pytest.mark.parametrize("_attempt", range(4))
def test_a_group_and_a_meeting_alone_logged_at_once_make_one_session(
    pair: Pair, make_pair: Callable[..., Pair], session: Session, _attempt: int
) -> None:
    other = make_pair(coach=pair.coach_person, name="Mei-Ling Chen")
    statuses = together(
        lambda: pair.coach.post(f"{NEW}/{pair.enrolment_id}", sheet(kind="group")).status_code,
        lambda: other.coach.post(f"{NEW}/{other.enrolment_id}", sheet()).status_code,
    )
    assert sorted(statuses) == [303, 422]
    assert session.scalar(select(func.count(SessionLog.id))) == 1


def test_the_same_form_sent_twice_is_one_log(pair: Pair, session: Session) -> None:
    form = {**sheet(), "_once": "the-same-form"}
    first, second = (pair.coach.post(f"{NEW}/{pair.enrolment_id}", form) for _ in range(2))
    assert (first.status_code, first.location) == (second.status_code, second.location)
    assert session.scalar(select(func.count(SessionLog.id))) == 1


def test_a_late_save_sees_both_texts_and_loses_neither(pair: Pair, stored: Read, session: Session) -> None:
    log_id = pair.log(notes="The first text")
    address = f"/coach/sessions/{log_id}/edit"
    assert pair.coach.post(address, sheet(notes="From the first tab", version="1")).status_code == 303
    late = pair.coach.post(address, sheet(notes="From the second tab", version="1"))
    assert late.status_code == 409
    assert "This log was changed meanwhile." in late.text
    assert "From the first tab" in late.text
    assert "From the second tab" in late.text
    assert 'name="version" value="2"' in late.text
    assert stored(log_id).notes == "From the first tab"
    assert pair.coach.post(address, sheet(notes="From the second tab", version="2")).status_code == 303
    kept = [one.facts["notes"] for one in session.scalars(select(SessionRevision))]
    assert kept == ["The first text", "From the first tab", "From the second tab"]


def test_looking_what_a_late_save_would_change_does_not_hide_that_it_is_late(pair: Pair) -> None:
    log_id = pair.log()
    address = f"/coach/sessions/{log_id}/edit"
    pair.coach.post(address, sheet(notes="From the first tab", version="1"))
    looked = pair.coach.post(address, sheet(notes="From the second tab", version="1", wish="look"))
    assert 'name="version" value="1"' in looked.text
    assert pair.coach.post(address, sheet(notes="From the second tab", version="1")).status_code == 409


def test_a_participant_never_confirms_what_they_did_not_see(pair: Pair, stored: Read) -> None:
    log_id = pair.log()
    pair.coach.post(f"/coach/sessions/{log_id}/edit", sheet(ends="17:45", version="1"))
    assert pair.answer(log_id, version=1) == 409
    assert pair.answer(log_id, version=0) == 409
    typed = {"version": "1", "difference": "length", "reason": "I remember an hour"}
    refused = pair.participant.post(f"/participant/hours/{log_id}/dispute", typed)
    assert refused.status_code == 409
    assert "I remember an hour" in refused.text
    assert stored(log_id).state is SessionState.SUBMITTED
    assert pair.answer(log_id, version=2) == 303


@pytest.mark.parametrize("version", ["", "x", "-1", "9" * 40, "١"])
def test_a_version_that_is_none_changes_nothing(pair: Pair, stored: Read, version: str) -> None:
    log_id = pair.log()
    assert (
        pair.participant.post(f"/participant/hours/{log_id}/confirm", {"version": version}).status_code == 409
    )
    assert (
        pair.coach.post(f"/coach/sessions/{log_id}/edit", sheet(version=version, notes="new")).status_code
        == 409
    )
    assert pair.coach.post(f"/coach/sessions/{log_id}/void", {"version": version}).status_code == 409
    assert (stored(log_id).state, stored(log_id).version) == (SessionState.SUBMITTED, 1)


def test_a_confirmed_log_is_final_after_seven_days_and_at_use_in_an_award(
    pair: Pair, stored: Read, system: Actor
) -> None:
    log_id = SessionLogId(pair.log())
    later = pair.log(begins="17:00", ends="18:00")
    pair.answer(log_id)
    before = hours_of(pair.enrolment_id)

    def state() -> SessionState:
        return find_line(log_id, institute_id=system.institute_id).state

    assert state() is SessionState.CONFIRMED
    with clock.shift(seconds=WEEK):
        assert state() is SessionState.LOCKED
    assert lock_logs(pair.enrolment_id, actor=system) == (log_id,)
    assert lock_logs(pair.enrolment_id, actor=system) == (log_id,)
    assert state() is SessionState.LOCKED
    assert stored(later).state is SessionState.SUBMITTED
    assert hours_of(pair.enrolment_id) == before
    assert pair.answer(log_id) == 303


def test_what_is_locked_cannot_be_written_in_the_database(pair: Pair, stored: Read, system: Actor) -> None:
    log_id = pair.log()
    pair.answer(log_id)
    for value in (60, 76):
        with pytest.raises(Exception, match="session_log_final"), transaction() as session:
            session.get_one(SessionLog, SessionLogId(log_id)).minutes = value
    lock_logs(pair.enrolment_id, actor=system)
    with pytest.raises(Exception, match="session_log_final"), transaction() as session:
        session.get_one(SessionLog, SessionLogId(log_id)).state = SessionState.VOIDED
    assert (stored(log_id).minutes, stored(log_id).state) == (75, SessionState.LOCKED)
