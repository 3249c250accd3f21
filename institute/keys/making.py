"""Making key pairs: pure, slow (an RSA key takes a tenth of a second), never inside a transaction."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final, cast

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.x509.oid import NameOID
from joserfc.jwk import ECKey, OKPKey, RSAKey

from institute.keys.models import KeyPurpose

PrivateKey = ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey | rsa.RSAPrivateKey

RSA_BITS: Final = 2048
RSA_EXPONENT: Final = 65537
# RFC 5280, appendix A.1 (ub-common-name, ub-organization-name) allows 64 characters, the library 64 bytes.
LONGEST_NAME_BYTES: Final = 64
ELLIPSIS: Final = "…"
# A signed certificate is read decades later, and nobody renews the signature under it.
CERTIFICATE_LIFE: Final = timedelta(days=100 * 365)
CLOCKS_DIFFER: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class KeyPair:
    """A new key: the private half as PKCS #8 (DER), the public half as JWK with its ``kid``, the certificate (DER)."""

    private: bytes = field(repr=False)
    public_jwk: dict[str, Any]
    certificate_der: bytes | None


def make_pair(purpose: KeyPurpose, *, name: str, at: datetime) -> KeyPair:
    """Make a key pair for ``purpose``. ``name`` is the institute's, written into a document key's certificate."""
    private: PrivateKey
    if purpose is KeyPurpose.DOCUMENT:
        private = ec.generate_private_key(ec.SECP256R1())
        return _pair(private, certificate_for(private, name=name, at=at))
    if purpose is KeyPurpose.BADGE:
        private = ed25519.Ed25519PrivateKey.generate()
    else:
        private = rsa.generate_private_key(public_exponent=RSA_EXPONENT, key_size=RSA_BITS)
    return _pair(private, None)


def _pair(private: PrivateKey, certificate: bytes | None) -> KeyPair:
    plain = private.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return KeyPair(plain, public_jwk(private), certificate)


def parse_private(plain: bytes) -> PrivateKey:
    """Return the private key that ``make_pair`` wrote."""
    return cast("PrivateKey", serialization.load_der_private_key(plain, password=None))


def public_jwk(private: PrivateKey) -> dict[str, Any]:
    """Return the public half as JWK; its ``kid`` is the thumbprint of RFC 7638, the same for ever."""
    pem = private.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    key: ECKey | OKPKey | RSAKey
    if isinstance(private, ec.EllipticCurvePrivateKey):
        key, algorithm = ECKey.import_key(pem), "ES256"
    elif isinstance(private, ed25519.Ed25519PrivateKey):
        key, algorithm = OKPKey.import_key(pem), "Ed25519"
    else:
        key, algorithm = RSAKey.import_key(pem), "RS256"
    return {**key.as_dict(private=False), "kid": key.thumbprint(), "alg": algorithm, "use": "sig"}


def certificate_for(private: ec.EllipticCurvePrivateKey, *, name: str, at: datetime) -> bytes:
    """Return a self-signed certificate (DER) for signing documents: digitalSignature and nonRepudiation."""
    short = _short(name)
    subject = x509.Name(
        [x509.NameAttribute(NameOID.ORGANIZATION_NAME, short), x509.NameAttribute(NameOID.COMMON_NAME, short)]
    )
    usage = x509.KeyUsage(
        digital_signature=True,
        content_commitment=True,  # the newer name of nonRepudiation
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )
    identifier = x509.SubjectKeyIdentifier.from_public_key(private.public_key())
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(at - CLOCKS_DIFFER)
        .not_valid_after(at + CERTIFICATE_LIFE)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(identifier, critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(identifier), critical=False
        )
        .sign(private, hashes.SHA256())
    )
    return certificate.public_bytes(serialization.Encoding.DER)


def _short(name: str) -> str:
    """Return a name of printable characters that fits, ended at a word where it had to be cut."""
    plain = " ".join("".join(sign if sign.isprintable() else " " for sign in name).split())
    if len(plain.encode()) <= LONGEST_NAME_BYTES:
        return plain or "Institute"
    cut = plain.encode()[: LONGEST_NAME_BYTES - len(ELLIPSIS.encode())].decode(errors="ignore")
    return (cut.rpartition(" ")[0] or cut) + ELLIPSIS
