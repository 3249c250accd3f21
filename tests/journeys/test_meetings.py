"""Meetings: made in one form, signed in from a phone with the code on the wall, made up for and verified by mail."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from datetime import timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from institute.clock import now
from tests.journeys.conftest import DESKTOP, PHONE
from tests.journeys.house import House
from tests.journeys.lms import Lms
from tests.journeys.looking import ask_axe, examine
from tests.journeys.rooms import inside

pytestmark = pytest.mark.browser

ZONE: Final = ZoneInfo("America/Los_Angeles")
TITLE: Final = "Tools of the second half"
LINK: Final = re.compile(r"http://127\.0\.0\.1:\d+/make-up/[\w-]+")
PATIENCE_SECONDS: Final = 60


def look_at(page: Page) -> None:
    """Hold a page to what is asked of every page, at both widths."""
    assert examine(page, "en") + ask_axe(page, DESKTOP["width"]) + ask_axe(page, PHONE["width"]) == []


def back_to_phone(page: Page) -> None:
    """Make the window narrow again after it was looked at."""
    page.set_viewport_size({"width": PHONE["width"], "height": PHONE["height"]})


def test_a_meeting_is_made_signed_in_from_a_phone_and_recorded(
    make_window: Callable[..., BrowserContext], lms: Lms
) -> None:
    lms.speak("teacher-1", "en")
    desk = lms.open_in_window(make_window().new_page(), "teacher-1")
    _make(desk)
    look_at(desk)
    desk.get_by_role("link", name="Show the sign-in code").click()
    code = desk.locator(".ci-wall-letters").inner_text()
    look_at(desk)
    phone = make_window(viewport=PHONE).new_page()
    lms.open_in_window(phone, lms.make_person("Rosalía Vergara"))
    phone.goto(inside(phone.url, "/participant/"))
    phone.get_by_role("link", name="See all meetings").click()
    phone.get_by_role("link", name=TITLE).first.click()
    look_at(phone)
    back_to_phone(phone)
    phone.get_by_label("Code").fill(code.lower())
    phone.get_by_role("button", name="Sign in").click()
    expect(phone.get_by_text("You are on the list.").first).to_be_visible()
    desk.get_by_role("link", name=TITLE).click()
    row = desk.get_by_role("row", name="Rosalía Vergara")
    expect(row.get_by_text("signed in")).to_be_visible()
    row.get_by_label("How many minutes early Rosalía Vergara left").fill("20")
    desk.get_by_role("button", name="Save the attendance").click()
    expect(desk.get_by_text("The attendance is saved.")).to_be_visible()
    look_at(desk)


def test_what_was_missed_is_made_up_for_and_the_employer_verifies_it_without_an_account(
    make_window: Callable[..., BrowserContext], lms: Lms, house: House, tmp_path: Path
) -> None:
    sheet = tmp_path / "sheet.txt"
    sheet.write_text("Sign-in sheet: Amina Haddad", encoding="utf-8")
    lms.speak("coach-1", "en")
    coach = lms.open_in_window(make_window().new_page(), "coach-1")
    coach.goto(inside(coach.url, "/coach/meetings/"))
    look_at(coach)
    coach.get_by_role("link", name="Coach meeting").filter(has_text="Coach meeting").last.click()
    coach.wait_for_url(re.compile(r"/coach/meetings/.+"))
    if not coach.get_by_role(
        "link", name="Report a make-up"
    ).count():  # the first one of the year was attended in full
        coach.goto(inside(coach.url, "/coach/meetings/"))
        coach.locator("li", has_text="1 h 50 min").get_by_role("link").first.click()
    coach.get_by_role("link", name="Report a make-up").click()
    coach.get_by_label("When did your employer deliver it?").fill(now().astimezone(ZONE).date().isoformat())
    coach.get_by_label("Employer", exact=True).fill("Sierra Unified")
    coach.get_by_label("Who can verify it").fill("Pat Doyle")
    coach.get_by_label("Their e-mail address").fill("pat@employer.example")
    look_at(coach)
    coach.get_by_role("button", name="Report and ask the employer").click()
    expect(coach.get_by_text("Waits for the employer")).to_be_visible()
    employer = make_window(viewport=PHONE).new_page()
    employer.goto(_link(Path(house.environment["DATA_DIR"]) / "mail"))
    look_at(employer)
    back_to_phone(employer)
    employer.get_by_text("Yes, I verify it").click()
    employer.get_by_label("Sign-in sheet").set_input_files(sheet)
    employer.get_by_role("button", name="Send the answer").click()
    expect(employer.get_by_role("heading", name="Thank you")).to_be_visible()
    coach.reload()
    expect(coach.get_by_text("Verified", exact=True)).to_be_visible()


def _make(page: Page) -> None:
    """Make a meeting of this hour, on the cohort's clock."""
    here = now().astimezone(ZONE)
    begins = here - timedelta(minutes=min(here.hour * 60 + here.minute, 5))
    ends = min(f"{here + timedelta(minutes=90):%H:%M}", "23:59") if here.hour < 22 else "23:59"
    page.goto(inside(page.url, "/facilitator/"))
    page.get_by_role("link", name="See all meetings").click()
    page.get_by_role("link", name="Make a meeting").click()
    look_at(page)
    page.get_by_label("Title").fill(TITLE)
    page.get_by_label("Date 1").fill(here.date().isoformat())
    page.get_by_label("From", exact=True).fill(f"{begins:%H:%M}")
    page.get_by_label("To", exact=True).fill(ends)
    page.get_by_role("button", name="Make it").click()
    expect(page.get_by_text("1 meeting is made.")).to_be_visible()


def _link(folder: Path) -> str:
    """Wait for the employer's letter, and return the link in it."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        for path in sorted(folder.glob("*.eml"), reverse=True):
            letter = message_from_bytes(path.read_bytes(), policy=default)
            body = letter.get_body(("plain",))
            found = LINK.search(body.get_content()) if body is not None else None
            if found is not None:
                return found[0]
        time.sleep(0.25)
    raise AssertionError("The letter never came.")
