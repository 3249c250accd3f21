"""Hours on the pages of the participant, the coach and the coordinator; months that are excused; whose is whose."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from courses.cohorts.models import Cohort, Enrolment, NeedLevel, Recipient, RecipientType, Setting
from courses.hours.figures import MonthStatus
from courses.hours.models import ExcusedMonth
from courses.hours.policies import DEFAULT, Cap, Dosage, Period, Subject
from courses.hours.queries import hours_of
from courses.hours.setting import set_policy
from courses.sessions.models import Kind, Mode
from institute.actors import Actor, Role
from institute.db import db, transaction
from institute.people.models import Institute, Person
from tests.browsing import Visitor
from tests.courses.coaching.conftest import Pair
from tests.courses.conftest import Studied

MakePair = Callable[..., Pair]
BY_MAIL = replace(
    DEFAULT,
    counting=DEFAULT.counting | {(Kind.ONE_TO_ONE, Mode.ASYNCHRONOUS)},
    caps=(Cap(Period.MONTH, Subject(mode=Mode.ASYNCHRONOUS), 30),),
)


@pytest.fixture(autouse=True)
def september(pair: Pair) -> None:
    """Let the participant have been there since the cohort began."""
    with transaction() as session:
        session.get_one(Enrolment, pair.enrolment_id).created_at = datetime(2026, 9, 1, 19, tzinfo=UTC)


def excuse(coordinator: Visitor, pair: Pair, month: str = "2026-09", reason: str = "Family leave") -> int:
    """Excuse a month through the form, and return the status of the answer."""
    path = f"/coordinator/hours/{pair.enrolment_id}/excuse"
    return coordinator.post(path, {"month": month, "reason": reason}).status_code


def test_each_reader_sees_what_was_logged_what_counts_and_why_the_rest_does_not(
    pair: Pair, coordinator: Visitor, studied: Studied, system: Actor
) -> None:
    set_policy(studied.programme_id, BY_MAIL, actor=system)
    pair.answer(pair.log(mode="asynchronous"))
    pair.answer(pair.log(day="2026-10-12", mode="phone"))
    for visitor, path in (
        (pair.participant, "/participant/hours/"),
        (pair.coach, f"/coach/hours/{pair.enrolment_id}"),
        (coordinator, f"/coordinator/hours/{pair.enrolment_id}"),
    ):
        page = visitor.get(path).text
        assert "45 min do not count, because of a limit. E-mail: up to 30 min a month count." in page
        assert "1 h 15 min do not count: sessions of this kind are logged only." in page
        assert "E-mail: up to 30 min a month count." in page
        assert "<dt>Logged</dt><dd>2 h 30 min</dd><dt>Counted</dt><dd>30 min</dd>" in page
        assert "<dt>Beyond a limit</dt><dd>45 min</dd>" in page


def test_the_reasons_are_said_in_the_reader_s_language(pair: Pair) -> None:
    pair.answer(pair.log(mode="phone"))
    page = pair.participant.get("/participant/hours/?lang=es").text
    assert 'lang="es"' in page
    assert pair.participant.get("/participant/hours/?lang=ar").status_code == 200


def test_more_than_the_target_is_shown_and_never_blocked(pair: Pair) -> None:
    for day in range(1, 9):
        pair.answer(pair.log(day=f"2026-10-{day:02}"))
    page = pair.participant.get("/participant/hours/").text
    assert "You reached the target of 6 h this month, and 4 h more." in page
    assert hours_of(pair.enrolment_id).present.beyond == 240
    assert (
        "The target of 6 h is reached this month, and 4 h more."
        in pair.coach.get(f"/coach/hours/{pair.enrolment_id}").text
    )


def test_the_sessions_of_a_month_stand_behind_its_name(pair: Pair) -> None:
    pair.answer(pair.log(day="2026-09-15"))
    pair.answer(pair.log())
    page = pair.participant.get("/participant/hours/").text
    assert "?month=2026-09#sessions" in page
    september = pair.participant.get("/participant/hours/?month=2026-09").text
    assert "Sessions in September 2026" in september
    assert "Tue, Sep 15, 2026" in september
    assert "Tue, Oct 13, 2026" not in september
    for odd in ("2026-13", "\0", "9" * 500, "2020-01"):
        assert (
            "Latest sessions" in pair.participant.get("/participant/hours/", query_string={"month": odd}).text
        )


def test_late_entries_long_sessions_and_long_days_are_flagged_for_coach_and_coordinator(
    pair: Pair, coordinator: Visitor
) -> None:
    pair.answer(pair.log(day="2026-09-02"))
    pair.answer(pair.log(day="2026-10-10", begins="08:00", ends="13:00", long_reason="A day of observation"))
    pair.answer(pair.log(day="2026-10-10", begins="13:00", ends="17:00", long_reason="A day of observation"))
    for visitor, path in ((pair.coach, "coach"), (coordinator, "coordinator")):
        page = visitor.get(f"/{path}/hours/{pair.enrolment_id}").text
        assert page.count("Logged more than 30 days after the session") == 1
        assert page.count("Longer than 4 h") == 1
        assert page.count("More than 8 h on that day") == 2


def test_an_excused_month_asks_nothing_and_says_why_to_both_sides(pair: Pair, coordinator: Visitor) -> None:
    assert hours_of(pair.enrolment_id).months[0].status is MonthStatus.BELOW
    assert excuse(coordinator, pair) == 303
    assert excuse(coordinator, pair, "2026-10", "Jury duty") == 303
    months = hours_of(pair.enrolment_id).months
    assert [month.status for month in months] == [MonthStatus.EXCUSED] * 2
    assert [month.missing for month in months] == [0, 0]
    page = pair.participant.get("/participant/hours/").text
    assert "Nothing is asked of this month: Jury duty" in page
    assert ">Minimum</text>" not in page
    assert "Family leave" in page
    assert "Nothing is asked of this month: Jury duty" in pair.participant.get("/participant/").text
    assert "Family leave" in pair.coach.get(f"/coach/hours/{pair.enrolment_id}").text
    shown = coordinator.get(f"/coordinator/hours/{pair.enrolment_id}").text
    assert "approved by <bdi>Cora Coordinator</bdi>" in shown
    assert '<option value="2026-11" selected' in shown  # the first month to come that is not excused
    excused = db.session.scalars(select(ExcusedMonth).order_by(ExcusedMonth.id)).all()
    path = f"/coordinator/hours/{pair.enrolment_id}/excused/{excused[0].id}/withdraw"
    assert [coordinator.post(path).status_code for _ in range(2)] == [303, 303]
    db.session.rollback()
    assert hours_of(pair.enrolment_id).months[0].status is MonthStatus.BELOW


@pytest.mark.parametrize(
    ("month", "reason", "said"),
    [
        ("2026-09", "", "Write why nothing is asked of this month."),
        ("2026-09", "x" * 1001, "This text has 1001 characters; there is room for 1000."),
        ("1999-01", "Leave", "Choose a month of this list."),
        ("\0", "Leave", "Choose a month of this list."),
        ("9" * 99, "Leave", "Choose a month of this list."),
    ],
)
def test_an_excuse_that_lacks_something_comes_back_as_it_was_typed(
    pair: Pair, coordinator: Visitor, month: str, reason: str, said: str
) -> None:
    answer = coordinator.post(
        f"/coordinator/hours/{pair.enrolment_id}/excuse", {"month": month, "reason": reason}
    )
    assert answer.status_code == 422
    assert said in answer.text
    assert reason[:500] in answer.text


def test_a_month_is_excused_once(pair: Pair, coordinator: Visitor) -> None:
    assert excuse(coordinator, pair) == 303
    assert excuse(coordinator, pair, reason="Again") == 422


def test_nobody_excuses_their_own_months(pair: Pair, sign_in: Callable[..., Visitor]) -> None:
    own = sign_in(pair.participant_person, roles=[Role.COORDINATOR])
    assert excuse(own, pair) == 403
    assert "another coordinator decides" in own.get(f"/coordinator/hours/{pair.enrolment_id}").text


def test_hours_of_others_are_not_there(
    make_pair: MakePair,
    coordinator: Visitor,
    make_institute: Callable[..., Institute],
    make_person: Callable[..., Person],
    sign_in: Callable[..., Visitor],
) -> None:
    first = make_pair(name="Mei-Ling Chen")
    second = make_pair(name="Somebody else")
    first.answer(first.log(day="2026-09-20"))
    assert second.coach.get(f"/coach/hours/{first.enrolment_id}").status_code == 404
    assert excuse(coordinator, first) == 303
    excused = db.session.scalars(select(ExcusedMonth)).one()
    crossed = f"/coordinator/hours/{second.enrolment_id}/excused/{excused.id}/withdraw"
    assert coordinator.post(crossed).status_code == 404
    stranger = sign_in(make_person(institute_id=make_institute().id), roles=[Role.COORDINATOR])
    assert stranger.get(f"/coordinator/hours/{first.enrolment_id}").status_code == 404
    assert excuse(stranger, first) == 404
    own = f"/coordinator/hours/{first.enrolment_id}/excused/{excused.id}/withdraw"
    assert stranger.post(own).status_code == 404


def test_what_is_asked_follows_the_need_level_from_its_day_on(
    pair: Pair, studied: Studied, system: Actor
) -> None:
    set_policy(studied.programme_id, replace(DEFAULT, raised=Dosage(360, 480)), actor=system)
    with transaction() as session:
        for since, need in ((date(2026, 9, 1), NeedLevel.STANDARD), (date(2026, 10, 2), NeedLevel.RAISED)):
            session.add(
                Recipient(
                    institute_id=system.institute_id,
                    enrolment_id=pair.enrolment_id,
                    since=since,
                    type=RecipientType.LEAD_TEACHER,
                    setting=Setting.CENTRE,
                    need=need,
                )
            )
    hours = hours_of(pair.enrolment_id)
    assert [month.minimum for month in hours.months] == [270, 360]
    assert (hours.minimum, hours.target) == (360, 480)
    assert "6 h" in pair.participant.get("/participant/hours/").text


def test_the_page_stays_small_after_years_in_every_language(pair: Pair, studied: Studied) -> None:
    with transaction() as session:
        session.get_one(Enrolment, pair.enrolment_id).created_at = datetime(2024, 9, 1, 19, tzinfo=UTC)
        session.get_one(Cohort, studied.cohort_id).starts = date(2024, 9, 1)
    for day in range(1, 13):
        log_id = pair.log(day=f"2026-09-{day:02}", mode="phone")
        if day > 5:
            pair.answer(log_id)
    for lang in ("en", "ar"):
        for query in ("", "&month=2026-09", "&month=all"):
            answer = pair.participant.get(f"/participant/hours/?lang={lang}{query}")
            assert len(answer.data) <= 30_000, (lang, query, len(answer.data))
    every = pair.participant.get("/participant/hours/?lang=en&month=all").text
    assert "September 2024" in every
    assert "Show all 26 months" in pair.participant.get("/participant/hours/").text
