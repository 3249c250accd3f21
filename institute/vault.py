"""Secrets at rest: sealed with a key derived from SECRET_KEY, so that a stolen database alone opens nothing.

While SECRET_KEY is being changed there is a former one: it still opens, and seals nothing more.
"""

from __future__ import annotations

import base64
from functools import lru_cache
from typing import Any, cast

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from flask import Flask, current_app
from sqlalchemy import Column
from sqlalchemy.orm import InstrumentedAttribute

from institute.config import current_settings
from institute.errors import UnavailableError
from institute.i18n import lazy_gettext


class VaultError(UnavailableError):
    """A sealed secret cannot be opened: SECRET_KEY is not the one it was sealed with."""

    code = "SEALED"
    title = lazy_gettext("A key cannot be opened")
    sentence = lazy_gettext("The tool's secret key is not the one that this was sealed with.")
    advice = lazy_gettext("Tell whoever runs the tool; the operator's guide says how to mend it.")


@lru_cache(maxsize=8)
def _fernet(secret: str) -> Fernet:
    key = HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=b"institute vault").derive(
        secret.encode()
    )
    return Fernet(base64.urlsafe_b64encode(key))


def _present() -> Fernet:
    return _fernet(current_settings().secret_key)


def _either() -> MultiFernet:
    settings = current_settings()
    secrets = filter(None, (settings.secret_key, settings.former_secret_key))
    return MultiFernet([_fernet(secret) for secret in secrets])


def seal(plain: bytes) -> bytes:
    """Return ``plain`` encrypted and authenticated, as ASCII bytes."""
    return _present().encrypt(plain)


def open_sealed(sealed: bytes) -> bytes:
    """Return what ``seal`` was given. Raises VaultError if it was sealed with another key."""
    try:
        return _either().decrypt(sealed)
    except InvalidToken as error:
        raise VaultError from error


def is_sealed_with_present(sealed: bytes) -> bool:
    """Tell whether the present SECRET_KEY, without the former one, opens ``sealed``."""
    try:
        _present().decrypt(sealed)
    except InvalidToken:
        return False
    return True


def add(app: Flask, column: InstrumentedAttribute[Any]) -> None:
    """Note that a column holds what ``seal`` returned, so that it is sealed anew when SECRET_KEY changes."""
    cast("list[Column[bytes]]", app.extensions["vault"]).append(cast("Column[bytes]", column.expression))


def sealed_columns() -> list[Column[bytes]]:
    """Return the columns that hold sealed values, in the order in which they were added."""
    return list(cast("list[Column[bytes]]", current_app.extensions["vault"]))


def init_app(app: Flask) -> None:
    """Give the application an empty list of sealed columns."""
    app.extensions["vault"] = []
