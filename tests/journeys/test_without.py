"""What must hold without a mouse, without JavaScript, and on a slow network."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.journeys.lms import SEGMENT, Lms

pytestmark = pytest.mark.browser

FIRST_LOAD_BYTES = 150_000
NEXT_LOAD_BYTES = 30_000
MOST_TABS: Final = 80

FOCUSED: Final = """() => {
  const at = document.activeElement;
  const drawn = piece => {
    const style = getComputedStyle(piece);
    return (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2) || style.boxShadow !== "none";
  };
  const box = at.getBoundingClientRect();
  return {
    tag: at.tagName.toLowerCase(),
    type: at.type ?? "",
    name: (at.getAttribute("aria-label") ?? at.innerText ?? "").trim(),
    classes: at.className,
    shown: box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < innerHeight,
    marked: drawn(at) || drawn(at.parentElement),
  };
}"""


def walk(page: Page) -> list[dict[str, Any]]:
    """Press Tab through the whole page and return where the focus was."""
    stops: list[dict[str, Any]] = []
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        stop = page.evaluate(FOCUSED)
        if stop["tag"] == "body":
            break
        stops.append(stop)
    return stops


def test_the_keyboard_reaches_everything_and_its_focus_is_always_visible(
    make_window: Callable[..., BrowserContext], lms: Lms
) -> None:
    page = make_window(
        reduced_motion="reduce"
    ).new_page()  # else the page is still scrolling when it is asked
    lms.open_in_window(page, lms.make_person(), SEGMENT)
    stops = walk(page)
    assert len(stops) < MOST_TABS
    assert stops[0]["name"] == "Skip to the content"
    assert [stop["name"] for stop in stops if not stop["shown"]] == []
    assert [stop["name"] for stop in stops if not stop["marked"]] == []
    assert any(stop["tag"] == "summary" and "Language" in stop["name"] for stop in stops)
    boxes = page.locator("main input[type=checkbox]").count()
    assert len([stop for stop in stops if stop["type"] == "checkbox"]) == boxes > 0
    assert len([stop for stop in stops if stop["tag"] == "a"]) >= page.locator("main a:visible").count()


def test_the_skip_link_leads_to_the_content(page: Page, lms: Lms) -> None:
    lms.open_in_window(page, lms.make_person(), SEGMENT)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#main:focus")).to_have_count(1)


def test_a_menu_opens_and_closes_by_keyboard(page: Page, lms: Lms) -> None:
    lms.open_in_window(page, lms.make_person())
    page.get_by_label("Language: English").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Tiếng Việt")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Tiếng Việt")).to_be_hidden()
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY"


def test_a_step_is_ticked_off_by_keyboard(page: Page, lms: Lms) -> None:
    lms.open_in_window(page, lms.make_person(), SEGMENT)
    page.get_by_role("checkbox").first.focus()
    page.keyboard.press("Space")
    expect(page.get_by_text("1 of 7 steps done")).to_be_visible()


def test_reading_and_ticking_work_without_javascript(
    make_window: Callable[..., BrowserContext], lms: Lms
) -> None:
    page = make_window(java_script_enabled=False).new_page()
    page.goto(lms.window_address(lms.make_person(), SEGMENT))
    while page.url.startswith(lms.url):
        page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("heading", name="What to do, and when")).to_be_visible()
    page.get_by_role("checkbox").first.check()
    page.get_by_role("button", name="Save: Read “History, purpose and principles”").click()
    expect(page.get_by_text("1 of 7 steps done")).to_be_visible()
    expect(page.get_by_role("checkbox").first).to_be_checked()
    page.locator("summary").filter(has_text="English").click()
    page.get_by_role("button", name="Español").click()
    expect(page.locator("html")).to_have_attribute("lang", "es")


def test_a_participant_s_pages_are_light(page: Page, lms: Lms) -> None:
    sub = lms.make_person()
    moved = 0
    hosts: dict[str, bool] = {}
    wire = page.context.new_cdp_session(page)
    wire.send("Network.enable")

    def note(event: dict[str, Any]) -> None:
        hosts[event["requestId"]] = event["response"]["url"].startswith(lms.tool_url)

    def count(event: dict[str, Any]) -> None:
        nonlocal moved
        moved += event["encodedDataLength"] if hosts.get(event["requestId"]) else 0

    wire.on("Network.responseReceived", note)
    wire.on("Network.loadingFinished", count)
    lms.open_in_window(page, sub, SEGMENT)
    page.wait_for_load_state("networkidle")
    assert 0 < moved <= FIRST_LOAD_BYTES
    for name in ("Modules", "Module 1:", "Segment 2:"):
        moved = 0
        page.get_by_role("link", name=name).first.click()
        page.wait_for_load_state("networkidle")
        assert 0 < moved <= NEXT_LOAD_BYTES
