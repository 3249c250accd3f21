"""Drawings as SVG: only shapes are taken, so that nothing in one can act, load, or grow without end."""

from __future__ import annotations

import math
import re
from typing import Final
from xml.etree import ElementTree

from certificates.documents.looks.errors import DrawingActiveError, DrawingBrokenError

SVG: Final = "image/svg+xml"
MOST_ELEMENTS: Final = 4000
DEEPEST: Final = 60
_SPACE: Final = "http://www.w3.org/2000/svg"
# What drawing programs write about themselves is drawn by nobody.
_NOTES: Final = frozenset({"metadata"})
_SHAPES: Final = _NOTES | {
    *("svg", "g", "defs", "path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "clipPath"),
    *("linearGradient", "radialGradient", "stop", "title", "desc"),
}
_BEGINS: Final = re.compile(rb"\s*(\xef\xbb\xbf)?\s*(<\?xml|<!--|<!DOCTYPE|<svg)", re.IGNORECASE)
_ADDRESS: Final = re.compile(r"url\(\s*['\"]?\s*(?!#)|@import|expression|javascript:|data:|\\", re.IGNORECASE)
_OTHER_LETTERS: Final = re.compile(rb"<\?xml[^>]*encoding\s*=\s*['\"](?!utf-8|us-ascii)", re.IGNORECASE)
_NUMBER: Final = re.compile(r"\s*([0-9]{1,6}(?:\.[0-9]{1,9})?)\s*(?:px|pt|mm|cm|in)?\s*\Z")


def looks_like_drawing(data: bytes) -> bool:
    """Tell whether bytes begin as an SVG does."""
    return _BEGINS.match(data) is not None


def check_drawing(data: bytes) -> float:
    """Return the width of a drawing for a height of 1. Raises DrawingActiveError or DrawingBrokenError."""
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data or b"\0" in data:
        raise DrawingActiveError(what="DOCTYPE")
    if _OTHER_LETTERS.search(data[:400]):
        raise DrawingBrokenError
    try:
        root = ElementTree.fromstring(data)  # noqa: S314  (no entity is declared: see above)
    except (ElementTree.ParseError, ValueError, LookupError, RecursionError) as error:
        raise DrawingBrokenError from error
    if _name(root) != "svg":
        raise DrawingBrokenError
    _check(root)
    return _ratio(root)


def ratio_of(data: bytes) -> float:
    """Return the width of a drawing that was checked before, for a height of 1."""
    return _ratio(ElementTree.fromstring(data))  # noqa: S314  (checked before it was kept)


def _check(root: ElementTree.Element) -> None:
    """Walk all elements without recursion. Raises DrawingActiveError for the first that is no shape."""
    waiting, seen = [(root, 0)], 0
    while waiting:
        element, depth = waiting.pop()
        seen += 1
        if seen > MOST_ELEMENTS or depth > DEEPEST:
            raise DrawingBrokenError
        name = _name(element)
        if name not in _SHAPES:
            raise DrawingActiveError(what=str(element.tag).rpartition("}")[2][:40])
        if name in _NOTES:
            continue
        for key, value in element.attrib.items():
            _check_attribute(key.rpartition("}")[2].lower(), value)
        waiting.extend((child, depth + 1) for child in element)


def _check_attribute(name: str, value: str) -> None:
    loads = _ADDRESS.search(value) or (name == "href" and not value.startswith("#"))
    if loads or name.startswith("on"):
        raise DrawingActiveError(what=name[:40])


def _name(element: ElementTree.Element) -> str | None:
    """Return the name of an SVG element, None for any other."""
    tag = element.tag
    if not isinstance(tag, str):
        return None
    space, _, name = tag.rpartition("}")
    return name if space in {"", "{" + _SPACE} else None


def _ratio(root: ElementTree.Element) -> float:
    box = re.split(r"[\s,]+", root.get("viewBox", "").strip())
    if len(box) == 4:  # noqa: PLR2004
        width, height = _length(box[2]), _length(box[3])
    else:
        width, height = _length(root.get("width", "")), _length(root.get("height", ""))
    ratio = width / height
    if not math.isfinite(ratio):
        raise DrawingBrokenError
    return ratio


def _length(text: str) -> float:
    found = _NUMBER.match(text)
    if found is None or float(found[1]) <= 0:
        raise DrawingBrokenError
    return float(found[1])
