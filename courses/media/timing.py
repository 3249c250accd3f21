"""Times of a recording, as people type and read them."""

from __future__ import annotations

import re
from typing import Final

LONGEST_MS: Final = 24 * 60 * 60 * 1000
_CLOCK: Final = re.compile(r"(?:(\d{1,2}):)?(\d{1,3}):(\d{1,2})(?:[.,](\d{1,3}))?\Z")
_SECONDS: Final = re.compile(r"(\d{1,5})(?:[.,](\d{1,3}))?\Z")
_SIXTY: Final = 60


def read_clock(typed: str) -> int | None:
    """Return the milliseconds of a typed time: ``5:12``, ``1:05:12``, ``312`` or ``312.5`` (seconds), else None."""
    text = typed.strip()
    if not text.isascii():
        return None
    if whole := _SECONDS.match(text):
        return _ms(int(whole.group(1)), whole.group(2))
    found = _CLOCK.match(text)
    if found is None:
        return None
    hours, minutes, seconds = int(found.group(1) or 0), int(found.group(2)), int(found.group(3))
    if seconds >= _SIXTY or (found.group(1) and minutes >= _SIXTY):
        return None
    return _ms((hours * 60 + minutes) * 60 + seconds, found.group(4))


def _ms(seconds: int, rest: str | None) -> int | None:
    whole = seconds * 1000 + int((rest or "0").ljust(3, "0"))
    return whole if whole <= LONGEST_MS else None
