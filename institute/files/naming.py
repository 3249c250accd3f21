"""Names of files: what somebody's device sent made safe to store, to show and to save under."""

from __future__ import annotations

import re
import unicodedata
from pathlib import PurePath
from typing import Final
from urllib.parse import quote

from institute.files.models import LONGEST_NAME

LONGEST_BYTES: Final = 200  # file systems take 255 bytes, and browsers add " (1)"
LONGEST_GIVEN: Final = 2000  # no device names a file so; putting longer ones in order would take minutes
FALLBACK: Final = "file"
_JOINERS: Final = "\u200c\u200d"  # within words of Persian and of Indian languages
_RESERVED: Final = re.compile(
    r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)(\.|\Z)", re.IGNORECASE
)
_UNSAFE: Final = re.compile(r'[<>:"|?*%]')
_PLAIN: Final = re.compile(r"[^A-Za-z0-9._ -]")


def safe_name(given: str, suffixes: tuple[str, ...] = ()) -> str:
    """Return a name without path, control characters or direction marks, that every system can save.

    Where ``suffixes`` are given and the name has none of them, the first is added.
    """
    last = re.split(r"[/\\]", given)[-1]
    if len(last) > LONGEST_GIVEN:
        last = last[: LONGEST_GIVEN // 2] + last[-LONGEST_GIVEN // 2 :]  # its ending stays
    kept = "".join(character for character in unicodedata.normalize("NFC", last) if _is_kept(character))
    name = _UNSAFE.sub("_", " ".join(kept.split())).strip(". ")
    if not name.strip("._ " + _JOINERS):
        name = FALLBACK
    if _RESERVED.match(name):
        name = f"_{name}"
    suffix = PurePath(name).suffix
    if suffixes and suffix.lower() not in suffixes:
        suffix, stem = suffixes[0], name
    else:
        stem = name.removesuffix(suffix) if suffix else name
    return _fitted(stem, suffix if len(suffix) <= 20 else "") or FALLBACK  # noqa: PLR2004  (no type has a longer one)


def disposition(name: str, *, inline: bool = False) -> str:
    """Return the value of Content-Disposition (RFC 6266) that makes browsers save under ``name``, made safe."""
    name = safe_name(name)
    suffix = _ascii(PurePath(name).suffix)
    stem = _ascii(name.removesuffix(PurePath(name).suffix)).strip(". ")
    plain = (stem if stem.strip("_ ") else FALLBACK) + suffix
    if _RESERVED.match(plain):  # letters that only looked otherwise
        plain = f"_{plain}"
    kind = "inline" if inline else "attachment"
    if plain == name:
        return f'{kind}; filename="{plain}"'
    return f"{kind}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def _is_kept(character: str) -> bool:
    """Tell whether a character may stand in a name: no control, direction mark, surrogate or unassigned one."""
    if character in _JOINERS or character.isspace():
        return True
    return unicodedata.category(character)[0] != "C"


def _ascii(text: str) -> str:
    """Return what of a text every browser reads in a header."""
    return _PLAIN.sub("_", unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode())


def _fitted(stem: str, suffix: str) -> str:
    """Shorten the stem until the whole fits."""
    while len(stem + suffix) > LONGEST_NAME or len((stem + suffix).encode()) > LONGEST_BYTES:
        stem = stem[:-1]
    return stem.rstrip(". ") + suffix
