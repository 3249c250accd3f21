"""Data Integrity proofs with the cryptosuite ``eddsa-rdfc-2022`` (W3C, Data Integrity EdDSA Cryptosuites 1.0).

Only the worker and commands import this module: PyLD takes 0.15 s.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from pyld import jsonld

from certificates.documents import vocabulary
from certificates.documents.multibase import base58, decoded, public_bytes

SUITE: Final = "eddsa-rdfc-2022"


class ProofError(Exception):
    """A document whose proof does not hold, or that has none."""


def with_proof(
    document: Mapping[str, Any], *, private: Ed25519PrivateKey, method: str, created: datetime
) -> dict[str, Any]:
    """Return a document with its proof. ``method`` is the address of the public key."""
    proof = {
        "type": "DataIntegrityProof",
        "created": f"{created.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
        "verificationMethod": method,
        "cryptosuite": SUITE,
        "proofPurpose": "assertionMethod",
    }
    signature = private.sign(proof_digest(document, proof) + document_digest(document))
    return {**document, "proof": {**proof, "proofValue": base58(signature)}}


def proof_of(document: Mapping[str, Any]) -> dict[str, Any]:
    """Return the one proof of a document, alone or in a set. Raises ProofError where there is none, or several."""
    proof = document.get("proof")
    if isinstance(proof, list) and len(proof) == 1:
        proof = proof[0]
    if not isinstance(proof, dict):
        raise ProofError("there is not one proof")
    return proof


def check_proof(document: Mapping[str, Any], *, public_key_multibase: str) -> None:
    """Return if the document's proof was made with the key. Raises ProofError if not."""
    proof = proof_of(document)
    if proof.get("cryptosuite") != SUITE:
        raise ProofError(f"there is no {SUITE} proof")
    bare = {name: value for name, value in document.items() if name != "proof"}
    config = {name: value for name, value in proof.items() if name != "proofValue"}
    try:
        key = Ed25519PublicKey.from_public_bytes(public_bytes(public_key_multibase))
        signature = decoded(str(proof.get("proofValue")))
        key.verify(signature, proof_digest(bare, config) + document_digest(bare))
    except InvalidSignature as error:
        raise ProofError("the signature does not fit the document") from error
    except (ValueError, jsonld.JsonLdError, vocabulary.UnknownContextError) as error:
        raise ProofError(f"the proof cannot be read: {error}") from error


def document_digest(document: Mapping[str, Any]) -> bytes:
    """Return the SHA-256 of a document's canonical form (RDFC-1.0)."""
    return _digest(document)


def proof_digest(document: Mapping[str, Any], proof: Mapping[str, Any]) -> bytes:
    """Return the SHA-256 of a proof's canonical form, read in the document's own context."""
    return _digest({"@context": document["@context"], **proof})


def _digest(content: Mapping[str, Any]) -> bytes:
    canonical = jsonld.normalize(
        content,
        {"algorithm": "URDNA2015", "format": "application/n-quads", "documentLoader": vocabulary.load},
    )
    return hashlib.sha256(canonical.encode()).digest()
