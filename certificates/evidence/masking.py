"""Hiding whose evidence it is: their name and address, wherever they stand in what they wrote."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Final

HIDDEN: Final = "▇▇▇"
SHORTEST: Final = 3
_ADDRESS: Final = re.compile(r"[\w.+'-]+@[\w-]+(?:\.[\w-]+)+")
_NO_SPACES: Final = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


def names_in(name: str) -> frozenset[str]:
    """Return what a person may be called by: the whole name and its longer parts.

    A name written without spaces, as in Chinese, is also called by what follows its first character.
    """
    whole = " ".join(unicodedata.normalize("NFC", name).split())
    if not whole:
        return frozenset()
    parts = {part for part in re.split(r"[\s,;/]+", whole) if len(part.strip(".-")) >= SHORTEST}
    if _NO_SPACES.search(whole):
        parts |= {part[1:] for part in whole.split() if len(part) >= SHORTEST}
    return frozenset(parts | {whole})


def masked(text: str, names: Iterable[str]) -> str:
    """Return a text in which these names, whatever their case and accents, and e-mail addresses are blacked out.

    A name stands for itself alone: "Ana" is no part of "analysis". Where a language writes no spaces it is hidden
    wherever it stands.
    """
    shown = _ADDRESS.sub(HIDDEN, unicodedata.normalize("NFC", text))
    for name in sorted(names, key=len, reverse=True):
        plain = re.escape(_plain(unicodedata.normalize("NFC", name)))
        pattern = plain if _NO_SPACES.search(name) else rf"(?<!\w){plain}(?!\w)"
        found = list(re.finditer(pattern, _plain(shown)))
        for one in reversed(found):
            shown = shown[: one.start()] + HIDDEN + shown[one.end() :]
    return shown


def _plain(text: str) -> str:
    """Return a text without case and accents, character by character, so that places in both are the same."""
    return "".join(_base(character) for character in text)


def _base(character: str) -> str:
    lower = unicodedata.normalize("NFD", character)[0].lower()
    return lower if len(lower) == 1 else character
