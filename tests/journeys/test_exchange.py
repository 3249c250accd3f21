"""Sessions from a file, in a browser: tried, mended, brought in, and a board of dosage that hides small groups."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from institute.clock import now
from tests.journeys.conftest import DESKTOP, PHONE
from tests.journeys.lms import Lms
from tests.journeys.looking import ask_axe, examine
from tests.journeys.rooms import inside
from tests.journeys.watching import Watch

pytestmark = pytest.mark.browser

HEADER = "external_id,participant,coach,date,begins,ends,mode,kind"


def look_at(page: Page) -> None:
    """Hold a page to what is asked of every page, at both widths."""
    assert examine(page, "en") + ask_axe(page, DESKTOP["width"]) + ask_axe(page, PHONE["width"]) == []


def test_a_file_is_tried_mended_and_brought_in(
    make_window: Callable[..., BrowserContext], lms: Lms, tmp_path: Path
) -> None:
    day = (now() - timedelta(days=2)).date().isoformat()
    good = f"old-1,lucia,amina,{day},03:10,03:30,phone,one_to_one"
    bad = f"old-2,lucia,amina,{day},03:35,03:55,telepathy,one_to_one"
    file = tmp_path / "sessions.csv"
    file.write_text(f"{HEADER}\n{bad}", encoding="utf-8")
    lms.speak("admin-1", "en")
    page = lms.open_in_window(make_window().new_page(), "admin-1")
    Watch.of(page.context).expect(422)
    page.goto(inside(page.url, "/administrator/"))
    page.get_by_role("link", name="Files in and out").click()
    look_at(page)
    page.get_by_role("link", name="Sessions", exact=True).click()
    page.get_by_label("File", exact=True).set_input_files(file)
    page.get_by_role("button", name="Check the file").click()
    expect(page.get_by_text("Line 2")).to_be_visible()
    look_at(page)
    file.write_text(f"{HEADER}\n{good}\n{bad}", encoding="utf-8")
    page.get_by_label("Choose the mended file").set_input_files(file)
    page.get_by_role("button", name="Check the file").click()
    expect(page.get_by_role("heading", name="1 row would be added · 1 row has to be mended")).to_be_visible()
    look_at(page)
    page.get_by_label("I vouch for what the file says").check()
    page.get_by_role("button", name="Bring it in").click()
    expect(page.get_by_text("1 row was added · 1 row was left out")).to_be_visible()
    look_at(page)
    page.goto(inside(page.url, "/administrator/exchange/dataset"))
    look_at(page)
    page.goto(inside(page.url, "/administrator/dosage/"))
    look_at(page)
