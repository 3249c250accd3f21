"""A coach's work: the same figures for the coordinator and for the coach, of those whom the reader sees."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest

from courses.coaching.sheets import Sheet
from courses.coaching.writing import log_session
from courses.cohorts.models import EnrolmentId
from institute import clock
from institute.actors import Actor, PersonId, Role
from institute.people.models import Person
from tests.browsing import Visitor
from tests.courses.assignments import conftest as desks
from tests.courses.assignments.conftest import Places

make_coach, make_coached = desks.make_coach, desks.make_coached
make_coordinator, coordinator = desks.make_coordinator, desks.coordinator
places, place_at, side = desks.places, desks.place_at, desks.side

TODAY = datetime(2026, 11, 20, 18, tzinfo=UTC)
Coached = Callable[..., tuple[Person, Person, EnrolmentId, int]]


def log(coach: Person, enrolment_id: EnrolmentId, day: str, at: datetime) -> None:
    """Log an hour of a day, at a moment."""
    sheet = Sheet(day=day, begins="10:00", ends="11:00", mode="video", kind="one_to_one", next_steps="Read.")
    with clock.frozen(at):
        acting = Actor(coach.institute_id, PersonId(coach.id), frozenset({Role.COACH}))
        written = log_session(enrolment_id, sheet, send=True, actor=acting)
    assert written.log_id is not None, written.checked.problems


def figures(page: str) -> dict[str, str]:
    """Return the facts of the page by their names."""
    pairs = re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", page, re.DOTALL)
    return {name: re.sub(r"<[^>]*>", "", value).strip() for name, value in pairs}


def test_coach_and_coordinator_see_the_same_figures(
    coordinator: Visitor, make_coached: Coached, side: Callable[..., Visitor]
) -> None:
    _, coach, enrolment_id, _ = make_coached(since=date(2026, 9, 1))
    log(coach, enrolment_id, "2026-09-10", datetime(2026, 11, 19, 18, tzinfo=UTC))
    log(coach, enrolment_id, "2026-11-12", datetime(2026, 11, 12, 22, tzinfo=UTC))
    with clock.frozen(TODAY):
        seen = coordinator.get(f"/coordinator/effort/{coach.id}").get_data(as_text=True)
        own = side(coach).get("/coach/effort/").get_data(as_text=True)
    assert figures(seen) == figures(own)
    told = figures(seen)
    assert told["People"] == "1 of 22 people"
    assert told["Logs sent late"] == "1 of 2"
    assert told["Logs without an answer"] == "2"
    assert told["Months that reached their hours"].startswith("0 of ")
    assert "2 sessions, 2 h" in told["Sessions given"]


def test_a_coordinator_of_one_organisation_counts_only_whom_they_see(
    make_coordinator: Callable[..., tuple[Person, Visitor]],
    make_coached: Coached,
    make_coach: Callable[..., Person],
    place_at: Callable[..., None],
    places: Places,
) -> None:
    coach = make_coach()
    _, _, here, _ = make_coached(name="Lucía Ortega", coach=coach)
    _, _, there, _ = make_coached(name="陳美玲", coach=coach)
    place_at(here, places.valley_site)
    place_at(there, places.coast_site)
    log(coach, there, "2026-11-12", datetime(2026, 11, 12, 22, tzinfo=UTC))
    _, visitor = make_coordinator(at=places.valley)
    with clock.frozen(TODAY):
        page = visitor.get(f"/coordinator/effort/{coach.id}").get_data(as_text=True)
    assert "Lucía Ortega" in page
    assert "陳美玲" not in page
    assert "And 1 person elsewhere" in page
    assert figures(page)["Logs sent late"] == "0 of 0"
    assert "Sessions given" not in page, "they were given to people elsewhere"


@pytest.mark.parametrize("path", ["/coordinator/effort/1", "/coordinator/effort/2147483647"])
def test_whoever_is_no_coach_here_has_no_such_page(coordinator: Visitor, path: str) -> None:
    assert coordinator.get(path).status_code == 404
