"""A large file from a participant arrives: the network is gone in the middle, the page is closed, and it goes on."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.journeys.conftest import PHONE
from tests.journeys.lms import Lms
from tests.journeys.watching import Watch

pytestmark = pytest.mark.browser
GONE = "ERR_INTERNET_DISCONNECTED"
PIECES = 3
SIZE = PIECES * 5 * 1024 * 1024 + 1000
SLOW = 4 * 1024 * 1024


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    """A text of several pieces."""
    path = tmp_path / "notes of a year.txt"
    line = "What I learnt on day {:07}: ask first, then listen.\n"
    path.write_text("".join(line.format(day) for day in range(SIZE // 52 + 1))[:SIZE], encoding="ascii")
    return path


class Line:
    """What a page's window is connected by."""

    def __init__(self, page: Page) -> None:
        self._session = page.context.new_cdp_session(page)
        self._session.send("Network.enable")
        self.become(SLOW)

    def become(self, rate: int, *, offline: bool = False) -> None:
        """Let so many bytes a second through, -1 for all there are; none when offline."""
        speed = {"offline": offline, "latency": 0, "downloadThroughput": -1, "uploadThroughput": rate}
        self._session.send("Network.emulateNetworkConditions", speed)


def forget_offline(page: Page) -> None:
    """Take what failed for want of a network as part of the journey."""
    watch = Watch.of(page.context)
    watch.complaints[:] = [one for one in watch.complaints if GONE not in one]


def open_draft(page: Page, lms: Lms, sub: str) -> None:
    """Open the draft that takes files."""
    lms.open_in_window(page, sub, "link-evidence")
    expect(page.get_by_label(re.compile("^Add "))).to_be_visible()


def begin(page: Page, path: Path) -> None:
    """Choose the file, and wait until a part of it is there."""
    page.get_by_label(re.compile("^Add ")).set_input_files(path)
    expect(page.locator(".ci-upload-said")).to_have_text(re.compile(r"^([1-9]|1[01])(\.\d)? of 15 MB$"))


def test_upload_goes_on_when_the_network_is_back(page: Page, lms: Lms, notes: Path) -> None:
    open_draft(page, lms, lms.make_person("Rosa Delgado"))
    line = Line(page)
    begin(page, notes)
    line.become(0, offline=True)
    expect(page.locator(".ci-upload-said")).to_contain_text("No connection")
    line.become(-1)
    expect(page.locator(".ci-upload-said")).to_have_text("Here and checked. It is added when you save.")
    page.get_by_role("button", name="Add what you chose").click()
    expect(page.get_by_role("link", name=notes.name)).to_be_visible()
    with page.expect_download() as saved:
        page.get_by_role("link", name=notes.name).click()
    assert saved.value.path().read_bytes() == notes.read_bytes()
    forget_offline(page)


def test_upload_goes_on_after_the_page_was_closed_once_the_file_is_chosen_again(
    make_window: Callable[..., BrowserContext], lms: Lms, notes: Path
) -> None:
    window, sub = make_window(viewport=PHONE), lms.make_person("Rosa Delgado")
    page = window.new_page()
    open_draft(page, lms, sub)
    Line(page)
    begin(page, notes)
    expect(page.locator(".ci-upload-said")).to_have_text(re.compile(r"^([6-9]|1[01])(\.\d)? of 15 MB$"))
    page.close()
    page = window.new_page()
    open_draft(page, lms, sub)
    expect(page.locator(".ci-upload-said")).to_contain_text("Choose the same file again to go on.")
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.method))
    page.get_by_label(re.compile("^Add ")).set_input_files(notes)
    page.get_by_role("button", name="Submit").click()
    expect(page.get_by_role("heading", name="What you submitted")).to_be_visible()
    assert sent.count("PATCH") < PIECES + 1, "what was there was not sent again"
    expect(page.get_by_text(notes.name)).to_be_visible()


def test_file_that_is_no_document_is_told_beside_its_name(page: Page, lms: Lms, tmp_path: Path) -> None:
    path = tmp_path / "drawing.svg"
    path.write_text('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>')
    open_draft(page, lms, lms.make_person("Rosa Delgado"))
    page.get_by_label(re.compile("^Add ")).set_input_files(path)
    expect(page.locator(".ci-upload-said")).to_contain_text("is of a kind that is not taken")
    page.get_by_role("button", name="Remove: drawing.svg").click()
    expect(page.locator(".ci-upload-said")).to_have_count(0)


def test_upload_can_be_paused_and_gone_on_with_by_keyboard(page: Page, lms: Lms, notes: Path) -> None:
    # Who goes on at once may come before the server let go of the piece that was cut off: then it is sent again.
    Watch.of(page.context).expect(409)
    open_draft(page, lms, lms.make_person("Rosa Delgado"))
    line = Line(page)
    begin(page, notes)
    page.get_by_role("button", name=f"Pause: {notes.name}").press("Enter")
    expect(page.locator(".ci-upload-said")).to_contain_text("Paused at")
    line.become(-1)
    expect(page.get_by_role("button", name=f"Go on: {notes.name}")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".ci-upload-said")).to_have_text("Here and checked. It is added when you save.")
