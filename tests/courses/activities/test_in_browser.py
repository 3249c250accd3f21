"""Work in a browser: it saves itself, and no ended visit, dropped network or second window loses what was typed."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, expect
from playwright.sync_api import Page as Tab

from courses.cohorts.models import CohortId, Enrolment
from institute.actors import PersonId, Role
from institute.db import db
from institute.web import sessions
from tests.courses.activities.conftest import Working
from tests.journeys.chromium import browser_of_file, close_windows  # noqa: F401  (a fixture)
from tests.serving import server_of

pytestmark = pytest.mark.browser


@dataclass
class Desk:
    """A browser of one person. Each entrance opens a session of its own, as each launch does."""

    working: Working
    browser: Browser
    address: str
    cohort_id: CohortId

    def enter(self, context: BrowserContext | None = None, *, script: bool = True) -> tuple[Tab, str]:
        """Come in, and open the reflection; return the window and its session."""
        enrolment = db.session.get_one(Enrolment, self.working.enrolment_id)
        opened, secret = sessions.open_session(
            institute_id=enrolment.institute_id,
            person_id=PersonId(enrolment.person_id),
            door="test",
            door_key="visit",
            roles=[Role.PARTICIPANT],
            place=self.cohort_id,
        )
        held = context or self.browser.new_context(java_script_enabled=script)
        path = sessions.session_path(opened.id)
        held.add_cookies(
            [{"name": sessions.COOKIE, "value": secret, "url": f"{self.address}{path}", "httpOnly": True}]
        )
        tab = held.new_page()
        tab.goto(f"{self.address}{sessions.session_path(opened.id, self.working.url('reflect'))}")
        return tab, opened.id

    @property
    def stored(self) -> str:
        """The text that is stored."""
        db.session.rollback()
        work = self.working.work("reflect")
        return work.text if work else ""


@pytest.fixture
def desk(app: Flask, working: Working, cohort_id: CohortId, browser: Browser) -> Iterator[Desk]:
    """A participant's browser beside the tool."""
    server = server_of(app)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield Desk(working, browser, f"http://127.0.0.1:{server.port}", cohort_id)
    close_windows(browser)
    server.shutdown()


def test_a_text_saves_itself_and_the_button_goes_on_from_there(desk: Desk) -> None:
    tab, _ = desk.enter()
    tab.get_by_label("Your text").fill("I waited before I answered.")
    expect(tab.get_by_text("Saved at")).to_be_visible()
    assert desk.stored == "I waited before I answered."
    tab.get_by_label("Your text").fill("I waited twice.")
    tab.get_by_role("button", name="Done").click()
    expect(tab.get_by_text("Done. It is ticked off.")).to_be_visible()
    assert desk.stored == "I waited twice."
    assert tab.evaluate("localStorage.length") == 0


def test_a_dropped_network_loses_nothing(desk: Desk) -> None:
    tab, _ = desk.enter()
    tab.context.set_offline(True)
    tab.get_by_label("Your text").fill("Written in the tunnel.")
    expect(tab.get_by_text("Not saved: you are offline. It is kept here.")).to_be_visible()
    tab.context.set_offline(False)
    expect(tab.get_by_text("Saved at")).to_be_visible()
    assert desk.stored == "Written in the tunnel."


def test_a_visit_that_ended_loses_nothing_and_the_next_one_offers_it(desk: Desk) -> None:
    tab, _ = desk.enter()
    sessions.end_sessions(door="test", door_key="visit")
    tab.get_by_label("Your text").fill("A long evening's work.")
    expect(tab.get_by_text("Not saved: your visit has ended.")).to_be_visible()
    again, _ = desk.enter(tab.context)
    again.get_by_role("button", name="Put it back").click()
    expect(again.get_by_text("Saved at")).to_be_visible()
    assert desk.stored == "A long evening's work."


def test_two_windows_show_both_texts_and_lose_neither(desk: Desk) -> None:
    first, session_id = desk.enter()
    second = first.context.new_page()
    second.goto(first.url)
    first.get_by_label("Your text").fill("From the first window.")
    expect(first.get_by_text("Saved at")).to_be_visible()
    expect(second.get_by_text("This was saved in another window meanwhile.")).to_be_visible()
    second.get_by_label("Your text").fill("From the second window.")
    expect(second.get_by_text("Another window saved before.")).to_be_visible()
    second.get_by_role("button", name="Save").click()
    expect(second.get_by_label("Your text")).to_have_value("From the second window.")
    expect(second.get_by_label("What the other window saved")).to_have_value("From the first window.")
    second.get_by_label("Your text").fill("From both.")
    second.get_by_role("button", name="Save").click()
    expect(second.get_by_text("Saved at")).to_be_visible()
    assert session_id in second.url
    assert desk.stored == "From both."
    kept = desk.working.kept("reflect")
    assert "clashed: From the second window." in kept
    assert "kept: From the first window." in kept


def test_another_person_at_the_same_browser_is_offered_nothing(desk: Desk, make_working: object) -> None:
    tab, _ = desk.enter()
    tab.context.set_offline(True)
    tab.get_by_label("Your text").fill("Not for others.")
    tab.wait_for_timeout(1000)
    tab.context.set_offline(False)
    assert callable(make_working)
    other, _ = Desk(make_working("Rosa"), desk.browser, desk.address, desk.cohort_id).enter(tab.context)
    assert other.get_by_label("Your text").input_value() == ""
    assert other.get_by_role("button", name="Put it back").count() == 0


def test_without_scripts_every_button_saves(desk: Desk) -> None:
    tab, _ = desk.enter(script=False)
    tab.get_by_label("Your text").fill("By hand.")
    tab.get_by_role("button", name="Save").click()
    expect(tab.get_by_text("Saved at")).to_be_visible()
    assert desk.stored == "By hand."
