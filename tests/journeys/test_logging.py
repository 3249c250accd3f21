"""Logging: an ordinary session takes six interactions at most and one text, on a desk and on a phone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from institute.clock import now
from tests.journeys.conftest import DESKTOP, PHONE
from tests.journeys.lms import Lms
from tests.journeys.looking import ask_axe, examine
from tests.journeys.rooms import inside

pytestmark = pytest.mark.browser

MOST_INTERACTIONS = 6
COUNT = """addEventListener("pointerdown", (event) => {
  if (event.isTrusted) sessionStorage.pressed = Number(sessionStorage.pressed ?? 0) + 1;
}, true);"""
PRESSED = "() => Number(sessionStorage.pressed ?? 0)"
TEXTS = "main form textarea:visible, main form input[type=text]:visible"
STEPS = "She asks two families.\nShe writes down what they say."


def go(page: Page, path: str) -> None:
    """Open a page of the session."""
    page.goto(inside(page.url, path))


def leave_midnight(page: Page) -> None:
    """Give the form times where it could foresee none, because the day is too young."""
    if not page.get_by_label("From", exact=True).input_value():
        page.get_by_label("Date", exact=True).fill((now().date() - timedelta(days=2)).isoformat())
        page.get_by_label("From", exact=True).fill("04:00")
        page.get_by_label("To", exact=True).fill("05:00")


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desk", "phone"])
def test_an_ordinary_log_is_six_interactions_and_one_text(
    make_window: Callable[..., BrowserContext], lms: Lms, size: dict[str, int]
) -> None:
    lms.speak("coach-1", "en")
    context = make_window(viewport=size)
    context.add_init_script(COUNT)
    page = lms.open_in_window(context.new_page(), "coach-1")
    go(page, "/coach/sessions/new")
    page.evaluate("sessionStorage.pressed = 0")
    page.get_by_role("link", name="Lucía Ortega").click()
    expect(page.locator(TEXTS)).to_have_count(1)
    assert examine(page, "en") + ask_axe(page, size["width"]) == []
    leave_midnight(page)
    agreed = page.get_by_role("group", name="Agreed last time")
    carried = agreed.get_by_role("checkbox").count()
    agreed.get_by_text("Lucía prepara dos preguntas").click()
    page.get_by_text("Work on the plan", exact=True).click()
    page.get_by_label("Next steps you agreed").click()
    page.keyboard.type(STEPS)
    page.get_by_role("button", name="Send for confirmation").click()
    expect(page.get_by_text("Sent for confirmation.")).to_be_visible()
    assert page.evaluate(PRESSED) <= MOST_INTERACTIONS
    log = page.url
    steps = page.get_by_role("region", name="What you agreed")
    expect(steps.get_by_role("checkbox")).to_have_count(2)
    page.get_by_role("link", name="Everything you agreed").click()
    expect(page.locator("main form.ci-tick-form input[type=checkbox]:not(:checked)")).to_have_count(
        carried + 1
    )
    assert examine(page, "en") + ask_axe(page, size["width"]) == []
    page.goto(log)
    page.get_by_text("Take the log back").first.click()
    page.get_by_role("button", name="Take it back").click()
    expect(page.get_by_text("The log was taken back.")).to_be_visible()
