"""An author writes a programme on a phone with nothing but keys; a translator has both languages beside each other."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.journeys.conftest import DESKTOP, PHONE
from tests.journeys.lms import Lms
from tests.journeys.looking import ask_axe, examine
from tests.journeys.rooms import inside

pytestmark = pytest.mark.browser

AUTHOR: Final = "admin-1"  # an administrator writes and translates as well
MOST_KEYS: Final = 80

Window = Callable[..., BrowserContext]


def enter(make_window: Window, lms: Lms, path: str, **given: object) -> Page:
    """Open a page of an author or a translator in a window of its own."""
    page = make_window(**given).new_page()
    lms.speak(AUTHOR, "en")
    lms.open_in_window(page, AUTHOR)
    page.goto(inside(page.url, path))
    return page


def reach(page: Page, wanted: Locator) -> None:
    """Go forward from element to element by Tab, as somebody without a mouse does, until this one has the focus."""
    wanted.first.wait_for()
    for _ in range(MOST_KEYS):
        if wanted.first.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    pytest.fail(f"{wanted} is not reached by {MOST_KEYS} keys")


def write(page: Page, label: str, text: str) -> None:
    """Type into a field that was reached by keys."""
    reach(page, page.get_by_label(label, exact=True))
    page.keyboard.type(text)


def follow(page: Page, role: str, name: str) -> None:
    """Press Enter on a link or a button that was reached by keys, and wait for its page."""
    reach(
        page, page.locator("main").get_by_role("link" if role == "link" else "button", name=name, exact=True)
    )
    with page.expect_navigation():
        page.keyboard.press("Enter")


def begin(page: Page, title: str, summary: str) -> None:
    """Begin a programme by keys, from the form of a new one."""
    write(page, "Title", title)
    reach(page, page.locator("#summary"))
    page.keyboard.type(summary)
    follow(page, "button", "Begin the programme")
    expect(page.get_by_role("heading", level=1)).to_have_text(title)


def test_an_author_begins_writes_previews_and_publishes_by_keyboard_on_a_phone(
    make_window: Window, lms: Lms
) -> None:
    page = enter(make_window, lms, "/author/new-programme", viewport=PHONE)
    wrong = ask_axe(page, PHONE["width"])
    begin(page, "Trusting infants", "For coaches of the youngest.")
    write(page, "Title of a new module", "Attachment and trust")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    write(page, "Description", "Trust is the ground of all coaching.")
    follow(page, "button", "Save")
    expect(page.get_by_text("Saved.")).to_be_visible()
    follow(page, "link", "Back to the outline")
    write(page, "Title of a new segment in module 1", "Signs of trust")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    write(page, "Content", "Trust grows **slowly**.")
    wrong += ask_axe(page, PHONE["width"])
    follow(page, "button", "Save")
    follow(page, "link", "Session")
    reach(page, page.locator("#opening"))
    page.keyboard.type("Ask what they noticed.")
    expect(page.get_by_label("This segment has a coaching session")).to_be_checked()
    follow(page, "button", "Save")
    expect(page.locator("#opening")).to_have_value("Ask what they noticed.")
    expect(page.locator(".ci-kept")).to_have_count(0)
    _preview(page)
    wrong += ask_axe(page, PHONE["width"])
    follow(page, "link", "Back to writing")
    follow(page, "link", "Module 1: Attachment and trust")
    wrong += examine(page, "en") + ask_axe(page, PHONE["width"])
    _publish(page)
    page.goto(inside(page.url, "/author/new-programme"))
    expect(page.locator("#title")).to_have_value("")
    expect(page.locator(".ci-kept")).to_have_count(0)
    assert wrong == []


def _preview(page: Page) -> None:
    """Look at the segment as a participant, then as a coach, then as a coach who reads Spanish."""
    script = page.get_by_text("Ask what they noticed.")
    follow(page, "link", "Preview")
    expect(page.locator("strong", has_text="slowly")).to_be_visible()
    expect(script).to_have_count(0)
    follow(page, "link", "Coach guide")
    expect(script).to_be_visible()
    follow(page, "link", "Español")
    expect(page.locator("html")).to_have_attribute("lang", "es")
    expect(script).to_be_visible()


def _publish(page: Page) -> None:
    """Publish from the outline, knowing that nothing is translated."""
    follow(page, "link", "Publish…")
    reach(page, page.get_by_label("I know, and publish all the same"))
    page.keyboard.press("Space")
    follow(page, "button", "Publish version 1")
    expect(page.get_by_text("Version 1 is out, and nothing changed since.")).to_be_visible()


def test_a_translator_writes_beside_the_source_and_hears_when_it_changes(
    make_window: Window, lms: Lms
) -> None:
    author = enter(make_window, lms, "/author/new-programme")
    begin(author, "Listening well", "An hour for every coach.")
    page = enter(make_window, lms, "/translator/texts/")
    page.get_by_role("link", name="Arabic – Listening well").click()
    page.get_by_role("link", name="Translate what is open").click()
    expect(page.locator("#text-1")).to_be_visible()
    wrong = examine(page, "en") + ask_axe(page, PHONE["width"])
    page.set_viewport_size({"width": DESKTOP["width"], "height": DESKTOP["height"]})
    source, field = page.locator("#text-1-source"), page.locator("#text-1")
    one, other = source.bounding_box(), field.bounding_box()
    assert one is not None
    assert other is not None
    assert one["x"] + one["width"] <= other["x"]
    assert one["y"] < other["y"] + other["height"]
    expect(field).to_have_attribute("dir", "rtl")
    field.fill("الإصغاء الجيد")
    page.locator("#text-2").fill("ساعة لكل مدرّب.")
    page.get_by_role("button", name="Save and finish").click()
    expect(page.get_by_text("Everything is translated.")).to_be_visible()
    follow(author, "link", "Settings")
    author.locator("#title").fill("Listening very well")
    author.get_by_role("button", name="Save", exact=True).click()
    author.wait_for_url("**/programmes/listening-well")
    page.reload()
    page.get_by_role("link", name="Translate what is open").click()
    expect(page.get_by_text("Out of date", exact=True)).to_be_visible()
    wrong += ask_axe(page, DESKTOP["width"])
    page.get_by_label("The translation is still right").check()
    page.get_by_role("button", name="Save and finish").click()
    expect(page.get_by_text("Everything is translated.")).to_be_visible()
    assert wrong == []
