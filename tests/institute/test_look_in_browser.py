"""The look's small script: boxes that save themselves, menus that close."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import render_template_string, request
from playwright.sync_api import Browser, expect
from playwright.sync_api import Page as BrowserPage

from institute.web import assets
from tests.institute.looking import IMPORTS, frame, make_bare
from tests.journeys.chromium import browser_of_file, close_windows  # noqa: F401  (a fixture)
from tests.serving import server_of

pytestmark = pytest.mark.browser


@pytest.fixture
def ticking(tmp_path: Path, browser: Browser) -> Iterator[tuple[BrowserPage, list[str]]]:
    """A browser on a page with one box and its count, and the states that the server was told."""
    bare = make_bare(tmp_path)
    told: list[str] = []
    page = (
        '{% extends "base.html" %}'
        + IMPORTS
        + '{% block main %}<h1>Ticks</h1><p id="count" data-live>{{ told|length }} told</p>'
        + '{{ forms.tick("/tick", "Read the primer", told and told[-1] == "1", "read") }}{% endblock %}'
    )

    def show() -> str:
        return render_template_string(page, page=frame("en"), told=told)

    def take() -> str:
        told.append(request.form.get("done", "0"))
        return show()

    bare.add_url_rule("/", "show", show)
    bare.add_url_rule("/tick", "take", take, methods=["POST"])
    bare.add_url_rule("/static/<digest>/<path:path>", "asset_file", assets.asset_file)
    server = server_of(bare)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    tab = browser.new_page()
    tab.goto(f"http://127.0.0.1:{server.port}/")
    yield tab, told
    close_windows(browser)
    server.shutdown()


def test_a_box_saves_itself_and_the_counts_beside_it_follow(ticking: tuple[BrowserPage, list[str]]) -> None:
    tab, told = ticking
    assert tab.get_by_role("button", name="Save: Read the primer").count() == 0
    tab.locator("#read-box").click()
    tab.get_by_text("1 told").wait_for()
    assert tab.locator("#read [role=status]").inner_text() == "Saved"
    tab.locator("#read-box").click()
    tab.get_by_text("2 told").wait_for()
    assert told == ["1", "0"]


def test_a_box_ticked_offline_goes_back_and_says_so(ticking: tuple[BrowserPage, list[str]]) -> None:
    tab, told = ticking
    tab.context.set_offline(True)
    tab.locator("#read-box").click()
    tab.get_by_text("Not saved: you are offline.").wait_for()
    expect(tab.locator("#read-box")).not_to_be_checked()
    assert told == []


def test_escape_closes_a_menu_and_gives_the_focus_back(ticking: tuple[BrowserPage, list[str]]) -> None:
    tab, _ = ticking
    tab.locator("summary:visible").last.click()
    expect(tab.locator("details.ci-menu[open]")).to_have_count(1)
    tab.keyboard.press("Escape")
    expect(tab.locator("details.ci-menu[open]")).to_have_count(0)
    assert tab.evaluate("document.activeElement.tagName") == "SUMMARY"
