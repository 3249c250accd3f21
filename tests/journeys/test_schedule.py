"""The schedule: a session is planned, moved and cancelled; a calendar gets its address, messages their choice."""

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


def is_sound(page: Page, size: dict[str, int]) -> bool:
    """Tell whether a page keeps what every page promises."""
    assert examine(page, "en") + ask_axe(page, size["width"]) == []
    return True


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desk", "phone"])
def test_a_coach_plans_moves_and_cancels_a_session_and_takes_the_calendar_along(
    make_window: Callable[..., BrowserContext], lms: Lms, size: dict[str, int]
) -> None:
    lms.speak("coach-1", "en")
    page = lms.open_in_window(make_window(viewport=size).new_page(), "coach-1")
    page.goto(inside(page.url, "/coach/schedule/new"))
    assert is_sound(page, size)
    page.get_by_role("checkbox", name="Lucía Ortega").check()
    page.get_by_label("Date", exact=True).fill((now().date() + timedelta(days=3)).isoformat())
    page.get_by_label("From", exact=True).fill("06:00")
    page.get_by_label("To", exact=True).fill("07:00")
    page.get_by_text("Video", exact=True).click()
    page.get_by_role("button", name="Plan the session").click()
    expect(page.get_by_text("The session is planned.")).to_be_visible()
    assert is_sound(page, size)
    page.get_by_role("link", name="Change it").click()
    page.get_by_label("From", exact=True).fill("06:30")
    page.get_by_role("button", name="Save the change").click()
    expect(page.get_by_text("The session was changed.")).to_be_visible()
    page.get_by_text("It does not take place").click()
    page.get_by_role("button", name="Cancel the session").click()
    expect(page.get_by_text("The session was cancelled.")).to_be_visible()
    assert is_sound(page, size)
    page.goto(inside(page.url, "/coach/"))
    assert is_sound(page, size)
    page.goto(inside(page.url, "/calendar/"))
    page.get_by_role("button", name="Make").click()
    address = page.get_by_role("textbox", name="The address of your calendar").input_value()
    assert page.request.get(address).status == 200
    assert is_sound(page, size)
    page.goto(inside(page.url, "/messages/"))
    assert is_sound(page, size)
