"""The story that the product exists for, told once in a browser: from a session that waits to a certificate.

It begins with the sample's past, in which Lucía is nearly there.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final
from weakref import WeakKeyDictionary
from zoneinfo import ZoneInfo

from playwright.sync_api import Browser, BrowserContext, Page, Response, expect

from institute.clock import now
from tests.journeys.chromium import PATIENCE_MS
from tests.journeys.house import House
from tests.journeys.lms import Lms
from tests.journeys.watching import Watch

PARTICIPANT: Final = "participant-1"
TRAINER: Final = "trainer-1"
DIRECTOR: Final = "director-1"
COORDINATOR: Final = "coordinator-1"
ZONE: Final = ZoneInfo("America/Los_Angeles")
PHONE: Final = {"width": 390, "height": 844}
DESKTOP: Final = {"width": 1000, "height": 900}
PREPARED_WITHIN_MS: Final = 60_000
COMMENT: Final = "Concrete; say with whom."


@dataclass(frozen=True, slots=True)
class Ending:
    """What the story leaves: where the certificate is checked, its serial, its file, and the grade for the plan."""

    verify_url: str
    serial: str
    document: Path
    grade: float


_endings: WeakKeyDictionary[Lms, Ending] = WeakKeyDictionary()


def tell(browser: Browser, house: House, lms: Lms) -> Ending:
    """Tell the story in this house, unless it was told before; return how it ends."""
    if lms not in _endings:
        _endings[lms] = _tell(browser, house, lms)
    return _endings[lms]


def enter(context: BrowserContext, lms: Lms, sub: str, path: str) -> Page:
    """Open the course's link as somebody, in English, and go to a path of their session."""
    page = context.new_page()
    lms.speak(sub, "en")
    lms.open_in_window(page, sub)
    go(page, path)
    return page


def browser_of(page: Page) -> Browser:
    """Return the browser that a page is open in."""
    browser = page.context.browser
    assert browser is not None
    return browser


def log_session(page: Page, lms: Lms, *, days_ago: int) -> None:
    """Log a session of the coach with the second participant, early on a day of the last week."""
    lms.speak("coach-1", "en")
    lms.open_in_window(page, "coach-1")
    go(page, "/coach/sessions/")
    page.get_by_role("link", name=re.compile("Log a session with 陳美玲")).click()
    day = now().astimezone(ZONE).date() - timedelta(days=days_ago)
    page.get_by_label("Date", exact=True).fill(day.isoformat())
    page.get_by_label("From", exact=True).fill("05:00")
    page.get_by_label("To", exact=True).fill("06:15")
    page.get_by_label("Next steps you agreed").fill("She rings one family herself.")
    page.get_by_role("button", name="Send for confirmation").click()
    expect(page.get_by_text("Sent for confirmation.")).to_be_visible()


def go(page: Page, path: str) -> None:
    """Go to a path behind the prefix of the session that is open."""
    found = re.match(r"(.*/s/[^/]+)/", page.url)
    assert found is not None, page.url
    page.goto(found[1] + path)


def _tell(browser: Browser, house: House, lms: Lms) -> Ending:
    contexts = [browser.new_context(viewport=size, locale="en") for size in (PHONE, DESKTOP, DESKTOP)]  # type: ignore[arg-type]
    for context in contexts:
        context.set_default_timeout(PATIENCE_MS)
        Watch(context, house.hosts)
    participant = enter(contexts[0], lms, PARTICIPANT, "/participant/")
    _confirm(participant)
    _finish_steps(participant)
    trainer = enter(contexts[1], lms, TRAINER, "/trainer/scoring/")
    _score(trainer)
    _read_scores(participant)
    grade = 3.0
    lms.wait_for_grade(PARTICIPANT, grade)
    _apply(participant)
    director = enter(contexts[2], lms, DIRECTOR, "/administrator/applications/")
    serial, verify_url = _issue(director)
    document = _download(participant, house)
    complaints = [complaint for context in contexts for complaint in Watch.of(context).complaints]
    for context in contexts:
        context.close()
    assert complaints == []
    return Ending(verify_url, serial, document, grade)


def _confirm(page: Page) -> None:
    """One tap on a phone: the minutes count."""
    page.get_by_role("button", name="Yes, confirm").first.click()
    expect(page.get_by_text("You confirmed this session.")).to_be_visible()
    go(page, "/participant/hours/")
    expect(page.get_by_text("2 h 45 min").first).to_be_visible()


def _finish_steps(page: Page) -> None:
    go(page, "/participant/modules/module-1/segment-2")
    for form in page.locator("form.ci-tick-form").all():
        box = form.get_by_role("checkbox")
        if not box.is_checked():
            box.check()
            expect(form.get_by_role("status")).to_have_text("Saved")
    go(page, "/participant/level/")
    expect(page.get_by_text("5 of 6 rules are met.")).to_be_visible()


def _score(page: Page) -> None:
    _take(page)
    assert "Lucía" not in page.content()
    expect(page.locator("details.ci-crit")).to_have_count(4)
    for criterion in page.locator("details.ci-crit").all():
        if criterion.get_attribute("open") is None:
            criterion.locator("> summary").click()
        with page.expect_response(_is_saved):
            criterion.get_by_role("radio").nth(2).check(force=True)
        with page.expect_response(_is_saved):
            criterion.get_by_role("textbox").first.fill(COMMENT)
            criterion.get_by_role("textbox").first.blur()
    expect(page.get_by_text("4 of 4 scored")).to_be_visible()
    page.reload()
    expect(page.get_by_text("4 of 4 scored")).to_be_visible()
    page.get_by_role("button", name="Hand in").click()
    expect(page.get_by_text("Your scores are handed in.")).to_be_visible()


def _take(page: Page) -> None:
    """Take the evidence that the story is about: the queue does not say whose is whose."""
    waiting = page.get_by_role("button", name=re.compile("^Take it"))
    waiting.first.wait_for()
    page.wait_for_load_state()
    for nth in range(waiting.count()):
        waiting.nth(nth).click()
        expect(page.get_by_text("4 left before you can hand in")).to_be_visible()
        page.wait_for_load_state()
        if page.get_by_text("Visión.").count():
            return
        page.get_by_text("Give it back to the queue").click()
        page.get_by_role("button", name="Give back").click()
        expect(page.get_by_text("back in the queue")).to_be_visible()
    raise AssertionError("the evidence is not in the queue")


def _is_saved(answer: Response) -> bool:
    """Tell whether an answer is one to what was saved as one goes."""
    return answer.request.method == "POST" and answer.ok


def _read_scores(page: Page) -> None:
    go(page, "/participant/evidence/leadership-plan")
    expect(page.get_by_text("3 of 4 on average", exact=False)).to_be_visible()
    expect(page.get_by_text(COMMENT).first).to_be_visible()


def _apply(page: Page) -> None:
    go(page, "/participant/level/")
    page.get_by_role("button", name="Apply").click()
    expect(page.get_by_text("Your application is with your institute").first).to_be_visible()


def _issue(page: Page) -> tuple[str, str]:
    """Preview the application among several and think better of it, then issue it by itself."""
    page.get_by_role("checkbox").first.check()
    page.get_by_role("button", name="Preview those chosen").click()
    page.wait_for_url("**/batches/*")
    go(page, "/administrator/applications/")
    page.get_by_role("link", name="Lucía Ortega").click()
    page.get_by_role("link", name="Preview the certificate").click()
    page.get_by_role("button", name="Approve and issue").click()
    expect(page.get_by_text("Issued. The certificate is valid now")).to_be_visible()
    serial = page.title().split(" – ")[0]
    address = page.get_by_role("link", name="What others see").get_attribute("href")
    assert address is not None
    return serial, address


def _download(page: Page, house: House) -> Path:
    go(page, "/participant/certificates/")
    link = page.get_by_role("link", name="Download the PDF")
    for _ in range(PREPARED_WITHIN_MS // 500):
        if link.count():
            break
        page.wait_for_timeout(500)
        page.reload()
    with page.expect_download() as waiting:
        link.click()
    path = house.log.parent / waiting.value.suggested_filename
    waiting.value.save_as(path)
    return path
