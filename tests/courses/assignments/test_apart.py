"""Who must be kept apart: declared for oneself or by a coordinator, placed, ended; it holds in every room."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from courses.cohorts.models import EnrolmentId
from institute.actors import Actor
from institute.db import db
from institute.people import standing
from institute.people.models import ConflictDeclaration, Institute, Person
from tests.browsing import Visitor
from tests.courses.assignments.conftest import Desk, Places

Coached = Callable[..., tuple[Person, Person, EnrolmentId, int]]


def settling() -> str:
    """Return where the newest declaration is placed or ended."""
    newest = select(ConflictDeclaration.id).order_by(ConflictDeclaration.id.desc()).limit(1)
    return f"/coordinator/apart/conflicts/{db.session.scalar(newest)}"


def test_who_declares_for_oneself_learns_nothing_of_who_is_here(
    make_person: Callable[..., Person], sign_in: Callable[..., Visitor], session: Session
) -> None:
    one, other = make_person(name="Grace"), make_person(name="Carmen Díaz", email="carmen@example.test")
    visitor = sign_in(one)
    answers = [
        visitor.post("/conflicts/", {"named": named, "reason": "We are cousins."})
        for named in ("carmen@example.test", "Carmen Díaz", "Somebody Else")
    ]
    assert {(one.status_code, one.location.rpartition("/s/")[0]) for one in answers} == {(303, "")}
    rows = session.scalars(select(ConflictDeclaration).order_by(ConflictDeclaration.id)).all()
    assert [row.other_id for row in rows] == [other.id, other.id, None]
    page = visitor.get("/conflicts/").get_data(as_text=True)
    assert page.count("Somebody Else") == 1
    seen = sign_in(other).get("/conflicts/").get_data(as_text=True)
    assert "cousins" not in seen


def test_a_coordinator_says_who_is_meant_and_from_then_on_it_holds(
    coordinator: Visitor, make_person: Callable[..., Person], sign_in: Callable[..., Visitor], system: Actor
) -> None:
    one, other = make_person(name="Grace"), make_person(name="Carmen Díaz")
    sign_in(one).post("/conflicts/", {"named": "My cousin", "reason": "We run a centre together."})
    assert "A conflict that" in coordinator.get("/coordinator/").get_data(as_text=True)
    assert "We run a centre together." in coordinator.get("/coordinator/apart/").get_data(as_text=True)
    assert coordinator.post(settling(), {"person": "Nobody"}).status_code == 422
    assert coordinator.post(settling(), {"person": "Grace"}).status_code == 422
    assert coordinator.post(settling(), {"person": "carmen diaz"}).status_code == 303
    for pair in ((one.id, other.id), (other.id, one.id)):
        for relation in ("coach", "rater"):
            assert standing.conflicts_between(system.institute_id, *pair, relation) == ["declared"]


def test_a_conflict_declared_while_the_coaching_goes_on_is_shown_to_the_coordinator(
    coordinator: Visitor, make_coached: Coached
) -> None:
    person, coach, enrolment_id, _ = make_coached()
    form = {"one": person.name, "other": coach.name, "reason": "They married."}
    assert coordinator.post("/coordinator/apart/conflicts", form).status_code == 303
    page = coordinator.get("/coordinator/apart/").get_data(as_text=True)
    assert "The coaching between the two goes on." in page
    assert f"/coordinator/assignments/{enrolment_id}" in page
    home = coordinator.get("/coordinator/").get_data(as_text=True)
    assert "The coaching between the two goes on" in home
    assert "A conflict that" not in home  # neither of the two declared it
    assert coordinator.post(settling(), {"wish": "end"}).status_code == 303
    assert "They married." not in coordinator.get("/coordinator/apart/").get_data(as_text=True)


def test_a_coordinator_elsewhere_sees_and_ends_nothing(
    desk: Desk,
    make_coordinator: Callable[..., tuple[Person, Visitor]],
    make_coached: Coached,
    place_at: Callable[..., None],
    places: Places,
) -> None:
    person, coach, enrolment_id, _ = make_coached()
    place_at(enrolment_id, places.valley_site)
    form = {"one": person.name, "other": coach.name, "reason": "They married."}
    assert desk.visitor.post("/coordinator/apart/conflicts", form).status_code == 303
    _, elsewhere = make_coordinator(at=places.coast, name="Ana Luz")
    assert "They married." not in elsewhere.get("/coordinator/apart/").get_data(as_text=True)
    assert elsewhere.post(settling(), {"wish": "end"}).status_code == 404
    assert elsewhere.get(f"/coordinator/coaches/{coach.id}").status_code == 404
    _, here = make_coordinator(at=places.valley, name="Leo Luz")
    assert "They married." in here.get("/coordinator/apart/").get_data(as_text=True)
    assert here.get(f"/coordinator/coaches/{coach.id}").status_code == 200


def test_a_declaration_of_another_institute_is_not_there(
    coordinator: Visitor,
    make_institute: Callable[..., Institute],
    make_person: Callable[..., Person],
    sign_in: Callable[..., Visitor],
) -> None:
    stranger = make_person(institute_id=make_institute().id)
    sign_in(stranger).post("/conflicts/", {"named": "A cousin", "reason": "Family."})
    assert coordinator.post(settling(), {"wish": "end"}).status_code == 404


BAD = [
    ({"named": "", "reason": "x"}, 422),
    ({"named": "A cousin", "reason": " "}, 422),
    ({"named": "\x00", "reason": "\x00"}, 422),
    ({"named": "\u202eA" * 4000, "reason": "y" * 100_000}, 303),
]


@pytest.mark.parametrize(("form", "status"), BAD)
def test_a_declaration_names_somebody_and_says_why(
    make_person: Callable[..., Person], sign_in: Callable[..., Visitor], form: dict[str, str], status: int
) -> None:
    assert sign_in(make_person()).post("/conflicts/", form).status_code == status
