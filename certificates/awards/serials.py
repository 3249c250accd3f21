"""The serial of a certificate, which people read out: institute, year, number, check digit."""

from __future__ import annotations


def make_serial(slug: str, year: int, number: int) -> str:
    """Return such as ``VALLEY-2026-00418-7``; the last digit is Luhn's over year and number."""
    body = f"{year:04d}{number:05d}"
    doubled = sum(sum(divmod(int(sign) * 2, 10)) for sign in body[::-2])
    plain = sum(int(sign) for sign in body[-2::-2])
    return f"{slug.upper()}-{year:04d}-{number:05d}-{-(doubled + plain) % 10}"
