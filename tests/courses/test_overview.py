"""A facilitator sees how far the cohort is, segment by segment, and sets the days that open segments."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from courses.catalogue.drafts import OpeningDraft
from courses.catalogue.queries import load_outline, newest_version
from courses.cohorts.enrolling import change_state
from courses.cohorts.models import CohortOpening, EnrolmentId, EnrolmentState
from courses.cohorts.ticking import StepAddress, tick
from institute.actors import Actor, PersonId, Role
from institute.audit.models import AuditEvent
from institute.people.models import Person
from tests.browsing import Visitor
from tests.courses.conftest import Studied
from tests.databases import counted
from tests.programmes import module, programme, renew, segment_draft, with_segment

Enrolled = Callable[..., tuple[Person, EnrolmentId]]
PROGRESS, DATES = "/facilitator/cohort/progress", "/facilitator/cohort/dates"
MOST_QUESTIONS = 7


@pytest.fixture
def facilitator(
    studied: Studied, make_person: Callable[..., Person], sign_in: Callable[..., Visitor]
) -> Visitor:
    """A browser of the cohort's facilitator."""
    return sign_in(make_person(name="Tomás"), roles=[Role.FACILITATOR], place=studied.cohort_id)


@pytest.fixture
def part_id(studied: Studied, system: Actor) -> int:
    """The second segment."""
    outline = load_outline(system.institute_id, newest_version(system.institute_id, "leadership"))
    return outline.segments()[1][1].part_id


def finish(person: Person, enrolment_id: EnrolmentId, *keys: str) -> None:
    """Tick steps of the first segment off."""
    actor = Actor(person.institute_id, PersonId(person.id))
    for key in keys:
        tick(enrolment_id, StepAddress("module-1", "segment-1", key), actor=actor)


def test_progress_says_who_has_finished_what_and_who_is_behind(
    facilitator: Visitor, make_enrolment: Enrolled, system: Actor
) -> None:
    finish(*make_enrolment(name="Ready"), "read", "rank", "prepare")
    finish(*make_enrolment(name="Halfway"), "read")
    _, gone = make_enrolment(name="Gone")
    change_state(gone, EnrolmentState.WITHDRAWN, actor=system)
    text = facilitator.get(PROGRESS).text
    assert "1 of 2" in text
    assert "Halfway" in text
    assert "Ready" not in text
    assert "Gone" not in text
    assert "0 of 2 people have finished the module" in text


def test_progress_asks_no_more_for_more_people(facilitator: Visitor, make_enrolment: Enrolled) -> None:
    for number in range(3):
        finish(*make_enrolment(name=f"Lucía {number}"), "read")
    facilitator.get(PROGRESS)
    with counted() as few:
        facilitator.get(PROGRESS)
    for number in range(9):
        finish(*make_enrolment(name=f"Minh {number}"), "rank")
    with counted() as many:
        facilitator.get(PROGRESS)
    assert len(many) == len(few) <= MOST_QUESTIONS


def test_pages_of_an_empty_cohort_say_what_comes(facilitator: Visitor) -> None:
    assert "Nobody has joined yet" in facilitator.get(PROGRESS).text
    assert "Segment about segment-2" in facilitator.get(DATES).text
    assert DATES.rpartition("/")[2] in facilitator.get("/facilitator/cohort/").text


def test_a_day_is_set_kept_and_taken_back(facilitator: Visitor, part_id: int, session: Session) -> None:
    assert facilitator.post(DATES, {f"day-{part_id}": "2026-10-01"}).status_code == 303
    assert 'value="2026-10-01"' in facilitator.get(DATES).text
    facilitator.post(DATES, {f"day-{part_id}": "2026-10-01"})
    facilitator.post(DATES, {})
    session.rollback()
    assert len(session.scalars(select(CohortOpening)).all()) == 1
    (told,) = session.scalars(select(AuditEvent).where(AuditEvent.action == "cohort.dates-set"))
    assert told.details == {str(part_id): "2026-10-01"}
    facilitator.post(DATES, {f"day-{part_id}": ""})
    session.rollback()
    assert session.scalars(select(CohortOpening)).all() == []


@pytest.mark.parametrize(
    "typed",
    ["soon", "2026-13-01", "0001-01-01", "9999-12-31", "\0", "9" * 5000, "2026-02-30", "２０２６-10-01x"],
)
def test_what_is_no_day_is_refused_beside_its_field_and_kept(
    facilitator: Visitor, part_id: int, session: Session, typed: str
) -> None:
    answer = facilitator.post(DATES, {f"day-{part_id}": typed})
    assert answer.status_code == 422
    assert "Write the day as year-month-day" in answer.text
    assert f'href="#day-{part_id}"' in answer.text
    assert "Module 1, segment 2 – Write the day" in answer.text
    assert session.scalars(select(CohortOpening)).all() == []


@pytest.mark.parametrize("name", ["day-", "day-x", "day-999999999", "day-²", f"day-{10**40}", "day--1"])
def test_days_of_what_is_not_in_the_cohort_s_programme_set_nothing(
    facilitator: Visitor, session: Session, name: str
) -> None:
    assert facilitator.post(DATES, {name: "2026-10-01"}).status_code == 303
    assert session.scalars(select(CohortOpening)).all() == []


def test_without_an_open_cohort_there_is_neither_page(
    studied: Studied, make_person: Callable[..., Person], sign_in: Callable[..., Visitor]
) -> None:
    nowhere = sign_in(make_person(), roles=[Role.FACILITATOR])
    for path in (PROGRESS, DATES):
        assert nowhere.get(path).status_code == 404


def test_the_days_say_what_comes_first_whatever_the_day(facilitator: Visitor, system: Actor) -> None:
    opens = OpeningDraft(("module-1/segment-1",), None)
    version_id = renew(with_segment(segment_draft(number=2, opens=opens)), actor=system)
    assert version_id
    text = facilitator.get(DATES).text
    assert "Whatever its day, this comes first: Module 1, segment 1: Segment about segment-1" in text
    assert text.count("it is open from the beginning") == 1


def test_a_person_s_page_folds_the_modules_after_where_they_are(
    facilitator: Visitor, make_enrolment: Enrolled, system: Actor
) -> None:
    person, enrolment_id = make_enrolment(name="Halfway")
    later = [module(segment_draft(), number=number) for number in (2, 3)]
    renew(lambda content: programme(*content.modules, *later), actor=system)
    page = facilitator.get(f"/facilitator/cohort/members/{enrolment_id}").text
    assert page.index('id="module-1"') < page.index("2 later modules") < page.index('id="module-2"')
    actor = Actor(person.institute_id, PersonId(person.id))
    tick(enrolment_id, StepAddress("module-2", "segment-1", "read"), actor=actor)
    page = facilitator.get(f"/facilitator/cohort/members/{enrolment_id}").text
    assert page.index('id="module-2"') < page.index("1 later module") < page.index('id="module-3"')
