"""What leads to an element or carries a tag, on the pages of each role, and its name where it stands."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from courses.authoring.replacing import put_content
from courses.catalogue.queries import newest_version
from courses.cohorts.assigning import assign_coach
from courses.cohorts.models import EnrolmentId
from courses.cohorts.moving import move_cohort
from courses.frameworks.drafts import FrameworkDraft, VocabularyDraft
from institute.actors import Actor, PersonId, Role
from institute.people.models import Person
from tests.browsing import Visitor
from tests.courses.conftest import Studied
from tests.programmes import activity, english, module, programme, publish, segment_draft

ADDRESS = "practice/listening"
TAG = "values/inclusion"


@pytest.fixture
def aligned(
    framework: FrameworkDraft, vocabulary: VocabularyDraft, studied: Studied, system: Actor
) -> Studied:
    """A second version in which a module, a segment and an activity are aligned; nobody has moved to it yet."""
    first = segment_draft(
        title=english("Rounds of listening"),
        elements=(ADDRESS,),
        tags=(TAG,),
        activities=(activity("hear", elements=(ADDRESS,)),),
    )
    content = programme(module(first, segment_draft(number=2), elements=(ADDRESS,), tags=(TAG,)))
    publish(replace(content, programme=replace(content.programme, tags=(TAG,))), actor=system)
    put_content(content, actor=system)
    return studied


def test_a_participant_is_led_to_what_their_own_version_holds(
    aligned: Studied,
    make_enrolment: Callable[..., tuple[Person, EnrolmentId]],
    sign_in: Callable[..., Visitor],
    system: Actor,
) -> None:
    person, _ = make_enrolment()
    visitor = sign_in(person, roles=[Role.PARTICIPANT], place=aligned.cohort_id)
    assert "Rounds of listening" not in visitor.get("/participant/frameworks/practice").text
    renew(aligned, system)
    page = visitor.get("/participant/frameworks/practice").text
    for said in (
        "modules/module-1/segment-1#step-hear",
        "modules/module-1/segment-1",
        "Do hear",
        "Core practice",
    ):
        assert said in page
    assert "Leadership" in visitor.get("/participant/frameworks/vocabularies/values").text


def test_a_coach_is_led_to_the_guide(
    aligned: Studied,
    make_enrolment: Callable[..., tuple[Person, EnrolmentId]],
    make_person: Callable[..., Person],
    sign_in: Callable[..., Visitor],
    system: Actor,
) -> None:
    _, enrolment_id = make_enrolment()
    coach = make_person(name="Amina")
    assign_coach(enrolment_id, PersonId(coach.id), since=date(2026, 9, 1), actor=system)
    renew(aligned, system)
    visitor = sign_in(coach, roles=[Role.COACH], place=aligned.cohort_id)
    page = visitor.get("/coach/frameworks/practice").text
    assert "/coach/programmes/leadership/module-1/segment-1" in page
    assert "Rounds of listening" in page


def test_an_author_is_led_to_drafts_and_cannot_delete_what_any_version_uses(
    aligned: Studied, author: Visitor, system: Actor
) -> None:
    page = author.get("/author/frameworks/practice").text
    assert "used 3 times" in page  # module, segment and activity: each once, however often published
    put_content(programme(), actor=system)
    for path in ("practice/elements/vision", "vocabularies/values/terms/inclusion"):
        answer = author.post(f"/author/frameworks/{path}/change", {"wish": "delete"})
        assert answer.status_code == 409
    spare = author.post("/author/frameworks/practice/elements/naming/change", {"wish": "delete"})
    assert spare.status_code == 303


def test_what_a_segment_is_aligned_to_stands_on_its_pages(
    aligned: Studied,
    make_enrolment: Callable[..., tuple[Person, EnrolmentId]],
    sign_in: Callable[..., Visitor],
    system: Actor,
) -> None:
    renew(aligned, system)
    person, _ = make_enrolment()
    visitor = sign_in(person, roles=[Role.PARTICIPANT], place=aligned.cohort_id)
    for path in ("/participant/modules/module-1/segment-1", "/participant/modules/module-1"):
        page = visitor.get(path).text
        assert "/participant/frameworks/practice#listening" in page
        assert "/participant/frameworks/vocabularies/values#inclusion" in page


def renew(aligned: Studied, system: Actor) -> None:
    """Move the cohort with everybody in it to the newest version."""
    newest = newest_version(system.institute_id, "leadership")
    move_cohort(aligned.cohort_id, newest, actor=system)
