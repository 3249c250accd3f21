"""The coordinator's area: what it shows when there is nothing, and whom a grant at an organisation sees."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from courses.coaches.qualifying import standings_of
from courses.cohorts.models import EnrolmentId
from institute.actors import Actor, PersonId, Role
from institute.clock import now
from institute.db import transaction
from institute.people.granting import end_grant
from institute.people.linking import link_people
from institute.people.models import Person
from tests.browsing import Visitor
from tests.courses.assignments.conftest import Desk, Places
from tests.databases import counted

PAGES = (
    "/coordinator/",
    *(f"/coordinator/{page}/" for page in ("assignments", "people", "coaches", "concerns", "apart")),
)
Enrolled = Callable[..., tuple[Person, EnrolmentId]]
MOST_QUESTIONS = 16


@pytest.mark.parametrize("path", PAGES)
def test_every_page_says_what_is_missing_when_there_is_nothing(coordinator: Visitor, path: str) -> None:
    page = coordinator.get(path)
    assert page.status_code == 200
    assert "<h1>" in page.get_data(as_text=True)


def test_the_header_has_five_pages_at_most(coordinator: Visitor) -> None:
    page = coordinator.get("/coordinator/").get_data(as_text=True)
    header = page.partition("<nav")[2].partition("</nav>")[0]
    assert 1 < header.count("<a ") <= 5


def test_who_waits_for_a_coach_comes_first_on_the_home(
    coordinator: Visitor, make_enrolment: Enrolled
) -> None:
    _, enrolment_id = make_enrolment(name="Lucía Ortega")
    page = coordinator.get("/coordinator/").get_data(as_text=True)
    assert "Assign a coach to <bdi>Lucía Ortega</bdi>" in page
    assert page.count("btn-primary") == 1
    assert f"/coordinator/assignments/{enrolment_id}" in page


def test_a_grant_at_an_organisation_sees_those_whose_site_lies_below_it_and_nobody_else(
    make_coordinator: Callable[..., tuple[Person, Visitor]],
    make_coached: Callable[..., tuple[Person, Person, EnrolmentId, int]],
    place_at: Callable[..., None],
    places: Places,
) -> None:
    _, _, here, _ = make_coached(name="Lucía Ortega")
    _, _, there, _ = make_coached(name="陳美玲")
    _, _, nowhere, _ = make_coached(name="Nguyễn Thị Hoa")
    place_at(here, places.valley_site)
    place_at(there, places.coast_site)
    _, visitor = make_coordinator(at=places.valley)
    listed = visitor.get("/coordinator/assignments/?show=everybody").get_data(as_text=True)
    assert "Lucía Ortega" in listed
    assert "陳美玲" not in listed
    assert "Nguyễn" not in listed
    for path in ("people/member/{}", "assignments/{}"):
        assert visitor.get(f"/coordinator/{path.format(here)}").status_code == 200
        assert visitor.get(f"/coordinator/{path.format(there)}").status_code == 404
        assert visitor.get(f"/coordinator/{path.format(nowhere)}").status_code == 404
    assert visitor.post(f"/coordinator/people/member/{there}/recipient", {"type": "other"}).status_code == 404


def test_a_grant_without_an_organisation_sees_the_whole_institute(
    coordinator: Visitor,
    make_coached: Callable[..., tuple[Person, Person, EnrolmentId, int]],
    place_at: Callable[..., None],
    places: Places,
) -> None:
    _, _, here, _ = make_coached(name="Lucía Ortega")
    _, _, nowhere, _ = make_coached(name="Nguyễn Thị Hoa")
    place_at(here, places.valley_site)
    for enrolment_id in (here, nowhere):
        assert coordinator.get(f"/coordinator/people/member/{enrolment_id}").status_code == 200


def test_somebody_who_moved_to_another_site_is_seen_from_there(
    make_coordinator: Callable[..., tuple[Person, Visitor]],
    make_enrolment: Enrolled,
    place_at: Callable[..., None],
    places: Places,
) -> None:
    _, enrolment_id = make_enrolment()
    place_at(enrolment_id, places.valley_site)
    _, visitor = make_coordinator(at=places.valley)
    assert visitor.get(f"/coordinator/people/member/{enrolment_id}").status_code == 200
    place_at(enrolment_id, places.coast_site, since=now().date() - timedelta(days=1))
    assert visitor.get(f"/coordinator/people/member/{enrolment_id}").status_code == 404


def test_who_coordinated_once_and_does_so_no_more_sees_nobody(
    make_person: Callable[..., Person],
    make_coordinator: Callable[..., tuple[Person, Visitor]],
    make_enrolment: Enrolled,
    sign_in: Callable[..., Visitor],
    system: Actor,
) -> None:
    _, enrolment_id = make_enrolment()
    person, visitor = make_coordinator()
    with transaction():
        end_grant(PersonId(person.id), Role.COORDINATOR, actor=system)
    assert visitor.get("/coordinator/").status_code == 403
    by_the_door = sign_in(person, roles=[Role.COORDINATOR])
    assert by_the_door.get(f"/coordinator/people/member/{enrolment_id}").status_code == 404


def test_the_list_of_coaches_asks_as_much_for_many_as_for_two(desk: Desk) -> None:
    desk.require()
    coaches = [desk.coach(f"Coach {number}") for number in range(2)]
    for one in coaches:
        desk.verify(one)
    few = _questions(desk.visitor, "/coordinator/coaches/")
    coaches += [desk.coach(f"Coach {number}") for number in range(2, 12)]
    for one in coaches[2:]:
        desk.verify(one)
    assert "Coach 11" in desk.visitor.get("/coordinator/coaches/").text
    assert _questions(desk.visitor, "/coordinator/coaches/") == few <= MOST_QUESTIONS


def test_a_coach_with_two_accounts_has_in_the_list_what_either_brought(desk: Desk) -> None:
    desk.require()
    one, other, third = (desk.coach(name) for name in ("Amina Haddad", "Amina H.", "Bilal Omar"))
    desk.verify(other)
    link_people(PersonId(one.id), PersonId(other.id), actor=desk.system)
    standings = standings_of([PersonId(row.id) for row in (one, other, third)], institute_id=one.institute_id)
    assert [bool(standings[PersonId(row.id)].missing) for row in (one, other, third)] == [False, False, True]


def _questions(visitor: Visitor, page: str) -> int:
    with counted() as asked:
        visitor.get(page)
    return sum(statement.startswith("SELECT") for statement in asked)
