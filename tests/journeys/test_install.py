"""Installing the tool in a platform: from an address that is pasted to a grade that arrives; nothing is typed."""

from __future__ import annotations

import time
from collections.abc import Callable
from urllib.parse import urljoin

import pytest
from playwright.sync_api import BrowserContext, Frame, Page, expect

from tests.journeys.house import House
from tests.journeys.lms import COURSE, Lms, settle
from tests.journeys.platforms import act, check_now, go_to_tools, make_address, start_platform
from tests.journeys.rooms import inside
from tests.journeys.test_thread import FIRST_STEP, STEPS_OF_SEGMENT_1, tick
from tests.journeys.watching import Watch

pytestmark = pytest.mark.browser

MOST_CLICKS = 6
SEGMENT = "1.1 History, purpose and principles"
TASK = "Task: Leadership plan"
ROSTER_WITHIN_SECONDS = 60
COUNTED = "addEventListener('click', event => { if (event.isTrusted) window.countClick(); }, true);"
LAST_STEP = {"moodle": "Activate", "canvas": "Deploy"}


@pytest.fixture(params=LAST_STEP)
def profile(request: pytest.FixtureRequest) -> str:
    """A family of platforms."""
    named: str = request.param
    return named


@pytest.fixture
def platform(house: House, profile: str) -> Lms:
    """A platform that knows nothing of the tool."""
    return start_platform(house, profile)


@pytest.fixture
def window(make_window: Callable[..., BrowserContext], platform: Lms) -> BrowserContext:
    """A private window of somebody at the platform."""
    return at(make_window(), platform)


def at(context: BrowserContext, platform: Lms) -> BrowserContext:
    """Take the platform as a part of the journey."""
    Watch.of(context).allow(platform.url)
    return context


def count_clicks(context: BrowserContext) -> list[int]:
    """Count every click that is made in a window, in pages and frames, at the tool and at the platform."""
    clicks = [0]

    def count() -> None:
        clicks[0] += 1

    context.expose_function("countClick", count)
    context.add_init_script(COUNTED)
    return clicks


def install(page: Page, platform: Lms, address: str, last_step: str) -> None:
    """Do what the platform's administrator does with the address, and wait for the tool's page to close by itself."""
    page.locator("#address").fill(address)
    page.get_by_role("button", name="Add the tool").click()
    expect(page.locator("#tool-1")).to_be_visible()
    page.locator("#tool-1").get_by_role("button", name=last_step).click()
    expect(page.locator("#tool-1 .note")).to_have_count(0)


def add_content(page: Page, platform: Lms) -> None:
    """Choose the cohort, add the whole programme, and then one task and one segment with columns in the gradebook."""
    address = f"{platform.url}/courses/{COURSE}/add?tool=1&as=teacher-1"
    page.goto(address)
    frame = settle(page, "tool", platform.tool_url)
    frame.get_by_role("radio").first.check()
    frame.get_by_role("button", name="Connect the course").click()
    frame.get_by_role("button", name="Add the whole programme in order").click()
    expect(frame.locator("#added")).to_contain_text(SEGMENT)
    page.goto(address)
    frame = settle(page, "tool", platform.tool_url)
    frame.locator(".ci-offers > li", has_text=TASK).get_by_role("checkbox").check()
    line = frame.locator(".ci-offers > li", has_text=SEGMENT)
    line.get_by_role("checkbox").check()
    line.get_by_role("combobox").select_option(label="Progress (100 points)")
    frame.get_by_role("button", name="Add 2 items").click()
    expect(frame.locator("#added li")).to_have_count(2)


def open_last(page: Page, platform: Lms, sub: str, title: str) -> None:
    """Open the newest link of a title from the course's page, as anybody would."""
    act(page, platform, sub)
    page.goto(f"{platform.url}/courses/{COURSE}")
    page.locator("li.card", has_text=title).last.get_by_role("link", name="Open in this page").click()


def platforms_of(page: Page) -> set[str]:
    """Return where the connected platforms are that an administrator's list names."""
    links = page.locator("section[aria-labelledby=connected] a[href*='/platforms/']")
    return {link.get_attribute("href") or "" for link in links.all()}


def wait_for_member(frame: Frame, name: str) -> None:
    """Load the cohort's page again until somebody stands there."""
    deadline = time.monotonic() + ROSTER_WITHIN_SECONDS
    row = frame.get_by_role("row").filter(has_text=name)
    while not row.count():
        assert time.monotonic() < deadline, f"{name} never came to {frame.url}"
        frame.wait_for_timeout(500)
        frame.goto(frame.url)
    expect(row).to_contain_text("Invited")


def test_tool_is_installed_by_an_address_and_a_course_works_with_it(
    make_window: Callable[..., BrowserContext], window: BrowserContext, platform: Lms, lms: Lms, profile: str
) -> None:
    for sub in ("admin-1", "teacher-1"):
        platform.speak(sub, "en")
    administrator = make_window().new_page()
    address = make_address(administrator, lms)
    index = inside(administrator.url, "/administrator/platforms/")
    administrator.goto(index)
    before = platforms_of(administrator)

    clicks = count_clicks(window)
    page = window.new_page()
    go_to_tools(page, platform)
    install(page, platform, address, LAST_STEP[profile])
    assert 0 < clicks[0] <= MOST_CLICKS

    name = f"Nadia of {profile.title()}"
    absent = platform.make_person(name)
    learner = platform.make_person("Rosa Delgado")
    add_content(at(make_window(), platform).new_page(), platform)

    page = at(make_window(), platform).new_page()
    open_last(page, platform, learner, SEGMENT)
    frame = settle(page, "tool", platform.tool_url)
    tick(frame, FIRST_STEP)
    platform.wait_for_grade(learner, 100 / STEPS_OF_SEGMENT_1)

    teacher = at(make_window(), platform).new_page()
    open_last(teacher, platform, "teacher-1", SEGMENT)
    inner = settle(teacher, "tool", platform.tool_url)
    inner.get_by_role("link", name="Cohort").first.click()
    inner.wait_for_url("**/facilitator/cohort/")
    wait_for_member(inner, name)
    assert not any(platform.cells(absent))

    administrator.goto(index)
    (found,) = platforms_of(administrator) - before
    administrator.goto(urljoin(index, found))
    check_now(administrator)
    expect(administrator.get_by_text("all that could be checked works", exact=False)).to_be_visible()
