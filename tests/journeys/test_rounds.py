"""Evidence that did not pass at once: done again where it was below, or appealed, up to the gradebook."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, Response, expect

from institute.paths import ROOT
from tests.journeys.conftest import PHONE
from tests.journeys.house import House
from tests.journeys.lms import INSTRUCTOR, Lms
from tests.journeys.story import enter, go
from tests.journeys.watching import Watch

pytestmark = pytest.mark.browser

EVIDENCE = "/participant/evidence/reflection-assessment"
GRANT = """
import sys
from sqlalchemy import select
from institute.actors import Actor, Role
from institute.db import db
from institute.people.granting import grant_role
from institute.people.models import Person
from wsgi import app
with app.app_context():
    person = db.session.scalars(select(Person).where(Person.email == sys.argv[1])).one()
    db.session.rollback()
    grant_role(person.id, Role.TRAINER, actor=Actor(person.institute_id, None))
"""

MakeWindow = Callable[..., BrowserContext]
MakeReader = Callable[[str], Page]


@pytest.fixture
def make_reader(make_window: MakeWindow, lms: Lms, house: House) -> MakeReader:
    """Let a teacher of the course score evidence as well, and open their queue."""

    def make(name: str) -> Page:
        sub = lms.make_person(name, role=INSTRUCTOR)
        window = make_window()
        page = enter(window, lms, sub, "/")
        subprocess.run(
            [sys.executable, "-c", GRANT, f"{sub}@example.test"], cwd=ROOT, env=house.environment, check=True
        )
        page.close()
        return enter(window, lms, sub, "/trainer/scoring/")

    return make


def hand_in(page: Page, text: str) -> None:
    """Write evidence and submit it."""
    page.get_by_role("textbox").first.fill(text)
    page.get_by_role("button", name="Submit").first.click()
    expect(page.get_by_text(re.compile("^Submitted on")).first).to_be_visible()


def score(page: Page, *levels: int, comment: str) -> None:
    """Take the reflection that waits, give each criterion that is asked for a level and a word, and hand in."""
    page.get_by_role("button", name=re.compile("^Take it.*eflection")).first.click()
    criteria = page.locator("details.ci-crit")
    expect(criteria).to_have_count(len(levels))
    for criterion, level in zip(criteria.all(), levels, strict=True):
        if criterion.get_attribute("open") is None:
            criterion.locator("> summary").click()
        with page.expect_response(_is_saved):
            criterion.get_by_role("radio").nth(level - 1).check(force=True)
        with page.expect_response(_is_saved):
            criterion.get_by_role("textbox").first.fill(comment)
            criterion.get_by_role("textbox").first.blur()
    page.get_by_role("button", name="Hand in").click()
    expect(page.get_by_text("Your scores are handed in.")).to_be_visible()


def _is_saved(answer: Response) -> bool:
    return answer.request.method == "POST" and answer.ok


def test_only_what_was_below_is_done_again_and_the_gradebook_follows(
    make_window: MakeWindow, make_reader: MakeReader, lms: Lms
) -> None:
    sub = lms.make_person("Rosa Delgado")
    author = enter(make_window(viewport=PHONE), lms, sub, EVIDENCE)
    hand_in(author, "I listened first, and asked the families what they need.")
    score(make_reader("Erste Leserin"), 2, 4, 2, comment="Say what changed.")
    lms.wait_for_grade(sub, 8 / 3)
    go(author, EVIDENCE)
    again = author.get_by_role("heading", name="To do again")
    expect(again).to_be_visible()
    expect(author.get_by_text("Say what changed.").first).to_be_visible()
    expect(author.get_by_text("You have 2 attempts left.")).to_be_visible()
    author.get_by_role("button", name="Begin the new version").click()
    hand_in(author, "I listened first; after a month two families came by themselves.")
    other = make_reader("Zweite Leserin")
    score(other, 3, 3, comment="Now it is there.")
    lms.wait_for_grade(sub, 10 / 3)
    go(author, EVIDENCE)
    expect(author.get_by_text("Kept from a version before.")).to_be_visible()
    expect(author.get_by_text("Accepted").first).to_be_visible()
    assert "Leserin" not in author.content()


def test_an_appeal_is_read_by_two_who_are_new_and_a_raised_score_reaches_the_gradebook(
    make_window: MakeWindow, make_reader: MakeReader, lms: Lms
) -> None:
    sub = lms.make_person("Pablo Ruiz")
    window = make_window()
    Watch.of(window).expect(422)
    author = enter(window, lms, sub, EVIDENCE)
    hand_in(author, "What I saw, what I did, what came of it.")
    first = make_reader("Dritte Leserin")
    score(first, 2, 2, 3, comment="Too short for me.")
    lms.wait_for_grade(sub, 7 / 3)
    go(author, EVIDENCE)
    author.get_by_role("link", name="Appeal against these scores").click()
    author.get_by_role("button", name="Make the appeal").click()
    expect(author.get_by_text("Say what the readers should look at again.").first).to_be_visible()
    author.get_by_label("What should be looked at again").fill("The last part tells what came of it.")
    author.get_by_role("button", name="Make the appeal").click()
    expect(author.get_by_text("Your appeal is made.")).to_be_visible()
    for name in ("Vierte Leserin", "Fuenfte Leserin"):
        score(make_reader(name), 3, 3, 4, comment=f"Read anew, number {len(name)}.")
    cell = lms.wait_for_grade(sub, 10 / 3)
    assert cell["activity_progress"] == "Completed"
    go(author, EVIDENCE)
    expect(author.get_by_text("your scores are higher now")).to_be_visible()
    expect(author.get_by_text("Reader 2").first).to_be_visible()
    assert "Leserin" not in author.content()
