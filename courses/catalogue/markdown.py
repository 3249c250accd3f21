"""Authors' Markdown as safe HTML with media from the library, and how long it takes to read."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import ceil
from typing import Final

import nh3
from markdown_it.token import Token
from markupsafe import Markup

from courses.catalogue.media import Named, Pieces, draw, in_pieces, place_media
from courses.catalogue.parsing import parse, write

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


def render(text: str) -> Markup:
    """Return Markdown as HTML that is safe to put into a page; its highest heading becomes an ``h3``.

    Raw HTML in the text is shown as it was typed. Links lead out of the frame. What names a resource of the library
    (``![text](resource:key)``, ``[text](resource:key)``) is drawn for who reads; everything else is remembered.
    """
    return draw(_rendered(text))


def read(text: str) -> Reading:
    """Return ``text`` rendered and cut after its first part, where the rest is worth folding away."""
    first, rest, minutes = _read(text)
    return Reading(draw(first), draw(rest), minutes)


@lru_cache(maxsize=512)
def _rendered(text: str) -> Pieces:
    tokens, named = _prepared(text)
    return _safe(tokens, named)


@lru_cache(maxsize=512)
def _read(text: str) -> tuple[Pieces, Pieces, int]:
    tokens, named = _prepared(text)
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
        return _safe(tokens, named), (), 0
    return _safe(tokens[:cut], named), _safe(tokens[cut:], named), ceil(left / WORDS_A_MINUTE)


def _prepared(text: str) -> tuple[list[Token], list[Named]]:
    tokens = parse(text)
    levels = [int(token.tag[1]) for token in tokens if token.type == "heading_open"]
    shift = HIGHEST_HEADING - min(levels, default=HIGHEST_HEADING)
    for token in tokens:
        if token.type in {"heading_open", "heading_close"}:
            token.tag = f"h{min(int(token.tag[1]) + shift, LOWEST_HEADING)}"
    named: list[Named] = []
    tokens = place_media(tokens, named)
    for token in tokens:
        for child in token.children or ():
            if child.type == "link_open":
                child.attrSet("target", "_blank")
    return tokens, named


def _safe(tokens: Sequence[Token], named: Sequence[Named]) -> Pieces:
    html = write(tokens)
    html = nh3.clean(html, tags=TAGS, attributes=ATTRIBUTES, url_schemes={"http", "https", "mailto"})
    return in_pieces(html, named)
