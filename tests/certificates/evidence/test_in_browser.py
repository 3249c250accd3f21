"""The draft in a browser: it saves itself, says so, and never claims what did not happen."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect
from playwright.sync_api import Page as Tab

from certificates.evidence.uploading import digest_of
from institute.actors import Role
from institute.files.checking import LARGEST_FILE
from institute.web import sessions
from tests.certificates.evidence.conftest import PATH, Author
from tests.courses.conftest import Studied
from tests.journeys.chromium import browser_of_file, close_windows  # noqa: F401  (a fixture)
from tests.serving import server_of

pytestmark = pytest.mark.browser

CHOOSE = """(field, size) => {
    const list = new DataTransfer();
    list.items.add(new File([new Uint8Array(size)], "film.pdf"));
    field.files = list.files;
    field.dispatchEvent(new Event("change", { bubbles: true }));
    return field.validationMessage;
}"""


@dataclass
class Desk:
    """A browser, and how to open another window of the same person."""

    author: Author
    open: Callable[..., Tab]

    @property
    def stored(self) -> str:
        """The text that is stored."""
        found = self.author.submissions()
        return found[-1].text if found else ""


@pytest.fixture
def desk(app: Flask, author: Author, studied: Studied, browser: Browser) -> Iterator[Desk]:
    """A participant's windows."""
    server = server_of(app)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()

    def open_window(*, script: bool = True) -> Tab:
        opened, secret = sessions.open_session(
            institute_id=author.person.institute_id,
            person_id=author.person.id,
            door="test",
            door_key="test",
            roles=[Role.PARTICIPANT],
            place=studied.cohort_id,
        )
        context = browser.new_context(java_script_enabled=script)
        address = f"http://127.0.0.1:{server.port}{sessions.session_path(opened.id)}"
        context.add_cookies(
            [
                {
                    "name": sessions.COOKIE,
                    "value": secret,
                    "domain": "127.0.0.1",
                    "path": sessions.session_path(opened.id),
                }
            ]
        )
        tab = context.new_page()
        tab.goto(address.rstrip("/") + PATH)
        return tab

    yield Desk(author, open_window)
    close_windows(browser)
    server.shutdown()


def test_draft_saves_itself_again_and_again(desk: Desk) -> None:
    tab = desk.open()
    note = tab.locator("[aria-labelledby=write] [role=status]")
    for text in ("First words", "First words, and more", "Other words"):
        tab.locator("#text").fill(text)
        expect(tab.locator("[name=_base]")).to_have_value(digest_of(text))
        expect(note).to_contain_text("Saved at")
        assert desk.stored == text
    tab.reload()
    expect(tab.locator("#text")).to_have_value("Other words")


def test_what_another_window_wrote_stops_the_saving_and_the_button_shows_both(desk: Desk) -> None:
    one, other = desk.open(), desk.open()
    one.locator("#text").fill("Written first")
    one.get_by_role("button", name="Save", exact=True).click()
    expect(one.locator("[aria-labelledby=write] [role=status]")).to_contain_text("Saved at")
    other.locator("#text").fill("Written second")
    expect(other.locator("[aria-labelledby=write] [role=status]")).to_contain_text("Not saved yet")
    assert desk.stored == "Written first"
    other.get_by_role("button", name="Save", exact=True).click()
    expect(other.get_by_text("saved in another window")).to_be_visible()
    expect(other.locator("#text")).to_have_value("Written second")
    expect(other.locator("#other")).to_have_value("Written first")


def test_offline_the_page_says_so_and_saves_when_the_connection_is_back(desk: Desk) -> None:
    tab = desk.open()
    tab.context.set_offline(True)
    tab.locator("#text").fill("On the train")
    note = tab.locator("[aria-labelledby=write] [role=status]")
    expect(note).to_contain_text("you are offline")
    tab.context.set_offline(False)
    expect(note).to_contain_text("Saved at")
    assert desk.stored == "On the train"


def test_button_pressed_while_the_draft_saves_itself_waits_for_it(desk: Desk) -> None:
    tab = desk.open()
    tab.locator("#text").fill("Saved by itself")

    def slowly(route: object) -> None:
        tab.wait_for_timeout(500)
        route.continue_()  # type: ignore[attr-defined]

    tab.route("**/leadership-plan", slowly)
    expect(tab.locator("[aria-labelledby=write] [role=status]")).to_contain_text("Saving")
    tab.locator("#text").fill("Saved by itself, and then submitted")
    tab.get_by_role("button", name="Submit", exact=True).click()
    expect(tab.get_by_role("heading", name="What you submitted")).to_be_visible()
    assert desk.stored == "Saved by itself, and then submitted"


def test_file_that_is_too_large_is_named_before_it_travels(desk: Desk) -> None:
    tab = desk.open()
    tab.locator("#files").evaluate(CHOOSE, LARGEST_FILE + 1)
    expect(tab.locator("[data-upload]")).to_contain_text("“film.pdf” is larger than 25 MB")


def test_everything_works_without_scripts(desk: Desk) -> None:
    tab = desk.open(script=False)
    tab.locator("#text").fill("By hand")
    tab.locator("#files").set_input_files({"name": "notes.txt", "mimeType": "text/plain", "buffer": b"Notes"})
    tab.get_by_role("button", name="Add what you chose").click()
    expect(tab.get_by_role("link", name="notes.txt")).to_be_visible()
    assert desk.stored == "By hand"
    tab.locator("#text").fill("By hand, twice")
    tab.get_by_role("button", name="Remove: notes.txt").click()
    expect(tab.get_by_role("link", name="notes.txt")).to_have_count(0)
    tab.get_by_role("button", name="Submit", exact=True).click()
    expect(tab.get_by_role("heading", name="What you submitted")).to_be_visible()
    assert desk.stored == "By hand, twice"
