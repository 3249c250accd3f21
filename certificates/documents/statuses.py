"""Status lists (W3C, Bitstring Status List 1.0): one bit for each award, set when it was revoked or is suspended.

Only the worker imports this module, because it signs: let a job make the list when a bit changes, and serve what
it stored.
"""

from __future__ import annotations

import gzip
from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

from certificates.documents.credential import signed
from certificates.documents.multibase import base64url, decoded
from certificates.documents.vocabulary import CREDENTIALS
from institute.keys.keeping import KeyInHand

# Shorter lists would tell who asks about whom.
LEAST_BITS: Final = 131_072
MOST_BITS: Final = LEAST_BITS * 64
REVOCATION: Final = "revocation"


def status_list_credential(
    places: Iterable[int],
    *,
    badge_key: KeyInHand,
    issuer_url: str,
    status_url: str,
    at: datetime,
) -> bytes:
    """Return the signed list as JSON: ``places`` are those whose bit is set.

    Raises ValueError for a place that is negative or beyond the longest list, or if the key is no badge key.
    """
    document: dict[str, Any] = {
        "@context": [CREDENTIALS],
        "id": status_url,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": issuer_url,
        "validFrom": f"{at:%Y-%m-%dT%H:%M:%SZ}",
        "credentialSubject": {
            "id": f"{status_url}#list",
            "type": "BitstringStatusList",
            "statusPurpose": REVOCATION,
            "encodedList": encoded(places),
        },
    }
    return signed(document, badge_key=badge_key, issuer_url=issuer_url, at=at)


def encoded(revoked: Iterable[int]) -> str:
    """Return the compressed bits; place 0 is the leftmost bit of the first byte. The list grows in whole steps."""
    places = sorted(set(revoked))
    if places and not 0 <= places[0] <= places[-1] < MOST_BITS:
        raise ValueError("a place outside of the status list")
    steps = places[-1] // LEAST_BITS + 1 if places else 1
    bits = bytearray(steps * LEAST_BITS // 8)
    for place in places:
        bits[place // 8] |= 0x80 >> place % 8
    return base64url(gzip.compress(bytes(bits), mtime=0))


def is_revoked(encoded_list: str, place: int) -> bool:
    """Return the bit of a place. Raises ValueError if the list is unreadable or too short."""
    try:
        bits = gzip.decompress(decoded(encoded_list))
    except (OSError, EOFError) as error:
        raise ValueError("an unreadable status list") from error
    if not 0 <= place < len(bits) * 8:
        raise ValueError(f"the status list has no place {place}")
    return bool(bits[place // 8] & (0x80 >> place % 8))
