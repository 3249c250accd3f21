"""The issuer's profile: who signs, and with which keys. Light enough for a web process to serve."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from certificates.documents.multibase import multikey
from certificates.documents.vocabulary import CONTEXTS, IDENTIFIERS


@dataclass(frozen=True, slots=True)
class IssuerKey:
    """A badge key as the profile shows it. ``revoked_at``: what it signed from then on proves nothing."""

    kid: str
    public_jwk: dict[str, Any]
    revoked_at: datetime | None = None


def issuer_profile(*, issuer_url: str, name: str, url: str, keys: Iterable[IssuerKey]) -> dict[str, Any]:
    """Return the profile that answers at ``issuer_url``, as JSON-LD.

    ``url`` is the institute's own site. Give all badge keys, retired ones too: what they signed stays
    verifiable. Raises ValueError for a key that is not Ed25519.
    """
    methods = [_method(issuer_url, key) for key in keys]
    return {
        "@context": [*CONTEXTS, IDENTIFIERS],
        "id": issuer_url,
        "type": ["Profile"],
        "name": name,
        "url": url,
        "verificationMethod": methods,
        "assertionMethod": [method["id"] for method in methods],
    }


def method_address(issuer_url: str, kid: str) -> str:
    """Return the address of a key in the profile, as proofs name it."""
    return f"{issuer_url}#{kid}"


def _method(issuer_url: str, key: IssuerKey) -> dict[str, Any]:
    shown = {
        "id": method_address(issuer_url, key.kid),
        "type": "Multikey",
        "controller": issuer_url,
        "publicKeyMultibase": multikey(key.public_jwk),
    }
    if key.revoked_at is not None:
        shown["revoked"] = f"{key.revoked_at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
    return shown
