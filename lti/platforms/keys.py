"""The tool's own keys: made on first need, served while a platform may still hold a signature of theirs."""

from __future__ import annotations

import secrets
from datetime import datetime
from functools import lru_cache
from typing import Any

from flask import Flask
from joserfc.jwk import RSAKey
from sqlalchemy import select

from institute import vault
from institute.clock import now
from institute.db import db, transaction
from lti.platforms.models import ToolKey

KEY_BITS = 2048


def init_app(app: Flask) -> None:
    """Have the private halves sealed anew when SECRET_KEY changes."""
    vault.add(app, ToolKey.private_pem_encrypted)


def ensure_key() -> None:
    """Make the first key if there is none, so that platforms find one when they look."""
    if db.session.scalar(select(ToolKey.id).where(ToolKey.retired_at.is_(None)).limit(1)) is None:
        add_key(only_if_none=True)


def add_key(*, only_if_none: bool = False) -> None:
    """Add a key, with which the tool signs from now on; those before stay published until retired."""
    kid = secrets.token_hex(12)
    key = RSAKey.generate_key(KEY_BITS, {"kid": kid, "alg": "RS256", "use": "sig"})
    sealed = vault.seal(key.as_pem(private=True))
    with transaction() as session:
        held = session.scalar(select(ToolKey.id).where(ToolKey.retired_at.is_(None)).limit(1))
        if held is None or not only_if_none:
            public = {**key.as_dict(private=False), "kid": kid, "alg": "RS256", "use": "sig"}
            session.add(ToolKey(kid=kid, algorithm="RS256", public_jwk=public, private_pem_encrypted=sealed))


def retire_keys(*, older_than: datetime) -> None:
    """Stop publishing keys made before ``older_than``, except the one that signs."""
    with transaction() as session:
        held = session.scalars(
            select(ToolKey).where(ToolKey.retired_at.is_(None)).order_by(ToolKey.created_at, ToolKey.id)
        ).all()
        for key in held[:-1]:
            if key.created_at < older_than:
                key.retired_at = now()


def published_keys() -> list[dict[str, Any]]:
    """Return the public halves of all keys in service, newest first."""
    newest_first = (ToolKey.created_at.desc(), ToolKey.id.desc())
    return list(
        db.session.scalars(
            select(ToolKey.public_jwk).where(ToolKey.retired_at.is_(None)).order_by(*newest_first)
        )
    )


def signing_key() -> tuple[str, RSAKey]:
    """Return the id and the private half of the key that signs now; make it if there is none."""
    ensure_key()
    row = db.session.execute(
        select(ToolKey.kid, ToolKey.private_pem_encrypted)
        .where(ToolKey.retired_at.is_(None))
        .order_by(ToolKey.created_at.desc(), ToolKey.id.desc())
        .limit(1)
    ).one()
    return row.kid, _parsed(bytes(row.private_pem_encrypted))


@lru_cache(maxsize=16)
def _parsed(sealed: bytes) -> RSAKey:
    """Open and parse a private key once per process: parsing costs more than signing."""
    return RSAKey.import_key(vault.open_sealed(sealed))
