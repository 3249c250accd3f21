"""The signed word by which the tool asks for a token (RFC 7523, as LTI Advantage wants it)."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from joserfc import jwt
from joserfc.jwk import RSAKey
from sqlalchemy import select

from institute import vault
from institute.clock import now
from institute.db import transaction
from lti.platforms.models import ToolKey
from lti.services.accounts import Account
from lti.services.errors import NoKeyError

ASSERTION_TYPE: Final = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
LIFETIME_SECONDS: Final = 60
# A platform whose clock is a little behind refuses an assertion from its future.
BACKDATED_SECONDS: Final = 5


@dataclass(frozen=True, slots=True)
class SigningKey:
    """The tool's key that signs now."""

    kid: str
    key: RSAKey


def active_key() -> SigningKey:
    """Return the newest key that is not retired. Raises NoKeyError if there is none."""
    with transaction() as session:
        row = session.execute(
            select(ToolKey.kid, ToolKey.private_pem_encrypted)
            .where(ToolKey.retired_at.is_(None))
            .order_by(ToolKey.created_at.desc(), ToolKey.id.desc())
            .limit(1)
        ).one_or_none()
    if row is None:
        raise NoKeyError
    return SigningKey(row.kid, _parsed(bytes(row.private_pem_encrypted)))


@lru_cache(maxsize=8)
def _parsed(sealed: bytes) -> RSAKey:
    """Open and parse a key once for the whole process: parsing takes a hundred times as long as signing."""
    return RSAKey.import_key(vault.open_sealed(sealed))


def sign(claims: dict[str, Any], signing: SigningKey) -> str:
    """Return ``claims`` as a signed JWT with the key's id in its header."""
    return jwt.encode({"alg": "RS256", "typ": "JWT", "kid": signing.kid}, claims, signing.key, algorithms=["RS256"])


def client_assertion(account: Account, signing: SigningKey) -> str:
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
        },
        signing,
    )
