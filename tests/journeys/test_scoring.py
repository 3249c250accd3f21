"""Scoring inside the course's page: by keys alone, at a desk and on a phone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Frame, Page, expect

from tests.journeys.chromium import PATIENCE_MS
from tests.journeys.house import House
from tests.journeys.lms import HOME, Lms
from tests.journeys.story import TRAINER, enter
from tests.journeys.watching import Watch

pytestmark = pytest.mark.browser

MOST_TABS = 80
CRITERIA = 4


@pytest.mark.parametrize("width", [1000, 390])
def test_a_trainer_scores_in_the_frame_by_keys_alone(
    browser: Browser, house: House, lms: Lms, width: int
) -> None:
    own = f"We listen first, at {width}."
    context = browser.new_context(viewport={"width": width, "height": 900}, locale="en")
    context.set_default_timeout(PATIENCE_MS)
    watch = Watch(context, house.hosts)
    _hand_in_evidence(
        enter(context, lms, lms.make_person("Rosa Delgado"), "/participant/evidence/leadership-plan"), own
    )
    page = context.new_page()
    lms.speak(TRAINER, "en")
    frame = lms.open_in_frame(page, TRAINER, HOME)
    prefix = frame.url.split("/s/")[0] + "/s/" + frame.url.split("/s/")[1].split("/")[0]
    _take(page, frame, f"{prefix}/trainer/scoring/", own)
    for number in range(CRITERIA):
        page.keyboard.press("3")
        page.keyboard.press("c")
        page.keyboard.type(f"Clear, {number}; j, k, h and 1 are letters here.")
        page.keyboard.press("Escape")
        page.keyboard.press("j")
    expect(frame.get_by_text("4 of 4 scored")).to_be_visible()
    assert "Rosa" not in frame.content()
    page.keyboard.press("h")
    page.keyboard.press("Enter")
    expect(frame.get_by_text("Your scores are handed in.")).to_be_visible()
    assert watch.complaints == []
    context.close()


def _hand_in_evidence(page: Page, text: str) -> None:
    page.locator("textarea").first.fill(text)
    page.get_by_role("button", name="Submit").first.click()
    page.wait_for_load_state()


def _tab_to(page: Page, frame: Frame, name: str) -> None:
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        if frame.evaluate("document.activeElement.matches('a, button')") and name in frame.evaluate(
            "document.activeElement.textContent"
        ):
            return
    raise AssertionError(f"{name} cannot be reached by keys")


def _take(page: Page, frame: Frame, queue: str, own: str) -> None:
    """Take what waits until it is the evidence that is meant: the queue does not say whose is whose."""
    for nth in range(3):
        frame.goto(queue)
        for _ in range(nth + 1):
            _tab_to(page, frame, "Take it")
        page.keyboard.press("Enter")
        frame.get_by_text("4 left before you can hand in").wait_for()
        frame.wait_for_load_state()
        if frame.get_by_text(own).count():
            return
        frame.locator("summary", has_text="Give it back to the queue").click()
        frame.get_by_role("button", name="Give back").click()
        frame.get_by_text("back in the queue").wait_for()
    raise AssertionError("the evidence is not in the queue")
