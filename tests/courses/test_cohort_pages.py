"""What facilitators, coaches and administrators see, in how many questions to the database."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import pytest
from sqlalchemy import event

from courses.catalogue.drafts import MinuteRange
from courses.cohorts.assigning import assign_coach
from courses.cohorts.models import EnrolmentId
from institute.actors import Actor, PersonId, Role
from institute.db import db
from institute.people.models import Institute, Person
from tests.browsing import Visitor
from tests.courses.conftest import Studied
from tests.programmes import module, programme, publish, segment_draft

Enrolled = Callable[..., tuple[Person, EnrolmentId]]
GUIDE = "programmes/leadership/module-1/segment-1"


@pytest.fixture
def facilitator(
    studied: Studied, make_person: Callable[..., Person], sign_in: Callable[..., Visitor]
) -> Visitor:
    """A browser of the cohort's facilitator."""
    return sign_in(make_person(name="Tomás"), roles=[Role.FACILITATOR], place=studied.cohort_id)


@pytest.fixture
def coached(make_enrolment: Enrolled, make_person: Callable[..., Person], system: Actor) -> Person:
    """A participant whom Amina coaches."""
    person, enrolment_id = make_enrolment()
    coach = make_person(name="Amina Haddad")
    assign_coach(enrolment_id, PersonId(coach.id), since=date(2026, 9, 1), actor=system)
    return person


@contextmanager
def counted() -> Iterator[list[str]]:
    """Collect the questions put to the database inside the block."""
    asked: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if statement.lstrip().upper().startswith("SELECT"):
            asked.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


def test_a_facilitator_sees_everybody_and_how_far_they_are(
    facilitator: Visitor,
    coached: Person,
    make_enrolment: Enrolled,
    sign_in: Callable[..., Visitor],
    studied: Studied,
) -> None:
    make_enrolment(name="")
    participant = sign_in(coached, roles=[Role.PARTICIPANT], place=studied.cohort_id)
    participant.get("/participant/modules/module-1/segment-2")
    participant.post("/participant/modules/module-1/segment-2/steps/read", {"done": "1"})
    for path in ("/facilitator/", "/facilitator/cohort/"):
        text = facilitator.get(path).get_data(as_text=True)
        for wanted in (
            "Lucía Ortega",
            "1 of 6 steps",
            "Module 1, segment 2",
            "Amina Haddad",
            "<bdi>Person ",
            "No coach yet",
            "Not begun",
        ):
            assert wanted in text


def test_the_cohort_page_asks_five_times_whatever_its_size(
    facilitator: Visitor, make_enrolment: Enrolled
) -> None:
    for size in (2, 30):
        for number in range(size):
            make_enrolment(name=f"Person {number}")
        with counted() as asked:
            assert facilitator.get("/facilitator/cohort/").status_code == 200
        assert len(asked) <= 5, asked


def test_an_empty_cohort_says_why(facilitator: Visitor) -> None:
    for path in ("/facilitator/", "/facilitator/cohort/"):
        assert "Nobody has joined yet" in facilitator.get(path).get_data(as_text=True)


def test_a_facilitator_without_a_cohort_reads_what_to_do(
    make_person: Callable[..., Person], sign_in: Callable[..., Visitor]
) -> None:
    visitor = sign_in(make_person(), roles=[Role.FACILITATOR])
    assert visitor.get("/facilitator/").status_code == 200
    assert "No cohort is open" in visitor.get("/facilitator/cohort/").get_data(as_text=True)


def test_facilitator_and_administrator_read_the_guide(
    facilitator: Visitor, make_person: Callable[..., Person], sign_in: Callable[..., Visitor]
) -> None:
    administrator = sign_in(make_person(), roles=[Role.ADMINISTRATOR])
    for visitor, area in ((facilitator, "facilitator"), (administrator, "administrator")):
        assert visitor.get(f"/{area}/programmes/").location.endswith(f"/{area}/programmes/leadership")
        assert "Core practice" in visitor.get(f"/{area}/programmes/leadership").get_data(as_text=True)
        assert "Do not assess today" in visitor.get(f"/{area}/{GUIDE}").get_data(as_text=True)
        assert "Write <em>here</em>." in visitor.get(f"/{area}/{GUIDE}/materials/sheet").get_data(
            as_text=True
        )
        assert visitor.get(f"/{area}/programmes/other").status_code == 404
    assert "Leadership" in administrator.get("/administrator/").get_data(as_text=True)


def test_an_author_is_warned_where_times_do_not_add_up(
    studied: Studied, system: Actor, make_person: Callable[..., Person], sign_in: Callable[..., Visitor]
) -> None:
    administrator = sign_in(make_person(), roles=[Role.ADMINISTRATOR])
    page = "/administrator/programmes/leadership"
    assert "its segments together" not in administrator.get(page).get_data(as_text=True)
    shorter = module(segment_draft(), segment_draft(number=2), reading=MinuteRange(0, 90))
    publish(programme(shorter), actor=system)
    said = "Reading: the module says up to 1 h 30 min, its segments together up to 2 h."
    assert said in administrator.get(page).get_data(as_text=True)


def test_nothing_of_another_institute_is_ever_found(
    studied: Studied,
    make_enrolment: Enrolled,
    make_institute: Callable[..., Institute],
    make_person: Callable[..., Person],
    sign_in: Callable[..., Visitor],
) -> None:
    _, enrolment_id = make_enrolment()
    stranger = make_person(institute_id=make_institute().id)
    roles = [Role.PARTICIPANT, Role.COACH, Role.FACILITATOR, Role.ADMINISTRATOR]
    for place in (studied.cohort_id, None):
        visitor = sign_in(stranger, roles=roles, place=place)
        for path in (
            "/participant/modules/module-1",
            "/participant/modules/module-1/segment-1",
            "/participant/modules/module-1/segment-1/materials/sheet",
            f"/coach/participants/{enrolment_id}",
            f"/facilitator/cohort/members/{enrolment_id}",
            "/coach/programmes/leadership",
            f"/coach/{GUIDE}",
            "/facilitator/programmes/leadership",
            f"/facilitator/{GUIDE}",
            "/administrator/programmes/leadership",
            f"/administrator/{GUIDE}",
            f"/administrator/{GUIDE}/materials/sheet",
        ):
            assert visitor.get(path).status_code == 404, path
        changed = visitor.post(f"/facilitator/cohort/members/{enrolment_id}/state", {"state": "paused"})
        ticked = visitor.post("/participant/modules/module-1/segment-1/steps/read", {"done": "1"})
        assert (changed.status_code, ticked.status_code) == (404, 404)
