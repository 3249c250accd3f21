"""A file belongs to who handed it in, and to the institute."""

from __future__ import annotations

from collections.abc import Callable

from institute.actors import Actor, PersonId, Role
from institute.people.granting import grant_role
from institute.people.models import Institute, Person
from tests.browsing import Visitor
from tests.courses.exchange.conftest import Desk, paper, row


def test_another_administrator_sees_that_it_is_in_and_does_not_decide(
    desk: Desk, make_person: Callable[..., Person], sign_in: Callable[..., Visitor], system: Actor
) -> None:
    other = make_person(name="Grace Okafor", email="grace@example.test")
    grant_role(PersonId(other.id), Role.ADMINISTRATOR, actor=system)
    place = desk.waiting(paper(row(1)), name="mine.csv")
    visitor = sign_in(other)
    assert visitor.get(f"/administrator{place.partition('/administrator')[2]}").status_code == 404
    answer = visitor.post(f"/administrator{place.partition('/administrator')[2]}", {"attested": "1"})
    assert answer.status_code == 404
    assert desk.logs() == 0
    desk.visitor.post(place, {"attested": "1", "which": "all"})
    assert "mine.csv" in visitor.get("/administrator/exchange/").text


def test_people_of_another_institute_are_not_meant(
    desk: Desk, make_institute: Callable[..., Institute], make_person: Callable[..., Person]
) -> None:
    other = make_institute()
    make_person(name="Lucia", email="lucia@example.test", institute_id=other.id)
    make_person(name="Rosa", email="rosa@example.test", institute_id=other.id)
    assert "1 row was added" in desk.bring_in(paper(row(1)))
    assert "Nobody of the institute" in desk.refused(paper(row(2, participant="rosa@example.test")))
