"""Further platforms beside the first: sandboxes of another family, which an administrator connects by an address."""

from __future__ import annotations

import subprocess
import sys
import time
from contextlib import suppress
from typing import Final

import requests
from playwright.sync_api import Page, expect

from institute.paths import ROOT
from tests.journeys.house import GRACE_SECONDS, START_SECONDS, House, free_ports
from tests.journeys.lms import COURSE, HOME, Lms, settle
from tests.journeys.rooms import inside

OPEN_ADDRESS: Final = "/lti/register"


def start_platform(house: House, profile: str) -> Lms:
    """Start a sandbox of a family beside the house's own; it ends with the house."""
    port = free_ports()[0]
    url = f"http://localhost:{port}"
    folder = house.log.parent / f"platform-{port}"
    folder.mkdir()
    words = ["--port", str(port), "--data", str(folder), "--tool-url", house.tool_url, "--profile", profile]
    with (folder / "said.txt").open("w", encoding="utf-8") as said:
        process = subprocess.Popen(
            [sys.executable, "-m", "lti.sandbox", "--controls", *words],
            cwd=ROOT,
            env=house.environment,
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=subprocess.STDOUT,
        )
    house.closing.callback(_end, process)
    _wait_for(url, process)
    return Lms(house, url)


def make_address(page: Page, lms: Lms) -> str:
    """Make an address on the page of platforms, as an administrator of the institute, and return it."""
    lms.speak("admin-1", "en")
    lms.open_in_window(page, "admin-1")
    page.goto(inside(page.url, "/administrator/platforms/"))
    page.get_by_role("button", name="Connect by address").click()
    return page.locator("#address").input_value()


def act(page: Page, platform: Lms, sub: str) -> None:
    """Be somebody on the platform's own pages, in this window."""
    page.context.request.post(f"{platform.url}/act", form={"sub": sub})


def go_to_tools(page: Page, platform: Lms) -> None:
    """Open the platform's page of tools, as its administrator."""
    act(page, platform, "admin-1")
    page.goto(f"{platform.url}/admin/tools")


def paste(page: Page, platform: Lms, address: str) -> str:
    """Paste an address on the platform's page of tools; return where the tool says what became of it."""
    go_to_tools(page, platform)
    page.locator("#address").fill(address)
    page.get_by_role("button", name="Add the tool").click()
    return settle(page, "tool", platform.tool_url).url


def switch_on(page: Page, platform: Lms, number: int) -> None:
    """Let a tool that registered be opened: Moodle activates it, Canvas deploys it."""
    go_to_tools(page, platform)
    card = page.locator(f"#tool-{number}")
    for name in ("Activate", "Deploy"):
        button = card.get_by_role("button", name=name)
        if button.count():
            button.click()
            expect(card.locator(".note")).to_have_count(0)


def open_picker(page: Page, platform: Lms, sub: str, number: int = 0, *, course: str = COURSE) -> None:
    """Ask for content of a tool in the whole window."""
    page.goto(f"{platform.url}/courses/{course}/add/open?as={sub}&tool={number}&target=window")
    page.wait_for_url(f"{platform.tool_url}/**")
    page.wait_for_load_state()


def check_now(page: Page) -> None:
    """Have the registration checked whose page is open, and wait for what comes of it."""
    page.locator("#check form button").click()
    expect(page.locator("#check-result[data-watch]")).to_have_count(0, timeout=60_000)


def link_of(platform: Lms, number: int, target: str = "", grade: str = "", title: str = "From here") -> str:
    """Make a link of a tool that registered, without the picker."""
    custom = {name: value for name, value in (("target", target), ("grade", grade)) if value}
    link = f"made-{target or HOME}-{grade}".replace(":", "-").replace("/", "-")
    platform.control("links", id=link, course=COURSE, title=title, tool_id=number, custom=custom)
    return link


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    process.wait(timeout=GRACE_SECONDS)


def _wait_for(url: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        with suppress(requests.ConnectionError):
            requests.get(url, timeout=10).raise_for_status()
            return
        assert process.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.1)
