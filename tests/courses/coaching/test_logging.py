"""What else a log says, where its form comes from, and logs that must not be."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from courses.coaching.sheets import SessionFacts, Sheet, check_sheet
from courses.coaching.writing import Written, check_session, log_session
from courses.cohorts.assigning import assign_coach
from courses.cohorts.models import EnrolmentId
from courses.frameworks.drafts import TermDraft, VocabularyDraft
from courses.frameworks.keeping import put_vocabulary
from courses.hours.policies import Cap, Period, Policy, Subject
from courses.hours.setting import set_policy
from courses.sessions import goals
from courses.sessions.actions import open_actions
from courses.sessions.models import Mode, SessionLog, SessionState
from institute import clock
from institute.actors import Actor, InstituteId, PersonId, Role
from institute.errors import NotFoundError
from institute.people.models import Person
from tests.browsing import Visitor
from tests.courses.coaching.conftest import NEW, NOW, Pair, sheet
from tests.courses.conftest import Studied
from tests.programmes import english

MakePair = Callable[..., Pair]


@pytest.fixture
def words(system: Actor) -> None:
    """Give the institute its words for practices and funding."""
    for key, terms in (("practices", ("reflection", "modelling")), ("funding", ("state", "county"))):
        drafts = tuple(TermDraft(term, english(term.title())) for term in terms)
        put_vocabulary(VocabularyDraft(key, english(key.title()), terms=drafts), actor=system)


def coach_of(pair: Pair) -> Actor:
    """Return the coach as an actor."""
    person = pair.coach_person
    return Actor(InstituteId(person.institute_id), PersonId(person.id), frozenset({Role.COACH}))


@pytest.mark.usefixtures("words")
def test_practices_funding_and_goals_stand_in_the_log_for_both(
    pair: Pair, stored: Callable[[int], SessionLog]
) -> None:
    log_id = pair.log(
        practices=["practices/reflection", "practices/modelling"],
        funding="funding/state",
        goals=["Listen first", "Ask twice"],
    )
    log = stored(log_id)
    assert log.practices == ["practices/reflection", "practices/modelling"]
    assert (log.funding, log.goals) == ("funding/state", "Listen first\nAsk twice")
    for page in (
        pair.coach.get(f"/coach/sessions/{log_id}").text,
        pair.participant.get(f"/participant/hours/{log_id}").text,
    ):
        assert "Modelling" in page
        assert "Listen first" in page
        assert "State" in page


@pytest.mark.usefixtures("words")
def test_practices_in_another_order_are_no_change_and_others_are_said_by_name(pair: Pair) -> None:
    log_id = pair.log(practices=["practices/reflection", "practices/modelling"])
    page = f"/coach/sessions/{log_id}"
    turned = sheet(ends="16:30", practices=["practices/modelling", "practices/reflection"], version="1")
    assert pair.coach.post(f"{page}/edit", turned).status_code == 303
    told = pair.coach.get(page).text
    assert "Length: 1 h instead of 1 h 15 min" in told
    assert "Practices changed" not in told
    fewer = sheet(ends="16:30", practices=["practices/modelling"], version="2")
    assert pair.coach.post(f"{page}/edit", fewer).status_code == 303
    told = pair.coach.get(page).text
    assert "Practices changed" in told
    assert "Modelling · Reflection" in told


@pytest.mark.usefixtures("words")
def test_the_next_form_carries_funding_and_goals_on_and_asks_for_practices_anew(pair: Pair) -> None:
    pair.log(practices="practices/reflection", funding="funding/county", goals="Listen first")
    page = pair.coach.get(f"{NEW}/{pair.enrolment_id}").text
    assert 'name="funding" value="funding/county" checked' in page
    assert 'name="goals" value="Listen first" checked' in page
    assert 'name="practices" value="practices/reflection">' in page


def test_goals_of_a_plan_are_offered_and_the_first_is_meant_until_something_else_was(
    app: Flask, pair: Pair
) -> None:
    goals.provide(app, lambda enrolment_id, _: ["Ask twice", "Listen\nfirst"] * (enrolment_id > 0))
    page = pair.coach.get(f"{NEW}/{pair.enrolment_id}").text
    assert 'name="goals" value="Ask twice" checked' in page
    assert 'name="goals" value="Listen first">' in page
    pair.log(goals=["Listen first", "One of our own"])
    page = pair.coach.get(f"{NEW}/{pair.enrolment_id}").text
    assert 'name="goals" value="One of our own" checked' in page
    assert 'name="goals" value="Ask twice">' in page


@pytest.mark.usefixtures("words")
@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"practices": "practices/nothing"}, "Choose one of those that your institute offers."),
        ({"practices": "funding/state"}, "Choose one of those that your institute offers."),
        ({"funding": "practices/reflection"}, "Choose one of those that your institute offers."),
        ({"funding": "x" * 500}, "Choose one of those that your institute offers."),
        ({"practices": [f"practices/{n}" for n in range(13)]}, "Choose 12 practices at most."),
        ({"goals": "x" * 2001}, "there is room for 2000"),
        ({"own_steps": "x" * 2001}, "there is room for 2000"),
        ({"due": "2026-10-12"}, "Write a day on or after that of the session."),
        ({"due": "soon"}, "Write a day on or after that of the session."),
    ],
)
def test_what_no_institute_offers_is_not_logged(
    pair: Pair, session: Session, given: dict[str, str], said: str
) -> None:
    assert said in pair.refused(**given)
    assert session.scalar(select(func.count(SessionLog.id))) == 0


def test_ticked_items_of_the_plan_and_own_words_are_one_text(
    pair: Pair, stored: Callable[[int], SessionLog]
) -> None:
    log_id = pair.log(notes=["Look back", "Talk it through", "And what nobody planned\nin two lines"])
    assert stored(log_id).notes == "Look back\nTalk it through\nAnd what nobody planned\nin two lines"


def test_a_session_that_usually_begins_at_one_time_is_filled_in_so(pair: Pair) -> None:
    for day in ("2026-10-06", "2026-10-13"):
        pair.log(day=day, begins="09:05", ends="10:05", mode="video")
    page = pair.coach.get(f"{NEW}/{pair.enrolment_id}").text
    assert 'name="begins" type="time" value="09:05"' in page
    assert 'name="mode" value="video" checked' in page
    with clock.frozen(NOW + timedelta(hours=9)):
        page = pair.coach.get(f"{NEW}/{pair.enrolment_id}").text
    assert 'name="begins" type="time" value="09:05"' not in page, "that was too long ago"


def test_after_an_assignment_ended_its_days_are_logged_and_no_others(
    pair: Pair,
    make_person: Callable[..., Person],
    system: Actor,
    stored: Callable[[int], SessionLog],
    sign_in: Callable[..., Visitor],
) -> None:
    other = make_person(name="Tomás Rivera")
    assign_coach(pair.enrolment_id, PersonId(other.id), since=date(2026, 10, 13), actor=system)
    assert "You were the coach until Mon, Oct 12, 2026" in pair.coach.get("/coach/sessions/new").text
    assert "You were not this participant’s coach on that day." in pair.refused(day="2026-10-13")
    log_id = pair.log(day="2026-10-12")
    assert stored(log_id).state is SessionState.SUBMITTED
    pair.answer(log_id)
    with clock.frozen(NOW + timedelta(days=40)):
        assert sign_in(pair.coach_person).get("/coach/sessions/new").status_code == 403


def test_a_session_that_began_before_the_end_of_an_assignment_belongs_to_its_first_day(
    pair: Pair, make_person: Callable[..., Person], system: Actor, stored: Callable[[int], SessionLog]
) -> None:
    other = make_person(name="Tomás Rivera")
    assign_coach(pair.enrolment_id, PersonId(other.id), since=date(2026, 10, 1), actor=system)
    log_id = pair.log(day="2026-09-30", begins="23:30", ends="00:30", next_day="1")
    assert stored(log_id).month == date(2026, 9, 1)


def test_a_coach_logs_nothing_about_themselves(
    pair: Pair, make_enrolment: Callable[..., tuple[Person, EnrolmentId]], session: Session
) -> None:
    _, own = make_enrolment(pair.coach_person)
    assert pair.coach.get(f"{NEW}/{own}").status_code == 404
    assert pair.coach.post(f"{NEW}/{own}", sheet()).status_code == 404
    with pytest.raises(NotFoundError):
        log_session(
            own,
            Sheet.of(sheet()),
            send=True,
            actor=coach_of(pair),
            external_id="1",
            imported_by=PersonId(pair.participant_person.id),
        )
    assert session.scalar(select(func.count(SessionLog.id))) == 0


def test_what_a_file_brings_is_there_once_names_who_attests_it_and_waits_for_the_participant(
    pair: Pair, session: Session, make_person: Callable[..., Person], stored: Callable[[int], SessionLog]
) -> None:
    attests = make_person(name="Grace Administrator")
    old = Sheet.of(sheet(next_steps="", day="2026-01-31", begins="20:00", ends="21:00"))
    by = PersonId(attests.id)

    def bring() -> Written:
        return log_session(
            pair.enrolment_id, old, send=True, actor=coach_of(pair), external_id="row-7", imported_by=by
        )

    written = bring()
    again = bring()
    assert (written.known, again.known, again.log_id) == (False, True, written.log_id)
    assert session.scalar(select(func.count(SessionLog.id))) == 1
    assert written.log_id is not None
    log = stored(written.log_id)
    assert (log.state, log.imported_by, log.external_id) == (SessionState.SUBMITTED, attests.id, "row-7")
    assert log.month == date(2026, 1, 1)
    page = pair.participant.get(f"/participant/hours/{log.id}").text
    assert "From a file, attested by" in page
    assert "Grace Administrator" in page
    assert pair.answer(log.id) == 303


def test_what_a_file_brings_agrees_on_nothing_today(pair: Pair, make_person: Callable[..., Person]) -> None:
    log_session(
        pair.enrolment_id,
        Sheet.of(sheet()),
        send=True,
        actor=coach_of(pair),
        external_id="1",
        imported_by=PersonId(make_person().id),
    )
    assert open_actions(pair.enrolment_id, institute_id=coach_of(pair).institute_id) == []


def test_looking_asks_for_no_more_than_a_draft_unless_it_is_told_to(pair: Pair) -> None:
    empty = Sheet.of(sheet(next_steps=""))
    actor = coach_of(pair)
    assert check_session(pair.enrolment_id, empty, actor=actor).problems == {}
    assert set(check_session(pair.enrolment_id, empty, actor=actor, sending=True).problems) == {"next_steps"}
    assert check_session(pair.enrolment_id, empty, actor=actor, sending=True, asks=False).problems == {}


@settings(deadline=None, max_examples=60)
@given(
    practices=st.lists(st.sampled_from(["practices/a", "practices/b", "x y"]), max_size=4),
    goals=st.text(max_size=40),
    due=st.dates(date(2026, 10, 13), date(2027, 1, 1)),
    attended=st.integers(1, 75),
)
def test_recorded_facts_are_read_back_as_they_were(
    practices: list[str], goals: str, due: date, attended: int
) -> None:
    typed = Sheet.of(
        sheet(
            kind="group",
            practices=" ".join(practices),
            goals=goals,
            due=due.isoformat(),
            attended=str(attended),
            done="3 5 3",
        )
    )
    facts = check_sheet(typed, zone="America/Los_Angeles").facts
    assert facts is not None
    assert SessionFacts.read(facts.recorded()) == facts
    assert (facts.minutes, facts.length, facts.done) == (attended, 75, (3, 5))


def test_facts_of_a_time_that_knew_fewer_are_read(pair: Pair) -> None:
    facts = check_sheet(Sheet.of(sheet()), zone="America/Los_Angeles").facts
    assert facts is not None
    before = facts.recorded()
    for name in ("goals", "practices", "funding", "done", "due", "own_steps"):
        del before[name]
    assert SessionFacts.read(before) == facts


def test_time_beside_sessions_is_noted_seen_and_taken_back(
    make_pair: MakePair, sign_in: Callable[..., Visitor]
) -> None:
    pair, other = make_pair(), make_pair(name="Mei-Ling Chen")
    fields = {"day": "2026-10-13", "minutes": "40", "enrolment": str(pair.enrolment_id), "note": "Reading"}
    assert pair.coach.post("/coach/planning/", fields).status_code == 303
    page = pair.coach.get("/coach/planning/").text
    assert "In October 2026: 40 min" in page
    assert "Reading" in page
    number = page.split("/take-back")[0].rpartition("/")[2]
    assert "Reading" not in other.coach.get("/coach/planning/").text
    assert other.coach.post(f"/coach/planning/{number}/take-back").status_code == 404
    for _ in range(2):
        assert pair.coach.post(f"/coach/planning/{number}/take-back").status_code == 303
    assert "Nothing noted yet" in pair.coach.get("/coach/planning/").text
    stranger = sign_in(other.participant_person, roles=[Role.COACH])
    assert stranger.get("/coach/planning/").status_code == 200


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"minutes": "0"}, "Write whole minutes, from 1 to 1440."),
        ({"minutes": "1" * 30}, "Write whole minutes"),
        ({"minutes": "1.5"}, "Write whole minutes"),
        ({"day": "2026-10-15"}, "has not ended yet"),
        ({"day": "\0"}, "Write the date"),
        ({"enrolment": "999999"}, "Choose one of these."),
        ({"enrolment": ""}, "Choose one of these."),
        ({"note": "x" * 501}, "there is room for 500"),
        ({"funding": "funding/nothing"}, "Choose one of those that your institute offers."),
    ],
)
def test_time_that_cannot_be_is_not_noted_and_stays_typed(
    pair: Pair, given: dict[str, str], said: str
) -> None:
    fields = {"day": "2026-10-13", "minutes": "40", "enrolment": str(pair.enrolment_id), "note": "Reading"}
    answer = pair.coach.post("/coach/planning/", {**fields, **given})
    assert answer.status_code == 422
    assert said in answer.text
    assert fields["note"] in answer.text or "note" in given


def test_time_for_somebody_else_s_participant_is_refused(make_pair: MakePair) -> None:
    pair, other = make_pair(), make_pair(name="Mei-Ling Chen")
    fields = {"day": "2026-10-13", "minutes": "40", "enrolment": str(other.enrolment_id)}
    assert pair.coach.post("/coach/planning/", fields).status_code == 422


def test_a_log_entered_when_the_clocks_go_back_counts_on_the_cohort_s_clock(
    make_pair: MakePair, stored: Callable[[int], SessionLog]
) -> None:
    """At 01:30 the second time, the first half hour of the hour before is over."""
    with clock.frozen(datetime(2026, 11, 1, 9, 30, tzinfo=UTC)):
        pair = make_pair()
        night = {"day": "2026-11-01", "begins": "01:00", "ends": "01:30"}
        late = pair.refused(**night, begins_side="second", ends_side="first")
        assert "The end is before the start" in late
        log = stored(pair.log(**night, begins_side="first", ends_side="second"))
    assert log.minutes == 90
    assert log.start_utc == datetime(2026, 11, 1, 8, tzinfo=UTC)


def test_the_form_says_how_much_of_a_session_counts_where_the_programme_limits_it(
    pair: Pair, studied: Studied, system: Actor
) -> None:
    cap = Cap(Period.MONTH, Subject(mode=Mode.VIDEO), 100)
    set_policy(studied.programme_id, Policy(caps=(cap,)), actor=system)
    pair.answer(pair.log(day="2026-10-12", mode="video"))
    looked = pair.coach.post(f"{NEW}/{pair.enrolment_id}", sheet(mode="video", wish="look")).text
    assert "1 h 40 min once it is confirmed: 25 min of this session count" in looked
    pair.log(day="2026-10-11", mode="video")
    phone = pair.coach.post(f"{NEW}/{pair.enrolment_id}", sheet(mode="phone", wish="look")).text
    assert "Stays at 1 h 15 min: this session is logged and does not count" in phone
