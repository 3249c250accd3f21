"""Sealing of private notes: each author has a key of their own, and NOTES_KEY, which no database holds, wraps it.

AES-256-GCM twice. What a seal is about goes into it, so that one cannot be put in another's place. The length of a note
is hidden up to ``STEP`` bytes. While NOTES_KEY is being changed the former one still opens, and wraps nothing more.
"""

from __future__ import annotations

import os
from functools import lru_cache
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from institute.config import current_settings
from institute.errors import UnavailableError
from institute.i18n import lazy_gettext

KEY_BITS: Final = 256
NONCE: Final = 12
STEP: Final = 256
LENGTH_BYTES: Final = 4


class NotesKeyError(UnavailableError):
    """A note cannot be opened: NOTES_KEY is not the one that its author's key was wrapped with."""

    code = "NOTES-KEY"
    title = lazy_gettext("Your private notes cannot be opened")
    sentence = lazy_gettext("The tool's key for private notes is not the one that yours were sealed with.")
    advice = lazy_gettext("Tell whoever runs the tool; the operator's guide says how to mend it.")


def new_key() -> bytes:
    """Return a fresh key for an author."""
    return AESGCM.generate_key(KEY_BITS)


def wrap(key: bytes, about: bytes) -> bytes:
    """Return an author's key wrapped with the present NOTES_KEY."""
    return _seal(_wrapping(current_settings().notes_key), key, about)


def unwrap(wrapped: bytes, about: bytes) -> bytes:
    """Return what ``wrap`` was given. Raises NotesKeyError if neither NOTES_KEY nor the former one opens it."""
    settings = current_settings()
    for secret in filter(None, (settings.notes_key, settings.former_notes_key)):
        try:
            return _open(_wrapping(secret), wrapped, about)
        except InvalidTag:
            continue
    raise NotesKeyError


def is_wrapped_with_present(wrapped: bytes, about: bytes) -> bool:
    """Tell whether the present NOTES_KEY, without the former one, opens ``wrapped``."""
    try:
        _open(_wrapping(current_settings().notes_key), wrapped, about)
    except InvalidTag:
        return False
    return True


def seal_text(key: bytes, text: str, about: bytes) -> bytes:
    """Return a text sealed with an author's key; texts of about the same length are of the same size."""
    plain = text.encode()
    padded = len(plain).to_bytes(LENGTH_BYTES, "big") + plain
    return _seal(key, padded + bytes(-len(padded) % STEP), about)


def open_text(key: bytes, ciphertext: bytes, about: bytes) -> str:
    """Return what ``seal_text`` was given. Raises NotesKeyError if it was sealed with another key, or about else."""
    try:
        padded = _open(key, ciphertext, about)
    except InvalidTag as error:
        raise NotesKeyError from error
    length = int.from_bytes(padded[:LENGTH_BYTES], "big")
    return padded[LENGTH_BYTES : LENGTH_BYTES + length].decode()


@lru_cache(maxsize=8)
def _wrapping(secret: str) -> bytes:
    key = HKDF(algorithm=hashes.SHA256(), length=KEY_BITS // 8, salt=None, info=b"private notes")
    return key.derive(secret.encode())


def _seal(key: bytes, plain: bytes, about: bytes) -> bytes:
    nonce = os.urandom(NONCE)
    return nonce + AESGCM(key).encrypt(nonce, plain, about)


def _open(key: bytes, sealed: bytes, about: bytes) -> bytes:
    return AESGCM(key).decrypt(sealed[:NONCE], sealed[NONCE:], about)
