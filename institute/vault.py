"""Secrets at rest: sealed with a key derived from SECRET_KEY, so that a stolen database alone opens nothing."""

from __future__ import annotations

import base64
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from institute.config import current_settings


class VaultError(Exception):
    """A sealed secret cannot be opened: SECRET_KEY is not the one it was sealed with."""


@lru_cache(maxsize=4)
def _fernet(secret: str) -> Fernet:
    key = HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=b"institute vault").derive(
        secret.encode()
    )
    return Fernet(base64.urlsafe_b64encode(key))


def seal(plain: bytes) -> bytes:
    """Return ``plain`` encrypted and authenticated, as ASCII bytes."""
    return _fernet(current_settings().secret_key).encrypt(plain)


def open_sealed(sealed: bytes) -> bytes:
    """Return what ``seal`` was given. Raises VaultError if the key is another one."""
    try:
        return _fernet(current_settings().secret_key).decrypt(sealed)
    except InvalidToken as error:
        raise VaultError("SECRET_KEY is not the one this secret was sealed with") from error
