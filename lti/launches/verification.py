"""Whether a token proves what it says: its form, its signature, for whom it is, and when it was made."""

from __future__ import annotations

import base64
import binascii
import json
import math
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final, NoReturn

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, RSAKey

from lti.launches.errors import (
    AlgorithmError,
    AudienceError,
    IssuerError,
    KeyUnknownError,
    NonceError,
    SignatureError,
    TokenFormatError,
    TokenTimeError,
)

ALGORITHMS: Final = ("RS256", "ES256")
LEEWAY_S: Final = 60
MAX_AGE_S: Final = 3600
MAX_TOKEN_BYTES: Final = 256 * 1024
PARTS: Final = 3

_REGISTRY: Final = jws.JWSRegistry(algorithms=ALGORITHMS)

FindKey = Callable[[str, str], RSAKey | ECKey]
"""From a key id and an algorithm to the platform's key."""


def read_unverified(token: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return a token's header and payload without believing either.

    Raises TokenFormatError unless it is three base64url parts, the first two of them JSON objects.
    """
    parts = token.split(".")
    if len(parts) != PARTS or len(token) > MAX_TOKEN_BYTES or not token.isascii():
        raise TokenFormatError
    return _json_object(parts[0]), _json_object(parts[1])


def _json_object(part: str) -> dict[str, Any]:
    try:
        raw = base64.b64decode(part + "=" * (-len(part) % 4), altchars="-_", validate=True)
        value = json.loads(raw.decode("utf-8"), parse_constant=_refuse_constant)
    except (binascii.Error, ValueError, RecursionError) as error:
        raise TokenFormatError from error
    if not isinstance(value, dict):
        raise TokenFormatError
    return value


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(name)  # NaN and the infinities are no JSON


def verify_signature(token: str, header: Mapping[str, Any], find_key: FindKey) -> None:
    """Check the signature with the platform's key that the header names.

    RFC 8725, 3.1: the algorithm is one of ours and bound to the key's type; the header decides nothing else.
    Raises AlgorithmError, KeyUnknownError, SignatureError, or what ``find_key`` raises.
    """
    algorithm, kid = header.get("alg"), header.get("kid")
    if algorithm not in ALGORITHMS or "crit" in header:
        raise AlgorithmError
    if not isinstance(kid, str) or not kid:
        raise KeyUnknownError
    try:
        jws.deserialize_compact(token, find_key(kid, algorithm), registry=_REGISTRY)
    except (JoseError, ValueError) as error:
        raise SignatureError from error


def validate_issuer(claims: Mapping[str, Any], expected: str) -> None:
    """Require ``iss`` to be the login's issuer (OpenID Connect Core, 3.1.3.7, rule 2). Raises IssuerError."""
    if claims.get("iss") != expected:
        raise IssuerError


def validate_audience(claims: Mapping[str, Any], client_id: str) -> None:
    """Require ``aud`` to hold our client id, and ``azp`` to be it where several are meant.

    OpenID Connect Core, 3.1.3.7, rules 3 to 5; LTI security framework, 5.1.3. Raises AudienceError.
    """
    audience = claims.get("aud")
    audiences = audience if isinstance(audience, list) else [audience]
    if client_id not in audiences or not all(isinstance(one, str) for one in audiences):
        raise AudienceError
    if ("azp" in claims or len(audiences) > 1) and claims.get("azp") != client_id:
        raise AudienceError


def validate_nonce(claims: Mapping[str, Any], expected: str) -> None:
    """Require the nonce of this very login (OpenID Connect Core, 3.1.3.7, rule 11). Raises NonceError."""
    nonce = claims.get("nonce")
    if not isinstance(nonce, str) or not nonce or nonce != expected:
        raise NonceError


def validate_times(claims: Mapping[str, Any], at: datetime) -> None:
    """Require ``exp`` ahead and ``iat`` behind, within 60 s for clocks that differ, and an age of 1 h at most.

    OpenID Connect Core, 3.1.3.7, rules 9 and 10. Raises TokenTimeError.
    """
    present = at.timestamp()
    issued, expires = _seconds(claims, "iat"), _seconds(claims, "exp")
    if expires <= present - LEEWAY_S or issued > present + LEEWAY_S or issued < present - MAX_AGE_S:
        raise TokenTimeError
    if "nbf" in claims and _seconds(claims, "nbf") > present + LEEWAY_S:
        raise TokenTimeError


def _seconds(claims: Mapping[str, Any], name: str) -> float:
    value = claims.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TokenTimeError
    try:
        seconds = float(value)
    except OverflowError as error:
        raise TokenTimeError from error
    if not math.isfinite(seconds):
        raise TokenTimeError
    return seconds
