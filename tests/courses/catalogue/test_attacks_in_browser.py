"""Chromium opens the pages that hold every attack: nothing runs, nothing is asked for elsewhere, nothing complains."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Final
from urllib.parse import urlsplit

import pytest
from flask import Flask
from playwright.sync_api import Browser, ConsoleMessage, Dialog, Page, Request
from werkzeug.serving import make_server

from institute.actors import Role
from institute.people.models import Person
from institute.web import sessions
from tests.courses.catalogue.conftest import Attacked
from tests.journeys.chromium import start_chromium

pytestmark = pytest.mark.browser

# One page of each kind; what HTML each page holds is looked at in test_attacks_on_pages.
OPENED: Final = frozenset({
    "/participant/modules/module-1/segment-1",
    "/participant/modules/module-1/segment-1/materials/sheet",
    "/participant/activities/module-1/segment-1/reflect",
    "/participant/guides/leadership/module-1",
    "/participant/library/attack",
    "/participant/frameworks/practice",
    "/coach/programmes/leadership/module-1/segment-1",
    "/coach/guides/leadership/module-1/coach",
    "/author/preview/leadership/module-1/segment-1",
    "/author/preview/leadership/module-1/segment-1?who=coach",
    "/author/frameworks/practice/history",
})  # fmt: skip

# What a page must not have once it is open, whatever its HTML looked like.
ALIVE = """() => {
    const found = [...document.querySelectorAll("iframe, object, embed, base, frame, applet, form[action*=':']")];
    for (const one of document.querySelectorAll("*")) {
        for (const { name, value } of one.attributes) {
            const address = value.replace(/[\\x00-\\x20]/g, "").toLowerCase();
            const runs = /^(javascript|vbscript|data):/.test(address) && name !== "value" && !name.startsWith("data-");
            if (name.startsWith("on") || name === "style" || runs) found.push(one);
        }
    }
    const own = [...document.scripts].every((one) => new URL(one.src).pathname.startsWith("/static/"));
    return [...found.map((one) => one.outerHTML.slice(0, 200)), ...(own ? [] : ["a script"])];
}"""


@pytest.fixture
def open_page(app: Flask, attacked: Attacked) -> Iterator[Callable[[Person, Role], Page]]:
    """Open a window of a person whose every word to the outside is noted as ``page.said``."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    with start_chromium() as browser:
        yield lambda person, role: _window(browser, server.port, person, role, attacked.cohort_id)
    server.shutdown()


def _window(browser: Browser, port: int, person: Person, role: Role, place: int) -> Page:
    opened, secret = sessions.open_session(
        institute_id=person.institute_id,
        person_id=person.id,
        door="test",
        door_key="test",
        roles=[role],
        place=place,
    )
    path = sessions.session_path(opened.id)
    context = browser.new_context(base_url=f"http://127.0.0.1:{port}{path}")
    context.add_cookies([{"name": sessions.COOKIE, "value": secret, "domain": "127.0.0.1", "path": path}])
    return context.new_page()


class Ears:
    """Notes everything that a page says to anybody but its server, under the path that is open."""

    def __init__(self) -> None:
        self.at = ""
        self.said: list[str] = []

    def follow(self, page: Page) -> Page:
        """Listen to a window."""
        page.on("dialog", self._dialog)
        page.on("console", self._line)
        page.on("pageerror", lambda error: self.note(str(error)))
        page.on("popup", lambda _popup: self.note("a window"))
        page.on("request", self._request)
        return page

    def note(self, what: str) -> None:
        """Note something."""
        self.said.append(f"{self.at}: {what}")

    def _dialog(self, dialog: Dialog) -> None:
        self.note(f"dialog {dialog.message}")
        dialog.dismiss()

    def _line(self, line: ConsoleMessage) -> None:
        if line.type == "error":
            self.note(line.text)

    def _request(self, asked: Request) -> None:
        if urlsplit(asked.url).hostname != "127.0.0.1":
            self.note(asked.url)


def test_no_attack_runs_asks_elsewhere_or_complains(
    open_page: Callable[[Person, Role], Page], attacked: Attacked
) -> None:
    windows: dict[Role, Page] = {}
    ears = Ears()
    pages = [page for page in attacked.pages if page[2] in OPENED]
    assert len(pages) == len(OPENED)
    for person, role, path in pages:
        ears.at = path
        if role not in windows:
            windows[role] = ears.follow(open_page(person, role))
        page = windows[role]
        answer = page.goto(path.removeprefix("/"))
        assert answer is not None
        assert answer.status == 200, path
        page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
        page.mouse.move(200, 400)
        page.wait_for_timeout(100)
        for alive in page.evaluate(ALIVE):
            ears.note(alive)
    assert ears.said == []


def test_the_watch_in_the_browser_sees_what_runs(
    open_page: Callable[[Person, Role], Page], attacked: Attacked
) -> None:
    page = open_page(attacked.participant, Role.PARTICIPANT)
    page.goto("participant/modules/")
    assert page.evaluate(ALIVE) == []
    page.evaluate("""() => {
        const link = document.createElement("a");
        link.setAttribute("href", " java\\tscript:alert(1)");
        document.body.append(link, document.createElement("iframe"));
    }""")
    assert len(page.evaluate(ALIVE)) == 2
