"""The platform's signing keys, its published key set, and compact tokens: right ones and, for suites, wrong ones."""

import base64
import hashlib
import hmac
import json
import secrets
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

KEY_BITS: Final = 2048


@dataclass(frozen=True)
class PlatformKey:
    """A signing key and the name under which its public half is published."""

    kid: str
    private: rsa.RSAPrivateKey

    def publish(self) -> dict[str, str]:
        """Return the public half as a JSON Web Key."""
        numbers = self.private.public_key().public_numbers()
        return {
            "kty": "RSA",
            "use": "sig",
            "alg": "RS256",
            "kid": self.kid,
            "n": _number(numbers.n),
            "e": _number(numbers.e),
        }

    def public_pem(self) -> bytes:
        """Return the public half as PEM: the text that a careless tool would take for a shared secret."""
        return self.private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def make_key() -> PlatformKey:
    """Make a fresh key under a fresh name."""
    return PlatformKey(
        secrets.token_hex(10), rsa.generate_private_key(public_exponent=65537, key_size=KEY_BITS)
    )


def add_key(db: sqlite3.Connection) -> PlatformKey:
    """Make a key, keep and publish it; from now on it signs."""
    key = make_key()
    pem = key.private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    db.execute("INSERT INTO platform_key (kid, private_pem) VALUES (?, ?)", (key.kid, pem))
    return key


def rotate_keys(db: sqlite3.Connection, *, keep_old: bool) -> PlatformKey:
    """Sign with a new key from now on. Unless ``keep_old``, the former ones are no longer published."""
    if not keep_old:
        db.execute("UPDATE platform_key SET published = 0")
    return add_key(db)


def find_signing_key(db: sqlite3.Connection) -> PlatformKey:
    """Return the newest key."""
    row = db.execute("SELECT kid, private_pem FROM platform_key ORDER BY id DESC LIMIT 1").fetchone()
    return _load(row["kid"], row["private_pem"])


def list_public_keys(db: sqlite3.Connection) -> list[dict[str, str]]:
    """Return all published keys as JSON Web Keys, newest first."""
    rows = db.execute("SELECT kid, private_pem FROM platform_key WHERE published = 1 ORDER BY id DESC")
    return [_load(row["kid"], row["private_pem"]).publish() for row in rows.fetchall()]


def sign_compact(header: Mapping[str, object], payload: object, key: PlatformKey) -> str:
    """Sign with the algorithm that ``header`` names: RS256, HS256 (with the public key as secret) or none.

    Raises ValueError for another algorithm.
    """
    signed = f"{_json(header)}.{_json(payload)}"
    algorithm = header.get("alg")
    if algorithm == "RS256":
        signature = key.private.sign(signed.encode(), padding.PKCS1v15(), hashes.SHA256())
    elif algorithm == "HS256":
        signature = hmac.digest(key.public_pem(), signed.encode(), hashlib.sha256)
    elif algorithm == "none":
        signature = b""
    else:
        raise ValueError(f"{algorithm} is no algorithm of this platform")
    return f"{signed}.{_encode(signature)}"


def _load(kid: str, pem: str) -> PlatformKey:
    private = load_pem_private_key(pem.encode(), password=None)
    if not isinstance(private, rsa.RSAPrivateKey):
        raise TypeError(f"the key {kid} is no RSA key")
    return PlatformKey(kid, private)


def _json(value: object) -> str:
    return _encode(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode())


def _encode(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


def _number(value: int) -> str:
    return _encode(value.to_bytes((value.bit_length() + 7) // 8, "big"))
