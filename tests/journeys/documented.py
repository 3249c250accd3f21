"""The pictures in ``docs/pictures`` of connecting platforms: ``python -m tests.journeys.documented docs/pictures``."""

from __future__ import annotations

import io
import sys
import tempfile
from pathlib import Path
from typing import Final

from PIL import Image
from playwright.sync_api import BrowserContext, Page

from tests.journeys.chromium import PATIENCE_MS, start_chromium
from tests.journeys.gallery import open_room
from tests.journeys.house import House, start_house
from tests.journeys.lms import INSTRUCTOR, SEGMENT, Lms
from tests.journeys.platforms import check_now, make_address, open_picker
from tests.journeys.rooms import TICK_ALL, inside

WIDTH: Final = 1000
COLOURS: Final = 256
TOOL: Final = "https://coaching.example.org"
PLATFORM: Final = "moodle.example.org"
LEARNERS: Final = ("Amina Haddad", "Bảo Nguyễn", "Carmen Ruiz", "Daniel Osei", "林怡君")

# The pictures show the addresses of a place that is installed, not those of this machine.
RENAME: Final = """([tool, its, platform]) => {
  const local = /localhost:\\d+/g;
  const plain = /http:\\/\\/(?=localhost)/g;
  const renamed = text => text.replaceAll(tool, its).replace(plain, "https://").replace(local, platform);
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) node.data = renamed(node.data);
  for (const field of document.querySelectorAll("input")) field.value = renamed(field.value);
}"""


def draw(folder: Path) -> None:
    """Start everything, bring it into the states of the gallery, and leave one picture of each."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as data, start_house(Path(data)) as house, start_chromium() as browser:
        context = browser.new_context(locale="en", reduced_motion="reduce")
        context.set_default_timeout(PATIENCE_MS)
        draw_all(folder, context, Lms(house), house)


def draw_all(folder: Path, context: BrowserContext, lms: Lms, house: House) -> None:
    """Draw the pictures in a house that runs."""
    page = context.new_page()
    for index, name in enumerate(LEARNERS):
        lms.open_in_window(page, lms.make_person(name), SEGMENT)
        if index % 2:
            page.evaluate(TICK_ALL)
    lms.speak("teacher-1", "en")
    lms.open_in_window(page, "teacher-1")
    page.goto(inside(page.url, "/facilitator/cohort/"))
    _draw(folder / "cohort.png", page, house, 900)
    open_picker(page, lms, lms.make_person("Imani Okafor", role=INSTRUCTOR))
    for title in ("1.1 History", "Task: Leadership plan", "Coaching log"):
        page.locator(".ci-offers > li", has_text=title).first.locator("input").check()
    _draw(folder / "picker.png", page, house, 900)
    rooms = {name: open_room(name, context, lms, house) for name in ("platforms", "grades")}
    page.goto(rooms["grades"].addresses[0])
    _draw(folder / "delivery.png", page, house, 660)
    page.goto(rooms["platforms"].addresses[2])
    check_now(page)
    page.locator("#check details > summary").click()
    _draw(folder / "check.png", page, house, 900)
    make_address(page, lms)
    page.locator("details > summary", has_text="Moodle").click()
    _draw(folder / "connect.png", page, house, 760)


def _draw(path: Path, page: Page, house: House, height: int) -> None:
    """Keep the upper part of a page in a palette of its own, which keeps the file small."""
    page.set_viewport_size({"width": WIDTH, "height": height})
    page.evaluate("scrollTo(0, 0)")
    page.evaluate(RENAME, [house.tool_url, TOOL, PLATFORM])
    drawn = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    drawn.quantize(COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)


if __name__ == "__main__":
    draw(Path(sys.argv[1]))
