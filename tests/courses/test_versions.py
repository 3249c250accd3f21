"""Versions of a programme: people stay on theirs until they are moved, and nothing that they did is lost."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from courses.catalogue.publishing import publish_version
from courses.cohorts.enrolling import change_state
from courses.cohorts.events import ProgressChanged
from courses.cohorts.models import Cohort, Enrolment, EnrolmentId, EnrolmentState
from courses.cohorts.moving import move_cohort, move_people
from courses.cohorts.queries import progress_of
from courses.cohorts.ticking import StepAddress, tick
from institute import events
from institute.actors import Actor, PersonId, Role
from institute.audit.models import AuditEvent
from institute.errors import NotFoundError
from institute.people.models import Institute, Person
from tests.browsing import Visitor
from tests.courses.conftest import Studied
from tests.programmes import activity, english, module, programme, publish, segment_draft

Enrolled = Callable[..., tuple[Person, EnrolmentId]]
PAGE = "/author/versions/leadership"
READ = StepAddress("module-1", "segment-1", "read")
RENEWED = programme(
    module(
        segment_draft(title=english("Anew"), activities=(activity("read"), activity("write"))),
        segment_draft(number=3, title=english("Added")),
    )
)


@pytest.fixture
def author(studied: Studied, make_person: Callable[..., Person], sign_in: Callable[..., Visitor]) -> Visitor:
    """A browser of an author of the institute."""
    return sign_in(make_person(name="Marisol"), roles=[Role.AUTHOR])


def test_a_new_version_changes_nothing_for_those_who_study_another(
    participant: Visitor, studied: Studied, system: Actor, make_enrolment: Enrolled
) -> None:
    publish_version(RENEWED, actor=system)
    assert "Segment about segment-2" in participant.get("/participant/modules/module-1").text
    person, _ = make_enrolment(name="Later")
    assert progress_of(PersonId(person.id), studied.cohort_id) == (0, 6)


def test_a_cohort_is_moved_with_what_everybody_did(
    author: Visitor, make_enrolment: Enrolled, studied: Studied, system: Actor, session: Session
) -> None:
    person, enrolment_id = make_enrolment(name="Lucía")
    tick(enrolment_id, READ, actor=Actor(system.institute_id, PersonId(person.id)))
    publish_version(RENEWED, note="Shorter <b>and</b> clearer", actor=system)
    page = author.get(PAGE).text
    assert "1 person on version 1" in page
    assert "A newer version is there" in page
    assert "Shorter &lt;b&gt;and&lt;/b&gt; clearer" in page
    cohort = author.get(f"{PAGE}/cohorts/{studied.cohort_id}").text
    assert "Lucía" in cohort
    answer = author.post(f"{PAGE}/cohorts/{studied.cohort_id}", {"version": "2", "who": "everybody"})
    assert answer.status_code == 303
    assert progress_of(PersonId(person.id), studied.cohort_id) == (1, 5)
    assert "1 person studies version 2 now." in author.get(f"{PAGE}/cohorts/{studied.cohort_id}").text
    later, _ = make_enrolment(name="Later")
    assert progress_of(PersonId(later.id), studied.cohort_id) == (0, 5)
    session.rollback()
    (event,) = session.scalars(select(AuditEvent).where(AuditEvent.action == "cohort.moved"))
    assert event.details["people"] == 1


def test_moving_again_changes_nothing_and_says_so(
    author: Visitor, studied: Studied, session: Session
) -> None:
    for _ in range(2):
        answer = author.post(f"{PAGE}/cohorts/{studied.cohort_id}", {"version": "1", "who": "everybody"})
        assert answer.status_code == 303
    assert "Nobody had to be moved" in author.get(f"{PAGE}/cohorts/{studied.cohort_id}").text
    session.rollback()
    assert session.scalars(select(AuditEvent).where(AuditEvent.action == "cohort.moved")).all() == []


def test_chosen_people_are_moved_and_the_others_stay(
    author: Visitor, make_enrolment: Enrolled, studied: Studied, system: Actor, session: Session
) -> None:
    one, first = make_enrolment(name="One")
    other, _ = make_enrolment(name="Other")
    publish_version(RENEWED, actor=system)
    address = f"{PAGE}/cohorts/{studied.cohort_id}"
    nobody = author.post(address, {"version": "2", "who": "chosen"})
    assert (nobody.status_code, "Nobody is chosen" in nobody.text) == (422, True)
    assert author.post(address, {"version": "2", "who": "chosen", "person": str(first)}).status_code == 303
    assert progress_of(PersonId(one.id), studied.cohort_id) == (0, 5)
    assert progress_of(PersonId(other.id), studied.cohort_id) == (0, 6)
    session.rollback()
    assert (
        session.get_one(Cohort, studied.cohort_id).version_id != session.get_one(Enrolment, first).version_id
    )


def test_there_and_back_everything_done_counts_again(
    make_enrolment: Enrolled, studied: Studied, system: Actor, session: Session, author: Visitor
) -> None:
    person, enrolment_id = make_enrolment()
    actor = Actor(system.institute_id, PersonId(person.id))
    before = session.get_one(Enrolment, enrolment_id).version_id
    tick(enrolment_id, StepAddress("module-1", "segment-2", "rank"), actor=actor)
    after = publish_version(RENEWED, actor=system)
    assert ">1 step<" in author.get(f"{PAGE}/cohorts/{studied.cohort_id}").text
    move_people(studied.cohort_id, [enrolment_id], after, actor=system)
    assert progress_of(PersonId(person.id), studied.cohort_id) == (0, 5)
    move_people(studied.cohort_id, [enrolment_id], before, actor=system)
    assert progress_of(PersonId(person.id), studied.cohort_id) == (1, 6)


def test_everybody_who_is_moved_is_told_of(
    app: Flask, make_enrolment: Enrolled, studied: Studied, system: Actor
) -> None:
    _, moved = make_enrolment()
    _, finished = make_enrolment(name="Finished")
    change_state(finished, EnrolmentState.COMPLETED, actor=system)
    heard: list[ProgressChanged] = []
    events.subscribe(app, ProgressChanged, heard.append)
    assert move_cohort(studied.cohort_id, publish_version(RENEWED, actor=system), actor=system) == 1
    assert [(one.enrolment_id, one.segment_id) for one in heard] == [(moved, None)]


def test_a_place_in_the_old_version_is_found_in_the_new_one(
    participant: Visitor, studied: Studied, system: Actor
) -> None:
    participant.get("/participant/modules/module-1/segment-2")
    again = programme(module(segment_draft(), segment_draft(number=2, title=english("Anew"))))
    move_cohort(studied.cohort_id, publish_version(again, actor=system), actor=system)
    assert "Continue segment 2" in participant.get("/participant/modules/module-1").text


def test_nobody_is_moved_into_another_programme_or_by_another_institute(
    make_enrolment: Enrolled, studied: Studied, system: Actor, make_institute: Callable[..., Institute]
) -> None:
    _, enrolment_id = make_enrolment()
    other = publish_version(programme(slug="other"), actor=system)
    stranger = Actor(institute_id=make_institute().id, person_id=None)
    mine = publish_version(RENEWED, actor=system)
    for version_id, actor in ((other, system), (mine, stranger)):
        with pytest.raises(NotFoundError):
            move_cohort(studied.cohort_id, version_id, actor=actor)
        with pytest.raises(NotFoundError):
            move_people(studied.cohort_id, [enrolment_id], version_id, actor=actor)
    with pytest.raises(NotFoundError):
        move_people(studied.cohort_id, [EnrolmentId(999)], mine, actor=system)


def test_what_differs_is_told_part_by_part_with_both_texts(author: Visitor, system: Actor) -> None:
    publish_version(RENEWED, actor=system)
    text = author.get(f"{PAGE}/2").text
    for wanted in ("Anew", "Added", "new", "removed", "<del>", "<ins>", "Do write"):
        assert wanted in text
    publish(programme(), actor=system)
    assert "Nothing differs" in author.get(f"{PAGE}/3?since=1").text
    assert "Segment: moved" in _moved(author, system)


def _moved(author: Visitor, system: Actor) -> str:
    first, second = programme().modules[0].segments
    turned = module(replace(second, number=1), replace(first, number=2))
    publish(programme(turned), actor=system)
    return author.get(f"{PAGE}/4").text


@pytest.mark.parametrize(
    "path",
    ["/9", "/0", f"/{10**30}", "/1?since=9", "/cohorts/999", f"/cohorts/{10**30}"],
)
def test_what_is_not_there_is_not_found(author: Visitor, path: str) -> None:
    assert author.get(PAGE + path).status_code == 404


@pytest.mark.parametrize("version", ["", "x", "9", "9" * 40, "²", "\0"])
def test_a_version_that_nobody_published_moves_nobody(
    author: Visitor, studied: Studied, version: str
) -> None:
    answer = author.post(f"{PAGE}/cohorts/{studied.cohort_id}", {"version": version, "who": "everybody"})
    assert answer.status_code in {404, 422}


def test_people_of_another_cohort_are_not_moved_by_their_numbers(
    author: Visitor, make_enrolment: Enrolled, studied: Studied
) -> None:
    for person in ("999", "9" * 30, "x", "-1"):
        fields = {"version": "1", "who": "chosen", "person": person}
        assert author.post(f"{PAGE}/cohorts/{studied.cohort_id}", fields).status_code in {404, 422}


def test_versions_of_another_institute_are_not_there(
    studied: Studied,
    make_institute: Callable[..., Institute],
    make_person: Callable[..., Person],
    sign_in: Callable[..., Visitor],
) -> None:
    stranger = sign_in(make_person(institute_id=make_institute().id), roles=[Role.AUTHOR])
    for path in ("", "/1", f"/cohorts/{studied.cohort_id}"):
        assert stranger.get(PAGE + path).status_code == 404
    fields = {"version": "1", "who": "everybody"}
    assert stranger.post(f"{PAGE}/cohorts/{studied.cohort_id}", fields).status_code == 404


def test_the_page_of_publishing_says_who_studies_what(author: Visitor, make_enrolment: Enrolled) -> None:
    make_enrolment()
    page = author.get("/author/programmes/leadership/publish").text
    assert "Publishing moves nobody." in page
    assert "1 person on version 1" in page
