"""Authors' Markdown as safe HTML, and how long it takes to read."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import ceil
from typing import Final

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

TAGS: Final = {
    "a", "blockquote", "br", "code", "em", "h3", "h4", "h5", "hr", "li", "ol", "p", "pre", "strong",
    "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip
ATTRIBUTES: Final = {"a": {"href", "title", "target"}, "ol": {"start"}}
HIGHEST_HEADING: Final = 3  # a page's own headings are h1 and h2
LOWEST_HEADING: Final = 5
WORDS_A_MINUTE: Final = 200
IDEOGRAPHS_A_MINUTE: Final = 400
FIRST_PART_WORDS: Final = 120
FOLD_FROM_WORDS: Final = 200

_IDEOGRAPH: Final = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")
_markdown: Final = MarkdownIt("commonmark", {"html": False}).enable("table")


@dataclass(frozen=True, slots=True)
class Reading:
    """A text cut in two: ``first`` is shown at once, ``rest`` (may be empty) takes ``rest_minutes`` more."""

    first: Markup
    rest: Markup
    rest_minutes: int


def effort(text: str) -> float:
    """Return how long ``text`` is in words, an ideograph counting as half of one."""
    ideographs = len(_IDEOGRAPH.findall(text))
    words = len(_IDEOGRAPH.sub(" ", text).split())
    return words + ideographs * WORDS_A_MINUTE / IDEOGRAPHS_A_MINUTE


@lru_cache(maxsize=512)
def render(text: str) -> Markup:
    """Return Markdown as HTML that is safe to put into a page; its highest heading becomes an ``h3``.

    Raw HTML in the text is shown as it was typed. Links lead out of the frame.
    """
    return _safe(_prepared(text))


@lru_cache(maxsize=512)
def read(text: str) -> Reading:
    """Return ``text`` rendered and cut after its first part, where the rest is worth folding away."""
    tokens = _prepared(text)
    cut, words = len(tokens), 0.0
    for index, token in enumerate(tokens):
        words += effort(token.content) if token.type in {"inline", "fence", "code_block"} else 0
        closes = token.level == 0 and token.nesting <= 0 and token.type != "heading_close"
        if closes and words >= FIRST_PART_WORDS:
            cut = index + 1
            break
    left = sum(
        effort(token.content) for token in tokens[cut:] if token.type in {"inline", "fence", "code_block"}
    )
    if left < FOLD_FROM_WORDS:
        return Reading(_safe(tokens), Markup(""), 0)
    return Reading(_safe(tokens[:cut]), _safe(tokens[cut:]), ceil(left / WORDS_A_MINUTE))


def _prepared(text: str) -> list[Token]:
    tokens = _markdown.parse(text)
    levels = [int(token.tag[1]) for token in tokens if token.type == "heading_open"]
    shift = HIGHEST_HEADING - min(levels, default=HIGHEST_HEADING)
    for token in tokens:
        if token.type in {"heading_open", "heading_close"}:
            token.tag = f"h{min(int(token.tag[1]) + shift, LOWEST_HEADING)}"
        for child in token.children or ():
            if child.type == "link_open":
                child.attrSet("target", "_blank")
    return tokens


def _safe(tokens: Sequence[Token]) -> Markup:
    html = _markdown.renderer.render(tokens, _markdown.options, {})
    return Markup(nh3.clean(html, tags=TAGS, attributes=ATTRIBUTES, url_schemes={"http", "https", "mailto"}))  # noqa: S704  (nh3 has just cleaned it)
