"""Every page type and state of the product, opened once each: what the checks of the look walk through."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, Page, expect

from institute.i18n import language_tag
from tests.journeys.house import House
from tests.journeys.lms import INSTRUCTOR, SEGMENT, Lms
from tests.journeys.story import DIRECTOR, PARTICIPANT, TRAINER, browser_of, log_session, tell

MOST_PAGES: Final = 40
DOWNLOAD: Final = re.compile(r"/document$|/files/")
TICK_ALL: Final = """async () => {
  for (const form of document.querySelectorAll("form.ci-tick-form")) {
    const body = new URLSearchParams(new FormData(form));
    body.set("done", "1");
    await fetch(form.action, { method: "POST", body });
  }
}"""


@dataclass
class Room:
    """One session in one state, and the addresses in it. ``public`` pages take their language from the address."""

    name: str
    addresses: list[str] = field(default_factory=list)
    public: bool = False

    def address(self, index: int, locale: str) -> str:
        """Return an address in a language."""
        found = self.addresses[index]
        return f"{found}{'&' if '?' in found else '?'}lang={locale}" if self.public else found

    def session(self, index: int) -> str:
        """Return the part of an address that names its session; empty for public pages."""
        return "" if self.public else inside(self.addresses[index], "")


def speak(page: Page, address: str, locale: str) -> None:
    """Switch the session of an address to a language, on its own page."""
    page.goto(address)
    if page.locator("html").get_attribute("lang") == language_tag(locale):
        return
    page.locator("form button[name=locale]").first.wait_for(state="attached")
    page.evaluate(
        "locale => document.querySelector(`form button[name=locale][value=${locale}]`).click()", locale
    )
    expect(page.locator("html")).to_have_attribute("lang", language_tag(locale))


def inside(address: str, path: str) -> str:
    """Return the address of a path in the session of another address."""
    found = re.match(r"(.*/s/[^/]+)/", address)
    assert found is not None, address
    return found[1] + path


def reachable(page: Page) -> list[str]:
    """Return the pages that links lead to from here, one of each type: numbers and keys do not make a type."""
    prefix = inside(page.url, "/")
    waiting, found = [page.url], dict[str, str]()
    while waiting and len(found) < MOST_PAGES:
        address = waiting.pop(0).split("#")[0]
        if _type_of(address) in found or not address.startswith(prefix) or DOWNLOAD.search(address):
            continue
        page.goto(address)
        found.setdefault(_type_of(page.url), page.url)
        found.setdefault(_type_of(address), page.url)
        waiting += page.eval_on_selector_all("a[href]", "links => links.map(link => link.href)")
    return list(dict.fromkeys(found.values()))


def _type_of(address: str) -> str:
    path = urlsplit(address).path
    return re.sub(r"/materials/[^/]+|\d+(?=/|$)", "/:", path)


def _without_guide(addresses: list[str]) -> list[str]:
    """Leave the guide's segments out, which are the same pages for everybody who reads it."""
    return [address for address in addresses if "/segment-" not in address]


def _beginner(page: Page, lms: Lms, _house: House) -> Room:
    lms.open_in_window(page, lms.make_person("Rosa Delgado"))
    return Room("beginner", [*reachable(page), inside(page.url, "/participant/nowhere")])


def _halfway(page: Page, lms: Lms, _house: House) -> Room:
    lms.open_in_window(page, lms.make_person("Rosa Delgado"), SEGMENT)
    page.evaluate(TICK_ALL)
    return Room("halfway", [page.url, inside(page.url, "/participant/")])


def _finished(page: Page, lms: Lms, _house: House) -> Room:
    sub = lms.make_person("Rosa Delgado")
    for link in (SEGMENT, "link-segment-2"):
        lms.open_in_window(page, sub, link)
        page.evaluate(TICK_ALL)
    return Room("finished", [page.url, inside(page.url, "/participant/")])


def _paused(page: Page, lms: Lms, _house: House) -> Room:
    name = "Paula Pausa"
    sub = lms.make_person(name)
    lms.open_in_window(page, sub)
    lms.speak("teacher-1", "en")
    lms.open_in_window(page, "teacher-1")
    page.goto(inside(page.url, "/facilitator/cohort/"))
    page.get_by_role("link", name=name).click()
    page.locator("button[name=state][value=paused]").click()
    page.wait_for_load_state()
    lms.open_in_window(page, sub, SEGMENT)
    return Room("paused", [page.url])


def _coach(page: Page, lms: Lms, _house: House) -> Room:
    lms.speak("coach-1", "en")
    lms.open_in_window(page, "coach-1")
    return Room("coach", reachable(page))


def _facilitator(page: Page, lms: Lms, _house: House) -> Room:
    lms.speak("teacher-1", "en")
    lms.open_in_window(page, "teacher-1")
    return Room("facilitator", _without_guide(reachable(page)))


def _administrator(page: Page, lms: Lms, _house: House) -> Room:
    lms.speak("admin-1", "en")
    lms.open_in_window(page, "admin-1")
    return Room("administrator", _without_guide(reachable(page)))


def _platform_administrator(page: Page, lms: Lms, house: House) -> Room:
    """Launch once while the registration does not trust the platform's administrators: the session keeps its role."""
    lms.register(house, "--no-trust-administrators")
    lms.open_in_window(page, "admin-1")
    found = reachable(page)
    lms.register(house, "--trust-administrators")
    return Room("platform administrator", found)


def _strangers(page: Page, lms: Lms, _house: House) -> Room:
    """Sessions that lead nowhere: a course not set up, seen by both sides; nobody enrolled; a target that is gone."""
    course = lms.make_course("Mentoring practice")
    learner, teacher = lms.make_person(course=course), lms.make_person(course=course, role=INSTRUCTOR)
    found = [lms.open_in_window(page, sub, course).url for sub in (learner, teacher)]
    found.append(lms.open_in_window(page, lms.make_person(), lms.make_link("module:leadership/gone")).url)
    closed = lms.make_course()
    lms.connect_course(page, lms.make_person(course=closed, role=INSTRUCTOR), closed, enrol_learners=False)
    found.append(lms.open_in_window(page, lms.make_person(course=closed), closed).url)
    return Room("strangers", found)


def _front(_page: Page, _lms: Lms, house: House) -> Room:
    link = house.command("institute", "admin-link").splitlines()[0]
    paths = (
        "/",
        "/nowhere",
        "/lti/launch",
        "/lti/login",
        "/lti/launch?error=login_required&state=x",
        "/s/12345678/",
    )
    return Room("front", [*(house.tool_url + path for path in paths), link], public=True)


def _with_a_past(page: Page, lms: Lms, house: House) -> Room:
    """Somebody who has hours, evidence, scores and a certificate."""
    tell(browser_of(page), house, lms)
    lms.speak(PARTICIPANT, "en")
    lms.open_in_window(page, PARTICIPANT)
    return Room("with a past", _without_guide(reachable(page)))


def _asked(page: Page, lms: Lms, _house: House) -> Room:
    """Somebody whom a session waits for, and who has begun to write."""
    log_session(page, lms, days_ago=2)
    lms.speak("participant-2", "en")
    lms.open_in_window(page, "participant-2", "link-hours")
    found = [page.url, inside(page.url, "/participant/")]
    page.locator("main .btn-primary").first.click()
    found.append(page.url)
    page.goto(inside(page.url, "/participant/evidence/leadership-plan"))
    page.get_by_role("textbox").first.fill("A first thought.")
    page.get_by_role("button", name="Save").first.click()
    page.wait_for_load_state()
    return Room("asked", [*found, page.url])


def _trainer(page: Page, lms: Lms, house: House) -> Room:
    """A trainer with an empty queue, then with a sheet to fill in."""
    tell(browser_of(page), house, lms)
    lms.speak(TRAINER, "en")
    lms.open_in_window(page, TRAINER)
    page.goto(inside(page.url, "/trainer/scoring/"))
    empty = page.url
    lms.open_in_window(page, lms.make_person("Rosa Delgado"), "link-evidence")
    page.get_by_role("textbox").first.fill("I want to hear everybody before I decide.")
    page.get_by_role("button", name="Submit").click()
    page.wait_for_load_state()
    page.goto(empty)
    page.get_by_role("button", name="Take it").first.click()
    page.wait_for_load_state()
    return Room("trainer", [empty, page.url, inside(page.url, "/trainer/")])


def _director(page: Page, lms: Lms, house: House) -> Room:
    tell(browser_of(page), house, lms)
    lms.speak(DIRECTOR, "en")
    lms.open_in_window(page, DIRECTOR)
    page.goto(inside(page.url, "/administrator/"))
    return Room("director", [*_without_guide(reachable(page)), inside(page.url, "/administrator/messages/")])


def _public(page: Page, lms: Lms, house: House) -> Room:
    """Pages for people without an account: a certificate checked, a code that is none, ways to sign in."""
    ending = tell(browser_of(page), house, lms)
    paths = ("/verify", "/verify/NOSUCHCODE", "/sign-in", "/sign-in/sent", "/link/none")
    return Room("public", [ending.verify_url, *(house.tool_url + path for path in paths)], public=True)


_MAKERS: Final[dict[str, Callable[[Page, Lms, House], Room]]] = {
    "beginner": _beginner,
    "halfway": _halfway,
    "finished": _finished,
    "paused": _paused,
    "coach": _coach,
    "facilitator": _facilitator,
    "administrator": _administrator,
    "platform administrator": _platform_administrator,
    "strangers": _strangers,
    "front": _front,
    "with a past": _with_a_past,
    "asked": _asked,
    "trainer": _trainer,
    "director": _director,
    "public": _public,
}
ROOMS: Final = tuple(_MAKERS)


def open_room(name: str, context: BrowserContext, lms: Lms, house: House) -> Room:
    """Bring somebody into a state, and collect the pages that they can reach."""
    page = context.new_page()
    room = _MAKERS[name](page, lms, house)
    page.close()
    return room
