"""What the tool signs: verified with its published keys before a word of it is believed."""

import json
from typing import Any, Final, TypeGuard

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, RSAKey

from lti.sandbox.toolkeys import ToolKeys

ALGORITHMS: Final[dict[str, type[RSAKey | ECKey]]] = {"RS256": RSAKey, "ES256": ECKey}
LONGEST_SECONDS: Final = 3600
SKEW_SECONDS: Final = 5


class BadSignatureError(Exception):
    """A token that this platform does not believe. The message is a sentence."""


def peek(token: str) -> dict[str, Any]:
    """Return the claims of a token that nobody has verified yet. Raises BadSignatureError."""
    try:
        claims = json.loads(jws.extract_compact(token.encode()).payload)
    except (JoseError, ValueError, RecursionError) as error:
        raise BadSignatureError("It is no signed token.") from error
    if not isinstance(claims, dict):
        raise BadSignatureError("The token's payload must be an object.")
    return claims


def verify(token: str, keys: ToolKeys) -> dict[str, Any]:
    """Return the claims of a token that one of the tool's published keys has signed.

    Raises BadSignatureError and ToolKeysUnreadableError.
    """
    try:
        header = jws.extract_compact(token.encode()).headers()
        kid, algorithm = header.get("kid"), header.get("alg")
        if not isinstance(kid, str) or not kid:
            raise BadSignatureError("The token names no key.")
        if algorithm not in ALGORITHMS:
            raise BadSignatureError("The token must be signed with RS256 or ES256.")
        key = keys.find(kid)
        if key is None:
            raise BadSignatureError("The token names a key that the tool does not publish.")
        if not isinstance(key, ALGORITHMS[algorithm]):
            raise BadSignatureError("The token's algorithm does not fit its key.")
        claims = json.loads(jws.deserialize_compact(token, key, algorithms=[algorithm]).payload)
    except (JoseError, ValueError, TypeError, RecursionError) as error:
        raise BadSignatureError("The token cannot be verified.") from error
    if not isinstance(claims, dict):
        raise BadSignatureError("The token's payload must be an object.")
    return claims


def check_times(at: int, claims: dict[str, Any]) -> None:
    """Raise BadSignatureError unless the token is valid at the second ``at``, and for one hour at most."""
    issued, expires = claims.get("iat"), claims.get("exp")
    if not _is_instant(issued) or not _is_instant(expires):
        raise BadSignatureError("iat and exp must be numbers.")
    if issued > at + SKEW_SECONDS:
        raise BadSignatureError("iat lies in the future.")
    if expires <= at:
        raise BadSignatureError("The token has expired.")
    if expires - issued > LONGEST_SECONDS or expires > at + LONGEST_SECONDS + SKEW_SECONDS:
        raise BadSignatureError("The token may live for one hour at most.")


def _is_instant(value: object) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool)
