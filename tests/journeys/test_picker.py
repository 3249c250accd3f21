"""Choosing what a course links to, inside the course's page, with and without scripts."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Frame, Page, expect

from tests.journeys.lms import COURSE, INSTRUCTOR, Lms, settle
from tests.journeys.looking import TOO_WIDE, ask_axe
from tests.journeys.watching import Watch

pytestmark = pytest.mark.browser

PHONE = {"width": 390, "height": 844}
UNDER_THE_BAR = """async () => {
    await new Promise((seen) => requestAnimationFrame(() => requestAnimationFrame(seen)));
    const bar = document.querySelector(".ci-bulk"), one = document.activeElement;
    const {top, bottom} = one.getBoundingClientRect(), edge = bar.getBoundingClientRect();
    const covered = !bar.contains(one) && bottom > edge.top && top < edge.bottom;
    return covered ? [`${one.tagName} ${one.name} ${top}`] : [];
}"""


@pytest.fixture
def teacher(lms: Lms) -> str:
    """Somebody new who teaches the first course."""
    return lms.make_person("Imani Okafor", role=INSTRUCTOR)


def add_page(lms: Lms, sub: str) -> str:
    """Return the address of the course's page that holds the picker in a frame."""
    return f"{lms.url}/courses/{COURSE}/add?as={sub}"


def open_picker(page: Page, lms: Lms, sub: str) -> Frame:
    """Ask for links inside the course's page."""
    page.goto(add_page(lms, sub))
    return settle(page, "tool", lms.tool_url)


def open_in_window(page: Page, lms: Lms, sub: str) -> None:
    """Ask for links in the whole window."""
    page.goto(f"{lms.url}/courses/{COURSE}/add/open?as={sub}&target=window")
    page.wait_for_url("**/lti/choose")


def tick(frame: Frame | Page, title: str) -> None:
    """Tick the line of a title."""
    frame.locator(".ci-offers > li", has_text=re.compile(re.escape(title))).first.locator("input").check()


def test_links_are_found_chosen_and_added_without_leaving_the_course(
    page: Page, lms: Lms, teacher: str
) -> None:
    frame = open_picker(page, lms, teacher)
    frame.get_by_role("searchbox").fill("SELF-assess")
    expect(frame.get_by_text("1.2 Core practice model self-assessment")).to_be_visible()
    expect(frame.get_by_text("Module 1: California Core Practice Model")).to_be_visible()
    expect(frame.get_by_text("Coaching log", exact=True)).to_be_hidden()
    tick(frame, "1.2 Core")
    frame.get_by_role("searchbox").fill("")
    frame.get_by_text("Tasks", exact=True).click()
    tick(frame, "Task: Leadership plan")
    bar = frame.locator(".ci-bulk")
    expect(bar).to_contain_text("2 items")
    expect(bar).to_contain_text("1 gradebook column")
    expect(bar).to_contain_text("1 not shown here")
    frame.get_by_text("All", exact=True).click()
    line = frame.locator(".ci-offers > li", has_text="1.2 Core")
    line.get_by_role("combobox").select_option(label="Progress (100 points)")
    expect(bar).to_contain_text("2 gradebook columns")
    frame.get_by_role("button", name="Add 2 items").click()
    frame.wait_for_url(f"{lms.url}/**")
    expect(frame.locator("#added")).to_contain_text("1.2 Core practice model self-assessment")
    expect(frame.locator("#msg")).to_contain_text("2 items were added.")


def test_whole_programme_is_added_by_one_press_on_a_phone(
    make_window: Callable[..., BrowserContext], lms: Lms, teacher: str
) -> None:
    page = make_window(viewport=PHONE).new_page()
    frame = open_picker(page, lms, teacher)
    assert frame.evaluate(TOO_WIDE) == []
    frame.get_by_role("button", name="Add the whole programme in order").click()
    frame.wait_for_url(f"{lms.url}/**")
    titles = frame.locator("#added li").all_inner_texts()
    assert titles[:2] == ["Programme home", "Module 1: California Core Practice Model"]
    assert titles[-1] == "Certificates"


def test_going_back_adds_nothing_twice(page: Page, lms: Lms, teacher: str) -> None:
    open_in_window(page, lms, teacher)
    tick(page, "Coaching log")
    page.locator("#add").click()
    page.wait_for_url(f"{lms.url}/**")
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("Handed over to your course")
    expect(page.locator("ul.ci-list")).to_contain_text("Coaching log")


def test_cancelling_leads_back_with_nothing(page: Page, lms: Lms, teacher: str) -> None:
    frame = open_picker(page, lms, teacher)
    tick(frame, "Coaching log")
    frame.get_by_role("button", name="Cancel").click()
    frame.wait_for_url(f"{lms.url}/**")
    expect(frame.locator("#added li")).to_have_count(0)


def test_another_language_keeps_what_is_chosen(page: Page, lms: Lms, teacher: str) -> None:
    open_in_window(page, lms, teacher)
    line = page.locator(".ci-offers > li").nth(2)
    line.locator("input").check()
    line.locator("select").select_option(index=1)
    page.locator("summary", has_text="English").click()
    page.get_by_role("button", name="Español").click()
    expect(page.locator("html")).to_have_attribute("lang", "es")
    expect(line.locator("input")).to_be_checked()
    expect(line.locator("select")).to_have_value(re.compile(r"\.progress$"))
    assert "_token" not in page.url


def test_one_thing_is_chosen_where_the_course_takes_one(page: Page, lms: Lms, teacher: str) -> None:
    page.goto(f"{lms.url}/courses/{COURSE}/add/open?as={teacher}&target=window&multiple=no")
    page.wait_for_url("**/lti/choose")
    tick(page, "Coaching log")
    tick(page, "Certificates")
    expect(page.locator(".ci-bulk")).to_contain_text("1 item")
    page.get_by_role("button", name="Add 1 item").click()
    page.wait_for_url(f"{lms.url}/**")
    expect(page.locator("#added li")).to_have_text(["Certificates"])


def test_everything_works_without_scripts(
    make_window: Callable[..., BrowserContext], lms: Lms, teacher: str
) -> None:
    page = make_window(java_script_enabled=False).new_page()
    page.goto(f"{lms.url}/courses/{COURSE}/add/open?as={teacher}&target=window")
    while not re.search(r"/lti/choose$", page.url):
        page.locator("main button, form button").first.click()
    tick(page, "Coaching log")
    page.get_by_role("searchbox").fill("certificates")
    page.get_by_role("button", name="Search", exact=True).click()
    expect(page.locator(".ci-bulk")).to_contain_text("1 not shown here")
    assert "_token" not in page.url
    tick(page, "Certificates")
    page.locator("#add").click()
    page.get_by_role("button", name="Go on to the course").click()
    expect(page.locator("#added li")).to_have_text(["Coaching log", "Certificates"])


def test_what_has_the_focus_is_never_under_the_bar(
    make_window: Callable[..., BrowserContext], lms: Lms, teacher: str
) -> None:
    page = make_window(viewport=PHONE, reduced_motion="reduce").new_page()
    open_in_window(page, lms, teacher)
    tick(page, "Module 1")
    page.locator("summary", has_text="How the links open").click()
    page.evaluate("scrollTo(0, 0)")
    page.get_by_role("searchbox").focus()
    boxes = page.locator(".ci-offers input").count()
    covered = []
    for _ in range(boxes + 10):
        page.keyboard.press("Tab")
        covered += page.evaluate(UNDER_THE_BAR)
    assert covered == []


@pytest.mark.parametrize("width", [390, 1000])
def test_every_state_of_the_picker_is_accessible_and_never_too_wide(
    page: Page, watch: Watch, lms: Lms, teacher: str, width: int
) -> None:
    watch.expect(422)
    wrong: list[str] = []

    def look() -> None:
        wrong.extend(ask_axe(page, width))
        wrong.extend(page.evaluate(TOO_WIDE))

    open_in_window(page, lms, teacher)
    look()
    tick(page, "Task: Leadership plan")
    page.get_by_text("How the links open, and days").click()
    page.locator("#opens").fill("2026-12-10")
    page.locator("#due").fill("2026-12-01")
    look()
    page.locator("#add").click()
    expect(page.get_by_role("alert")).to_be_visible()
    look()
    page.locator("#due").fill("2026-12-11")
    page.locator("#add").click()
    page.wait_for_url(f"{lms.url}/**")
    open_in_window(page, lms, teacher)
    tick(page, "Coaching log")
    page.locator("#add").click()
    page.wait_for_url(f"{lms.url}/**")
    page.go_back()
    look()
    page.goto(f"{lms.url}/courses/{COURSE}/add/open?as={teacher}&target=window&types=link,html")
    page.wait_for_url("**/lti/choose")
    look()
    assert wrong == []
