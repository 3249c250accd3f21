"""Verify an Open Badge as a JWT with another implementation, offline, in that one's environment.

Reads {token, key, lists} from standard input and writes {verified, error, credential} to standard output.
"""

from __future__ import annotations

import json
import sys
from typing import Any

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from jwt.algorithms import RSAAlgorithm
from openbadgeslib.ob3 import OB3VerificationError, OB3Verifier

given = json.load(sys.stdin)
key: Any = RSAAlgorithm.from_jwk(given["key"])
pem = key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def download(url: str) -> bytes:
    """Return what was given for an address: nothing is fetched."""
    return json.dumps(given["lists"][url]).encode()


try:
    # The lists carry an embedded proof, which the other implementation verifies.
    found = OB3Verifier(pem).verify(
        given["token"], check_status=True, verify_status_list=False, download=download
    )
    told = {"verified": True, "achievement": found.achievement.id, "issuer": found.issuer.id}
except OB3VerificationError as error:
    told = {"verified": False, "error": str(error)}
json.dump(told, sys.stdout)
