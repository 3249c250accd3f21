"""A month's log, read by those whom it concerns and signed by both sides."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from courses.coaching.locking import lock_logs
from courses.logbook.models import MonthSignOff
from courses.sessions.models import SessionAmendment
from institute.actors import Actor, Role
from institute.people.models import Institute, Person
from tests.browsing import Visitor
from tests.courses.coaching.conftest import sheet
from tests.courses.logbook.conftest import Book


def test_both_sides_read_and_sign_what_the_month_says(book: Book) -> None:
    page = book.read(book.pair.participant, "participant")
    for words in ("Coaching log of September 2026", "Amina Haddad", "1 h 15 min", "Not signed yet"):
        assert words in page
    assert book.sign(book.pair.participant, "participant") == 303
    assert "<bdi>Lucía Ortega</bdi> signed on" in book.read(book.pair.coach, "coach")
    assert book.sign(book.pair.coach, "coach") == 303
    page = book.read(book.pair.participant, "participant")
    assert "<bdi>Amina Haddad</bdi> signed on" in page
    assert "Sign this month" not in page
    assert "By both" in book.pair.coach.get(f"/coach/logbook/{book.pair.enrolment_id}").text


def test_the_pages_of_a_person_lead_to_their_months(
    book: Book, make_person: Callable[..., Person], sign_in: Callable[..., Visitor]
) -> None:
    number = book.pair.enrolment_id
    assert f"/coach/logbook/{number}" in book.pair.coach.get(f"/coach/participants/{number}").text
    coordinator = sign_in(make_person(name="Grace Kim"), roles=[Role.COORDINATOR])
    assert f"/coordinator/logbook/{number}" in coordinator.get(f"/coordinator/people/member/{number}").text


def test_a_change_after_the_names_is_marked_and_may_be_signed_again(book: Book, session: Session) -> None:
    book.sign(book.pair.participant, "participant")
    changed = {**sheet(day="2026-09-15", ends="16:30"), "reason": "We stopped earlier."}
    assert book.pair.coach.post(f"/coach/amendments/{book.log_id}/new", changed).status_code == 303
    assert "changed since" not in book.read(book.pair.coach, "coach")
    number = session.scalars(select(SessionAmendment.id)).one()
    path = f"/participant/amendments/{book.log_id}/{number}/accept"
    assert book.pair.participant.post(path, {}).status_code == 303
    page = book.read(book.pair.coach, "coach")
    assert "This log changed after it was signed." in page
    assert "for 1 session and 1 h 15 min. The log changed since." in page
    assert "By the participant" not in book.pair.coach.get(f"/coach/logbook/{book.pair.enrolment_id}").text
    assert book.sign(book.pair.participant, "participant") == 303
    assert "changed after it was signed" not in book.read(book.pair.coach, "coach")
    assert "By the participant" in book.pair.coach.get(f"/coach/logbook/{book.pair.enrolment_id}").text


def test_that_a_session_is_locked_changes_nothing_that_was_signed(book: Book, system: Actor) -> None:
    book.sign(book.pair.participant, "participant")
    lock_logs(book.pair.enrolment_id, actor=system)
    assert "changed since" not in book.read(book.pair.participant, "participant")


def test_nobody_signs_what_they_have_not_seen(book: Book) -> None:
    seen = book.seen(book.pair.participant, "participant")
    log_id = book.pair.log(day="2026-09-16")
    assert book.pair.answer(log_id) == 303
    path = f"{book.path('participant')}/sign"
    assert book.pair.participant.post(path, {"seen": seen}).status_code == 409
    assert book.pair.participant.post(path, {}).status_code == 409
    assert book.sign(book.pair.participant, "participant") == 303


def test_a_month_is_signed_when_it_is_over_and_settled(book: Book) -> None:
    october = book.path("participant", "2026-10")
    assert "It can be signed from Saturday, October 31, 2026 on." in book.read(
        book.pair.participant, "participant", "2026-10"
    )
    assert book.pair.participant.post(f"{october}/sign", {}).status_code == 409
    book.pair.log(day="2026-09-16")
    assert "1 session still waits for an answer." in book.read(book.pair.participant, "participant")
    assert book.sign(book.pair.participant, "participant") == 409


def test_an_empty_month_says_so_and_is_not_signed(book: Book) -> None:
    assert "No session in this month" in book.read(book.pair.participant, "participant", "2026-08")
    assert book.pair.participant.post(f"{book.path('participant', '2026-08')}/sign", {}).status_code == 409


def test_signing_twice_and_at_once_is_one_name(book: Book, session: Session) -> None:
    path = f"{book.path('participant')}/sign"
    form = {"seen": book.seen(book.pair.participant, "participant")}
    with ThreadPoolExecutor(3) as pool:
        answers = [pool.submit(book.pair.participant.post, path, form) for _ in range(3)]
    assert {answer.result().status_code for answer in answers} == {303}
    assert session.scalar(select(func.count(MonthSignOff.id))) == 1


@pytest.mark.parametrize("month", ["2026-11", "2026-13", "26-09", "2026-9", "1999-01", "x" * 300, "٢٠٢٦-٠٩"])
def test_a_month_that_is_none_is_not_there(book: Book, month: str) -> None:
    assert book.pair.participant.get(book.path("participant", month)).status_code == 404


def test_others_reach_no_month(book: Book, make_book: Callable[..., Book]) -> None:
    other = make_book(name="Mei-Ling Chen")
    for visitor, area in ((other.pair.coach, "coach"), (other.pair.participant, "participant")):
        for path in (
            book.path(area),
            f"{book.path(area)}/document",
            f"/{area}/logbook/{book.pair.enrolment_id}",
        ):
            assert visitor.get(path).status_code == 404
        assert visitor.post(f"{book.path(area)}/sign", {"seen": "x"}).status_code == 404
        assert visitor.post(f"{book.path(area)}/document", {}).status_code == 404


def test_a_coordinator_reads_and_signs_nothing(
    book: Book,
    make_institute: Callable[..., Institute],
    make_person: Callable[..., Person],
    sign_in: Callable[..., Visitor],
) -> None:
    visitor = sign_in(make_person(name="Grace Kim"), roles=[Role.COORDINATOR])
    assert "Sign this month" not in book.read(visitor, "coordinator")
    assert visitor.post(f"{book.path('coordinator')}/sign", {}).status_code == 404
    stranger = sign_in(make_person(institute_id=make_institute().id), roles=[Role.COORDINATOR])
    assert stranger.get(book.path("coordinator")).status_code == 404
