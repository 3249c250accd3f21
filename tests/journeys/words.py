"""Words of the interface that a page shows in English although the catalogue has a translation."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import Final

from babel.messages.pofile import read_po
from playwright.sync_api import Page

from institute.paths import ROOT

SHORTEST: Final = 4
PLACEHOLDER: Final = re.compile(r"%\(\w+\)[sd]")

# Texts in the page's own language: pieces with a language of their own, names and what people typed are not looked at.
VISIBLE: Final = """() => {
  const found = [];
  const skipped = "script, style, bdi, textarea, code, [dir=auto], [lang]:not(html)";
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const text = node.data.replace(/\\s+/g, " ").trim();
    if (text && !node.parentElement.closest(skipped)) found.push(text);
  }
  for (const piece of document.querySelectorAll("body, body *")) {
    if (piece.closest(skipped)) continue;
    for (const name of ["aria-label", "title", "alt", "placeholder", "data-label", "data-sending", "data-saved"]) {
      if (piece.hasAttribute(name)) found.push(piece.getAttribute(name));
    }
  }
  const title = document.title.split(" – ")[0];
  const named = [...document.querySelectorAll("h1 bdi")].some(name => name.textContent.trim() === title);
  return named ? found : [title, ...found];
}"""


def untranslated(page: Page, locale: str) -> list[str]:
    """Return the texts of a page that are English messages with another wording in ``locale``."""
    if locale == "en":
        return []
    return [text for text in page.evaluate(VISIBLE) if _is_english(text, locale)]


@cache
def _is_english(text: str, locale: str) -> bool:
    """Tell it once for each text: most of what pages say, they say on every page."""
    plain, patterns = _english(locale)
    return text in plain or any(one.fullmatch(text) for one in patterns)


@lru_cache
def _english(locale: str) -> tuple[frozenset[str], tuple[re.Pattern[str], ...]]:
    path = ROOT / "translations" / locale / "LC_MESSAGES" / "messages.po"
    with path.open("rb") as file:
        catalogue = read_po(file, locale=locale)
    plain: set[str] = set()
    patterns: set[str] = set()
    for message in catalogue:
        sources = message.id if isinstance(message.id, (list, tuple)) else (message.id,)
        given = message.string if isinstance(message.string, (list, tuple)) else (message.string,)
        for source in sources:
            parts = PLACEHOLDER.split(source)
            if source in given or len("".join(parts).strip()) < SHORTEST:
                continue
            if len(parts) == 1:
                plain.add(" ".join(source.split()))
            else:
                patterns.add(".+".join(re.escape(part) for part in parts))
    return frozenset(plain), tuple(re.compile(pattern) for pattern in sorted(patterns))
