"""The Open Badge as a JWT with RS256 (OB 3.0, JSON Web Token proof format).

Only the worker imports this module, behind ``certificates.documents.making``.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from joserfc import jwt
from joserfc.jwk import RSAKey

from institute.keys.keeping import KeyInHand
from institute.keys.models import KeyPurpose

ALGORITHM: Final = "RS256"


def make_jwt(document: Mapping[str, Any], *, key: KeyInHand, key_url: str) -> str:
    """Return the badge, without an embedded proof, as a signed JWT. ``key_url`` answers with the key as a JWK.

    Raises ValueError if the key does not sign JWTs.
    """
    private = key.private
    if key.purpose is not KeyPurpose.BADGE_JWT or not isinstance(private, RSAPrivateKey):
        raise ValueError(f"a {key.purpose} key does not sign a badge as a JWT")
    pem = private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    issuer = document["issuer"]
    claims = {name: value for name, value in document.items() if name != "proof"} | {
        "iss": issuer["id"] if isinstance(issuer, dict) else issuer,
        "jti": document["id"],
        "nbf": _seconds(document["validFrom"]),
    }
    if "validUntil" in document:
        claims["exp"] = _seconds(document["validUntil"])
    header = {"alg": ALGORITHM, "typ": "JWT", "kid": key_url}
    return jwt.encode(header, claims, RSAKey.import_key(pem), algorithms=[ALGORITHM])


def _seconds(instant: str) -> int:
    return int(datetime.fromisoformat(instant).timestamp())
