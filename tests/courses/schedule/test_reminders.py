"""Reminders: each once, in time, and none where it is needed no longer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage

import pytest
from flask import Flask

from courses.cohorts.assigning import assign_coach
from institute import clock
from institute.actors import Actor, PersonId
from institute.jobs import daily, outbox, worker
from institute.people.models import Person
from tests.courses.coaching.conftest import NOW, Pair
from tests.courses.schedule.plans import STARTS, cancel, move, plan
from tests.institute import post

EVE = STARTS - timedelta(hours=24)
ENDS = STARTS + timedelta(hours=1)
UNLOGGED = ENDS + timedelta(days=2)


def subjects(since: int = 0) -> list[tuple[str, str]]:
    """Let the worker do what is due; return who got what since so many messages."""
    return [(str(one["To"]), str(one["Subject"])) for one in post.deliver()[since:]]


def at(instant: datetime, since: int) -> list[str]:
    """Return the subjects that went out by an instant, without the first ``since``."""
    with clock.frozen(instant):
        return [subject for _, subject in subjects(since)]


def test_both_are_reminded_on_the_eve_once(pair: Pair) -> None:
    plan(pair)
    assert [subject for _, subject in subjects()] == ["A coaching session is planned"]
    assert at(EVE - timedelta(seconds=1), 1) == []
    with clock.frozen(EVE):
        found = subjects(1)
    assert {address for address, _ in found} == {pair.coach_person.email, pair.participant_person.email}
    assert {subject for _, subject in found} == {"Your next coaching session"}
    assert at(EVE + timedelta(hours=1), 3) == []


def test_moved_session_reminds_of_its_new_time_alone(pair: Pair) -> None:
    planned_id = plan(pair)
    assert move(pair.coach, pair, planned_id, day="2026-10-22") == 303
    assert [subject for _, subject in subjects()][-1] == "A coaching session was moved"
    sent = len(post.written())
    assert at(EVE, sent) == []
    assert at(EVE + timedelta(days=2), sent) == ["Your next coaching session"] * 2


def test_cancelled_session_reminds_nobody(pair: Pair) -> None:
    planned_id = plan(pair)
    assert cancel(pair.coach, planned_id, reason="I am ill.") == 303
    sent = post.deliver()
    assert "I am ill." in post.text_of(sent[-1])
    assert at(EVE, len(sent)) == []
    assert at(UNLOGGED, len(sent)) == []


def test_coach_is_reminded_of_a_log_two_days_after_the_session(pair: Pair) -> None:
    plan(pair)
    subjects()
    assert (
        at(UNLOGGED - timedelta(seconds=1), 1) == []
    )  # what the eve should have brought is too late by then
    assert at(UNLOGGED, 1) == ["A coaching session has no log yet"]
    assert at(UNLOGGED + timedelta(days=3), 2) == []


def test_session_that_was_logged_needs_no_reminder(pair: Pair) -> None:
    plan(pair, day="2026-10-14", begins="12:30", ends="13:00")
    with clock.shift(seconds=3600):
        pair.log(day="2026-10-14", begins="12:30", ends="13:00")
        sent = len(subjects())
    assert at(NOW + timedelta(days=2, hours=2), sent) == []


def test_participant_is_reminded_after_three_and_after_seven_days(pair: Pair) -> None:
    pair.log()
    assert [subject for _, subject in subjects()] == ["A coaching session waits for your answer"]
    still = "A coaching session still waits for your answer"
    assert at(NOW + timedelta(days=3, seconds=-1), 1) == []
    assert at(NOW + timedelta(days=3), 1) == [still]
    assert at(NOW + timedelta(days=6), 2) == []
    assert at(NOW + timedelta(days=7), 2) == [still]
    assert at(NOW + timedelta(days=30), 3) == []


def test_participant_who_answered_is_not_reminded(pair: Pair) -> None:
    log_id = pair.log()
    subjects()
    assert pair.answer(log_id) == 303
    assert at(NOW + timedelta(days=8), 1) == []


def of_month(messages: list[EmailMessage]) -> list[str]:
    """Return who was told that a month falls short."""
    wanted = "Coaching hours of this month are missing"
    return sorted(str(one["To"]) for one in messages if str(one["Subject"]) == wanted)


def look_daily(app: Flask, instant: datetime) -> list[str]:
    """Have the worker look at the day, as it does by itself; return who is told of a month."""
    with clock.frozen(instant):
        daily.wish_for_today()
        worker.run_once(app)
    return of_month(post.written())


def test_month_that_falls_short_is_told_ten_days_before_its_end_once(app: Flask, pair: Pair) -> None:
    noon = datetime(2026, 10, 20, 19, tzinfo=UTC)
    assert look_daily(app, noon) == []
    both = sorted([pair.coach_person.email, pair.participant_person.email])
    for days in (1, 1, 2, 5):
        assert look_daily(app, noon + timedelta(days=days)) == both
    november = datetime(2026, 11, 25, 19, tzinfo=UTC)
    assert look_daily(app, november) == sorted(both * 2)


def test_month_that_reaches_its_minimum_is_not_told_of(app: Flask, pair: Pair) -> None:
    for day in (6, 7, 8, 9):
        pair.log(day=f"2026-10-0{day}", begins="10:00", ends="11:15")
    assert look_daily(app, datetime(2026, 10, 25, 19, tzinfo=UTC)) == []


def test_reminder_is_sent_once_although_the_worker_dies_before_it_writes_that_down(
    app: Flask, pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan(pair)
    subjects()

    def die(*_given: object) -> None:
        raise KeyboardInterrupt

    with clock.frozen(EVE), monkeypatch.context() as patched:
        patched.setattr(outbox, "settle", die)
        with pytest.raises(KeyboardInterrupt):
            worker.run_once(app)
    assert len(post.written()) == 2
    with clock.frozen(EVE + timedelta(minutes=2)):
        found = post.deliver()
    ids = [str(one["Message-ID"]) for one in found]
    assert len(found) == 3
    assert len(set(ids)) == 3


def test_who_wants_no_reminders_gets_none_and_still_learns_what_falls_out(pair: Pair) -> None:
    assert pair.participant.post("/messages/", {"reminders": "none", "sessions": "none"}).status_code == 303
    planned_id = plan(pair)
    assert subjects() == []
    assert [address for address, _ in _on(EVE)] == [pair.coach_person.email]
    assert cancel(pair.coach, planned_id) == 303
    assert (pair.participant_person.email, "A coaching session was cancelled") in subjects()
    assert len(post.written()) == 2


def _on(instant: datetime) -> list[tuple[str, str]]:
    with clock.frozen(instant):
        return subjects()


def test_month_that_its_plans_fill_is_not_told_of(app: Flask, pair: Pair) -> None:
    for day in (26, 27, 28):
        plan(pair, day=f"2026-10-{day}", begins="10:00", ends="11:30")
    assert look_daily(app, datetime(2026, 10, 25, 19, tzinfo=UTC)) == []


def test_plan_of_a_coach_who_no_longer_coaches_is_cancelled_and_told(
    app: Flask, pair: Pair, make_person: Callable[..., Person], system: Actor
) -> None:
    plan(pair)
    subjects()
    successor = make_person(name="Grace Kim", email="grace@example.test")
    assign_coach(pair.enrolment_id, PersonId(successor.id), since=NOW.date(), actor=system)
    look_daily(app, NOW + timedelta(hours=1))
    cancelled = (pair.participant_person.email, "A coaching session was cancelled")
    assert subjects().count(cancelled) == 1
    sent = len(post.written())
    assert at(EVE, sent) == []
