"""Rooms of the connection to learning platforms: platforms, registration, the picker, grades, rosters, accounts."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit
from weakref import WeakKeyDictionary

import requests
from playwright.sync_api import Page, expect

from tests.journeys.house import House
from tests.journeys.lms import COURSE, HOME, INSTRUCTOR, Lms
from tests.journeys.platforms import (
    OPEN_ADDRESS,
    check_now,
    link_of,
    make_address,
    open_picker,
    paste,
    start_platform,
    switch_on,
)
from tests.journeys.rooms import TICK_ALL, Room, inside
from tests.journeys.story import PARTICIPANT, browser_of, tell

MENTOR: Final = "mentor-1"
NAMELESS: Final = "quiet-1"
TARGET: Final = "segment:leadership/module-1/segment-1"
PLATFORMS: Final = "/administrator/platforms/"
NOTICED_WITHIN_SECONDS: Final = 60
LATE: Final = ".ci-chip--plain"


@dataclass(frozen=True, slots=True)
class Second:
    """A Moodle that was connected by an address: its pages, how it went, and one of its links in the bound course."""

    platform: Lms
    outcomes: list[str]
    link: str


_seconds: WeakKeyDictionary[Lms, Second] = WeakKeyDictionary()


def second(page: Page, lms: Lms, house: House) -> Second:
    """Connect a second platform in this house, unless it was done before."""
    if lms not in _seconds:
        platform = start_platform(house, "moodle")
        address = make_address(page, lms)
        outcomes = [paste(page, platform, address), paste(page, platform, address)]
        outcomes += [paste(page, platform, house.tool_url + OPEN_ADDRESS) for _ in range(2)]
        platform.control("faults", service="registration", status=400, left=1)
        outcomes.append(paste(page, platform, house.tool_url + OPEN_ADDRESS))
        switch_on(page, platform, 1)
        link = link_of(platform, 1, TARGET, "progress", "Segment 1")
        platform.connect_course(page, "teacher-1", link)
        _refuse_one(page, lms)
        _seconds[lms] = Second(platform, outcomes, link)
    return _seconds[lms]


def _refuse_one(page: Page, lms: Lms) -> None:
    _administrator(page, lms, PLATFORMS)
    page.locator("form[action*='/requests/'][action$='/refuse'] button").last.click()
    page.wait_for_load_state()


def _administrator(page: Page, lms: Lms, path: str) -> str:
    lms.speak("admin-1", "en")
    lms.open_in_window(page, "admin-1")
    page.goto(inside(page.url, path))
    return page.url


def _press(selector: str) -> Callable[[Page], None]:
    """Return what presses a button and waits for the page that answers."""

    def press(page: Page) -> None:
        before = page.evaluate("performance.timeOrigin")
        page.locator(selector).first.click()
        page.wait_for_function("before => performance.timeOrigin !== before", arg=before)

    return press


def _platforms(page: Page, lms: Lms, house: House) -> Room:
    """Every page about platforms: a request, an address, the forms, two checks."""
    other = second(page, lms, house)
    index = _administrator(page, lms, PLATFORMS)
    one = page.locator(
        "section[aria-labelledby=connected] a", has_text=urlsplit(other.platform.url).netloc
    ).first
    checked = inside(page.url, urlsplit(one.get_attribute("href") or "").path.partition("/administrator/")[2])
    checked = checked.replace(inside(page.url, ""), inside(page.url, "/administrator/"))
    other.platform.control("faults", service="memberships", status=403)
    page.goto(checked)
    check_now(page)
    requests.delete(f"{other.platform.url}/controls/faults", timeout=10)
    course = page.locator("#deployments a[href*='/courses/']").first.get_attribute("href") or ""
    first = f"{index}1"
    page.goto(first)
    check_now(page)
    page.goto(f"{index}keys")
    page.locator("main form button").click()
    page.wait_for_load_state()
    forms = [f"{index}new?kind={kind}&base=https://{kind}.valley.example" for kind in ("moodle", "canvas")]
    found = [index, index, checked, first, f"{checked}/edit", house.tool_url + course, f"{index}keys"]
    found += [f"{index}new", *forms, forms[0], checked]
    doing = {
        1: _press("form[action$='/invitations'] button"),
        len(found) - 2: _press("main form[method=post] .btn-primary"),
        len(found) - 1: _press("form[action$='/invitation'] button"),
    }
    return Room("platforms", found, doing=doing)


def _registering(page: Page, lms: Lms, house: House) -> Room:
    """What a platform's administrator reads: what the address is for, and what became of a registration."""
    return Room(
        "registering", [house.tool_url + OPEN_ADDRESS, *second(page, lms, house).outcomes], public=True
    )


def _choosing(page: Page, lms: Lms, _house: House) -> Room:
    """The picker: fresh, with a mistake, after it was answered, for a platform that takes no links, before a cohort."""
    teacher = lms.make_person("Imani Okafor", role=INSTRUCTOR)
    open_picker(page, lms, teacher)
    fresh = page.url
    open_picker(page, lms, teacher)
    answered = page.url
    page.locator("button[formaction$='/cancel']").click()
    page.wait_for_url(f"{lms.url}/**")
    page.goto(f"{lms.url}/courses/{COURSE}/add/open?as={teacher}&target=window&types=html")
    page.wait_for_url("**/lti/choose")
    without = page.url
    course = lms.make_course("Mentoring practice")
    open_picker(page, lms, lms.make_person(course=course, role=INSTRUCTOR), course=course)

    def mistake(page: Page) -> None:
        page.locator("details:has(#opens) > summary").click()
        page.locator("#opens").fill("2026-12-10")
        page.locator("#due").fill("2026-12-01")
        page.locator("#add").click()
        expect(page.get_by_role("alert")).to_be_visible()

    return Room("choosing", [fresh, fresh, answered, without, page.url], doing={1: mistake})


def _grades(page: Page, lms: Lms, house: House) -> Room:
    """What each link sends, where the platform refuses some of it: an administrator's pages and a facilitator's."""
    other = second(page, lms, house)
    other.platform.control("faults", service="scores", status=401)
    for name in ("Rosa Delgado", "سارة منصور"):
        other.platform.open_in_window(page, other.platform.make_person(name), other.link)
        page.evaluate(TICK_ALL)
    index = _administrator(page, lms, "/administrator/grades/")
    _wait_for(page, f"main table {LATE}")
    found = [index, _link_page(page)]
    lms.speak("teacher-1", "en")
    lms.open_in_window(page, "teacher-1")
    page.goto(inside(page.url, "/facilitator/grades/"))
    found += [page.url, _link_page(page)]
    requests.delete(f"{other.platform.url}/controls/faults", timeout=10)
    return Room("grades", found)


def _link_page(page: Page) -> str:
    row = page.locator("main tr").filter(has=page.locator(LATE))
    link = row.locator("a[href*='/grades/']").first
    return urlsplit(page.url)._replace(path=link.get_attribute("href") or "", query="").geturl()


def _cohort(page: Page, lms: Lms, house: House) -> Room:
    """A cohort that is looked through, while the list of people of one of its courses cannot be read."""
    other = second(page, lms, house)
    other.platform.control("faults", service="memberships", status=403)
    lms.speak("teacher-1", "en")
    lms.open_in_window(page, "teacher-1")
    page.goto(inside(page.url, "/facilitator/cohort/"))
    page.locator("section.ci-roster form button").click()
    _wait_for(page, "section.ci-roster .ci-banner")
    requests.delete(f"{other.platform.url}/controls/faults", timeout=10)
    return Room("cohort", [page.url, f"{page.url}?show=active&q=a", f"{page.url}?q=nobody"])


def _wait_for(page: Page, selector: str) -> None:
    """Load the page again until something stands on it."""
    deadline = time.monotonic() + NOTICED_WITHIN_SECONDS
    while not page.locator(selector).count():
        assert time.monotonic() < deadline, f"{selector} never came to {page.url}"
        page.wait_for_timeout(500)
        page.reload()


def _accounts(page: Page, lms: Lms, house: House) -> Room:
    """One's own accounts at each step of connecting two of them, and the administrator's list."""
    other = second(page, lms, house).platform
    found = [_own_accounts(page, lms, "Rosa Delgado", HOME)]
    for steps in (0, 1, 2, 3):
        here = _own_accounts(page, lms, "Rosa Delgado", HOME)
        page.locator("form[action$='/accounts/code'] button").click()
        code = page.locator(".ci-onetime").inner_text()
        there = ""
        if steps:
            there = _own_accounts(page, other, "Rosa D.", second(page, lms, house).link)
            page.locator("[name=code]").fill(code)
            _press("form[action$='/accounts/type'] button")(page)
        if steps > 1:
            _press("form[action$='/confirm'] button")(page)
        if steps > 2:
            page.goto(here)
            _press("form[action$='/agree'] button")(page)
        found += [here, there] if there else [here]
    return Room("accounts", [*found, _administrator(page, lms, "/administrator/accounts/")])


def _own_accounts(page: Page, lms: Lms, name: str, link: str) -> str:
    lms.open_in_window(page, lms.make_person(name), link)
    page.goto(inside(page.url, "/accounts/"))
    return page.url


def _mentor(page: Page, lms: Lms, _house: House) -> Room:
    """Who accompanies somebody, and what is shown of that person once they have opened the course."""
    lms.open_in_window(page, PARTICIPANT)
    lms.speak(MENTOR, "en")
    lms.open_in_window(page, MENTOR)
    link = page.locator("main a[href*='/lti/mentored/']").first
    path = link.get_attribute("href") or ""
    return Room("mentor", [page.url, urlsplit(page.url)._replace(path=path).geturl()])


def _review(page: Page, lms: Lms, house: House) -> Room:
    """What the cells of a gradebook open: for the teacher, and for the person themself."""
    tell(browser_of(page), house, lms)
    lms.speak("teacher-1", "en")
    page.goto(f"{lms.url}/courses/{COURSE}/gradebook?as=teacher-1")
    cells = page.locator(f"a[id^='review-'][id$='-{PARTICIPANT}']")
    paths = [urlsplit(cell.get_attribute("href") or "").path for cell in cells.all()]
    found = []
    for path in paths:
        for who in ("teacher-1", PARTICIPANT):
            page.goto(f"{lms.url}{path}/open?as={who}&target=window")
            page.wait_for_url(f"{lms.tool_url}/**")
            found.append(page.url)
    return Room("review", found)


def _nameless(page: Page, lms: Lms, _house: House) -> Room:
    """Somebody of whom the platform says nothing, as they see themself and as the teacher sees them."""
    lms.speak(NAMELESS, "en")
    lms.open_in_window(page, NAMELESS)
    found = [page.url, inside(page.url, "/accounts/")]
    lms.speak("teacher-1", "en")
    lms.open_in_window(page, "teacher-1")
    page.goto(inside(page.url, "/facilitator/cohort/"))
    page.locator("main table a[href*='/members/']", has_text="Person ").first.click()
    page.wait_for_load_state()
    return Room("nameless", [*found, page.url])


CONNECTED: Final[dict[str, Callable[[Page, Lms, House], Room]]] = {
    "choosing": _choosing,
    "mentor": _mentor,
    "review": _review,
    "nameless": _nameless,
    "platforms": _platforms,
    "registering": _registering,
    "grades": _grades,
    "cohort": _cohort,
    "accounts": _accounts,
}
