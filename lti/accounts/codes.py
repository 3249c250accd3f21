"""The letters of a code: easy to read aloud and to type, made anew from its salt whenever its owner looks."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import unicodedata
from typing import Final

from institute.config import current_settings

LETTERS: Final = "ABCDEFGHJKLMNPQRSTVWXYZ23456789"
LENGTH: Final = 8
MOST_TYPED: Final = 100
"""How much of what somebody typed is looked at."""


def make_salt() -> str:
    """Return a new salt, 256 bits."""
    return secrets.token_hex(32)


def code_of(salt: str) -> str:
    """Return the code that belongs to a salt, eight letters in two groups: ``KTRF-29QM``."""
    key = current_settings().secret_key.encode()
    number = int.from_bytes(hmac.new(key, f"account-code:{salt}".encode(), hashlib.sha256).digest(), "big")
    letters = []
    for _ in range(LENGTH):
        number, place = divmod(number, len(LETTERS))
        letters.append(LETTERS[place])
    return "".join(letters[: LENGTH // 2]) + "-" + "".join(letters[LENGTH // 2 :])


def code_hash(typed: str) -> str:
    """Return the SHA-256 (hex) of a code however it was typed: small letters, spaces, wide letters."""
    plain = unicodedata.normalize("NFKC", typed[:MOST_TYPED]).upper()
    kept = "".join(letter for letter in plain if letter in LETTERS)
    return hashlib.sha256(kept.encode()).hexdigest()
