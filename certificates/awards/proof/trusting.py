"""Whom a check of a certificate trusts: the keys of the institutes here, or those in files that somebody saved."""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from sqlalchemy import select

from certificates.awards.proof import addresses
from certificates.documents.issuer import method_address
from certificates.documents.multibase import multikey
from institute.db import db
from institute.keys.keeping import public_keys
from institute.keys.models import KeyPurpose
from institute.people.models import Institute

LARGEST_KEY_FILE: Final = 4 * 1024 * 1024
MOST_KEY_FILES: Final = 1000


class KeysUnreadableError(Exception):
    """A file or folder that holds no keys of an issuer: the message says which."""


@dataclass(frozen=True)
class Trusted:
    """Certificates (DER) of those who sign documents, and ``publicKeyMultibase`` of each address that signs badges.

    ``leaked`` are those among them, certificates and addresses, with which others may have signed as well.
    """

    certificates: tuple[bytes, ...]
    badge_keys: dict[str, str]
    leaked: frozenset[bytes | str] = frozenset()


def trusted_here() -> Trusted:
    """Return the keys of every institute of this tool, retired ones too."""
    certificates: list[bytes] = []
    badge_keys: dict[str, str] = {}
    for institute_id, slug in db.session.execute(select(Institute.id, Institute.slug)).all():
        for key in public_keys(institute_id):
            if key.purpose is KeyPurpose.BADGE:
                badge_keys[method_address(addresses.issuer_url(slug), key.kid)] = multikey(key.public_jwk)
            elif key.certificate_der is not None:
                certificates.append(key.certificate_der)
    return Trusted(tuple(certificates), badge_keys)


def trusted_files(path: Path) -> Trusted:
    """Return the keys in a saved profile of an issuer, or in a folder of them. Raises KeysUnreadableError."""
    files = sorted(one for one in path.iterdir() if one.is_file()) if path.is_dir() else [path]
    certificates: list[bytes] = []
    badge_keys: dict[str, str] = {}
    leaked: set[bytes | str] = set()
    for file in files[:MOST_KEY_FILES]:
        if file.stat().st_size > LARGEST_KEY_FILE:
            raise KeysUnreadableError(f"{file.name} is too large for a file of keys.")
        content = file.read_bytes()
        if content.lstrip()[:1] == b"{":
            _add_profile(content, file.name, certificates, badge_keys, leaked)
        else:
            certificates.append(_certificate(content, file.name))
    if not certificates:
        raise KeysUnreadableError(f"{path.name} holds no certificate that documents are signed with.")
    return Trusted(tuple(certificates), badge_keys, frozenset(leaked))


def _add_profile(
    content: bytes,
    name: str,
    certificates: list[bytes],
    badge_keys: dict[str, str],
    leaked: set[bytes | str],
) -> None:
    try:
        methods: list[dict[str, Any]] = json.loads(content)["verificationMethod"]
        for one in methods:
            if one["type"] == "Multikey":
                badge_keys[str(one["id"])] = str(one["publicKeyMultibase"])
            chain = one.get("publicKeyJwk", {}).get("x5c", ())
            found = [_certificate(base64.b64decode(encoded), name) for encoded in chain]
            certificates.extend(found)
            if "revoked" in one:
                leaked.update([*found, str(one["id"])])
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, binascii.Error) as error:
        raise KeysUnreadableError(f"{name} is no profile of an issuer.") from error


def _certificate(content: bytes, name: str) -> bytes:
    read = x509.load_pem_x509_certificate if b"-----BEGIN" in content else x509.load_der_x509_certificate
    try:
        return read(content).public_bytes(Encoding.DER)
    except ValueError as error:
        raise KeysUnreadableError(f"{name} is neither a profile of an issuer nor a certificate.") from error
