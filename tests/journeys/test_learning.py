"""Learning: what a participant writes saves itself, what they put first becomes their plan, and their coach sees it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.journeys.conftest import PHONE
from tests.journeys.lms import Lms
from tests.journeys.looking import ask_axe, examine
from tests.journeys.rooms import inside

pytestmark = pytest.mark.browser

STATEMENTS = 12
REFLECTION = "/participant/activities/module-1/segment-1/first-reflection"
ASSESSMENT = "/participant/activities/module-1/segment-2/complete-self-assessment"
DOCUMENT = "/participant/activities/module-1/segment-2/start-plan"
MEILING = "陳美玲"
PLAN = "Start your Professional Development Plan"
THOUGHT = "أقود هنا لأنني أتعلّم من الأسر."
ANSWER = "نبدأ هذا الأسبوع."
ANSWER_ALL = """() => {
  for (const group of document.querySelectorAll("fieldset"))
    group.querySelector("input[type=radio][name^=item-]")?.click();
}"""


def go(page: Page, path: str) -> None:
    """Open a page of the session."""
    page.goto(inside(page.url, path))


def press(page: Page) -> None:
    """Press the one filled button and wait for the page that answers."""
    with page.expect_navigation():
        page.locator("main form#work .btn-primary").click()


def share(page: Page, who: str) -> None:
    """Choose who reads the work, and save it."""
    page.locator(f"input[name=share][value={who}]").check(force=True)
    with page.expect_navigation():
        page.get_by_role("button", name="Save", exact=True).click()


@pytest.fixture
def phone(make_window: Callable[..., BrowserContext], lms: Lms) -> Page:
    """A new participant's phone, in Arabic."""
    return lms.open_in_window(make_window(viewport=PHONE).new_page(), lms.make_person(locale="ar"))


def test_a_reflection_saves_itself_and_is_done_on_its_page(phone: Page) -> None:
    go(phone, REFLECTION)
    with phone.expect_response("**/autosave") as answer:
        phone.get_by_role("textbox").fill(THOUGHT)
    said = answer.value.json()["said"]
    expect(phone.locator("[data-saved-note]")).to_have_text(said)
    phone.reload()
    expect(phone.get_by_role("textbox")).to_have_value(THOUGHT)
    assert ask_axe(phone, PHONE["width"]) == []
    press(phone)
    expect(phone.get_by_text(THOUGHT)).to_be_visible()
    assert examine(phone, "ar") + ask_axe(phone, PHONE["width"]) == []
    go(phone, "/participant/modules/module-1/segment-1")
    expect(phone.locator("#step-first-reflection .ci-ok")).to_be_visible()


def test_an_assessment_draws_a_picture_and_its_priorities_become_the_plan(phone: Page) -> None:
    go(phone, ASSESSMENT)
    expect(phone.locator("fieldset:has(input[name^=item-])")).to_have_count(STATEMENTS)
    phone.evaluate(ANSWER_ALL)
    press(phone)
    expect(phone.locator("#picture .ci-scale").first).to_be_visible()
    first = phone.locator("select[name^=place-]").nth(2)
    area = phone.locator(f"label[for={first.get_attribute('id')}]").inner_text()
    first.select_option("1")
    press(phone)
    for question in phone.get_by_role("textbox").all():
        question.fill(ANSWER)
    assert examine(phone, "ar") + ask_axe(phone, PHONE["width"]) == []
    press(phone)
    phone.locator("main .btn-primary").click()
    phone.wait_for_url("**/participant/plan/")
    expect(phone.get_by_role("heading", name=area)).to_be_visible()
    phone.locator("main summary").first.click()
    expect(phone.get_by_text(ANSWER).first).to_be_visible()
    assert examine(phone, "ar") + ask_axe(phone, PHONE["width"]) == []


def test_a_coach_reads_what_is_shared_while_it_is_and_opens_the_guide_with_what_is_open(
    make_window: Callable[..., BrowserContext], lms: Lms
) -> None:
    lms.speak("participant-2", "en")
    lms.speak("coach-1", "en")
    writer = lms.open_in_window(make_window().new_page(), "participant-2")
    go(writer, DOCUMENT)
    writer.get_by_role("textbox").fill("# One goal\n\nMorning talks with **every** team.")
    share(writer, "coach")
    coach = lms.open_in_window(make_window().new_page(), "coach-1")
    coach.get_by_role("link", name="Participants").first.click()
    coach.get_by_role("link", name=MEILING).first.click()
    coach.get_by_role("link", name="Shared with you").wait_for()
    person = coach.url
    coach.get_by_role("link", name="Shared with you").click()
    coach.get_by_role("link", name=PLAN).click()
    expect(coach.get_by_role("heading", name="One goal")).to_be_visible()
    assert examine(coach, "en") + ask_axe(coach, PHONE["width"]) == []
    coach.goto(person)
    coach.get_by_role("link", name="Coach guide", exact=True).last.click()
    expect(coach.get_by_role("heading", name=f"Look back with {MEILING}")).to_be_visible()
    expect(coach.get_by_text("Agreed in the session of")).to_be_visible()
    assert examine(coach, "en") + ask_axe(coach, PHONE["width"]) == []
    share(writer, "me")
    coach.goto(person)
    coach.get_by_role("link", name="Shared with you").click()
    expect(coach.get_by_role("heading", name=f"Shared by {MEILING}")).to_be_visible()
    expect(coach.get_by_role("link", name=PLAN)).to_have_count(0)
