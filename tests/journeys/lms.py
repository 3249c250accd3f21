"""The sandbox as a journey uses it: its pages by browser, its people and courses by its controls."""

from __future__ import annotations

import itertools
import time
from typing import Any, Final

import requests
from playwright.sync_api import Frame, Page

from tests.journeys.house import House

COURSE: Final = "leadership-2026"
HOME: Final = "link-home"
MODULE: Final = "link-module-1"
SEGMENT: Final = "link-segment-1"
INSTRUCTOR: Final = "http://purl.imsglobal.org/vocab/lis/v2/membership#Instructor"
LEARNER: Final = "http://purl.imsglobal.org/vocab/lis/v2/membership#Learner"
PLATFORM_TAGS: Final = {"zh_Hant": "zh-TW"}
GRADED_WITHIN_SECONDS: Final = 60
GRADE_ROUNDING: Final = 0.001
SETTLED_WITHIN_SECONDS: Final = 30

_numbers = itertools.count(1)


class Lms:
    """One sandbox. Ids that it makes up are never used twice, so journeys do not meet each other's people."""

    def __init__(self, house: House, url: str = "") -> None:
        self.url = url or house.sandbox_url
        self.tool_url = house.tool_url

    def control(self, path: str, **body: Any) -> Any:
        """Order something from the sandbox's controls."""
        answer = requests.post(f"{self.url}/controls/{path}", json=body, timeout=30)
        assert answer.ok, answer.text
        return answer.json()

    def make_person(
        self, name: str = "Rosa Delgado", *, course: str = COURSE, role: str = LEARNER, locale: str = "en"
    ) -> str:
        """Enrol somebody new in a course and return their id."""
        sub = f"person-{next(_numbers)}"
        person = {"sub": sub, "name": name, "locale": locale, "email": f"{sub}@example.test"}
        self.control("people", people=[person], course=course, role=role)
        return sub

    def speak(self, sub: str, locale: str) -> None:
        """Choose the language that the platform sends with somebody's launches, on the platform's own page."""
        with requests.Session() as window:
            window.post(f"{self.url}/act", data={"sub": sub}, timeout=30).raise_for_status()
            chosen = {"locale": PLATFORM_TAGS.get(locale, locale)}
            window.post(f"{self.url}/language", data=chosen, timeout=30).raise_for_status()

    def make_course(self, title: str = "A course of its own") -> str:
        """Make a course with one link to the programme's home, which has the course's id."""
        course = f"course-{next(_numbers)}"
        self.control("courses", id=course, title=title)
        self.control("links", id=course, course=course, title="Programme home")
        return course

    def make_link(self, target: str, *, course: str = COURSE, title: str = "A link") -> str:
        """Make a link to a target and return its id."""
        link = f"link-{next(_numbers)}"
        self.control("links", id=link, course=course, title=title, custom={"target": target})
        return link

    def frame_address(self, sub: str, link: str = HOME, *, course: str = COURSE) -> str:
        """Return the address of the course's page that holds the tool in a frame."""
        return f"{self.url}/courses/{course}/links/{link}?as={sub}"

    def window_address(self, sub: str, link: str = HOME) -> str:
        """Return the address that opens the tool in the whole window."""
        return f"{self.url}/open/{link}?as={sub}&target=window"

    def open_in_frame(self, page: Page, sub: str, link: str = HOME, *, course: str = COURSE) -> Frame:
        """Open a link inside the course's page and return the frame once the tool's page is in it."""
        page.goto(self.frame_address(sub, link, course=course))
        return settle(page, "tool", self.tool_url)

    def open_in_window(self, page: Page, sub: str, link: str = HOME) -> Page:
        """Open a link in the whole window."""
        page.goto(self.window_address(sub, link))
        page.wait_for_url(f"{self.tool_url}/**")
        page.wait_for_load_state()
        return page

    def connect_course(self, page: Page, sub: str, link: str = HOME, *, enrol_learners: bool = True) -> None:
        """Connect the course of a link to the first cohort, as a teacher who opens it does."""
        self.open_in_window(page, sub, link)
        page.get_by_role("radio").first.check()
        page.locator("[name=enrol]").set_checked(enrol_learners)
        page.locator("main form .btn-primary").click()
        page.wait_for_url("**/facilitator/**")

    def register(self, house: House, *more: str) -> None:
        """Bring the sandbox's registration up to date from the command line, beside the running tool."""
        endpoints = {"auth": "--auth-url", "token": "--token-url", "jwks": "--jwks-url"}
        given = [word for path, option in endpoints.items() for word in (option, f"{self.url}/{path}")]
        identity = ["--issuer", self.url, "--client-id", "sandbox-client", "--deployment-id", "1"]
        house.command("lti", "register", *identity, *given, *more)

    def cells(self, sub: str, *, course: str = COURSE) -> list[dict[str, Any] | None]:
        """Return a person's row of the gradebook."""
        book = requests.get(f"{self.url}/controls/gradebook/{course}", timeout=30).json()
        return next((row["cells"] for row in book["rows"] if row["sub"] == sub), [])

    def wait_for_grade(self, sub: str, wanted: float, *, course: str = COURSE) -> dict[str, Any]:
        """Wait until the gradebook shows a grade, and return its cell."""
        deadline = time.monotonic() + GRADED_WITHIN_SECONDS
        while True:
            cells = [cell for cell in self.cells(sub, course=course) if cell]
            for cell in cells:
                if abs(cell["grade"] - wanted) < GRADE_ROUNDING:
                    return cell
            assert time.monotonic() < deadline, f"The gradebook never showed {wanted}: {cells}"
            time.sleep(0.25)


def settle(page: Page, name: str, tool_url: str) -> Frame:
    """Return a frame by its name once a page of the tool stands in it."""
    deadline = time.monotonic() + SETTLED_WITHIN_SECONDS
    while True:
        frame = page.frame(name=name)
        if frame is not None and frame.url.startswith(f"{tool_url}/"):
            frame.wait_for_load_state()
            return frame
        assert time.monotonic() < deadline, f"The frame stayed at {frame and frame.url}"
        page.wait_for_timeout(25)
