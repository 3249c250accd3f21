"""The segment editor with scripts and a keyboard alone: rows, a look at the text, nothing typed lost."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from courses.authoring.shelf import PartHere
from institute.actors import Role
from institute.people.models import Person
from institute.web import sessions
from tests.journeys.chromium import start_chromium
from tests.serving import server_of

pytestmark = pytest.mark.browser

Part = Callable[[str], PartHere]


@pytest.fixture
def page(app: Flask, person: Person, part: Part) -> Iterator[Page]:
    """An author's window at the first segment."""
    segment = part("module-1/segment-1").part_id
    opened, secret = sessions.open_session(
        institute_id=person.institute_id,
        person_id=person.id,
        door="test",
        door_key="test",
        roles=[Role.AUTHOR],
    )
    path = sessions.session_path(opened.id)
    server = server_of(app)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    with start_chromium() as browser:
        base = f"http://127.0.0.1:{server.port}{path}author/segments/leadership/{segment}/"
        context = browser.new_context(base_url=base, viewport={"width": 390, "height": 800})
        cookie = {"name": sessions.COOKIE, "value": secret, "domain": "127.0.0.1", "path": path}
        context.add_cookies([cookie])  # type: ignore[list-item]
        yield context.new_page()
    server.shutdown()


def _expect_questions(page: Page, *texts: str) -> None:
    areas = page.locator("#questions textarea")
    expect(areas).to_have_count(len(texts))
    for nth, text in enumerate(texts):
        expect(areas.nth(nth)).to_have_value(text)


def test_rows_are_added_moved_and_removed_by_the_keyboard_and_survive_a_closed_tab(page: Page) -> None:
    page.goto("session")
    page.locator("#questions-add").press("Enter")
    page.keyboard.type("What changed?")
    page.get_by_role("button", name="Up 2").last.press("Enter")
    _expect_questions(page, "What changed?", "What made it possible?")
    expect(page.locator("#questions [role=status]")).to_have_text("Now number 1 of 2.")
    page.get_by_role("button", name="Down 1").first.focus()
    page.locator("#steps ol > li:first-child button[value^=drop]").press("Enter")
    expect(page.locator("#steps ol > li")).to_have_count(1)
    expect(page.locator("input[name=steps-1-audience]:checked")).to_have_value("coach")
    page.wait_for_timeout(400)  # what is typed is kept after a pause
    page.goto("session")
    page.get_by_role("button", name="Put it back").click()
    _expect_questions(page, "What changed?", "What made it possible?")
    expect(page.locator("#steps ol > li")).to_have_count(1)
    expect(page.locator("input[name=steps-1-audience]:checked")).to_have_value("coach")
    page.locator("#number").press("Enter")  # the form's first button is that which saves
    expect(page.locator("[role=status]").first).to_contain_text("Saved as a draft")
    _expect_questions(page, "What changed?", "What made it possible?")
    expect(page.locator(".ci-kept")).to_have_count(0)


def test_text_is_shown_while_it_is_typed_and_the_page_is_as_wide_as_a_phone(page: Page) -> None:
    page.goto("reading")
    page.locator("summary", has_text="How it reads").press("Enter")
    page.locator("#content").fill("# Listen\n\n**closely**")
    expect(page.locator("#content-look strong")).to_have_text("closely")
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    page.locator("#content").fill(
        '<img src=x onerror="document.title = 1"><script>document.title = 1</script>'
    )
    expect(page.locator("#content-look")).to_contain_text("onerror")
    assert page.title() != "1"


def test_empty_rows_are_left_out_and_nothing_is_offered_back_after_saving(page: Page) -> None:
    page.goto("reading")
    page.locator("#objectives-add").press("Enter")
    page.locator("#objectives-add").press("Enter")
    page.locator("#objectives-2-text").fill("Listen")
    page.get_by_label("Attitude").last.press("Space")
    page.locator("#reading_least").fill("0")
    page.locator(".ci-foot .btn-primary").press("Enter")
    expect(page.locator("[role=status]").first).to_contain_text("Saved as a draft")
    expect(page.locator("#objectives ol > li")).to_have_count(1)
    expect(page.locator("input[name=objectives-1-kind]:checked")).to_have_value("attitude")
    expect(page.locator(".ci-kept")).to_have_count(0)
