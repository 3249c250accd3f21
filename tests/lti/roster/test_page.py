"""The cohort's page says where its people come from; the button and the command read the list again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from institute import clock
from institute.actors import Role
from institute.clock import now
from institute.people.models import Institute, Person
from lti.roster.models import RosterState
from tests.browsing import Visitor
from tests.courses.test_cohort_pages import counted
from tests.lti.roster.conftest import INSTRUCTOR, Course, listing, member
from tests.lti.services.scripted import Say

PAGE = "/facilitator/cohort/"
SignIn = Callable[..., Visitor]


@pytest.fixture
def facilitator(course: Course, make_person: Callable[..., Person], sign_in: SignIn) -> Visitor:
    """A browser of the cohort's facilitator."""
    return sign_in(make_person(name="Tomás"), roles=[Role.FACILITATOR], place=course.room.cohort_id)


def test_the_page_lists_people_who_have_not_come_yet_and_says_when_the_list_was_read(
    course: Course, tell: Callable[..., None], facilitator: Visitor
) -> None:
    assert "has not been read yet" in facilitator.get(PAGE).text
    tell(listing(member("a", name="Zoë"), member("b", name="Ángel"), member("t", INSTRUCTOR)))
    course.launched("teacher-0")
    course.read()
    page = facilitator.get(PAGE).text
    assert "3 people. The list was read" in page
    assert page.index("Ángel") < page.index("teacher-0") < page.index("Zoë")
    assert "Name of t" not in page
    invited = facilitator.get(f"{PAGE}?show=invited").text
    assert "Ángel" in invited
    assert "teacher-0" not in invited
    assert "Zoë" not in facilitator.get(f"{PAGE}?q=angel").text


def test_who_left_the_course_is_shown_as_left_and_the_enrolment_stays(
    course: Course, tell: Callable[..., None], facilitator: Visitor
) -> None:
    tell(listing(member("a"), member("b")), listing(member("a")))
    course.launched("teacher-0")
    course.read()
    facilitator.post("/facilitator/roster/read")
    course.read()
    assert "Name of b" not in facilitator.get(PAGE).text
    left = facilitator.get(f"{PAGE}?show=left").text
    assert "Name of b" in left
    assert "Left the course" in left
    assert course.roll()["b"].enrolment == "invited"


def test_the_page_stays_within_five_questions(
    course: Course, tell: Callable[..., None], facilitator: Visitor
) -> None:
    tell(listing(*(member(f"m-{number}") for number in range(120))))
    course.launched("teacher-0")
    course.read()
    for address, words in ((PAGE, "Page 1 of 3"), (f"{PAGE}?show=invited&q=name+of&page=2", "Page 2 of 3")):
        with counted() as asked:
            page = facilitator.get(address)
        assert words in page.text
        assert len(asked) <= 5, asked


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        (Say(403, b""), "does not let the tool read its list of people"),
        (Say(404, b""), "is not there any more"),
        (Say(200, b"<html>Maintenance</html>", {"Content-Type": "text/html"}), "something else than a list"),
        (Say(503, b""), "overloaded or out of order"),
        (Say(418, b""), "refuses to give its list"),
    ],
)
def test_what_went_wrong_stands_on_the_page_in_plain_words(
    said: Say, sentence: str, course: Course, tell: Callable[..., None], facilitator: Visitor
) -> None:
    tell(said)
    course.launched("teacher-0")
    assert course.read().state is RosterState.FAILED
    page = facilitator.get(PAGE).text
    assert "could not be read" in page
    assert sentence in page
    assert "Read again" in page


def test_the_button_waits_while_the_platform_wants_to_be_left_alone(
    course: Course, tell: Callable[..., None], facilitator: Visitor
) -> None:
    tell(Say(429, b"", {"Retry-After": "7200"}), listing(member("a")))
    course.launched("teacher-0")
    course.read()
    page = facilitator.get(PAGE).text
    assert "asked for a pause until" in page
    assert "Read again" not in page
    assert facilitator.post("/facilitator/roster/read").status_code == 403
    with clock.frozen(now() + timedelta(seconds=7100)):
        assert course.read().state is RosterState.FAILED
    with clock.frozen(now() + timedelta(seconds=9000)):
        assert course.read().state is RosterState.READ


def test_only_a_facilitator_of_the_cohort_reads_its_list_again(
    course: Course,
    make_person: Callable[..., Person],
    make_institute: Callable[..., Institute],
    sign_in: SignIn,
) -> None:
    stranger = make_person(institute_id=make_institute().id)
    for person, place in ((stranger, course.room.cohort_id), (make_person(), None)):
        visitor = sign_in(person, roles=[Role.FACILITATOR], place=place)
        assert visitor.post("/facilitator/roster/read").status_code == 404


def test_the_command_reads_and_says_what_became_of_it(
    app: Flask, course: Course, tell: Callable[..., None], institute: Institute
) -> None:
    run = app.test_cli_runner()
    arguments = ["lti", "read-roster", "--institute", institute.slug]
    tell(listing(member("a"), member("b")), Say(401, b""))
    course.launched("teacher-0")
    first = run.invoke(args=arguments)
    assert (first.exit_code, "2 people" in first.output) == (0, True), first.output
    second = run.invoke(args=[*arguments, "--context-id", course.room.context.context_id])
    assert (second.exit_code, "does not let the tool" in second.output) == (1, True), second.output
    assert run.invoke(args=[*arguments, "--context-id", "nowhere"]).exit_code == 2


def test_an_administrator_reads_on_the_platform_s_page_which_list_failed(
    course: Course, tell: Callable[..., None], make_person: Callable[..., Person], sign_in: SignIn
) -> None:
    administrator = sign_in(make_person(), roles=[Role.ADMINISTRATOR])
    page = f"/administrator/platforms/{course.room.registration.id}"
    tell(Say(403, b""))
    course.launched("teacher-0")
    assert "Lists of people that could not be read" not in administrator.get(page).text
    course.read()
    assert "does not let the tool read its list of people" in administrator.get(page).text


def test_the_page_of_somebody_who_left_says_so_and_lets_the_enrolment_be_ended(
    course: Course, tell: Callable[..., None], facilitator: Visitor
) -> None:
    tell(listing(member("a"), member("teacher-0")), listing(member("a")))
    course.launched("teacher-0")
    course.read()
    facilitator.post("/facilitator/roster/read")
    course.read()
    enrolment_id = course.room.learners[0].enrolment_id
    page = facilitator.get(f"/facilitator/cohort/members/{enrolment_id}").text
    assert "Left the course" in page
    assert "Withdraw" in page
