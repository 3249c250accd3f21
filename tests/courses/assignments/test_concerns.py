"""A concern's steps: between the two, then the coordinator, then another coach or an end; raters see none."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from courses.assignments.models import Concern, ConcernState, ConcernStep
from courses.cohorts.models import EnrolmentId
from institute import clock
from institute.actors import PersonId, Role
from institute.db import transaction
from institute.people.granting import grant_role
from institute.people.models import Institute, Person
from institute.web.areas import AreaBlueprint
from tests.browsing import Visitor
from tests.courses.assignments.conftest import Desk, Places
from tests.institute import post

TODAY = datetime(2026, 11, 2, 18, tzinfo=UTC)
LATER = datetime(2026, 11, 10, 18, tzinfo=UTC)
WORDS = "We have found no day for six weeks."
Coached = Callable[..., tuple[Person, Person, EnrolmentId, int]]
Side = Callable[..., Visitor]


def raise_one(visitor: Visitor, enrolment_id: EnrolmentId, area: str = "participant", **more: str) -> int:
    """Raise a concern on the page and return its id."""
    answer = visitor.post(f"/{area}/concerns/", {"about": str(enrolment_id), "words": WORDS, **more})
    assert answer.status_code == 303, answer.get_data(as_text=True)
    return int(answer.location.rsplit("/", 1)[1])


def test_a_concern_is_between_the_two_for_seven_days_and_then_with_the_coordinator(
    coordinator: Visitor, make_coached: Coached, side: Side
) -> None:
    person, coach, enrolment_id, _ = make_coached()
    with clock.frozen(TODAY):
        mine, theirs = side(person, Role.PARTICIPANT), side(coach)
        number = raise_one(mine, enrolment_id)
        assert WORDS in theirs.get(f"/coach/concerns/{number}").get_data(as_text=True)
        assert "November 9, 2026" in theirs.get(f"/coach/concerns/{number}").get_data(as_text=True)
        assert coordinator.get(f"/coordinator/concerns/{number}").status_code == 404
        assert WORDS not in coordinator.get("/coordinator/concerns/").get_data(as_text=True)
        said = {"wish": "add", "words": "Thursdays would suit me."}
        assert theirs.post(f"/coach/concerns/{number}", said).status_code == 303
        post.deliver()
    with clock.frozen(LATER):
        post.deliver()
        page = coordinator.get(f"/coordinator/concerns/{number}").get_data(as_text=True)
        assert WORDS in page
        assert "Thursdays would suit me." in page
        assert "The days between the two are over" in page
        assert "A concern that" in coordinator.get("/coordinator/").get_data(as_text=True)


def test_who_raised_it_closes_it_once_a_way_is_found_and_the_coordinator_never_sees_it(
    coordinator: Visitor, make_coached: Coached, side: Side, session: Session
) -> None:
    person, coach, enrolment_id, _ = make_coached()
    with clock.frozen(TODAY):
        mine, theirs = side(person, Role.PARTICIPANT), side(coach)
        number = raise_one(theirs, enrolment_id, "coach")
        refused = mine.post(f"/participant/concerns/{number}", {"wish": "settle"})
        assert refused.status_code == 409
        assert theirs.post(f"/coach/concerns/{number}", {"wish": "settle"}).status_code == 303
        late = mine.post(f"/participant/concerns/{number}", {"wish": "add", "words": "One thing more."})
        assert late.status_code == 409
    with clock.frozen(LATER):
        post.deliver()
        assert coordinator.get("/coordinator/concerns/").get_data(as_text=True).count("Lucía") == 0
    assert session.scalars(select(Concern.state)).all() == [ConcernState.CLOSED]


def test_either_side_hands_it_on_before_the_days_are_over(
    coordinator: Visitor, make_coached: Coached, side: Side
) -> None:
    person, coach, enrolment_id, _ = make_coached()
    number = raise_one(side(person, Role.PARTICIPANT), enrolment_id)
    assert side(coach).post(f"/coach/concerns/{number}", {"wish": "pass"}).status_code == 303
    assert coordinator.get(f"/coordinator/concerns/{number}").status_code == 200


def test_a_direct_one_is_unseen_by_the_other_side(
    coordinator: Visitor, make_coached: Coached, side: Side
) -> None:
    person, coach, enrolment_id, _ = make_coached()
    number = raise_one(side(person, Role.PARTICIPANT), enrolment_id, direct="1")
    theirs = side(coach)
    assert theirs.get(f"/coach/concerns/{number}").status_code == 404
    assert "Lucía" in theirs.get("/coach/concerns/").get_data(as_text=True), "whom they coach"
    assert "Raised by" not in theirs.get("/coach/concerns/").get_data(as_text=True)
    assert WORDS in coordinator.get(f"/coordinator/concerns/{number}").get_data(as_text=True)


def test_it_ends_with_another_coach_or_is_closed_and_what_is_kept_inside_stays_inside(
    desk: Desk, make_coached: Coached, side: Side, session: Session
) -> None:
    person, coach, enrolment_id, _ = make_coached()
    following = desk.coach("Ruth Mensah")
    mine = side(person, Role.PARTICIPANT)
    number = raise_one(mine, enrolment_id, direct="1")
    inside = {"wish": "note", "words": "Third complaint about this.", "inside": "1"}
    assert desk.visitor.post(f"/coordinator/concerns/{number}", inside).status_code == 303
    assert "Third complaint" not in mine.get(f"/participant/concerns/{number}").get_data(as_text=True)
    path = f"/coordinator/assignments/{enrolment_id}"
    assert "The concern ends with this" in desk.visitor.get(f"{path}?concern={number}").get_data(as_text=True)
    form = {"coach": str(following.id), "since": clock.now().date().isoformat(), "concern": str(number)}
    assert desk.visitor.post(path, {**form, "reason": "They do not fit."}).status_code == 303
    assert session.scalars(select(Concern.state)).all() == [ConcernState.REASSIGNED]
    assert "They do not fit." in mine.get(f"/participant/concerns/{number}").get_data(as_text=True)
    again = raise_one(mine, enrolment_id, direct="1")
    closed = {"wish": "close", "words": "Spoke with both."}
    assert desk.visitor.post(f"/coordinator/concerns/{again}", closed).status_code == 303
    assert desk.visitor.post(f"/coordinator/concerns/{again}", closed).status_code == 409
    assert coach.name


def test_a_coordinator_who_is_one_of_the_two_hears_nothing_of_it(
    make_coordinator: Callable[..., tuple[Person, Visitor]], make_coached: Coached, side: Side
) -> None:
    boss, visitor = make_coordinator()
    person, _, enrolment_id, _ = make_coached(coach=boss)
    number = raise_one(side(person, Role.PARTICIPANT), enrolment_id, direct="1")
    assert visitor.get(f"/coordinator/concerns/{number}").status_code == 404
    assert "Raised on" not in visitor.get(f"/coordinator/people/member/{enrolment_id}").get_data(as_text=True)
    other = make_coordinator(name="Ana Luz")[1]
    assert other.get(f"/coordinator/concerns/{number}").status_code == 200


def test_a_coordinator_elsewhere_hears_nothing_of_it(
    make_coordinator: Callable[..., tuple[Person, Visitor]],
    make_coached: Coached,
    side: Side,
    place_at: Callable[..., None],
    places: Places,
) -> None:
    person, _, enrolment_id, _ = make_coached()
    place_at(enrolment_id, places.valley_site)
    number = raise_one(side(person, Role.PARTICIPANT), enrolment_id, direct="1")
    assert make_coordinator(at=places.coast)[1].get(f"/coordinator/concerns/{number}").status_code == 404
    assert make_coordinator(at=places.valley)[1].get(f"/coordinator/concerns/{number}").status_code == 200


def test_nobody_reads_or_raises_a_concern_about_a_coaching_that_is_not_theirs(
    make_coached: Coached, side: Side
) -> None:
    person, _, enrolment_id, _ = make_coached()
    number = raise_one(side(person, Role.PARTICIPANT), enrolment_id)
    stranger, other_coach, _, _ = make_coached(name="陳美玲")
    for visitor, area in ((side(stranger, Role.PARTICIPANT), "participant"), (side(other_coach), "coach")):
        assert visitor.get(f"/{area}/concerns/{number}").status_code == 404
        assert visitor.post(f"/{area}/concerns/{number}", {"wish": "pass"}).status_code == 404
        about = {"about": str(enrolment_id), "words": WORDS}
        assert visitor.post(f"/{area}/concerns/", about).status_code == 404


def test_a_concern_of_another_institute_is_not_there(
    coordinator: Visitor, make_institute: Callable[..., Institute], session: Session
) -> None:
    assert make_institute().id
    assert coordinator.get("/coordinator/concerns/1").status_code == 404
    assert coordinator.get("/coordinator/concerns/2147483647").status_code == 404


@pytest.mark.parametrize("words", ["", " \n", "x" * 4001])
def test_a_concern_says_something_and_not_too_much(
    make_coached: Coached, side: Side, session: Session, words: str
) -> None:
    person, _, enrolment_id, _ = make_coached()
    answer = side(person, Role.PARTICIPANT).post(
        "/participant/concerns/", {"about": str(enrolment_id), "words": words}
    )
    assert answer.status_code == 422
    assert words.strip() in answer.get_data(as_text=True)
    assert session.scalars(select(Concern)).all() == []


def test_what_was_said_is_never_changed(make_coached: Coached, side: Side, session: Session) -> None:
    person, _, enrolment_id, _ = make_coached()
    raise_one(side(person, Role.PARTICIPANT), enrolment_id)
    with pytest.raises(DBAPIError), transaction() as writing:
        writing.execute(update(ConcernStep).values(words="Nothing."))


def test_no_page_of_a_trainer_tells_of_a_concern(
    app: Flask, make_coached: Coached, side: Side, sign_in: Callable[..., Visitor], desk: Desk
) -> None:
    """Walk every page of the trainers' area that needs no number, and every one with the numbers that are there."""
    person, _, enrolment_id, _ = make_coached()
    number = raise_one(side(person, Role.PARTICIPANT), enrolment_id, direct="1")
    rater = desk.coach("Tomás Rivera")
    grant_role(PersonId(rater.id), Role.TRAINER, actor=desk.system)
    visitor = sign_in(rater)
    walked = 0
    for rule in app.url_map.iter_rules():
        blueprint = app.blueprints.get(rule.endpoint.rpartition(".")[0])
        if not isinstance(blueprint, AreaBlueprint) or blueprint.role is not Role.TRAINER:
            continue
        if "GET" not in (rule.methods or ()):
            continue
        for value in (number, enrolment_id, person.id):
            path = re.sub(r"<[^>]*>", str(value), rule.rule)
            text = visitor.get(path).get_data(as_text=True)
            assert WORDS not in text, path
            assert "concern" not in text.lower(), path
            walked += 1
    assert walked > 3
    assert visitor.get(f"/coordinator/concerns/{number}").status_code == 403
    assert visitor.get(f"/participant/concerns/{number}").status_code == 403
