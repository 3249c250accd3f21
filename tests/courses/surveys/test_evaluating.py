"""An evaluation: once for each person, without a name, shown when it is over and five have answered."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import inspect, select, text
from sqlalchemy.orm import Session

from courses.catalogue.models import Purpose
from courses.surveys.models import EvaluationBox, EvaluationTaken
from institute import clock
from institute.audit.models import AuditEvent
from institute.db import Base, db
from institute.people.models import Person
from tests.browsing import Visitor
from tests.courses.surveys.conftest import ITEMS, Pair, answers, cohort, on_day, part

EVALUATION = Purpose.EVALUATION
OPEN, OVER = 280, 331


def answer_all(pairs: list[Pair], values: list[int]) -> None:
    """Let each participant answer on a day of their own."""
    for number, (one, value) in enumerate(zip(pairs, values, strict=True)):
        with clock.frozen(on_day(OPEN) + timedelta(days=number)):
            said = one.send(EVALUATION, "year1", value, **{"answer-1": f"Text {9 - number}"})
            assert said.status_code == 303


def test_everybody_answers_once_and_cannot_find_the_answers_again(pair: Pair) -> None:
    with clock.frozen(on_day(OPEN)):
        assert "Nobody can find out what you answer." in pair.person.get(pair.url(EVALUATION, "year1")).text
        assert pair.send(EVALUATION, "year1", **{"answer-1": "My words"}).status_code == 303
        page = pair.person.get(pair.url(EVALUATION, "year1")).text
        assert "You have answered" in page
        assert "My words" not in page
        assert pair.send(EVALUATION, "year1", 1).status_code == 409
        assert pair.person.post(pair.url(EVALUATION, "year1") + "/again").status_code == 404


def test_two_tabs_count_once(pair: Pair, session: Session) -> None:
    with clock.frozen(on_day(OPEN)):
        pair.send(EVALUATION, "year1")
        pair.send(EVALUATION, "year1")
    assert session.scalars(select(EvaluationBox.answers)).all() == [1]


def test_statements_may_be_left_out_but_not_all_of_them(pair: Pair, session: Session) -> None:
    url = pair.url(EVALUATION, "year1")
    with clock.frozen(on_day(OPEN)):
        empty = pair.person.post(url, {})
        assert empty.status_code == 422
        assert "Answer one statement at least" in empty.text
        assert pair.person.post(url, {"item-ask-1": "2"}).status_code == 303
    assert session.scalars(select(EvaluationBox.tallies)).one() == {"ask-1": {"2": 1}}


def test_a_text_that_is_too_long_keeps_everything_that_was_typed(pair: Pair, session: Session) -> None:
    with clock.frozen(on_day(OPEN)):
        answer = pair.send(EVALUATION, "year1", **{"answer-1": "x" * 5001})
    assert answer.status_code == 422
    assert "x" * 5001 in answer.text
    assert session.scalars(select(EvaluationTaken)).all() == []


def test_coaches_answer_too_once_for_a_cohort(
    make_pair: Callable[..., Pair], make_person: Callable[..., Person], session: Session
) -> None:
    coach = make_person(name="Amina")
    first, second = make_pair("Lucía", coach), make_pair("Mei", coach)
    with clock.frozen(on_day(OPEN)):
        assert "1 round waits for you." in first.coach.get("/coach/surveys/").text
        assert first.coach.post(first.coach_url(EVALUATION, "year1"), answers()).status_code == 303
        assert second.coach.post(second.coach_url(EVALUATION, "year1"), answers()).status_code == 409
        assert "Nothing waits for you." in first.coach.get("/coach/surveys/").text
    assert session.scalars(select(EvaluationBox.answers)).all() == [1]


def test_results_are_shown_when_it_is_over_and_five_have_answered(
    make_pair: Callable[..., Pair], facilitate: Callable[[], Visitor], coordinate: Callable[[], Visitor]
) -> None:
    pairs = [make_pair(f"Person {number}") for number in range(5)]
    results = f"/facilitator/surveys/{part(EVALUATION)}-year1/results"
    answer_all(pairs, [1, 1, 1, 2, 1])
    with clock.frozen(on_day(OPEN + 9)):
        before = facilitate().get(results).text
        assert "The round is not over" in before
        assert "Text" not in before
        assert "On average" not in before
        assert "5 of 10" in facilitate().get("/facilitator/surveys/").text
    with clock.frozen(on_day(OVER)):
        page = facilitate().get(results).text
        assert "On average in the lower part of the scale" in page
        assert "Person" not in page
        assert [page.index(f"Text {number}") for number in range(5, 10)] == sorted(
            page.index(f"Text {number}") for number in range(5, 10)
        )
        assert "Text 9" in coordinate().get(f"/coordinator/surveys/{cohort()}/{part(EVALUATION)}-year1").text


def test_four_answers_show_nothing_but_their_number(
    make_pair: Callable[..., Pair], facilitate: Callable[[], Visitor]
) -> None:
    answer_all([make_pair(f"Person {number}") for number in range(4)], [4, 4, 4, 4])
    with clock.frozen(on_day(OVER)):
        page = facilitate().get(f"/facilitator/surveys/{part(EVALUATION)}-year1/results").text
    assert "Nothing is shown" in page
    assert "Text" not in page
    assert "On average" not in page


def test_a_round_that_was_read_is_not_opened_again(pair: Pair, facilitate: Callable[[], Visitor]) -> None:
    with clock.frozen(on_day(OPEN)):
        pair.send(EVALUATION, "year1")
    window = f"/facilitator/surveys/{part(EVALUATION)}-year1/window"
    with clock.frozen(on_day(OVER)):
        assert "its days stay as they are" in facilitate().get(window).text
        form = {"timing": "days", "opens_day": "0", "closes_day": "700"}
        assert facilitate().post(window, form).status_code == 409


def test_nothing_in_the_database_joins_an_answer_to_a_person(
    make_pair: Callable[..., Pair], session: Session
) -> None:
    pairs = [make_pair(f"Person {number}") for number in range(6)]
    before = _rows(session)
    decided = session.scalars(select(AuditEvent.id)).all()
    order = [3, 0, 5, 1, 4, 2]
    answer_all([pairs[at] for at in order], [1, 2, 3, 4, 2, 3])
    changed = {name for name, rows in _rows(session).items() if rows != before[name]}
    # Besides the two tables: the form's once-key and the visit, which say that a page was used and not what for.
    assert {"evaluation_box", "evaluation_taken"} <= changed
    for name in changed - {"evaluation_box"}:
        held = json.dumps([list(map(str, row)) for row in _rows(session)[name]])
        assert "Text" not in held, name
        assert not any(item in held for item in ITEMS), name
    assert session.scalars(select(AuditEvent.id)).all() == decided
    taken = inspect(EvaluationTaken).columns.keys()
    assert set(taken) == {"cohort_id", "part_id", "stage", "person_id", "institute_id"}
    box = session.scalars(select(EvaluationBox)).one()
    assert not set(inspect(EvaluationBox).columns.keys()) & {"id", "person_id", "created_at", "saved_at"}
    assert box.texts == {"1": sorted(box.texts["1"])}
    assert list(box.tallies) == sorted(box.tallies)


def test_the_order_of_answering_leaves_no_trace(make_pair: Callable[..., Pair], session: Session) -> None:
    pairs = [make_pair(f"Person {number}") for number in range(5)]
    values = [1, 4, 2, 3, 2]
    answer_all(pairs, values)
    one = _box(session)
    with db.engine.begin() as connection:
        connection.execute(text("DELETE FROM evaluation_box"))
        connection.execute(text("DELETE FROM evaluation_taken"))
    session.rollback()
    said = [f"Text {9 - number}" for number in range(5)]
    for at in (4, 2, 0, 1, 3):
        with clock.frozen(on_day(OPEN)):
            pairs[at].send(EVALUATION, "year1", values[at], **{"answer-1": said[at]})
    assert _box(session) == one


def _box(session: Session) -> str:
    """Return a box letter by letter, as the database holds it."""
    session.rollback()
    return str(session.execute(text("SELECT answers, tallies, texts FROM evaluation_box")).one())


def _rows(session: Session) -> dict[str, list[tuple[object, ...]]]:
    """Return everything that the database holds."""
    session.rollback()
    return {
        table.name: sorted((tuple(row) for row in session.execute(select(table))), key=str)
        for table in Base.metadata.sorted_tables
    }
