"""Proofs of a login that stand beside the cookie: kept by the platform's own window for a browser that keeps none here.

The cookie proves that the browser that launches is the one that asked for the login. So does this: only a page of ours
in that browser gets the proof back from the platform, and the platform's address, not the sender, says who is asked.
The proof itself never goes to the platform's server, so whoever reads a launch on its way cannot make it.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from typing import Final

from flask import request

from institute.config import current_settings
from lti.launches.library import state_key
from lti.platforms.models import PlatformFacts
from lti.platforms.strings import origin, web_address

SAME_ORIGIN: Final = "same-origin"


@dataclass(frozen=True, slots=True)
class PlatformStorage:
    """Where a platform keeps data for a tool (LTI client side postMessages): a named frame of an origin, and a key."""

    target: str
    origin: str
    key: str


def platform_storage(platform: PlatformFacts, target: str | None, state: str) -> PlatformStorage | None:
    """Return where a login's proof is kept at a platform that named a frame for it, else None.

    The origin is that of the authentication endpoint, whatever frame the request named.
    """
    if not target or not web_address(platform.auth_url):
        return None
    return PlatformStorage(target, origin(platform.auth_url), state_key(state))


def proof_of(state: str) -> str:
    """Return what a browser must show for a login: an HMAC-SHA256 (hex) of its state."""
    key = current_settings().secret_key.encode()
    return hmac.new(key, f"kept:{state}".encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()


def is_proof(given: str, state: str) -> bool:
    """Tell whether ``given`` is the proof of a login, sent by a page of ours."""
    same = hmac.compare_digest(given.encode("utf-8", "surrogatepass"), proof_of(state).encode())
    return same and is_from_own_page()


def is_from_own_page() -> bool:
    """Tell whether a page of ours sent this request; a page of anybody else cannot pretend that it did.

    Browsers older than ``Sec-Fetch-Site`` say at least the origin, if the page's referrer policy lets them.
    """
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == SAME_ORIGIN
    return request.headers.get("Origin") == origin(current_settings().public_url)
