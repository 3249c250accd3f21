"""The door of the documents: facts and keys in, the final file out.

Only the worker goes through it, by ``importlib.import_module("certificates.documents.making")`` at its first
job: WeasyPrint, pyHanko and PyLD behind it cost half a second and 80 MB, which a web process must not carry.
"""

from __future__ import annotations

from typing import Final

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey

from certificates.documents.certificate import CertificateFacts
from certificates.documents.credential import make_both, make_credential
from certificates.documents.signing import sign
from certificates.documents.tagging import FIELD
from certificates.documents.typesetting import typeset
from institute.keys.keeping import KeyInHand

__all__ = ["make_both", "make_certificate", "make_credential"]

CREDENTIAL_NAME: Final = "open-badge.json"


def make_certificate(facts: CertificateFacts, *, document_key: KeyInHand, credential: bytes) -> bytes:
    """Return the certificate as it is issued: PDF/A-3a, tagged, signed, its credential attached.

    The bytes are to be stored with their digest: made again, the signature would be another one.
    ``credential`` is the signed Open Badge as JSON. Raises PageError if the words do not fit or cannot be
    drawn, and ValueError if the key is no document key.
    """
    private, certificate = document_key.private, document_key.certificate_der
    if not isinstance(private, EllipticCurvePrivateKey) or certificate is None:
        raise ValueError(f"a {document_key.purpose} key does not sign documents")
    page = typeset(facts, credential=credential, credential_name=CREDENTIAL_NAME)
    return sign(
        page,
        field=FIELD,
        private=private,
        certificate_der=certificate,
        signer_name=facts.institute.in_(facts.locale),
    )
