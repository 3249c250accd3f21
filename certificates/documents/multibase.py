"""Multibase texts: base58btc (``z…``), base64url (``u…``), and Ed25519 keys as Multikey."""

from __future__ import annotations

import base64
import binascii
from typing import Any, Final

ALPHABET: Final = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
ED25519: Final = b"\xed\x01"  # the multicodec of an Ed25519 public key, as a varint
KEY_BYTES: Final = 32
LONGEST: Final = 4096


def base58(content: bytes) -> str:
    """Return bytes as multibase base58btc."""
    number = int.from_bytes(content)
    written = ""
    while number:
        number, rest = divmod(number, 58)
        written = ALPHABET[rest] + written
    zeros = len(content) - len(content.lstrip(b"\0"))
    return "z" + ALPHABET[0] * zeros + written


def base64url(content: bytes) -> str:
    """Return bytes as multibase base64url without padding."""
    return "u" + base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def decoded(text: str) -> bytes:
    """Return the bytes of a multibase text. Raises ValueError for any other base or a wrong sign."""
    kind, rest = text[:1], text[1:]
    if kind == "u":
        try:
            return base64.urlsafe_b64decode(rest + "=" * (-len(rest) % 4))
        except binascii.Error as error:
            raise ValueError("no base64url") from error
    if kind != "z" or len(rest) > LONGEST:
        raise ValueError(f"no multibase text we read: {text[:12]!r}")
    number = 0
    for sign in rest:
        at = ALPHABET.find(sign)
        if at < 0:
            raise ValueError(f"{sign!r} is no sign of base58")
        number = number * 58 + at
    zeros = len(rest) - len(rest.lstrip(ALPHABET[0]))
    return b"\0" * zeros + number.to_bytes((number.bit_length() + 7) // 8)


def multikey(public_jwk: dict[str, Any]) -> str:
    """Return an Ed25519 public key, given as JWK, as ``publicKeyMultibase``. Raises ValueError for other keys."""
    if public_jwk.get("crv") != "Ed25519":
        raise ValueError("only Ed25519 keys sign badges")
    raw = str(public_jwk["x"])
    return base58(ED25519 + base64.urlsafe_b64decode(raw + "=" * (-len(raw) % 4)))


def public_bytes(key: str) -> bytes:
    """Return the 32 bytes of a ``publicKeyMultibase``. Raises ValueError if it is no Ed25519 key."""
    content = decoded(key)
    raw = content.removeprefix(ED25519)
    if raw == content or len(raw) != KEY_BYTES:
        raise ValueError("no Ed25519 key")
    return raw
