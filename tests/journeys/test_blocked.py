"""The door in a frame where the browser blocks every cookie of another site: each way around, in its order."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, FrameLocator, Page, Route, expect

from tests.journeys.chromium import FRAMES_STAY, launch
from tests.journeys.cookies import CookieSite
from tests.journeys.lms import COURSE, Lms
from tests.journeys.older import serve_older
from tests.journeys.watching import Watch

pytestmark = pytest.mark.browser

ALLOWED = "storage-access"
IN_FRAME = "iframe[name=tool]"
REFUSAL_IN_CONSOLE = "requestStorageAccess"
HOME = "Where you are, Rosa Delgado"
REFUSED = "Your learning platform did not sign you in"
OFFER = "Your browser needs a window of its own for this"


@pytest.fixture(scope="module")
def browser(browser: Browser) -> Iterator[Browser]:
    """A browser of this file's own: its frames change their pages often, and what is blocked in them stays blocked."""
    with launch(browser.browser_type, FRAMES_STAY) as started:
        yield started


@pytest.fixture(scope="module")
def proxy() -> Iterator[str]:
    """What makes an older browser of this one: see tests.journeys.older."""
    with serve_older() as address:
        yield address


@pytest.fixture
def make_older(make_window: Callable[..., BrowserContext], proxy: str) -> Callable[..., Page]:
    """Open a private window of an older browser, in which frames of another site keep no cookie."""

    def make(*, allowed: bool = False, **given: Any) -> Page:
        context = make_window(proxy={"server": proxy, "bypass": "<-loopback>"}, **given)
        Watch.of(context).expect(401)
        if allowed:
            context.grant_permissions([ALLOWED])
        return context.new_page()

    return make


@pytest.fixture
def make_plain_link(lms: Lms) -> Callable[[Page, str], FrameLocator]:
    """Open the home link in a frame of a platform that offers no storage, as Moodle does not."""

    def make(page: Page, sub: str) -> FrameLocator:
        page.goto(f"{lms.url}/courses/{COURSE}?as={sub}")
        page.evaluate(
            "source => { const tool = document.createElement('iframe'); tool.src = source; tool.name = 'plain';"
            "tool.allow = 'storage-access *'; tool.width = tool.height = 700; document.body.prepend(tool); }",
            lms.window_address(sub),
        )
        return page.frame_locator("iframe[name=plain]")

    return make


def asked(page: Page) -> list[str]:
    """Return a list that will hold the path of each page that this page's frames ask for from now on."""
    paths: list[str] = []
    page.on(
        "request",
        lambda one: paths.append(urlsplit(one.url).path) if one.is_navigation_request() else None,
    )
    return paths


def forgive_refusal(page: Page) -> None:
    """Take the browser's remark about leave that it did not give as part of the journey."""
    watch = Watch.of(page.context)
    watch.complaints[:] = [one for one in watch.complaints if REFUSAL_IN_CONSOLE not in one]


def open_window(page: Page, frame: FrameLocator) -> Page:
    """Press the button, and return the window that it opens once the programme stands in it."""
    with page.context.expect_page() as opened:
        frame.get_by_text("Open in a new window", exact=True).click()
    window = opened.value
    window.wait_for_url("**/participant/")
    return window


def test_older_browser_keeps_no_cookie_of_another_site_in_a_frame(
    make_older: Callable[..., Page], cookie_site: CookieSite
) -> None:
    page = make_older()
    Watch.of(page.context).allow(cookie_site.top, cookie_site.framed)
    page.goto(cookie_site.top)
    frame = page.frame(name="framed")
    assert frame is not None
    frame.get_by_role("link", name="What came back").click()
    frame.wait_for_url("**/back")
    assert frame.inner_text("p") == "nothing"


def test_first_comes_the_cookie_and_nothing_else_is_asked(page: Page, lms: Lms) -> None:
    paths = asked(page)
    page.goto(lms.frame_address(lms.make_person()))
    expect(page.frame_locator(IN_FRAME).get_by_role("heading", name=HOME)).to_be_visible()
    door = [path for path in paths if path.startswith("/lti/")]
    assert door == ["/lti/login", "/lti/window", "/lti/launch"]


def test_second_comes_the_platform_s_storage_and_the_session_goes_on_in_a_window(
    make_older: Callable[..., Page], lms: Lms
) -> None:
    page = make_older()
    paths = asked(page)
    page.goto(lms.frame_address(lms.make_person()))
    frame = page.frame_locator(IN_FRAME)
    expect(frame.get_by_role("heading", name=OFFER)).to_be_visible()
    window = open_window(page, frame)
    expect(window.get_by_role("heading", level=1)).to_have_text(HOME)
    assert paths.count("/auth") == 1  # nobody is asked who it is a second time
    window.reload()
    expect(window.get_by_role("heading", level=1)).to_have_text(HOME)
    with page.context.expect_page() as opened:
        frame.get_by_text("Open in a new window", exact=True).click()
    expect(
        opened.value.get_by_text("The offer to open a new window was used already or is too old.")
    ).to_be_visible()


def test_session_goes_on_in_the_frame_by_itself_where_its_cookies_are_allowed(
    make_older: Callable[..., Page], lms: Lms
) -> None:
    page = make_older(allowed=True)
    page.goto(lms.frame_address(lms.make_person()))
    frame = page.frame_locator(IN_FRAME)
    expect(frame.get_by_role("heading", name=HOME)).to_be_visible()
    frame.get_by_role("link", name="Start segment 1").click()
    frame.get_by_role("checkbox").first.check()
    expect(frame.get_by_text("Saved", exact=True)).to_be_visible()


def test_session_goes_on_in_the_frame_after_a_tap_that_allows_its_cookies(
    make_older: Callable[..., Page], lms: Lms
) -> None:
    page = make_older()
    page.goto(lms.frame_address(lms.make_person()))
    frame = page.frame_locator(IN_FRAME)
    button = frame.get_by_role("button", name="Go on here")
    expect(button).to_be_visible()
    page.context.grant_permissions([ALLOWED])
    button.click()
    expect(frame.get_by_role("heading", name=HOME)).to_be_visible()


def test_third_comes_the_leave_to_use_cookies_where_the_platform_has_no_storage(
    make_older: Callable[..., Page], make_plain_link: Callable[..., FrameLocator], lms: Lms
) -> None:
    page = make_older()
    paths = asked(page)
    frame = make_plain_link(page, lms.make_person())
    button = frame.get_by_role("button", name="Go on here")
    expect(button).to_be_visible()
    assert "/auth" not in paths  # a login that cannot succeed is not begun
    page.context.grant_permissions([ALLOWED])
    button.click()
    expect(frame.get_by_role("heading", name=HOME)).to_be_visible()
    frame.get_by_role("link", name="Start segment 1").click()
    expect(frame.get_by_role("checkbox").first).to_be_visible()
    assert paths.count("/auth") == 1


def test_leave_that_was_given_before_asks_for_no_tap(
    make_older: Callable[..., Page], make_plain_link: Callable[..., FrameLocator], lms: Lms
) -> None:
    page = make_older(allowed=True)
    frame = make_plain_link(page, lms.make_person())
    expect(frame.get_by_role("heading", name=HOME)).to_be_visible()


def test_last_comes_the_window_also_where_leave_was_refused(
    make_older: Callable[..., Page], make_plain_link: Callable[..., FrameLocator], lms: Lms
) -> None:
    page = make_older()
    frame = make_plain_link(page, lms.make_person())
    button = frame.get_by_role("button", name="Go on here")
    expect(button).to_be_visible()
    deny(page)
    button.click()
    expect(frame.get_by_text("Your browser did not allow it. The new window works.")).to_be_visible()
    expect(button).to_be_hidden()
    window = open_window(page, frame)
    expect(window.get_by_role("heading", level=1)).to_have_text(HOME)
    forgive_refusal(page)


def test_platform_whose_storage_does_not_answer_costs_no_launch(
    make_older: Callable[..., Page], lms: Lms
) -> None:
    page = make_older()
    page.route("**/storage", lambda route: route.fulfill(status=200, body="<p>Nobody answers here."))
    page.goto(lms.frame_address(lms.make_person()))
    frame = page.frame_locator(IN_FRAME)
    expect(frame.get_by_role("heading", name=OFFER)).to_be_visible()
    window = open_window(page, frame)
    expect(window.get_by_role("heading", level=1)).to_have_text(HOME)


def test_platform_that_loses_what_it_kept_proves_nothing(make_older: Callable[..., Page], lms: Lms) -> None:
    page = make_older()

    def lose(route: Route) -> None:
        kept = page.frame(name="lti_storage")
        assert kept is not None
        kept.evaluate("sessionStorage.clear()")
        route.continue_()

    page.route("**/auth?*", lose)
    page.goto(lms.frame_address(lms.make_person()))
    frame = page.frame_locator(IN_FRAME)
    expect(frame.get_by_role("heading", name=OFFER)).to_be_visible()
    expect(frame.get_by_role("button", name="Go on here")).to_be_hidden()
    Watch.of(page.context).expect(400, 403)
    with page.context.expect_page() as opened:  # this platform lets nobody answer one login twice
        frame.get_by_text("Open in a new window", exact=True).click()
    expect(opened.value.get_by_role("heading", level=1)).to_have_text(REFUSED)


def test_browser_without_javascript_reaches_the_window(make_older: Callable[..., Page], lms: Lms) -> None:
    page = make_older(java_script_enabled=False)
    page.goto(lms.frame_address(lms.make_person()))
    frame = page.frame_locator(IN_FRAME)
    frame.get_by_role("button").first.click()  # the platform's own form
    with page.context.expect_page() as opened:
        frame.get_by_role("link", name="Open in a new window").click()
    window = opened.value
    window.wait_for_load_state()
    window.get_by_role("button").first.click()
    expect(window.get_by_role("heading", level=1)).to_have_text(HOME)


def test_ways_are_reached_with_the_keyboard(make_older: Callable[..., Page], lms: Lms) -> None:
    page = make_older()
    page.goto(lms.frame_address(lms.make_person()))
    frame = page.frame_locator(IN_FRAME)
    button = frame.get_by_role("button", name="Go on here")
    expect(button).to_be_visible()
    page.context.grant_permissions([ALLOWED])
    button.focus()
    page.keyboard.press("Tab")
    expect(frame.get_by_role("button", name="Open in a new window")).to_be_focused()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    expect(frame.get_by_role("heading", name=HOME)).to_be_visible()


def deny(page: Page) -> None:
    """Have the browser answer for the person that nothing is allowed."""
    browser = page.context.browser
    assert browser is not None
    session = browser.new_browser_cdp_session()
    context = page.context.new_cdp_session(page).send("Target.getTargetInfo")["targetInfo"][
        "browserContextId"
    ]
    told = {"permission": {"name": ALLOWED}, "setting": "denied", "browserContextId": context}
    session.send("Browser.setPermission", told)
