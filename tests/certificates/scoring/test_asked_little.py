"""The pages of trainers and scoring leads ask the database as little for much as for one."""

from __future__ import annotations

from collections.abc import Callable

from institute.actors import Actor, PersonId, Role
from institute.people.granting import grant_role
from institute.people.models import Person
from tests.browsing import Visitor
from tests.certificates.scoring.conftest import MakeTrainer
from tests.certificates.scoring.rounds import MakeStory
from tests.courses.test_homes import questions

MOST_QUESTIONS = 60
PAGES = (
    "/trainer/",
    "/trainer/scoring/",
    "/scoring-lead/",
    "/scoring-lead/scoring/",
    "/scoring-lead/scoring/tasks",
    "/scoring-lead/proof/",
)


def test_no_page_asks_for_each_submission_or_rater(
    make_story: MakeStory,
    make_trainer: MakeTrainer,
    make_person: Callable[..., Person],
    sign_in: Callable[..., Visitor],
    asked: Actor,
) -> None:
    lead = make_person(name="Ingrid Larsen")
    for role in (Role.SCORING_LEAD, Role.TRAINER):
        grant_role(PersonId(lead.id), role, actor=asked)
    visitor = sign_in(lead)

    def add(name: str) -> None:
        """Let evidence be scored, sent again without what passed, scored again; other evidence waits."""
        story = make_story(name=name)
        story.score(1, 4, comment="Say more.")
        story.send_again()
        story.score(4)
        make_story(name=f"{name} waits")

    add("First")
    few = {page: questions(visitor, page) for page in PAGES}
    assert max(few.values()) <= MOST_QUESTIONS, few
    add("Second")
    add("Third")
    assert {page: questions(visitor, page) for page in PAGES} == few
