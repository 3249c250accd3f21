"""Relationship surveys: each side answers for itself, and a coordinator reads a whole cohort's together."""

from __future__ import annotations

from collections.abc import Callable

from courses.catalogue.models import Purpose
from institute import clock
from institute.actors import Actor, Role
from institute.db import transaction
from institute.people.models import Grant, Organisation, Person
from tests.browsing import Visitor
from tests.courses.surveys.conftest import Pair, answers, cohort, on_day, part
from tests.programmes import english

THEIRS, MINE = Purpose.RELATIONSHIP_PARTICIPANT, Purpose.RELATIONSHIP_COACH
OPEN, OVER = 160, 220


def test_each_side_sees_its_own_answers_and_never_the_others(pair: Pair) -> None:
    with clock.frozen(on_day(OPEN)):
        assert pair.send(THEIRS, "year1", **{"answer-1": "She listens"}).status_code == 303
        form = answers(do="send", **{"answer-1": "He is on time"})
        assert pair.coach.post(pair.coach_url(MINE, "year1"), form).status_code == 303
        assert "She listens" in pair.person.get(pair.url(THEIRS, "year1")).text
        assert "He is on time" in pair.coach.get(pair.coach_url(MINE, "year1")).text
        assert pair.coach.get(pair.coach_url(THEIRS, "year1")).status_code == 404
        assert pair.person.get(pair.url(MINE, "year1")).status_code == 404
        assert "She listens" not in pair.coach.get(f"/coach/surveys/{pair.enrolment_id}").text


def test_the_coachs_home_counts_what_waits_for_each_person(
    make_pair: Callable[..., Pair], make_person: Callable[..., Person]
) -> None:
    coach = make_person(name="Amina")
    first, _second = make_pair("Lucía", coach), make_pair("Mei", coach)
    with clock.frozen(on_day(OPEN)):
        page = first.coach.get("/coach/surveys/").text
        assert "2 rounds wait for you." in page
        first.coach.post(first.coach_url(MINE, "year1"), answers(do="send"))
        assert "1 round waits for you." in first.coach.get("/coach/surveys/").text


def test_answers_are_not_taken_once_a_round_is_over(pair: Pair) -> None:
    with clock.frozen(on_day(OVER)):
        assert pair.send(THEIRS, "year1").status_code == 409


def test_a_coordinator_reads_a_cohort_together_from_five_answers_on(
    make_pair: Callable[..., Pair], coordinate: Callable[[], Visitor], facilitate: Callable[[], Visitor]
) -> None:
    pairs = [make_pair(f"Person {number}") for number in range(5)]
    with clock.frozen(on_day(OPEN)):
        for one in pairs[:4]:
            one.send(THEIRS, "year1", 4)
    with clock.frozen(on_day(OVER)):
        page = coordinate().get("/coordinator/surveys/").text
        assert "4 of 5" in page
        assert "Fewer than five answers" in page
    with clock.frozen(on_day(OPEN)):
        pairs[4].send(THEIRS, "year1", 4)
        before = coordinate().get("/coordinator/surveys/").text
        assert "Read the results" not in before
    with clock.frozen(on_day(OVER)):
        link = f"/coordinator/surveys/{cohort()}/{part(THEIRS)}-year1"
        assert link in coordinate().get("/coordinator/surveys/").text
        assert "1 round has results to read." in coordinate().get("/coordinator/").text
        page = coordinate().get(link).text
        assert "On average in the upper part of the scale" in page
        assert "Person" not in page
        assert facilitate().get(f"/facilitator/surveys/{part(THEIRS)}-year1/results").status_code == 404


def test_a_coordinator_of_another_organisation_reads_no_results(
    make_pair: Callable[..., Pair],
    make_person: Callable[..., Person],
    sign_in: Callable[..., Visitor],
    system: Actor,
) -> None:
    make_pair()
    person = make_person(name="Olga")
    with transaction() as session:
        elsewhere = Organisation(
            institute_id=person.institute_id, key="elsewhere", kind="agency", name=english("Elsewhere")
        )
        session.add(elsewhere)
        session.flush()
        session.add(
            Grant(
                institute_id=person.institute_id,
                person_id=person.id,
                role=Role.COORDINATOR,
                organisation_id=elsewhere.id,
            )
        )
    visitor = sign_in(person)
    assert "No surveys yet" in visitor.get("/coordinator/surveys/").text
    assert visitor.get(f"/coordinator/surveys/{cohort()}/{part(THEIRS)}-year1").status_code == 404
