"""The mails of coaching: who is told what, and where the link leads."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from flask import Flask

from courses.cohorts.assigning import assign_coach
from courses.sessions.models import SessionLog, SessionState
from institute import clock
from institute.actors import Actor, PersonId
from institute.people.models import Person
from tests.browsing import OutsideClient, Visitor
from tests.courses.coaching.conftest import NOW, Pair, sheet
from tests.institute import post


def test_a_sent_log_asks_its_participant_and_a_draft_asks_nobody(pair: Pair) -> None:
    pair.log(wish="draft")
    assert post.deliver() == []
    pair.log(begins="09:00", ends="10:15")
    (message,) = post.deliver()
    assert message["To"] == pair.participant_person.email
    assert message["Subject"] == "A coaching session waits for your answer"
    text = post.text_of(message)
    assert "Amina Haddad logged a session with you: Tuesday, October 13, 2026" in text
    assert "1 h 15 min" in text
    assert "first priority area" not in text


def test_the_mail_about_a_session_that_does_not_count_promises_no_minutes(pair: Pair) -> None:
    pair.log()
    pair.log(begins="09:00", ends="10:00", mode="phone")
    counted, logged = sorted(map(post.text_of, post.deliver()), key=lambda text: "Phone" in text)
    assert "Your answer makes the minutes count." in counted
    assert "minutes count" not in logged
    assert "Did this session happen like this?" in logged


def test_a_coach_who_was_relieved_corrects_the_log_that_comes_back(
    app: Flask,
    pair: Pair,
    make_person: Callable[..., Person],
    system: Actor,
    sign_in: Callable[..., Visitor],
) -> None:
    log_id = pair.log()
    other = make_person(name="Tomás Rivera")
    assign_coach(pair.enrolment_id, PersonId(other.id), since=date(2026, 10, 14), actor=system)
    pair.answer(log_id, "dispute", difference="length", reason="It was 45 minutes")
    message = next(one for one in post.deliver() if one["To"] == pair.coach_person.email)
    client = app.test_client()
    entered = client.post(post.link_in(message))
    assert "Correct and send again" in client.get(entered.location).text
    assert pair.coach.post(
        f"/coach/sessions/{log_id}/edit", sheet(ends="16:15", version="2")
    ).status_code == 303  # fmt: skip
    assert pair.answer(log_id, version=3) == 303
    with clock.frozen(NOW + timedelta(days=32)):
        late = sign_in(pair.coach_person)
        assert late.get("/coach/sessions/").status_code == 403, "everything is settled, and long ago"


def test_the_link_of_the_mail_leads_to_the_page_and_decides_nothing(
    app: Flask, pair: Pair, stored: Callable[[int], SessionLog]
) -> None:
    log_id = pair.log()
    (message,) = post.deliver()
    client = app.test_client()
    assert isinstance(client, OutsideClient)
    path = post.link_in(message)
    assert client.get(path).status_code == 200
    assert client.get(path).status_code == 200
    entered = client.post(path)
    assert entered.status_code == 303
    assert entered.location.endswith(f"/participant/hours/{log_id}")
    page = client.get(entered.location)
    assert "Yes, confirm 75 minutes" in page.text
    assert stored(log_id).state is SessionState.SUBMITTED


def test_a_dispute_tells_the_coach_and_a_corrected_log_asks_again(app: Flask, pair: Pair) -> None:
    log_id = pair.log()
    post.deliver()
    pair.answer(log_id, "dispute", difference="length", reason="It was 45 minutes")
    message = post.deliver()[-1]
    assert message["To"] == pair.coach_person.email
    assert "It was 45 minutes" in post.text_of(message)
    client = app.test_client()
    entered = client.post(post.link_in(message))
    assert entered.location.endswith(f"/coach/sessions/{log_id}")
    assert "Correct and send again" in client.get(entered.location).text
    pair.coach.post(f"/coach/sessions/{log_id}/edit", sheet(ends="16:15", version="2"))
    told = [message["To"] for message in post.deliver()]
    assert sorted(told) == sorted([pair.coach_person.email, *[pair.participant_person.email] * 2])


def test_what_is_answered_before_the_worker_comes_is_not_mailed(pair: Pair) -> None:
    log_id = pair.log()
    pair.answer(log_id)
    assert post.deliver() == []
