"""A reflection: in its window, once sent read by the coach, with the growth between its rounds drawn."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from courses.catalogue.models import Purpose
from courses.cohorts.models import Enrolment, EnrolmentState
from courses.surveys.models import SurveyResponse
from institute import clock
from institute.actors import Role
from institute.db import transaction
from institute.people.models import Person
from tests.browsing import Visitor
from tests.courses.surveys.conftest import AREAS, Pair, answers, cohort, on_day, part

REFLECTION = Purpose.REFLECTION


def test_the_home_leads_to_what_waits_and_sending_settles_it(pair: Pair) -> None:
    assert "The reflection – Initial" in pair.person.get("/participant/").text
    assert (
        "Your coach reads your answers once you have sent them"
        in pair.person.get(pair.url(REFLECTION, "initial")).text
    )
    assert pair.send(REFLECTION, "initial").status_code == 303
    assert "Waits for you" not in pair.person.get("/participant/surveys/").text


def test_saved_answers_stay_the_persons_own_until_they_are_sent(pair: Pair, session: Session) -> None:
    url = pair.url(REFLECTION, "initial")
    assert pair.person.post(url, {"do": "save", "item-ask-1": "2"}).status_code == 303
    assert "Nothing sent yet" in pair.coach.get(f"/coach/surveys/{pair.enrolment_id}").text
    response = session.scalars(select(SurveyResponse)).one()
    assert response.filled["ratings"] == {"ask-1": 2}
    assert response.sent_at is None


def test_an_open_statement_keeps_it_from_being_sent_and_everything_typed_stays(pair: Pair) -> None:
    form = answers(**{"answer-1": "Words", "do": "send"})
    del form["item-plan-2"]
    answer = pair.person.post(pair.url(REFLECTION, "initial"), form)
    assert answer.status_code == 422
    assert "Choose an answer." in answer.text
    assert "Words" in answer.text


@pytest.mark.parametrize("wrong", ["9", "x", "10" * 20, "1\x00", "٣"])
def test_what_is_not_on_the_scale_is_refused_in_words(pair: Pair, wrong: str) -> None:
    answer = pair.person.post(
        pair.url(REFLECTION, "initial"), {**answers(), "item-ask-1": wrong, "do": "send"}
    )
    assert answer.status_code == 422
    assert "This is none of the answers" in answer.text


def test_a_second_window_overwrites_nothing_and_shows_both(pair: Pair, session: Session) -> None:
    url = pair.url(REFLECTION, "initial")
    pair.person.post(url, {"do": "save", "_revision": "0", "answer-1": "From the first window"})
    late = pair.person.post(url, {"do": "save", "_revision": "0", "answer-1": "From the second window"})
    assert late.status_code == 409
    assert "From the first window" in late.text
    assert "From the second window" in late.text
    assert session.scalars(select(SurveyResponse)).one().filled["answers"] == ["From the first window"]
    again = pair.person.post(url, {"do": "save", "_revision": "1", "answer-1": "Both together"})
    assert again.status_code == 303


def test_it_is_sent_once_and_can_be_taken_back_while_the_round_lasts(pair: Pair, session: Session) -> None:
    pair.send(REFLECTION, "initial")
    assert pair.send(REFLECTION, "initial", 1).status_code == 409
    pair.person.post(pair.url(REFLECTION, "initial") + "/again")
    assert "Nothing sent yet" in pair.coach.get(f"/coach/surveys/{pair.enrolment_id}").text
    assert pair.send(REFLECTION, "initial", 1, _revision="1").status_code == 303
    assert session.scalars(select(SurveyResponse)).one().filled["ratings"]["ask-1"] == 1


def test_a_round_opens_and_closes_by_days_since_the_enrolment(pair: Pair) -> None:
    for day, status in ((334, 409), (335, 303)):
        with clock.frozen(on_day(day)):
            assert pair.send(REFLECTION, "interim").status_code == status


def test_somebody_who_joined_later_has_windows_of_their_own(
    make_pair: Callable[..., Pair], session: Session
) -> None:
    late = make_pair()
    with transaction() as writing:
        writing.get_one(Enrolment, late.enrolment_id).created_at = on_day(60)
    with clock.frozen(on_day(150)):
        assert late.send(REFLECTION, "initial").status_code == 303
    assert session.scalars(select(SurveyResponse)).one().late is False


def test_a_late_reflection_is_taken_and_marked_until_the_next_round_opens(
    pair: Pair, session: Session
) -> None:
    with clock.frozen(on_day(91)):
        page = pair.person.get(pair.url(REFLECTION, "initial")).text
        assert "it will be marked as late" in page
        assert pair.send(REFLECTION, "initial").status_code == 303
        assert "Sent late" in pair.person.get("/participant/surveys/").text
    assert session.scalars(select(SurveyResponse)).one().late is True


def test_a_round_is_gone_for_good_once_the_next_is_open(pair: Pair, session: Session) -> None:
    pair.person.post(pair.url(REFLECTION, "initial"), {"do": "save", "answer-1": "Begun"})
    with clock.frozen(on_day(340)):
        assert pair.send(REFLECTION, "initial").status_code == 409
        page = pair.person.get(pair.url(REFLECTION, "initial")).text
        assert "Begun" in page
        assert "You began this and did not send it" in page


def test_growth_is_drawn_told_and_written_as_a_table_for_both_sides(pair: Pair) -> None:
    pair.send(REFLECTION, "initial", 2)
    assert "from Initial to" not in pair.person.get("/participant/surveys/").text
    with clock.frozen(on_day(340)):
        pair.send(REFLECTION, "interim", 3, **{"item-ask-1": "4"})
        for visitor, path in (
            (pair.person, "/participant/surveys/"),
            (pair.coach, f"/coach/surveys/{pair.enrolment_id}"),
        ):
            page = visitor.get(path).text
            assert '<svg class="ci-radar" viewBox="-130 -126 260 252" role="img"' in page
            assert "Averages by area from Initial to Interim: Area listen from 2 to 3" in page
            assert "Most growth: " in page
            assert "3.5" in page
            assert all(f"Area {area}" in page for area in AREAS)


def test_a_paused_enrolment_answers_nothing(pair: Pair) -> None:
    with transaction() as session:
        session.get_one(Enrolment, pair.enrolment_id).state = EnrolmentState.PAUSED
    assert pair.send(REFLECTION, "initial").status_code == 409
    assert "not active" in pair.person.get(pair.url(REFLECTION, "initial")).text


def test_nobody_but_the_person_and_todays_coach_reads_a_reflection(
    pair: Pair, make_pair: Callable[..., Pair]
) -> None:
    pair.send(REFLECTION, "initial", **{"answer-1": "Only between us"})
    other = make_pair("Mei")
    round_ = f"{part(REFLECTION)}-initial"
    assert "Only between us" in pair.coach.get(f"/coach/surveys/{pair.enrolment_id}").text
    assert other.coach.get(f"/coach/surveys/{pair.enrolment_id}").status_code == 404
    assert other.coach.get(f"/coach/surveys/{pair.enrolment_id}/{round_}").status_code == 404
    assert "Only between us" not in other.person.get(f"/participant/surveys/{round_}").text


def test_facilitators_and_coordinators_see_how_many_sent_a_reflection_and_no_more(
    pair: Pair, facilitate: Callable[[], Visitor], coordinate: Callable[[], Visitor]
) -> None:
    pair.send(REFLECTION, "initial", **{"answer-1": "Only between us"})
    round_ = f"{part(REFLECTION)}-initial"
    assert facilitate().get(f"/facilitator/surveys/{round_}/results").status_code == 404
    assert coordinate().get(f"/coordinator/surveys/{cohort()}/{round_}").status_code == 404
    for visitor, path in ((facilitate(), "/facilitator/surveys/"), (coordinate(), "/coordinator/surveys/")):
        page = visitor.get(path).text
        assert "1 of 1" in page
        assert "Lucía" not in page


def test_raters_reach_no_page_of_surveys(
    pair: Pair, make_person: Callable[..., Person], sign_in: Callable[..., Visitor]
) -> None:
    trainer = sign_in(make_person(name="Tara"), roles=[Role.TRAINER])
    for path in (f"/coach/surveys/{pair.enrolment_id}", "/coordinator/surveys/", "/facilitator/surveys/"):
        assert trainer.get(path).status_code == 403


def test_a_coach_answers_nothing_in_the_place_of_a_participant(pair: Pair) -> None:
    assert pair.coach.get(pair.coach_url(REFLECTION, "initial")).status_code == 404
    assert pair.coach.post(pair.coach_url(REFLECTION, "initial"), answers(do="send")).status_code == 404


@pytest.mark.parametrize("round_", ["0-initial", "x", "1-", "-", "9" * 40 + "-initial", "1-initial%00"])
def test_a_round_that_does_not_exist_is_not_there(pair: Pair, round_: str) -> None:
    assert pair.person.get(f"/participant/surveys/{round_}").status_code == 404
    assert pair.person.post(f"/participant/surveys/{round_}", answers()).status_code == 404
