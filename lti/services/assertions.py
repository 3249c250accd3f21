"""The signed word by which the tool asks for a token (RFC 7523, as LTI Advantage wants it)."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any, Final

from joserfc import jwt

from institute.clock import now
from institute.db import transaction
from lti.platforms.keys import signing_key
from lti.services.accounts import Account

ASSERTION_TYPE: Final = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
LIFETIME_SECONDS: Final = 60
# A platform whose clock is a little behind refuses an assertion from its future.
BACKDATED_SECONDS: Final = 5


def sign(claims: Mapping[str, Any]) -> str:
    """Return ``claims`` as a JWT, signed with the tool's active key and with that key's id in its header."""
    with transaction():
        kid, key = signing_key()
    return jwt.encode({"alg": "RS256", "typ": "JWT", "kid": kid}, dict(claims), key, algorithms=["RS256"])


def client_assertion(account: Account) -> str:
    """Return a fresh assertion for one request of a token; its ``jti`` is used once."""
    at = int(now().timestamp())
    return sign(
        {
            "iss": account.client_id,
            "sub": account.client_id,
            "aud": account.audience,
            "iat": at - BACKDATED_SECONDS,
            "exp": at + LIFETIME_SECONDS,
            "jti": str(uuid.uuid4()),
        }
    )
