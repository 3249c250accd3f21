"""Checking a file without asking anybody: its signature, and of a certificate the credential that belongs to it.

Only commands and the worker import this module. Nothing is fetched: the keys are given.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

import pikepdf
from asn1crypto import x509
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.validation import SignatureCoverageLevel, validate_pdf_signature
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko_certvalidator import ValidationContext

from certificates.documents.proofs import ProofError, check_proof, proof_of


class UnprovenError(Exception):
    """A document that proves nothing: the message says why."""


@dataclass(frozen=True, slots=True)
class Signed:
    """What the signature of a file proves: who made it, when by the signer's clock, and the title that was signed."""

    signer: str
    certificate_der: bytes
    signed_at: datetime | None
    title: str


@dataclass(frozen=True, slots=True)
class Proven:
    """What a certificate proves: who signed it, when by the signer's clock, and the credential it holds."""

    signer: str
    certificate_der: bytes
    signed_at: datetime | None
    credential: Mapping[str, Any]
    verification_method: str


def verify_certificate(
    document: bytes, *, certificates: Iterable[bytes], badge_keys: Mapping[str, str]
) -> Proven:
    """Return what a certificate proves.

    ``certificates`` are the institute's document certificates (DER), retired ones too; ``badge_keys`` gives each
    verification method its ``publicKeyMultibase``. Whether the award was revoked is not in the file. Raises
    UnprovenError if the file was changed, was signed by others, or its credential does not hold.
    """
    signer, moment = verify_signature(document, certificates=certificates)
    credential = verify_credential(attached_credential(document), badge_keys=badge_keys)
    return Proven(
        signer.subject.human_friendly,
        signer.dump(),
        moment,
        credential,
        str(proof_of(credential)["verificationMethod"]),
    )


def verify_paper(document: bytes, *, certificates: Iterable[bytes]) -> Signed:
    """Return what the signature of a file proves that may hold no credential, such as a transcript.

    ``certificates`` are as for ``verify_certificate``. Raises UnprovenError if it was changed, or signed by others.
    """
    signer, moment = verify_signature(document, certificates=certificates)
    with _reading(document) as pdf:
        title = str(pdf.docinfo.get("/Title", ""))
    return Signed(signer.subject.human_friendly, signer.dump(), moment, title)


def is_certificate(document: bytes) -> bool:
    """Tell whether a file holds one attachment, as certificates do and nothing else of ours. Raises UnprovenError."""
    with _reading(document) as pdf:
        return len(pdf.attachments) == 1


def verify_signature(
    document: bytes, *, certificates: Iterable[bytes]
) -> tuple[x509.Certificate, datetime | None]:
    """Return the signer's certificate and the claimed time. Raises UnprovenError."""
    trusted = [x509.Certificate.load(der) for der in certificates]
    try:
        signatures = PdfFileReader(io.BytesIO(document)).embedded_signatures
        if len(signatures) != 1:
            raise UnprovenError(f"the document has {len(signatures)} signatures")
        status = validate_pdf_signature(
            signatures[0], ValidationContext(trust_roots=trusted, allow_fetching=False)
        )
    except (PdfError, SignatureValidationError, ValueError) as error:
        raise UnprovenError("the document or its signature cannot be read") from error
    if not (status.intact and status.valid):
        raise UnprovenError("the document was changed after it was signed")
    if status.coverage is not SignatureCoverageLevel.ENTIRE_FILE:
        raise UnprovenError("something was added after the document was signed")
    if status.modification_level is not ModificationLevel.NONE or not status.docmdp_ok:
        raise UnprovenError("the document was modified after it was signed")
    certificate = status.signing_cert
    if certificate.dump() not in {one.dump() for one in trusted}:
        raise UnprovenError("the signature is not the institute's")
    return certificate, status.signer_reported_dt


def attached_credential(document: bytes) -> bytes:
    """Return the attached credential as it is. Raises UnprovenError if there is not exactly one."""
    with _reading(document) as pdf:
        files = [pdf.attachments[name].get_file().read_bytes() for name in pdf.attachments]
    if len(files) != 1:
        raise UnprovenError(f"the document has {len(files)} attachments")
    return files[0]


def verify_credential(content: bytes, *, badge_keys: Mapping[str, str]) -> dict[str, Any]:
    """Return a credential as read from JSON if its proof holds with one of the keys. Raises UnprovenError."""
    try:
        credential = json.loads(content)
        method = str(proof_of(credential)["verificationMethod"])
        issuer = credential["issuer"]
        issuer_url = str(issuer["id"] if isinstance(issuer, dict) else issuer)
    except (ValueError, KeyError, TypeError, AttributeError, ProofError) as error:
        raise UnprovenError("the credential cannot be read") from error
    if method not in badge_keys or method.partition("#")[0] != issuer_url:
        raise UnprovenError("the credential is signed with a key that is not the issuer's")
    try:
        check_proof(credential, public_key_multibase=badge_keys[method])
    except ProofError as error:
        raise UnprovenError(f"the credential's proof does not hold: {error}") from error
    return cast("dict[str, Any]", credential)


@contextmanager
def _reading(document: bytes) -> Iterator[pikepdf.Pdf]:
    try:
        with pikepdf.open(io.BytesIO(document)) as pdf:
            yield pdf
    except pikepdf.PdfError as error:
        raise UnprovenError("the document cannot be read") from error
