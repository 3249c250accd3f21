"""What a link from an LMS opens, for each role."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask

from courses.cohorts.assigning import assign_coach
from courses.cohorts.enrolling import change_state
from courses.cohorts.models import EnrolmentId, EnrolmentState
from institute.actors import Actor, PersonId, Role
from institute.people.models import Institute, Person
from institute.web import openables
from tests.courses.conftest import Studied

SEGMENT = "segment:leadership/module-1/segment-1"

Enrolled = Callable[..., tuple[Person, EnrolmentId]]


@pytest.mark.parametrize(
    ("target", "path"),
    [
        ("programme:leadership", "/participant/modules/"),
        ("module:leadership/module-1", "/participant/modules/module-1"),
        (SEGMENT, "/participant/modules/module-1/segment-1"),
        ("segment:leadership/module-1/segment-9", None),
        ("segment:leadership/module-1", None),
        ("module:other/module-1", None),
        ("module:", None),
        ("cohort:autumn", None),
        ("nonsense", None),
        ("module:leadership/\0", None),
        ("segment:leadership/module-1/\ud800", None),
    ],
)
def test_a_participant_lands_on_their_own_pages(
    app: Flask, make_enrolment: Enrolled, studied: Studied, target: str, path: str | None
) -> None:
    person, _ = make_enrolment()
    actor = Actor(
        person.institute_id, PersonId(person.id), frozenset({Role.PARTICIPANT}), place=studied.cohort_id
    )
    assert openables.locate(target, actor) == path


def test_coach_facilitator_and_administrator_land_in_the_guide(
    app: Flask, make_enrolment: Enrolled, make_person: Callable[..., Person], studied: Studied, system: Actor
) -> None:
    _, enrolment_id = make_enrolment()
    person = make_person(name="Amina")
    assign_coach(enrolment_id, PersonId(person.id), since=date(2026, 9, 1), actor=system)
    for role in (Role.COACH, Role.FACILITATOR, Role.ADMINISTRATOR):
        actor = Actor(person.institute_id, PersonId(person.id), frozenset({role}), place=studied.cohort_id)
        start = f"/{role}/programmes/leadership"
        assert openables.locate(SEGMENT, actor) == f"{start}/module-1/segment-1"
        assert openables.locate("module:leadership/module-1", actor) == f"{start}#module-1"
        assert openables.locate("programme:leadership", actor) == start
        assert openables.locate("programme:other", actor) is None


def test_who_left_the_cohort_opens_it_only_in_another_role(
    app: Flask, make_enrolment: Enrolled, studied: Studied, system: Actor
) -> None:
    person, enrolment_id = make_enrolment()
    change_state(enrolment_id, EnrolmentState.WITHDRAWN, actor=system)
    for roles, path in (
        ({Role.PARTICIPANT}, None),
        ({Role.PARTICIPANT, Role.FACILITATOR}, "/facilitator/programmes/leadership/module-1/segment-1"),
    ):
        actor = Actor(person.institute_id, PersonId(person.id), frozenset(roles), place=studied.cohort_id)
        assert openables.locate(SEGMENT, actor) == path


def test_nobody_lands_in_another_institute(
    app: Flask,
    studied: Studied,
    make_institute: Callable[..., Institute],
    make_person: Callable[..., Person],
) -> None:
    stranger = make_person(institute_id=make_institute().id)
    everything = frozenset(Role)
    actor = Actor(stranger.institute_id, PersonId(stranger.id), everything, place=studied.cohort_id)
    assert openables.locate(SEGMENT, actor) is None
