"""One running tool and one browser for all journeys; a private window for each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.journeys.chromium import PATIENCE_MS, start_chromium
from tests.journeys.cookies import CookieSite, serve_cookies
from tests.journeys.house import House, start_house
from tests.journeys.lms import Lms
from tests.journeys.watching import Watch

DESKTOP = {"width": 1000, "height": 900}
PHONE = {"width": 390, "height": 844}


@pytest.fixture(scope="package")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """The running tool with its worker and its sandbox."""
    with start_house(tmp_path_factory.mktemp("house")) as running:
        yield running


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """The browser that all windows belong to."""
    with start_chromium() as started:
        yield started


@pytest.fixture(scope="package")
def lms(house: House) -> Lms:
    """The sandbox; its first course is connected to its cohort from the start."""
    return Lms(house)


@pytest.fixture
def make_window(browser: Browser, house: House) -> Iterator[Callable[..., BrowserContext]]:
    """Open private windows that share nothing; at the end nothing may have gone wrong in any of them."""
    contexts: list[BrowserContext] = []

    def make(**given: Any) -> BrowserContext:
        context = browser.new_context(**{"viewport": DESKTOP, "locale": "en", **given})
        context.set_default_timeout(PATIENCE_MS)
        Watch(context, house.hosts)
        contexts.append(context)
        return context

    yield make
    complaints = [complaint for context in contexts for complaint in Watch.of(context).complaints]
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture
def page(make_window: Callable[..., BrowserContext]) -> Page:
    """A page of the usual width in a private window."""
    return make_window().new_page()


@pytest.fixture
def watch(page: Page) -> Watch:
    """What is noticed about the page's window."""
    return Watch.of(page.context)


@pytest.fixture
def cookie_site() -> Iterator[CookieSite]:
    """Two sites that are no concern of ours."""
    with serve_cookies() as served:
        yield served
