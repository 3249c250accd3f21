"""What is asked of every page: language, direction, width, translation, accessibility."""

from __future__ import annotations

from typing import Any, Final

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from institute.i18n import direction, language_tag
from tests.journeys.watching import name_of_page
from tests.journeys.words import untranslated

WIDTHS: Final = (390, 800, 1000)
HEIGHT: Final = 900
AXE: Final = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
    "resultTypes": ["violations"],
}

# What sticks out of a window that can be scrolled sideways; scrolling boxes of their own are fine.
TOO_WIDE: Final = """() => {
  const root = document.documentElement;
  if (root.scrollWidth <= root.clientWidth) return [];
  const wide = [...document.querySelectorAll("body *")].filter(piece => {
    const box = piece.getBoundingClientRect();
    return box.width && (box.right > root.clientWidth + 1 || box.left < -1);
  });
  return [`${root.scrollWidth} > ${root.clientWidth}`, ...wide.slice(0, 3).map(piece => piece.outerHTML.slice(0, 120))];
}"""


def examine(page: Page, locale: str) -> list[str]:
    """Return what is wrong with the page that is open, apart from what a screen reader would say."""
    name = name_of_page(page)
    wrong = []
    root = page.locator("html")
    shown = (root.get_attribute("lang"), root.get_attribute("dir"))
    if shown != (language_tag(locale), direction(locale)):
        wrong.append(f"{name} is marked {shown}")
    if page.locator("h1").count() != 1:
        wrong.append(f"{name} has {page.locator('h1').count()} titles")
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": HEIGHT})
        wrong += [f"{name} is too wide at {width}: {piece}" for piece in page.evaluate(TOO_WIDE)]
    wrong += [f"{name} says “{text}” in {locale}" for text in untranslated(page, locale)]
    return wrong


def ask_axe(page: Page, width: int) -> list[str]:
    """Return the violations of WCAG 2.2 AA that axe finds at a width."""
    page.set_viewport_size({"width": width, "height": HEIGHT})
    violations: list[dict[str, Any]] = Axe().run(page, options=AXE).response["violations"]
    return [
        f"{name_of_page(page)} at {width}: {one['id']}: {node['html'][:160]} {node['failureSummary'][:200]}"
        for one in violations
        for node in one["nodes"]
    ]
