"""Platforms' public keys: fetched seldom, kept while they serve, never replaced by rubbish.

Platforms rotate keys without notice, so an unknown key id leads to one fetch; a forger who invents key ids must
not make us hammer the platform, so fetches are counted. While a platform is down, its last keys go on serving.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

import requests
from flask import Flask, current_app
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, RSAKey

from institute.clock import now
from lti.http import PlatformSession, platform_session
from lti.launches.errors import AlgorithmError, KeysUnavailableError, KeyUnknownError

VerificationKey = RSAKey | ECKey

FRESH_FOR: Final = timedelta(hours=1)
FETCH_WINDOW: Final = timedelta(minutes=1)
FETCHES_PER_WINDOW: Final = 5
SMALLEST_RSA_BITS: Final = 2048
TIMEOUT_S: Final = (3.05, 5.0)
MAX_KEYS: Final = 100


@dataclass(slots=True)
class _KeySet:
    keys: Mapping[str, tuple[VerificationKey, ...]] = field(default_factory=dict)
    fetched_at: datetime | None = None
    attempts: deque[datetime] = field(default_factory=deque)
    lock: threading.Lock = field(default_factory=threading.Lock)


class KeyCache:
    """The keys of every platform that launched into this process, by the address they are published at."""

    def __init__(self) -> None:
        self._sets: dict[str, _KeySet] = {}
        self._lock = threading.Lock()

    def find(self, jwks_url: str, kid: str, algorithm: str, *, session: PlatformSession) -> VerificationKey:
        """Return the key ``kid`` that a platform publishes for ``algorithm`` ("RS256" or "ES256").

        Raises KeysUnavailableError if the platform's keys cannot be fetched and none are kept, KeyUnknownError if
        it publishes no such key, AlgorithmError if that key is made for another algorithm.
        """
        with self._lock:
            kept = self._sets.setdefault(jwks_url, _KeySet())
        candidates = kept.keys.get(kid, ())
        if not candidates or not _is_fresh(kept, now()):
            with kept.lock:
                failed = self._refresh(kept, jwks_url, kid, session)
            candidates = kept.keys.get(kid, ())
            if not candidates:
                raise KeysUnavailableError if failed else KeyUnknownError
        for key in candidates:
            if _serves(key, algorithm):
                return key
        raise AlgorithmError

    def _refresh(self, kept: _KeySet, jwks_url: str, kid: str, session: PlatformSession) -> bool:
        """Fetch the keys unless somebody just did; tell whether that failed."""
        at = now()
        if kid in kept.keys and _is_fresh(kept, at):
            return False
        while kept.attempts and not timedelta(0) <= at - kept.attempts[0] < FETCH_WINDOW:
            kept.attempts.popleft()
        if len(kept.attempts) >= FETCHES_PER_WINDOW:
            return not kept.keys
        kept.attempts.append(at)
        keys = _fetch(jwks_url, session)
        if not keys:
            return True
        kept.keys, kept.fetched_at = keys, at
        return False


def _is_fresh(kept: _KeySet, at: datetime) -> bool:
    return kept.fetched_at is not None and abs(at - kept.fetched_at) < FRESH_FOR


def _fetch(jwks_url: str, session: PlatformSession) -> dict[str, tuple[VerificationKey, ...]]:
    """Return the usable keys at an address; none if it does not answer with a key set."""
    try:
        response = session.get(jwks_url, headers={"Accept": "application/json"}, timeout=TIMEOUT_S)
        body = response.json() if response.status_code == requests.codes.ok else None
    except (requests.RequestException, ValueError, RecursionError):
        return {}
    listed = body.get("keys") if isinstance(body, dict) else None
    keys: dict[str, tuple[VerificationKey, ...]] = {}
    for data in listed[:MAX_KEYS] if isinstance(listed, list) else ():
        key = usable_key(data)
        if key is not None:
            keys[data["kid"]] = (*keys.get(data["kid"], ()), key)
    return keys


def usable_key(data: Any) -> VerificationKey | None:
    """Return a published key if it can verify signatures: RSA of 2048 bits or more, or P-256."""
    if not isinstance(data, dict) or not isinstance(data.get("kid"), str) or data.get("use", "sig") != "sig":
        return None
    try:
        if data.get("kty") == "RSA":
            rsa = RSAKey.import_key(data)
            return rsa if rsa.raw_value.key_size >= SMALLEST_RSA_BITS else None
        if data.get("kty") == "EC" and data.get("crv") == "P-256":
            return ECKey.import_key(data)
    except (JoseError, ValueError, TypeError, KeyError):
        return None
    return None


def _serves(key: VerificationKey, algorithm: str) -> bool:
    """Tell whether a key may verify an algorithm; Brightspace publishes no ``alg``, so the type decides."""
    if key.alg is not None and key.alg != algorithm:
        return False
    return isinstance(key, RSAKey) if algorithm == "RS256" else isinstance(key, ECKey)


def find_key(jwks_url: str, kid: str, algorithm: str) -> VerificationKey:
    """Return a platform's key from the running application's cache; see KeyCache.find."""
    cache: KeyCache = current_app.extensions["lti_keys"]
    return cache.find(jwks_url, kid, algorithm, session=platform_session())


def init_app(app: Flask) -> None:
    """Give the application an empty key cache."""
    app.extensions["lti_keys"] = KeyCache()
