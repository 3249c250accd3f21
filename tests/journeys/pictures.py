"""Pictures of every page type and state, to be looked at: ``python -m tests.journeys.pictures FOLDER``."""

from __future__ import annotations

import re
import sys
import tempfile
from pathlib import Path
from typing import Final

from playwright.sync_api import BrowserContext, Page

from tests.journeys.chromium import PATIENCE_MS, start_chromium
from tests.journeys.gallery import ROOMS, open_room
from tests.journeys.house import House, start_house
from tests.journeys.lms import HOME, SEGMENT, Lms
from tests.journeys.rooms import Room, speak
from tests.journeys.watching import name_of_page

LOCALES: Final = ("en", "es", "ar")
WIDTHS: Final = (1000, 390)
HEIGHT: Final = 800


def draw(folder: Path) -> None:
    """Start everything, and leave a picture of each page in three languages at two widths in ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as data, start_house(Path(data)) as house, start_chromium() as browser:
        context = browser.new_context(locale="en", reduced_motion="reduce")
        context.set_default_timeout(PATIENCE_MS)
        lms = Lms(house)
        for name in ROOMS:
            _draw_room(folder, context, open_room(name, context, lms, house))
        _draw_course(folder, context.new_page(), lms, house)


def _draw_room(folder: Path, context: BrowserContext, room: Room) -> None:
    page = context.new_page()
    for locale in LOCALES:
        session = ""
        for index in range(len(room.addresses)):
            if room.session(index) != session:
                session = room.session(index)
                speak(page, room.addresses[index], locale)
            room.visit(page, index, locale)
            for width in WIDTHS:
                _draw_page(folder, page, f"{room.name}-{index}-{name_of_page(page)}-{locale}-{width}", width)
    page.close()


def _draw_course(folder: Path, page: Page, lms: Lms, house: House) -> None:
    """Draw the tool inside the course's page, and three people beside each other."""
    for locale in LOCALES:
        sub = lms.make_person("Rosa Delgado", locale=locale)
        for link in (HOME, SEGMENT):
            lms.open_in_frame(page, sub, link)
            for width in WIDTHS:
                _draw_page(folder, page, f"course-{link}-{locale}-{width}", width)
    page.goto(f"{house.sandbox_url}/three?link={HOME}")
    page.wait_for_load_state("networkidle")
    _draw_page(folder, page, "course-three", 1400)


def _draw_page(folder: Path, page: Page, name: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": HEIGHT})
    page.screenshot(path=folder / (re.sub(r"[^A-Za-z0-9]+", "-", name).strip("-") + ".png"), full_page=True)


if __name__ == "__main__":
    draw(Path(sys.argv[1]))
