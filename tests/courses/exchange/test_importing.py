"""Sessions from files: each row once, by page and by command, dry or for good."""

from __future__ import annotations

import random

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from courses.exchange import importing
from courses.exchange.models import ImportBatch, ImportedRow
from courses.sessions.models import SessionLog, SessionState
from institute.people.models import Person
from tests.courses.exchange.conftest import Desk, paper, row
from tests.institute import post

PEOPLE = ("lucia", "mei", "hoa")


def test_rows_come_in_as_logs_that_wait_for_their_participant(
    desk: Desk, session: Session, administrator: Person
) -> None:
    page = desk.bring_in(paper(row(1), row(2, participant="mei@example.test", begins="15:30", ends="17:00")))
    assert "2 rows were added" in page
    logs = session.scalars(select(SessionLog).order_by(SessionLog.minutes)).all()
    assert [(log.minutes, log.state, log.external_id, log.imported_by) for log in logs] == [
        (30, SessionState.SUBMITTED, "log-1", administrator.id),
        (90, SessionState.SUBMITTED, "log-2", administrator.id),
    ]


def test_a_file_is_only_tried_until_somebody_vouches_for_it(desk: Desk) -> None:
    place = desk.waiting(paper(row(1)))
    assert "1 row would be added" in desk.visitor.get(place).text
    answer = desk.visitor.post(place, {"which": "all"})
    assert answer.status_code == 422
    assert "vouch" in answer.text
    assert desk.logs() == 0


def test_a_file_twice_is_once(desk: Desk) -> None:
    data = paper(*(row(number) for number in range(12)))
    assert "12 rows were added" in desk.bring_in(data)
    assert "12 rows are in already" in desk.visitor.get(desk.waiting(data)).text
    assert desk.logs() == 12


@pytest.mark.parametrize("seed", range(3))
def test_files_that_share_rows_come_to_the_same_in_any_order(desk: Desk, session: Session, seed: int) -> None:
    chance = random.Random(seed)
    rows = [row(number, participant=f"{chance.choice(PEOPLE)}@example.test") for number in range(12)]
    seen: set[str] = set()
    for _ in range(4):
        some = chance.sample(rows, 7)
        seen |= {one["external_id"] for one in some}
        desk.bring_in(paper(*some), which=chance.choice(["all", "good"]))
    session.rollback()
    logs = session.scalars(select(SessionLog)).all()
    assert {log.external_id for log in logs} == seen
    assert sum(log.minutes for log in logs) == 30 * len(seen)


def test_a_row_written_in_another_way_is_the_same_row(desk: Desk) -> None:
    desk.bring_in(paper(row(1, date="2026-10-02")))
    again = paper(row(1, date="02/10/2026", begins="8:00 am", ends="8:30 am"), delimiter=";")
    page = desk.visitor.get(desk.waiting(again, dates="dmy", times="12", delimiter="semicolon")).text
    assert "1 row is in already" in page


def test_a_row_that_says_something_else_now_is_refused(desk: Desk) -> None:
    desk.bring_in(paper(row(1)))
    assert "said something else" in desk.refused(paper(row(1, ends="09:00")))
    assert desk.logs() == 1


def test_all_or_none_brings_nothing_in_where_one_row_is_bad(desk: Desk) -> None:
    place = desk.waiting(paper(row(1), row(2, mode="telepathy")))
    answer = desk.visitor.post(place, {"attested": "1", "which": "all"})
    assert (answer.status_code, desk.logs()) == (422, 0)
    assert "Line 3" in answer.text


def test_the_good_rows_come_in_and_the_mended_ones_follow(desk: Desk) -> None:
    page = desk.bring_in(paper(row(1), row(2, mode="telepathy")), which="good")
    assert "1 row was added" in page
    assert "1 row was left out" in page
    page = desk.bring_in(paper(row(1), row(2)))
    assert "1 row was added · 1 row is in already" in page


def test_what_was_stopped_in_the_middle_goes_on(
    desk: Desk, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [row(number) for number in range(1, 6)]
    place = desk.waiting(paper(*rows))
    monkeypatch.setattr(importing, "AT_ONCE", 2)
    take = importing.Run.take

    def killed(run: importing.Run, piece: list[importing.Row], inner: Session) -> None:
        if piece[0].line > 3:
            raise KeyboardInterrupt
        take(run, piece, inner)

    with monkeypatch.context() as patched:
        patched.setattr(importing.Run, "take", killed)
        with pytest.raises(KeyboardInterrupt):
            desk.visitor.post(place, {"attested": "1", "which": "good"})
    assert desk.logs() == 2
    assert desk.visitor.post(place, {"attested": "1", "which": "good"}).status_code == 303
    assert desk.logs() == 5
    assert session.scalars(select(ImportedRow.line).order_by(ImportedRow.line)).all() == [2, 3, 4, 5, 6]


def test_sending_the_form_twice_brings_nothing_in_twice(desk: Desk) -> None:
    place = desk.waiting(paper(row(1)))
    for _ in range(2):
        assert desk.visitor.post(place, {"attested": "1", "which": "all"}).status_code == 303
    assert desk.logs() == 1


def test_a_file_that_nobody_decides_about_can_be_thrown_away(desk: Desk, session: Session) -> None:
    place = desk.waiting(paper(row(1)))
    assert desk.visitor.post(f"{place}/discard").status_code == 303
    assert desk.visitor.get(place).status_code == 404
    assert session.scalars(select(ImportBatch)).all() == []


def test_each_participant_is_asked_once_for_the_whole_file(desk: Desk) -> None:
    desk.bring_in(paper(row(1), row(2), row(3, participant="mei@example.test")))
    messages = {message["To"]: post.text_of(message) for message in post.deliver()}
    assert sorted(messages) == ["lucia@example.test", "mei@example.test"]
    assert "2 coaching sessions with you were brought in" in messages["lucia@example.test"]
    assert "1 coaching session with you was brought in" in messages["mei@example.test"]


def test_a_dry_run_asks_nobody(desk: Desk) -> None:
    desk.waiting(paper(row(1)))
    assert post.deliver() == []
