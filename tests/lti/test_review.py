"""Submission review: a cell of the gradebook leads to the work, for who may see it, and to no more than that."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from certificates.scoring.outcomes.results import ScoreRelease
from courses.cohorts.assigning import assign_coach
from courses.cohorts.models import CohortId, Enrolment
from institute.actors import Actor
from institute.db import db, transaction
from institute.people.models import Institute, Person, PersonLink
from lti.launches.models import LtiIdentity, LtiReview, ResourceLink
from lti.launches.roles import TEST_USER
from tests.lti.acting import AGS, CONTEXT_ROLE, NRPS, Course, Platform, follow
from tests.lti.counting import refusals, rows
from tests.lti.entrance import session_of
from tests.lti.services.classroom import Classroom, Learner
from tests.lti.services.marking import TARGET, Marking

REVIEW = "LtiSubmissionReviewRequest"
COLUMN = "https://lms.example.test/lineitems/9"
OWN: dict[str, Any] = {"scope": [], "lineitem": COLUMN}
EVIDENCE_LINK = {"resource_link": {"id": "link-9", "title": "The plan"}, "custom": {"target": TARGET}}


def review(course: Course, whose: str = "person-1", /, **changed: Any) -> TestResponse:
    """Open somebody's cell of the gradebook, as the course's teacher unless said."""
    given: dict[str, Any] = {
        "message_type": REVIEW,
        "for_user": {"user_id": whose},
        "role": "Instructor",
        "sub": "teacher-1",
        "name": "Teacher",
        AGS: OWN,
    }
    return course.launch(**{**given, **changed})


def enrolment_of(sub: str) -> Enrolment:
    """Return the enrolment of a platform's subject."""
    db.session.rollback()
    identity = db.session.query(LtiIdentity).filter_by(sub=sub).one()
    return db.session.query(Enrolment).filter_by(person_id=identity.person_id).one()


@pytest.fixture
def learning(course: Course) -> Course:
    """A course in which somebody takes part."""
    course.enter(**{AGS: OWN})
    return course


@pytest.fixture
def marking(learning: Course, institute: Institute, system: Actor) -> Marking:
    """Evidence that is asked for in the course."""

    @dataclass
    class Room:
        actor: Actor
        institute: Institute
        cohort_id: CohortId

    return Marking(cast("Classroom", Room(system, institute, learning.cohort_id)))


def test_facilitator_lands_on_the_person_s_page(learning: Course) -> None:
    answer = review(learning)
    page = follow(learning.browser, answer)
    assert page.status_code == 200, page.text
    assert page.request.path.endswith(f"/facilitator/cohort/members/{enrolment_of('person-1').id}")
    assert "Lucía Ortega" in page.text
    asked = db.session.query(LtiReview).one()
    assert (asked.sub, asked.lineitem_url) == ("person-1", COLUMN)


def test_review_needs_neither_a_link_nor_its_address(learning: Course) -> None:
    page = follow(learning.browser, review(learning, resource_link=..., target_link_uri=...))
    assert page.request.path.endswith(f"/members/{enrolment_of('person-1').id}")


def test_review_changes_nothing_of_its_link(learning: Course) -> None:
    before = dict(vars(db.session.query(ResourceLink).one()))
    review(
        learning,
        resource_link={"id": "link-1", "title": "Another"},
        custom={"target": TARGET},
        **{AGS: {"scope": ["x"], "lineitem": COLUMN + "9", "lineitems": COLUMN}, NRPS: {}},
    )
    db.session.rollback()
    after = vars(db.session.query(ResourceLink).one())
    assert {name: value for name, value in after.items() if name[0] != "_"} == {
        name: value for name, value in before.items() if name[0] != "_"
    }


def test_review_enrols_nobody(course: Course) -> None:
    assert review(course, role="Learner", sub="person-1").status_code == 303
    assert db.session.query(Enrolment).count() == 0


@pytest.mark.parametrize("sub", ["person-9", "teacher-1"])
def test_person_who_never_came_is_explained(learning: Course, sub: str) -> None:
    page = follow(learning.browser, review(learning, sub, launch_presentation={"return_url": COLUMN}))
    assert (page.status_code, "Nothing to see yet" in page.text) == (200, True)
    assert f'href="{COLUMN}"' in page.text


def test_learner_sees_their_own_work_and_nobody_else_s(learning: Course) -> None:
    learning.enter(sub="person-2", name="Amal")
    own = follow(learning.browser, review(learning, "person-1", role="Learner", sub="person-1"))
    assert (own.status_code, "/participant/" in own.request.path) == (200, True)
    other = follow(learning.browser, review(learning, "person-2", role="Learner", sub="person-1"))
    assert (other.status_code, "LTI-REVIEW" in other.text, "Amal" in other.text) == (403, True, False)


@pytest.mark.parametrize(
    "roles", [[], ["urn:example:unknown"], [CONTEXT_ROLE + "Mentor"], [CONTEXT_ROLE + "Learner", TEST_USER]]
)
def test_who_accompanies_nobody_sees_nobody(learning: Course, roles: list[str]) -> None:
    page = follow(learning.browser, review(learning, roles=roles))
    assert (page.status_code, "Lucía" in page.text) == (403, False)


def test_coach_lands_on_their_own_page_of_whom_they_coach_and_of_nobody_else(
    learning: Course, system: Actor
) -> None:
    learning.enter(sub="person-2", name="Amal")
    learning.enter(sub="coach-1", name="Coach")
    coach_id = enrolment_of("coach-1").person_id
    assign_coach(enrolment_of("person-1").id, coach_id, since=date(2026, 1, 1), actor=system)
    page = follow(learning.browser, review(learning, "person-1", role="Learner", sub="coach-1", name="Coach"))
    assert page.request.path.endswith(f"/coach/participants/{enrolment_of('person-1').id}")
    other = follow(
        learning.browser, review(learning, "person-2", role="Learner", sub="coach-1", name="Coach")
    )
    assert (other.status_code, "Amal" in other.text) == (403, False)


def test_mentor_lands_on_the_page_of_whom_the_claim_names(learning: Course) -> None:
    claim = {"roles": [CONTEXT_ROLE + "Mentor"], "role_scope_mentor": ["person-1"]}
    page = follow(learning.browser, review(learning, "person-1", **claim))
    assert page.request.path.endswith(f"/lti/mentored/{enrolment_of('person-1').id}")


def learner(course: Course) -> Learner:
    """Return who takes part."""
    found = enrolment_of("person-1")
    return Learner("person-1", found.person_id, found.id, 0)


def test_released_scores_are_seen_by_who_leads_the_course(learning: Course, marking: Marking) -> None:
    page = follow(learning.browser, review(learning, **EVIDENCE_LINK))
    assert (page.status_code, "No scores released yet" in page.text) == (200, True)
    marking.score(learner(learning), 3, 4, comment="Clearly said")
    page = follow(learning.browser, review(learning, **EVIDENCE_LINK))
    assert page.status_code == 200
    assert "Lucía Ortega" in page.text
    assert "Clearly said" in page.text
    assert "The plan" in page.text
    assert "My plan" not in page.text  # the evidence itself


def test_scores_that_are_not_released_are_seen_by_nobody(learning: Course, marking: Marking) -> None:
    marking.hand_in(learner(learning))
    page = follow(learning.browser, review(learning, **EVIDENCE_LINK))
    assert "No scores released yet" in page.text
    assert db.session.query(ScoreRelease).count() == 0


def test_author_lands_on_their_own_evidence(learning: Course, marking: Marking) -> None:
    marking.score(learner(learning), 3, 4, comment="Clearly said")
    page = follow(
        learning.browser, review(learning, role="Learner", sub="person-1", name="Lucía", **EVIDENCE_LINK)
    )
    assert "/participant/evidence/" in page.request.path


def test_coach_sees_no_scores(learning: Course, marking: Marking, system: Actor) -> None:
    learning.enter(sub="coach-1", name="Coach")
    assign_coach(
        enrolment_of("person-1").id, enrolment_of("coach-1").person_id, since=date(2026, 1, 1), actor=system
    )
    marking.score(learner(learning), 3, 4, comment="Clearly said")
    page = follow(
        learning.browser, review(learning, role="Learner", sub="coach-1", name="Coach", **EVIDENCE_LINK)
    )
    assert ("/coach/participants/" in page.request.path, "Clearly said" in page.text) == (True, False)


def test_unbound_course_is_bound_before_anything_is_reviewed(acting: Platform, browser: FlaskClient) -> None:
    column: dict[str, Any] = {AGS: OWN}
    answer = acting.launch(
        browser, message_type=REVIEW, for_user={"user_id": "person-1"}, role="Instructor", **column
    )
    page = follow(browser, answer)
    assert (page.status_code, page.request.path.endswith("/lti/course")) == (200, True)


def test_page_of_a_review_belongs_to_its_session(learning: Course) -> None:
    plain = learning.launch(role="Instructor", sub="teacher-1")
    assert learning.browser.get(f"/s/{session_of(plain).id}/lti/review").status_code == 404


REFUSED: list[tuple[str, dict[str, Any]]] = [
    ("no for_user", {"for_user": ...}),
    ("empty for_user", {"for_user": {}}),
    ("for_user without an id", {"for_user": {"name": "Lucía"}}),
    ("for_user as text", {"for_user": "person-1"}),
    ("for_user as number", {"for_user": {"user_id": 7}}),
    ("for_user too long", {"for_user": {"user_id": "x" * 256}}),
    ("no endpoint", {AGS: ...}),
    ("no lineitem", {AGS: {"scope": [], "lineitems": COLUMN}}),
    ("lineitem is no address", {AGS: {"lineitem": "javascript:alert(1)"}}),
    ("lineitem as list", {AGS: {"lineitem": [COLUMN]}}),
    ("link without an id", {"resource_link": {}}),
]


@pytest.mark.parametrize("role", ["Instructor", "Learner"])
def test_review_that_says_too_little_is_refused_and_writes_nothing(
    learning: Course, role: str, subtests: pytest.Subtests
) -> None:
    before = rows()
    for what, changed in REFUSED:
        with subtests.test(what):
            answer = review(learning, role=role, **changed)
            assert (answer.status_code, "LTI-CLAIM" in answer.text) == (400, True), answer.text
            assert rows() == before
            assert refusals()[-1] == "LTI-CLAIM"


def test_person_of_another_institute_is_nobody_here(
    learning: Course,
    make_institute: Callable[..., Institute],
    make_person: Callable[..., Person],
) -> None:
    elsewhere = make_institute(slug="elsewhere")
    stranger = make_person(institute_id=elsewhere.id, name="Somebody else")
    registration_id = db.session.query(LtiIdentity).first().registration_id  # type: ignore[union-attr]
    with transaction() as session:
        session.add(
            LtiIdentity(
                institute_id=elsewhere.id,
                registration_id=registration_id,
                sub="person-1",
                person_id=stranger.id,
            )
        )
    page = follow(learning.browser, review(learning))
    assert ("Lucía Ortega" in page.text, "Somebody else" in page.text) == (True, False)


def test_work_of_somebody_with_two_accounts_is_found_by_either(
    learning: Course, make_person: Callable[..., Person]
) -> None:
    """The account that the platform names may be the one that is not enrolled."""
    kept = enrolment_of("person-1")
    other = make_person(name="Lucía at home", linked=True)
    with transaction() as session:
        registration_id = session.query(LtiIdentity).filter_by(sub="person-1").one().registration_id
        session.get_one(Person, kept.person_id).linked = True
        institute_id = other.institute_id
        session.add(
            LtiIdentity(
                institute_id=institute_id,
                registration_id=registration_id,
                sub="person-5",
                person_id=other.id,
            )
        )
        session.add(PersonLink(institute_id=institute_id, kept_id=kept.person_id, other_id=other.id))
    page = follow(learning.browser, review(learning, "person-5"))
    assert page.request.path.endswith(f"/facilitator/cohort/members/{kept.id}")
    mentor = learning.launch(
        sub="mentor-1", name="M", roles=[CONTEXT_ROLE + "Mentor"], role_scope_mentor=["person-5"]
    )
    assert "Lucía Ortega" in follow(learning.browser, mentor).text
