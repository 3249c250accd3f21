"""What the installed faces can draw, and how wide: read from their files, without typesetting anything."""

from __future__ import annotations

import importlib
import os
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from institute.printing.scripts import CHINESE_FILE, DISPLAY, SCRIPTS, TEXT

FOLDERS: Final = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.local/share/fonts", "~/.fonts")
# Imported when a face is first read: a web process that reads none does not carry it.
_OPENING: Final = "fontTools.ttLib"
# Neither is drawn: they tell neighbouring letters how to join.
JOINERS: Final = frozenset("\u200c\u200d")


@dataclass(frozen=True, slots=True)
class Face:
    """A face's letters as ranges, first and last of each, and their widths in ems where they were read."""

    starts: tuple[int, ...]
    ends: tuple[int, ...]
    widths: dict[int, float]

    def draws(self, letter: str) -> bool:
        """Return whether the face has a glyph for a letter."""
        at = bisect_right(self.starts, ord(letter)) - 1
        return at >= 0 and ord(letter) <= self.ends[at]

    def width(self, letter: str) -> float:
        """Return how many ems a letter advances, before any joining."""
        if unicodedata.category(letter) in {"Mn", "Me"}:
            return 0.0
        return self.widths.get(ord(letter), 1.0)


def missing(text: str) -> tuple[str, ...]:
    """Return the letters of a text that no installed face draws, each once, in order."""
    return tuple(
        dict.fromkeys(
            letter
            for letter in text
            if letter not in JOINERS and not letter.isspace() and _face_for(letter) is None
        )
    )


def width(text: str) -> float:
    """Return the width of a text in ems, as if no letters joined: at least as wide as it will be drawn.

    A letter without a glyph counts one em.
    """
    total = 0.0
    for letter in text:
        if letter in JOINERS:
            continue
        face = _face_for(letter)
        total += face.width(letter) if face else 1.0
    return total


@lru_cache(maxsize=4096)
def _face_for(letter: str) -> Face | None:
    for file in _files():
        face = _face(file)
        if face is not None and face.draws(letter):
            return face
    return None


@lru_cache(maxsize=1)
def _files() -> tuple[str, ...]:
    """Return the files in the order in which a page asks them, the largest last."""
    small = [script.file for script in SCRIPTS if script.file != CHINESE_FILE]
    return tuple(dict.fromkeys([DISPLAY[1], TEXT[1], *small, CHINESE_FILE]))


@lru_cache(maxsize=64)
def _face(file: str) -> Face | None:
    path = _installed().get(file)
    if path is None:
        return None
    opening: Any = importlib.import_module(_OPENING)
    with opening.TTFont(path, fontNumber=0, lazy=True) as font:
        letters: dict[int, str] = font.getBestCmap()
        starts, ends = zip(*_ranges(sorted(letters)), strict=True)
        widths: dict[int, float] = {}
        if file != CHINESE_FILE:  # of its 44,000 letters nearly all are one em wide
            metrics, em = font["hmtx"].metrics, font["head"].unitsPerEm
            widths = {letter: metrics[glyph][0] / em for letter, glyph in letters.items()}
    return Face(starts, ends, widths)


@lru_cache(maxsize=1)
def _installed() -> dict[str, Path]:
    """Return where the font files are, by name."""
    found: dict[str, Path] = {}
    for folder in FOLDERS:
        for place, _, names in os.walk(Path(folder).expanduser()):
            for name in names:
                found.setdefault(name, Path(place) / name)
    return found


def _ranges(letters: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Return runs of neighbours, first and last of each."""
    first = last = -1
    for letter in letters:
        if letter != last + 1:
            if first >= 0:
                yield first, last
            first = letter
        last = letter
    if first >= 0:
        yield first, last
