"""From hours and evidence to a certificate that the public can check, in the browser, each role with its own part."""

from __future__ import annotations

import re
from collections.abc import Callable
from email import message_from_bytes
from pathlib import Path

import pikepdf
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.journeys.conftest import PHONE
from tests.journeys.house import House
from tests.journeys.lms import Lms
from tests.journeys.story import DIRECTOR, PARTICIPANT, Ending, enter, go, log_session, tell
from tests.journeys.watching import Watch

pytestmark = pytest.mark.browser


@pytest.fixture
def ending(browser: Browser, house: House, lms: Lms) -> Ending:
    """How the story ends that every part of this file looks at."""
    return tell(browser, house, lms)


def test_the_story_ends_with_a_signed_document_that_names_its_holder(ending: Ending) -> None:
    assert re.fullmatch(r"VALLEY-\d{4}-\d{5}-\w", ending.serial)
    with pikepdf.open(ending.document) as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert ending.serial in str(pdf.docinfo["/Title"])
        assert len(pdf.attachments) == 1
        assert "/AcroForm" in pdf.Root


def test_anybody_can_check_the_certificate_on_a_phone_without_an_account(
    make_window: Callable[..., BrowserContext], ending: Ending
) -> None:
    page = make_window(viewport=PHONE, locale="es").new_page()
    page.goto(ending.verify_url)
    expect(page.get_by_role("heading", level=1)).to_have_text("Este certificado está vigente")
    for fact in ("Lucía Ortega", ending.serial):
        expect(page.get_by_text(fact).first).to_be_visible()
    assert page.context.cookies() == []


def test_a_code_is_found_however_it_is_typed_and_an_unknown_one_is_told_kindly(
    page: Page, watch: Watch, ending: Ending
) -> None:
    watch.expect(404)
    form, _, code = ending.verify_url.rpartition("/")
    page.goto(form)
    page.get_by_label("Code").fill(f" {code[:6].lower()}-{code[6:].lower()} ")
    page.get_by_role("button", name="Check").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("This certificate is valid")
    page.goto(form)
    page.get_by_label("Code").fill("ABC")
    page.get_by_role("button", name="Check").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("No certificate has this code")


def test_a_suspended_certificate_says_so_to_everybody_at_once_and_can_be_valid_again(
    make_window: Callable[..., BrowserContext], lms: Lms, ending: Ending
) -> None:
    director = enter(make_window(), lms, DIRECTOR, "/administrator/awards/")
    director.get_by_role("link", name="Lucía Ortega").first.click()
    director.get_by_text("Suspend it for a while").click()
    director.locator("details[open]").get_by_role("combobox").select_option(index=1)
    director.locator("details[open]").get_by_role("textbox").fill(
        "The spelling of the name is being checked."
    )
    director.get_by_role("button", name="Suspend", exact=True).click()
    public = make_window().new_page()
    public.goto(ending.verify_url)
    expect(public.get_by_role("heading", level=1)).to_have_text("This certificate is suspended")
    director.get_by_text("Let it be valid again").click()
    director.locator("details[open]").get_by_role("textbox").fill("The name is right.")
    director.get_by_role("button", name="Reinstate", exact=True).click()
    public.reload()
    expect(public.get_by_role("heading", level=1)).to_have_text("This certificate is valid")


def test_what_its_holder_shares_is_told_in_the_language_of_whoever_checks(
    make_window: Callable[..., BrowserContext], lms: Lms, ending: Ending
) -> None:
    holder = enter(make_window(), lms, PARTICIPANT, "/participant/certificates/")
    holder.get_by_role("main").get_by_role("link", name="Novice").click()
    holder.get_by_label("Your results by competency").check()
    holder.get_by_role("button", name="Keep these choices").click()
    for locale, criterion in (("en", "Shared vision"), ("es", "Visión compartida"), ("zh-TW", "共同願景")):
        public = make_window(locale=locale).new_page()
        public.goto(ending.verify_url)
        expect(public.get_by_role("term").filter(has_text=criterion)).to_be_visible()


def test_a_session_is_logged_in_a_few_steps_and_confirmed_with_one_tap_from_the_mail(
    make_window: Callable[..., BrowserContext], lms: Lms, house: House
) -> None:
    coach = make_window().new_page()
    log_session(coach, lms, days_ago=1)
    phone = make_window(viewport=PHONE).new_page()
    phone.goto(_newest_link(phone, Path(house.environment["DATA_DIR"]) / "mail", "meiling@example.test"))
    phone.locator("main form button").first.click()
    expect(phone.get_by_role("heading", level=1)).to_be_visible()
    phone.locator("main .btn-primary").first.click()
    phone.wait_for_load_state()
    go(coach, "/coach/sessions/")
    expect(coach.get_by_text("2 h 45 min").first).to_be_visible()  # 1 h 30 min before


def _newest_link(page: Page, folder: Path, address: str) -> str:
    """Wait for the newest mail to an address, and return the link in it."""
    for _ in range(60):
        for path in sorted(folder.glob("*.eml"), reverse=True):
            mail = message_from_bytes(path.read_bytes())
            if mail["To"] and address in mail["To"]:
                plain = next(part for part in mail.walk() if part.get_content_type() == "text/plain")
                body = plain.get_payload(decode=True)
                assert isinstance(body, bytes)
                found = re.search(r"https?://\S+/link/\S+", body.decode())
                if found is not None:
                    return found[0]
        page.wait_for_timeout(250)
    raise AssertionError("The mail never came.")
