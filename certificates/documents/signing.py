"""The institute's signature on a PDF: invisible, PAdES B-B, and a certification that allows no change.

Only the worker imports this module: pyHanko takes 0.3 s and 40 MB.
"""

from __future__ import annotations

import io
from functools import lru_cache
from typing import Final

from asn1crypto import keys, x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, SimpleSigner
from pyhanko_certvalidator.registry import SimpleCertificateStore

RESERVED: Final = 8192  # hexadecimal digits for a signature of some 1,500 bytes with one certificate


class SteadyWriter(IncrementalPdfFileWriter):
    """Writes a revision without touching the metadata: it says when the certificate was issued, not signed."""

    def _update_meta(self) -> None:
        """Leave the document's metadata as it is."""


def sign(
    document: bytes, *, field: str, private: EllipticCurvePrivateKey, certificate_der: bytes, signer_name: str
) -> bytes:
    """Return the document, certified with the institute's document key, in its empty signature ``field``.

    The time in the signature is the machine's claim; nobody else attests it.
    """
    signer = _signer(private, certificate_der)
    metadata = PdfSignatureMetadata(
        field_name=field,
        md_algorithm="sha256",
        subfilter=SigSeedSubFilter.PADES,
        certify=True,
        docmdp_permissions=MDPPerm.NO_CHANGES,
        name=signer_name,
    )
    writer = SteadyWriter(io.BytesIO(document))
    signed = PdfSigner(metadata, signer=signer).sign_pdf(
        writer, existing_fields_only=True, bytes_reserved=RESERVED
    )
    return bytes(signed.getbuffer())


@lru_cache(maxsize=16)
def _signer(private: EllipticCurvePrivateKey, certificate_der: bytes) -> SimpleSigner:
    """Return pyHanko's signer for a key, made once per process."""
    certificate = x509.Certificate.load(certificate_der)
    der = private.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return SimpleSigner(
        signing_cert=certificate,
        signing_key=keys.PrivateKeyInfo.load(der),
        cert_registry=SimpleCertificateStore(),
        embed_roots=True,
    )
