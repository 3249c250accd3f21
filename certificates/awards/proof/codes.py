"""The public code of a certificate: 130 random bits in letters and digits that nobody mistakes for one another."""

from __future__ import annotations

import re
import secrets
from itertools import accumulate
from typing import Final

ALPHABET: Final = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # 32 signs, five bits each; no 0, 1, I, O
LENGTH: Final = 26
GROUPS: Final = (6, 7, 6, 7)
_BETWEEN: Final = re.compile(r"[\s\-\u2010-\u2015]+")
_WHOLE: Final = re.compile(rf"[{ALPHABET}]{{{LENGTH}}}\Z")
LONGEST_TYPED: Final = 200
# Looked up instead of what cannot be a code, so that both take the same way; no certificate ever has it.
NOBODYS: Final = "2" * LENGTH


def make_code() -> str:
    """Return a new code of 130 bits."""
    while (code := "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))) == NOBODYS:
        pass
    return code


def read_code(typed: str) -> str:
    """Return the code that somebody typed, whatever its case, spaces and hyphens; NOBODYS if it cannot be one."""
    code = _BETWEEN.sub("", typed[:LONGEST_TYPED]).upper()
    return code if _WHOLE.match(code) else NOBODYS


def show_code(code: str) -> str:
    """Return a code in four groups, as people read it."""
    ends = list(accumulate(GROUPS))
    return "-".join(code[end - length : end] for end, length in zip(ends, GROUPS, strict=True))


def print_code(code: str) -> str:
    """Return a code for a narrow column: two halves that each stay on a line."""
    first, second, third, fourth = show_code(code).split("-")
    return f"{first}\u00a0{second} {third}\u00a0{fourth}"
