"""The running tool, the other platform beside it, and a browser in front of both."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.interop.platform import OpenEdx, start_openedx
from tests.journeys.chromium import PATIENCE_MS, start_chromium
from tests.journeys.house import House, start_house
from tests.journeys.watching import Watch


@pytest.fixture(scope="package")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """The running tool with its worker."""
    with start_house(tmp_path_factory.mktemp("house")) as running:
        yield running


@pytest.fixture(scope="package")
def openedx(house: House, tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenEdx]:
    """The platform, registered with the tool, its course connected to the sample's cohort by its teacher."""
    with start_openedx(tmp_path_factory.mktemp("openedx"), house.tool_url) as running:
        running.register(house)
        yield running


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """The browser that all windows belong to."""
    with start_chromium() as started:
        yield started


@pytest.fixture
def make_page(browser: Browser, house: House, openedx: OpenEdx) -> Iterator[Callable[..., Page]]:
    """Open pages in private windows that share nothing; at the end nothing may have gone wrong in any of them."""
    contexts: list[BrowserContext] = []

    def make(**given: Any) -> Page:
        context = browser.new_context(**{"locale": "en", **given})
        context.set_default_timeout(PATIENCE_MS)
        Watch(context, (house.tool_url, openedx.url))
        contexts.append(context)
        return context.new_page()

    yield make
    complaints = [complaint for context in contexts for complaint in Watch.of(context).complaints]
    for context in contexts:
        context.close()
    assert complaints == []
