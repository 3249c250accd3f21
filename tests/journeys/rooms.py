"""Rooms: one session in one state, and the pages in it that are looked at."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from html import unescape
from typing import Final
from urllib.parse import urljoin, urlsplit

from playwright.sync_api import Page, expect

from institute.i18n import language_tag

MOST_PAGES: Final = 40
DOWNLOAD: Final = re.compile(r"/document$|/files/|\.csv$|\.xlsx$|/papers/|/packets/")
ANYWHERE: Final = re.compile("")
# Keys that institutes choose: levels, and the kinds of rules of a level.
KEYED: Final = re.compile(r"(?<=/administrator/levels/)[^/?]+")
LINK: Final = re.compile(r"<a\b[^>]*?\shref=\"([^\"]+)\"")
TICK_ALL: Final = """async () => {
  for (const form of document.querySelectorAll("form.ci-tick-form")) {
    const body = new URLSearchParams(new FormData(form));
    body.set("done", "1");
    await fetch(form.action, { method: "POST", body });
  }
}"""


@dataclass
class Room:
    """One session in one state, and the addresses in it. ``public`` pages take their language from the address."""

    name: str
    addresses: list[str] = field(default_factory=list)
    public: bool = False
    doing: dict[int, Callable[[Page], None]] = field(default_factory=dict)
    """What is done at an address, by its place, to reach a page that answers a form."""

    def visit(self, page: Page, index: int, locale: str) -> None:
        """Open a page, in the language that its session speaks already or, if it is public, in this one."""
        page.goto(self.address(index, locale))
        if index in self.doing:
            self.doing[index](page)
            page.wait_for_load_state()

    def address(self, index: int, locale: str) -> str:
        """Return an address in a language."""
        found = self.addresses[index]
        return f"{found}{'&' if '?' in found else '?'}lang={locale}" if self.public else found

    def session(self, index: int) -> str:
        """Return the part of an address that names its session; empty for public pages."""
        return "" if self.public else inside(self.addresses[index], "")


def speak(page: Page, address: str, locale: str) -> None:
    """Switch the session of an address to a language, on its own page."""
    page.goto(address)
    if page.locator("html").get_attribute("lang") == language_tag(locale):
        return
    page.locator("form button[name=locale]").first.wait_for(state="attached")
    page.evaluate(
        "locale => document.querySelector(`form button[name=locale][value=${locale}]`).click()", locale
    )
    expect(page.locator("html")).to_have_attribute("lang", language_tag(locale))


def inside(address: str, path: str) -> str:
    """Return the address of a path in the session of another address."""
    found = re.match(r"(.*/s/[^/]+)/", address)
    assert found is not None, address
    return found[1] + path


def reachable(page: Page, *, within: re.Pattern[str] = ANYWHERE) -> list[str]:
    """Return the pages that links ``within`` some rooms lead to from here, one of each type.

    Numbers and keys do not make a type. Pages are asked for without being drawn, which takes a fifth of the time.
    """
    prefix = inside(page.url, "/")
    waiting, found = [page.url], dict[str, str]()
    while waiting and len(found) < MOST_PAGES:
        address = waiting.pop(0).split("#")[0]
        if _type_of(address) in found or not address.startswith(prefix) or DOWNLOAD.search(address):
            continue
        answer = page.request.get(address)
        found.setdefault(_type_of(answer.url), answer.url)
        found.setdefault(_type_of(address), answer.url)
        waiting += [
            urljoin(answer.url, unescape(link)) for link in LINK.findall(answer.text()) if within.search(link)
        ]
    return list(dict.fromkeys(found.values()))


def _type_of(address: str) -> str:
    path = KEYED.sub(":", urlsplit(address).path)
    return re.sub(r"/materials/[^/]+|\d+(?=/|$)", "/:", path)


def without_guide(addresses: list[str]) -> list[str]:
    """Leave the guide's segments out, which are the same pages for everybody who reads it."""
    return [address for address in addresses if "/segment-" not in address]
