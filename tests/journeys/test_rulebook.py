"""An administrator writes, tries and publishes a rule with nothing but keys; a participant supposes something."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.journeys.conftest import PHONE
from tests.journeys.lms import Lms
from tests.journeys.looking import ask_axe, examine
from tests.journeys.story import DIRECTOR, enter
from tests.journeys.test_authoring import follow, reach

pytestmark = pytest.mark.browser

LEVEL: Final = "/administrator/levels/master"  # nobody of the sample is near it
RULE: Final = "At least 4 h 30 min of one-to-one coaching, within the last 12 months"
BEGINNER: Final = "participant-2"

Window = Callable[..., BrowserContext]


def test_an_administrator_writes_tries_and_publishes_a_rule_by_keyboard_on_a_phone(
    make_window: Window, lms: Lms
) -> None:
    page = enter(make_window(viewport=PHONE), lms, DIRECTOR, LEVEL)
    follow(page, "link", "Add a rule")
    _choose(page, "What the rule asks for", "Hours of one-to-one")
    follow(page, "button", "Go on")
    reach(page, page.get_by_label("Hours at least"))
    page.keyboard.type("4.5")
    reach(page, page.get_by_label("Only what happened within the last months"))
    page.keyboard.type("12")
    wrong = ask_axe(page, PHONE["width"])
    follow(page, "button", "Keep the rule")
    expect(page.get_by_text(RULE)).to_be_visible()
    wrong += examine(page, "en") + ask_axe(page, PHONE["width"])
    follow(page, "link", "Try on a cohort")
    follow(page, "button", "Try the rules")
    expect(page.get_by_role("heading", name="Person by person")).to_be_visible()
    expect(page.get_by_text(RULE).first).to_be_visible()
    wrong += examine(page, "en") + ask_axe(page, PHONE["width"])
    page.go_back()
    page.go_back()
    follow(page, "link", "Look and publish")
    expect(page.get_by_role("region", name="New or changed")).to_contain_text(RULE)
    wrong += ask_axe(page, PHONE["width"])
    follow(page, "button", "Publish these rules")
    expect(page.get_by_text("Published: version 2")).to_be_visible()
    expect(page.get_by_text("These rules are being written")).to_have_count(0)
    assert wrong == []


def test_a_participant_supposes_more_coaching_and_reads_when_the_hours_would_be_there(
    make_window: Window, lms: Lms
) -> None:
    page = enter(make_window(viewport=PHONE), lms, BEGINNER, "/participant/level/")
    before = page.get_by_role("region", name="Still open").inner_text()
    _choose(page, "Coaching each month", "6 h")
    follow(page, "button", "Show what changes")
    expect(page.get_by_text("You would reach 9 h on")).to_be_visible()
    expect(page.get_by_text("This would still be open:")).to_be_visible()
    expect(page.get_by_role("region", name="Still open")).to_have_text(before, use_inner_text=True)
    assert examine(page, "en") + ask_axe(page, PHONE["width"]) == []


def _choose(page: Page, label: str, typed: str) -> None:
    """Choose from a list by the first letters of what is wanted."""
    reach(page, page.get_by_label(label))
    page.keyboard.type(typed)
