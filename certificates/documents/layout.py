"""Laying out a certificate's words: as generously as they allow, and never over something else."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import weasyprint
from weasyprint.formatting_structure.boxes import BlockBox, LineBox
from weasyprint.layout.absolute import AbsolutePlaceholder

from certificates.documents.certificate import CertificateFacts
from certificates.documents.page.filling import DENSITIES, fill, first_density, style
from certificates.documents.places import Places, places_of
from institute.printing import pages
from institute.printing.fonts import missing

MM_PER_PIXEL: Final = 25.4 / 96
NAME_LINES: Final = 2
SLACK: Final = 0.3  # the empty edge that lines of type share
# What each block takes of the room that is left above it; the rest stays above the seal.
SHARES: Final = {"logo": 0.05, "issuer": 0.08, "says": 0.18, "name": 0.06, "title": 0.13, "proof": 0.08}
# The elements whose blocks are texts, as PDF tags them.
TEXTS: Final = {"p": "/P", "h1": "/H1", "h2": "/H2"}
FOOT: Final = frozenset(
    {"foot", "data", "cell", "sign", "ink", "who", "role", "check", "label", "value", "address"}
)


class PageError(Exception):
    """The facts do not make a page: the words do not fit, or a letter has no glyph."""


@dataclass(frozen=True, slots=True)
class Box:
    """Where a block of words stands, in millimetres from the upper left corner."""

    kind: str
    left: float
    top: float
    right: float
    bottom: float


def lay_out(facts: CertificateFacts) -> weasyprint.Document:
    """Return the page, set as generously as its words allow. Raises PageError if no setting fits."""
    unknown = missing("".join(_words_of(facts)))
    if unknown:
        raise PageError(f"no installed font has {', '.join(f'U+{ord(letter):04X}' for letter in unknown)}")
    places = places_of(facts)
    start = DENSITIES.index(first_density(facts))
    for density in DENSITIES[start:]:
        html = fill(facts, places, density)
        document = pages.lay_out(html, style(facts.look.primary), fetcher=_fetcher())
        left = _room_left(places, boxes(document))
        if left >= 0 and len(document.pages) == 1:
            _spread(document, min(left, places.spread))
            return document
    raise PageError("the words do not fit on the sheet")


def boxes(document: weasyprint.Document) -> tuple[Box, ...]:
    """Return where the blocks and their lines stand: lines are named after their block, with ``:line``."""
    found: list[Box] = []

    def walk(box: Any, kind: str) -> None:
        box = _itself(box)
        kind = _class_of(box) or kind
        if isinstance(box, LineBox):
            found.extend(_box(f"{kind}:line", part) for part in box.children if part.width)
            return
        if isinstance(box, BlockBox) and kind:
            found.append(_box(kind, box))
        for child in getattr(box, "children", ()):
            walk(child, kind)

    walk(document.pages[0]._page_box, "")
    return tuple(found)


def rule_from_top(document: weasyprint.Document) -> float:
    """Return how far the golden rule is from the paper's upper edge, in millimetres: it is the title's upper edge."""
    title = next(block for block in _blocks(document, "sheet") if _class_of(block) == "title")
    return float(title.position_y + title.margin_top) * MM_PER_PIXEL


def texts(box: Any) -> Iterator[Any]:
    """Yield the blocks that are tagged as text, in reading order."""
    box = _itself(box)
    if isinstance(box, BlockBox) and box.element is not None and box.element_tag in TEXTS:
        yield box
        return
    for child in getattr(box, "children", ()):
        yield from texts(child)


def _itself(box: Any) -> Any:
    """Return a box, also where WeasyPrint keeps a stand-in for one out of the flow."""
    return box._box if isinstance(box, AbsolutePlaceholder) else box


def _class_of(box: Any) -> str:
    """Return the first class of the element a box stands for, other than the page's own."""
    element = box.element
    if element is None or box.element_tag in {"html", "body"}:
        return ""
    return str(element.get("class") or "").partition(" ")[0]


def _words_of(facts: CertificateFacts) -> Iterator[str]:
    yield from (facts.name, facts.second_name or "", facts.serial, facts.verify_address)
    for text in (facts.institute, facts.title, facts.level, *(one.title for one in facts.signatories)):
        yield from (text.in_(locale) for locale in facts.locales)
    yield from (signatory.name for signatory in facts.signatories)


def _room_left(places: Places, placed: tuple[Box, ...]) -> float:
    """Return the millimetres that the upper part leaves; negative if something stands where it must not."""
    upper = [box for box in placed if box.kind.partition(":")[0] not in FOOT]
    lines = [box for box in placed if ":" in box.kind]
    foot = [box for box in lines if box.kind.partition(":")[0] in FOOT]
    inside = all(box.left > places.left and box.right < places.right for box in lines)
    if not inside or sum(box.kind == "name:line" for box in lines) > NAME_LINES:
        return -1.0
    if not all(places.signs <= box.top and box.bottom <= places.floor for box in foot):
        return -1.0
    if not all(_apart(one, other) for one, other in itertools.combinations(foot, 2)):
        return -1.0
    return places.ceiling - max(box.bottom for box in upper)


def _apart(one: Box, other: Box) -> bool:
    return (
        one.right <= other.left + SLACK
        or other.right <= one.left + SLACK
        or one.bottom <= other.top + SLACK
        or other.bottom <= one.top + SLACK
    )


def _spread(document: weasyprint.Document, left: float) -> None:
    """Spread the room that is left over the gaps: a short text stands as composed as a long one."""
    down = 0.0
    for block in _blocks(document, "sheet"):
        down += SHARES.get(_class_of(block), 0.0) * left
        block.translate(0, down / MM_PER_PIXEL)


def _blocks(document: weasyprint.Document, kind: str) -> list[Any]:
    """Return the blocks directly inside the block of a class."""
    for box in document.pages[0]._page_box.descendants():
        if isinstance(box, BlockBox) and _class_of(box) == kind:
            return list(box.children)
    return []


def _box(kind: str, box: Any) -> Box:
    left, top = box.position_x, box.position_y
    return Box(
        kind,
        left * MM_PER_PIXEL,
        top * MM_PER_PIXEL,
        (left + box.margin_width()) * MM_PER_PIXEL,
        (top + box.margin_height()) * MM_PER_PIXEL,
    )


@lru_cache(maxsize=1)
def _fetcher() -> weasyprint.URLFetcher:
    """Return what reads pictures that the page carries in itself, and fetches nothing."""
    return weasyprint.URLFetcher(allowed_protocols={"data"})
