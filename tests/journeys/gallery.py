"""Every page type and state of the product, opened once each: what the checks of the look walk through."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from playwright.sync_api import BrowserContext, Page

from tests.journeys.connected import CONNECTED
from tests.journeys.house import House
from tests.journeys.lms import INSTRUCTOR, SEGMENT, Lms
from tests.journeys.rooms import TICK_ALL, Room, inside, reachable, without_guide
from tests.journeys.story import COORDINATOR, DIRECTOR, PARTICIPANT, TRAINER, browser_of, log_session, tell

# What is done about levels and certificates; all else that an administrator reaches is the administrator's own room.
CERTIFICATION: Final = re.compile(r"/administrator/(applications|awards|batches|keys|levels|looks|registry)/")


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
    return Room("facilitator", without_guide(reachable(page)))


def _administrator(page: Page, lms: Lms, _house: House) -> Room:
    lms.speak("admin-1", "en")
    lms.open_in_window(page, "admin-1")
    return Room("administrator", without_guide(reachable(page)))


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
    return Room("with a past", without_guide(reachable(page)))


def _asked(page: Page, lms: Lms, _house: House) -> Room:
    """Somebody whom a session waits for, and who has begun to write."""
    log_session(page, lms, days_ago=5)
    lms.speak("participant-2", "en")
    lms.open_in_window(page, "participant-2", "link-hours")
    found = [page.url, inside(page.url, "/participant/")]
    with page.expect_navigation():
        page.locator("main .btn-primary").first.click()
    found.append(page.url)
    page.goto(inside(page.url, "/participant/evidence/leadership-plan"))
    page.get_by_role("textbox").first.fill("A first thought.")
    with page.expect_navigation():
        page.get_by_role("button", name="Save").first.click()
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
    with page.expect_navigation():
        page.get_by_role("button", name="Submit").click()
    page.goto(empty)
    page.get_by_role("button", name="Take it").first.click()
    page.wait_for_load_state()
    return Room("trainer", [empty, page.url, inside(page.url, "/trainer/")])


def _coordinator(page: Page, lms: Lms, _house: House) -> Room:
    lms.speak(COORDINATOR, "en")
    lms.open_in_window(page, COORDINATOR)
    page.goto(inside(page.url, "/coordinator/"))
    return Room("coordinator", [address for address in reachable(page) if "/coordinator/" in address])


def _director(page: Page, lms: Lms, house: House) -> Room:
    tell(browser_of(page), house, lms)
    lms.speak(DIRECTOR, "en")
    lms.open_in_window(page, DIRECTOR)
    page.goto(inside(page.url, "/administrator/"))
    found = reachable(page, within=CERTIFICATION)
    return Room("director", [*found, inside(page.url, "/administrator/messages/")])


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
    "coordinator": _coordinator,
    "director": _director,
    "public": _public,
    **CONNECTED,
}
ROOMS: Final = tuple(_MAKERS)


def open_room(name: str, context: BrowserContext, lms: Lms, house: House) -> Room:
    """Bring somebody into a state, and collect the pages that they can reach."""
    page = context.new_page()
    room = _MAKERS[name](page, lms, house)
    page.close()
    return room
