"""Chromium as the journeys use it: no traffic of its own, and contexts that block third-party cookies."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from playwright.sync_api import Browser, sync_playwright

EXECUTABLE: Final = "/usr/bin/chromium"
FLAGS: Final = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
PATIENCE_MS: Final = 30_000


@contextmanager
def start_chromium() -> Iterator[Browser]:
    """Start the browser. Its contexts are private windows, which block plain third-party cookies; a test proves it."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM") or EXECUTABLE, args=list(FLAGS)
        )
        yield browser
        browser.close()
