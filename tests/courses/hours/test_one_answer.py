"""One rule, one answer: pages, lists, totals, certificates and gradebooks say the same of the same sessions."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import delete, select

from certificates.awards.applications.gathering import find_candidacy, gather
from courses.catalogue.durations import say_minutes
from courses.hours.explaining import explain, explain_enrolment
from courses.hours.figures import Why
from courses.hours.models import HoursMonth, HoursTotal, Rounding
from courses.hours.policies import DEFAULT, Cap, Period, Policy, Subject
from courses.hours.queries import hours_of, hours_of_several
from courses.hours.recency import minutes_since, months_before
from courses.hours.recounting import recount
from courses.hours.setting import set_policy
from courses.hours.totals import minutes_of_institute, totals_of_institute
from courses.sessions.models import Kind, Mode, SessionLogId
from institute.actors import Actor, Role
from institute.db import db, transaction
from institute.people.models import Person
from lti.services.figures import Whose, work_out
from lti.services.kinds import GradeKind
from tests.browsing import Visitor
from tests.courses.coaching.conftest import Pair
from tests.courses.conftest import Studied

MakePair = Callable[..., Pair]
ALL = frozenset((kind, mode) for kind in Kind for mode in Mode)
BY_MAIL = Subject(mode=Mode.ASYNCHRONOUS)
POLICIES = {
    "usual": DEFAULT,
    "limits": replace(
        DEFAULT,
        counting=ALL,
        caps=(
            Cap(Period.SESSION, Subject(), 70),
            Cap(Period.MONTH, BY_MAIL, 50),
            Cap(Period.TOTAL, BY_MAIL, 60),
            Cap(Period.TOTAL, Subject(kind=Kind.OBSERVATION), 20),
        ),
    ),
    "rounded down": replace(DEFAULT, counting=ALL, rounding=Rounding.DOWN),
    "rounded": replace(DEFAULT, rounding=Rounding.NEAREST, split_at_midnight=True),
    "nothing": replace(DEFAULT, minimum=0, target=0, counting=frozenset()),
}


def told(pair: Pair) -> list[int]:
    """Log sessions of two months, of several kinds and in several states; return their ids."""
    logs = [
        pair.log(day="2026-09-02"),
        pair.log(day="2026-09-03", mode="asynchronous"),
        pair.log(day="2026-09-30", begins="23:20", ends="00:40", next_day="1"),
        pair.log(day="2026-10-01", mode="asynchronous", ends="16:07"),
        pair.log(day="2026-10-05", kind="observation"),
        pair.log(day="2026-10-06", ends="16:01"),
    ]
    for log_id in logs[:-1]:
        assert pair.answer(log_id) == 303
    disputed = pair.log(day="2026-10-07")
    pair.answer(disputed, "dispute", difference="length", reason="Shorter")
    pair.log(day="2026-10-08", wish="draft")
    taken_back = pair.log(day="2026-10-09")
    pair.coach.post(f"/coach/sessions/{taken_back}/void", {"version": "1"})
    return [*logs, disputed]


@pytest.fixture
def facilitator(
    studied: Studied, sign_in: Callable[..., Visitor], make_person: Callable[..., Person]
) -> Visitor:
    """Somebody who leads the cohort and sees its members in a list."""
    return sign_in(make_person(name="Fay"), roles=[Role.FACILITATOR], place=studied.cohort_id)


@pytest.mark.parametrize("policy", POLICIES.values(), ids=POLICIES)
def test_everybody_who_asks_gets_the_same_answer(
    pair: Pair,
    studied: Studied,
    system: Actor,
    facilitator: Visitor,
    policy: Policy,
) -> None:
    logs = told(pair)
    set_policy(studied.programme_id, policy, actor=system)
    session = db.session()
    session.rollback()
    hours = hours_of(pair.enrolment_id)
    assert hours_of_several([pair.enrolment_id])[pair.enrolment_id] == hours
    total = totals_of_institute(system.institute_id)[pair.enrolment_id]
    assert total[2:] == (hours.logged, hours.waiting, hours.counted)
    assert minutes_of_institute(system.institute_id)[1:] == total[2:]
    months = session.execute(
        select(HoursMonth.month, HoursMonth.counted).where(HoursMonth.enrolment_id == pair.enrolment_id)
    ).all()
    assert {row.month: row.counted for row in months} == {
        month.first_day: month.counted for month in hours.months if month.logged
    }
    facts = gather(find_candidacy(pair.enrolment_id, system.institute_id)).facts
    assert (facts.counted, facts.one_to_one) == (hours.counted, hours.one_to_one)
    assert [month.counted for month in facts.months] == [month.counted for month in hours.months]
    whose = Whose(system.institute_id, studied.cohort_id, pair.participant_person.id)
    figure = work_out(session, GradeKind.HOURS, None, whose)
    if figure is None:
        assert policy.target == 0
    else:
        assert figure.given == sum(min(one.filled, one.target) for one in hours.months)
        assert figure.maximum == sum(one.target for one in hours.months)
    assert f">{say_minutes(hours.counted)}</td>" in facilitator.get("/facilitator/cohort/").text
    explained = explain_enrolment(pair.enrolment_id)
    assert set(explained) == set(map(SessionLogId, logs))
    assert sum(one.logged for one in explained.values()) == hours.logged
    if policy.rounding is Rounding.NONE:
        assert sum(one.counted for one in explained.values()) == hours.counted
        assert sum(one.waiting for one in explained.values()) == hours.waiting
    if policy.caps:
        assert (hours.logged, hours.counted) == (75 + 75 + 80 + 37 + 75 + 31 + 75, 70 + 50 + 70 + 10 + 20)


@pytest.mark.parametrize("policy", POLICIES.values(), ids=POLICIES)
def test_what_is_kept_is_what_the_logs_come_to(
    pair: Pair, studied: Studied, system: Actor, policy: Policy
) -> None:
    set_policy(studied.programme_id, policy, actor=system)
    told(pair)
    db.session.rollback()
    kept = hours_of(pair.enrolment_id)
    with transaction() as session:
        session.execute(delete(HoursMonth))
        session.execute(delete(HoursTotal))
        recount([pair.enrolment_id], session=session)
    assert hours_of(pair.enrolment_id) == kept


def test_sessions_confirmed_at_the_same_moment_are_both_counted(pair: Pair) -> None:
    logs = [pair.log(day=f"2026-10-0{day}") for day in range(1, 7)]
    with ThreadPoolExecutor(len(logs)) as pool:
        assert set(pool.map(pair.answer, logs)) == {303}
    db.session.rollback()
    hours = hours_of(pair.enrolment_id)
    assert (hours.counted, hours.waiting) == (450, 0)
    assert hours.months[-1].counted == 450


def test_of_each_session_it_is_said_why_it_does_not_count(pair: Pair) -> None:
    *_, waiting, disputed = told(pair)
    draft = pair.log(day="2026-10-10", wish="draft")
    taken_back = pair.log(day="2026-10-11", wish="draft")
    pair.coach.post(f"/coach/sessions/{taken_back}/void", {"version": "1"})
    whys = [explain(SessionLogId(one)).reasons[0].why for one in (waiting, disputed, draft, taken_back)]
    assert whys == [Why.WAITING, Why.DISPUTED, Why.NOT_SENT, Why.TAKEN_BACK]


@pytest.mark.parametrize(
    ("day", "months", "before"),
    [
        (date(2026, 8, 31), 18, date(2025, 2, 28)),
        (date(2026, 8, 28), 18, date(2025, 2, 28)),
        (date(2024, 8, 31), 6, date(2024, 2, 29)),
        (date(2026, 1, 15), 1, date(2025, 12, 15)),
        (date(2026, 3, 31), 12, date(2025, 3, 31)),
    ],
)
def test_months_before_are_those_of_the_calendar(day: date, months: int, before: date) -> None:
    assert months_before(day, months) == before


def test_recent_hours_include_both_ends(pair: Pair) -> None:
    for day in ("2026-04-12", "2026-04-13", "2026-10-13"):
        pair.answer(pair.log(day=day))
    assert minutes_since(pair.enrolment_id, months=6, on=date(2026, 10, 13)) == 150
    assert minutes_since(pair.enrolment_id, months=6, on=date(2026, 10, 12)) == 150
    assert minutes_since(pair.enrolment_id, months=1, on=date(2026, 10, 12)) == 0


def test_the_nights_in_which_clocks_change_count_as_a_stopwatch_does(pair: Pair) -> None:
    back = pair.log(day="2025-11-02", begins="00:30", ends="02:30")
    forward = pair.log(day="2026-03-08", begins="01:30", ends="03:30")
    assert [pair.answer(one) for one in (back, forward)] == [303, 303]
    months = {month.first_day: month.counted for month in hours_of(pair.enrolment_id).months}
    assert (months[date(2025, 11, 1)], months[date(2026, 3, 1)]) == (180, 60)
    assert "Which one was it?" in pair.refused(day="2025-11-02", begins="01:15", ends="03:00")
    assert "so there was no 02:30" in pair.refused(day="2026-03-08", begins="02:30", ends="04:00")


def test_a_session_belongs_to_the_month_on_the_clock_of_the_cohort(pair: Pair) -> None:
    pair.answer(pair.log(day="2026-01-31", begins="20:00", ends="21:00"))  # 1 February in UTC
    months = {month.first_day: month.counted for month in hours_of(pair.enrolment_id).months}
    assert (months[date(2026, 1, 1)], months[date(2026, 2, 1)]) == (60, 0)
