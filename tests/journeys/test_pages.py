"""Every page type and state, in two languages: accessible, never too wide, translated, quiet, and alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from institute.i18n import LOCALES, language_tag
from tests.journeys.chromium import PATIENCE_MS
from tests.journeys.gallery import ROOMS, open_room
from tests.journeys.house import House
from tests.journeys.lms import Lms
from tests.journeys.looking import ask_axe, examine
from tests.journeys.rooms import Room, speak
from tests.journeys.test_doors import keep_no_cookie_in_window
from tests.journeys.watching import Watch

pytestmark = pytest.mark.browser

DESKTOP_WIDTH = 1000
PHONE_WIDTH = 390
# The longest words and the other direction; that all five are complete is held by the catalogues' tests. What a screen
# reader would say depends little on either: each page is asked in one of them, and its neighbours in the other.
AXE_AT = {"es": DESKTOP_WIDTH, "ar": PHONE_WIDTH}
# Pages that say what went wrong are part of the gallery.
REFUSALS = (400, 401, 403, 404, 422)


@pytest.fixture(scope="module")
def gallery(browser: Browser, house: House) -> Iterator[BrowserContext]:
    """One window that keeps every session that was opened for this file."""
    context = browser.new_context(locale="en")
    context.set_default_timeout(PATIENCE_MS)
    Watch(context, house.hosts).expect(*REFUSALS)
    yield context
    context.close()


@pytest.fixture(scope="module", params=ROOMS)
def room(request: pytest.FixtureRequest, gallery: BrowserContext, lms: Lms, house: House) -> Room:
    """One state of one person, with the pages that can be reached in it."""
    return open_room(request.param, gallery, lms, house)


@pytest.fixture
def quiet_page(gallery: BrowserContext) -> Iterator[Page]:
    """A page on which nothing may fail, warn, or ask somebody else."""
    page = gallery.new_page()
    watch = Watch.of(gallery)
    watch.complaints.clear()
    yield page
    page.close()
    assert watch.complaints == []


@pytest.mark.parametrize("locale", AXE_AT)
def test_every_page_is_accessible_translated_and_never_too_wide(
    room: Room, locale: str, quiet_page: Page
) -> None:
    wrong: list[str] = []
    session = ""
    for index in range(len(room.addresses)):
        if room.session(index) != session:
            session = room.session(index)
            speak(quiet_page, room.addresses[index], locale)
        room.visit(quiet_page, index, locale)
        wrong += examine(quiet_page, locale)
        if index % 2 == list(AXE_AT).index(locale):
            wrong += ask_axe(quiet_page, AXE_AT[locale])
    assert wrong == []


@pytest.mark.parametrize("locale", LOCALES)
def test_the_offer_of_a_window_is_like_every_page(
    make_window: Callable[..., BrowserContext], lms: Lms, locale: str
) -> None:
    context = make_window(locale=language_tag(locale))
    Watch.of(context).expect(401)
    page = context.new_page()
    page.route("**/lti/login*", keep_no_cookie_in_window)
    lms.open_in_window(page, lms.make_person())
    expect(page.locator("main a[target=_blank]")).to_have_count(1)
    assert examine(page, locale) == []
    assert ask_axe(page, PHONE_WIDTH) == []


def test_these_checks_find_what_they_look_for(page: Page) -> None:
    page.set_content(
        "<html lang=en dir=ltr><title>t</title><main><h1>Modules</h1><p style='color:#ccc'>Skip to the content</p>"
        "<p>1 of 7 steps done</p><div style='width:2000px'>wide</div></main>"
    )
    wrong = "\n".join(examine(page, "es"))
    for complaint in ("is marked", "is too wide at 390", "“Modules” in es", "“1 of 7 steps done” in es"):
        assert complaint in wrong
    assert any("color-contrast" in one for one in ask_axe(page, DESKTOP_WIDTH))
