"""Exact amounts as people write them: a cut of "2.5", "2,5" or "5/2"."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Final

_WRITTEN: Final = re.compile(r"(\d{1,3})(?:[.,٫](\d{1,2})|\s*/\s*(\d{1,3}))?")


def read_amount(text: str) -> Fraction | None:
    """Return the amount that a text names exactly, or None where it names none.

    Whole numbers to 999, two decimals at most, or a fraction; digits of every script.
    """
    found = _WRITTEN.fullmatch(text.strip())
    if found is None:
        return None
    whole, decimals, below = found.groups()
    if below is not None:
        return Fraction(int(whole), int(below)) if int(below) else None
    return int(whole) + (Fraction(int(decimals), 10 ** len(decimals)) if decimals else 0) * Fraction(1)


def write_amount(amount: Fraction) -> str:
    """Return an amount as ``read_amount`` reads it: decimals where two say it exactly, else a fraction."""
    hundredths = amount * 100
    if hundredths.denominator > 1:
        return f"{amount.numerator}/{amount.denominator}"
    return f"{float(amount):.2f}".rstrip("0").rstrip(".")
