"""Chromium as the journeys use it: no traffic of its own, and contexts that block third-party cookies."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import pytest
from playwright.sync_api import Browser, BrowserType, expect, sync_playwright

EXECUTABLE: Final = "/usr/bin/chromium"
FLAGS: Final = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
# Frames of other sites stay in their page's process: what drives the browser may lose one that moves to its own.
FRAMES_STAY: Final = "--disable-site-isolation-trials"
PATIENCE_MS: Final = 30_000


def launch(kind: BrowserType, *more: str) -> Browser:
    """Start one more browser, with ``more`` flags."""
    return kind.launch(executable_path=os.environ.get("CHROMIUM") or EXECUTABLE, args=[*FLAGS, *more])


@contextmanager
def start_chromium() -> Iterator[Browser]:
    """Start the browser. Its contexts are private windows, which block plain third-party cookies; a test proves it."""
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        browser = launch(playwright.chromium)
        yield browser
        browser.close()


@pytest.fixture(scope="module", name="browser")
def browser_of_file() -> Iterator[Browser]:
    """One browser for the tests of a file that imports this; each closes the windows that it opened."""
    with start_chromium() as started:
        yield started


def close_windows(browser: Browser) -> None:
    """Close every window, as the end of a browser would."""
    for context in browser.contexts:
        context.close()
