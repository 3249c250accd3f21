"""Several sessions that wait are confirmed together, and each is still its own."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from courses.hours.queries import hours_of
from courses.sessions.models import SessionAnswer, SessionLog, SessionState
from tests.courses.coaching.conftest import Pair, sheet

Read = Callable[[int], SessionLog]
WAITING = "/participant/hours/waiting"


def test_all_that_are_shown_are_confirmed_each_by_itself(pair: Pair, stored: Read, session: Session) -> None:
    first, second = pair.log(), pair.log(begins="09:00", ends="10:00")
    page = pair.participant.get(WAITING).text
    assert "Yes, confirm 2 sessions, 2 h 15 min" in page
    assert f'value="{first}:1"' in page
    shown = {"shown": [f"{first}:1", f"{second}:1"]}
    assert pair.participant.post(WAITING, shown).status_code == 303
    assert {stored(first).state, stored(second).state} == {SessionState.CONFIRMED}
    assert session.scalar(select(func.count(SessionAnswer.id))) == 2
    assert hours_of(pair.enrolment_id).counted == 135
    assert "Nothing waits for your answer" in pair.participant.get(WAITING).text


def test_what_changed_meanwhile_waits_and_the_others_are_confirmed(pair: Pair, stored: Read) -> None:
    first, second = pair.log(), pair.log(begins="09:00", ends="10:00")
    pair.coach.post(f"/coach/sessions/{first}/edit", sheet(ends="16:30", version="1"))
    answer = pair.participant.post(WAITING, {"shown": [f"{first}:1", f"{second}:1"]})
    assert (stored(first).state, stored(second).state) == (SessionState.SUBMITTED, SessionState.CONFIRMED)
    assert "1 session was changed meanwhile" in pair.participant.get(answer.location).text


def test_nobody_confirms_others_sessions_by_naming_them(
    pair: Pair, make_pair: Callable[..., Pair], stored: Read
) -> None:
    other = make_pair(name="Mei-Ling Chen")
    log_id = pair.log()
    for value in (f"{log_id}:1", "x:1", "", ":", "9" * 40 + ":1", "٣:١", f"{log_id}:1:1"):
        assert other.participant.post(WAITING, {"shown": [value]}).status_code == 303
    assert stored(log_id).state is SessionState.SUBMITTED


def test_looking_confirms_nothing(pair: Pair, stored: Read) -> None:
    log_id = pair.log()
    pair.participant.get(f"{WAITING}?shown={log_id}:1")
    assert stored(log_id).state is SessionState.SUBMITTED
