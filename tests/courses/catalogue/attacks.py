"""Attacks on content: a public list, our own for CommonMark, and what a page must not hold after any of them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Final

FOLDER: Final = Path(__file__).parent
PUBLIC_COUNT: Final = 124
HANDLERS_COUNT: Final = 103
OWN_COUNT: Final = 54
_TITLE: Final = "=== "
_HANDLERS: Final = "handlers"

FORBIDDEN: Final = frozenset({
    "animate", "animatemotion", "animatetransform", "applet", "base", "bgsound", "body", "embed", "foreignobject",
    "frame", "frameset", "html", "iframe", "isindex", "layer", "link", "math", "meta", "object", "param", "script",
    "set", "style", "template", "use", "xml", "xss",
})  # fmt: skip
ADDRESSES: Final = frozenset({
    "action", "background", "cite", "code", "data", "dynsrc", "formaction", "href", "icon", "longdesc", "lowsrc",
    "manifest", "ping", "poster", "profile", "src", "srcdoc", "srcset", "xlink:href",
})  # fmt: skip
SCHEMES: Final = frozenset({"http", "https", "mailto", ""})
_NOT_SHOWN: Final = re.compile(r"[\x00-\x20\x7f-\xa0\u2000-\u200f\u2028\u2029\ufeff]")


def public_attacks() -> list[tuple[str, str]]:
    """Return one attack for each example of the OWASP XSS Filter Evasion Cheat Sheet, as (number, attack)."""
    return [(title, text) for title, text in _sections("attacks.txt") if title != _HANDLERS]


def handlers() -> list[str]:
    """Return the names of event handlers of the same list."""
    return next(text for title, text in _sections("attacks.txt") if title == _HANDLERS).split("\n")


def own_attacks() -> list[tuple[str, str]]:
    """Return attacks that go through CommonMark's own syntax, as (title, attack)."""
    return _sections("attacks_in_markdown.txt")


def every_attack() -> Iterator[tuple[str, str]]:
    """Yield all as (name, Markdown): as typed, and those of one line also where a link or an image leads."""
    for number, text in public_attacks():
        yield f"owasp-{number}", text
        address = re.sub(r"[<>\n]", "", text)
        yield (
            f"owasp-{number}-link",
            f"[click](<{address}>) ![look](<{address}>)\n\n[defined]\n\n[defined]: <{address}>",
        )
    for handler in handlers():
        yield (
            f"owasp-handler-{handler}",
            f'<img src="x" {handler}="alert(1)"> [click](<x" {handler}="alert(1)>)',
        )
    for place, (title, text) in enumerate(own_attacks(), start=1):
        yield f"own-{place}: {title}", text


class Watch(HTMLParser):
    """Parses HTML as it stands and notes everything in it that could run, load or change anything.

    With ``only``, every element of another name is noted too.
    """

    def __init__(self, only: Collection[str] | None = None) -> None:
        super().__init__(convert_charrefs=True)
        self.only = only
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element, a handler, a style or an address that must not be there."""
        if tag in FORBIDDEN or (self.only is not None and tag not in self.only):
            self.found.append(" ".join([f"<{tag}", *(f"{name}={value}" for name, value in attrs)]))
        for name, value in attrs:
            if name.startswith(("on", "xmlns", "style")) or name in {"style", "srcdoc", "http-equiv", "is"}:
                self.found.append(f"{tag} {name}={value}")
            if name in ADDRESSES and scheme_of(value or "") not in SCHEMES:
                self.found.append(f"{tag} {name}={value}")
            if name == "target" and value != "_blank":
                self.found.append(f"{tag} {name}={value}")

    def handle_pi(self, data: str) -> None:
        """Note what only other parsers skip."""
        self.found.append(f"<?{data}")

    def handle_decl(self, decl: str) -> None:
        """Note a declaration."""
        self.found.append(f"<!{decl}")

    def handle_comment(self, data: str) -> None:
        """Note a comment: some readers run what stands in one."""
        self.found.append(f"<!--{data}")


def dangers_in(html: str, only: Collection[str] | None = None) -> list[str]:
    """Return what a piece of HTML holds that no author may put there; see ``Watch`` for ``only``."""
    watch = Watch(only)
    watch.feed(html)
    watch.close()
    return watch.found


def scheme_of(address: str) -> str:
    """Return the scheme that a browser sees, lower case; empty for an address within the site."""
    seen = _NOT_SHOWN.sub("", address)
    found = re.match(r"([a-z][a-z0-9+.-]*):", seen, re.IGNORECASE)
    return found.group(1).lower() if found else ""


def _sections(name: str) -> list[tuple[str, str]]:
    """Read a list; the pictures of two control characters stand for these."""
    text = (FOLDER / name).read_text(encoding="utf-8").replace("␀", "\x00").replace("␁", "\x01")
    parts = re.split(rf"^{_TITLE}(.*)\n", text, flags=re.MULTILINE)
    return [
        (title, attack.removesuffix("\n")) for title, attack in zip(parts[1::2], parts[2::2], strict=True)
    ]
