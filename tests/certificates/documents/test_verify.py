"""A certificate is checked without asking anybody, and every change to it is noticed."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest

from certificates.documents.certificate import CertificateFacts
from certificates.documents.issuer import method_address
from certificates.documents.making import make_certificate
from certificates.documents.multibase import multikey
from certificates.documents.verify import UnprovenError, verify_certificate
from institute.keys.models import KeyPurpose
from tests.certificates.documents.conftest import ISSUER, MakeFacts, MakeKey


@pytest.fixture
def badge_keys(make_key: MakeKey) -> dict[str, str]:
    key = make_key(KeyPurpose.BADGE)
    return {method_address(ISSUER, key.kid): multikey(key.public_jwk)}


def certificates(make_key: MakeKey, name: str = "Valley Coaching Institute") -> list[bytes]:
    der = make_key(name=name).certificate_der
    assert der is not None
    return [der]


def test_an_issued_certificate_proves_its_signer_and_its_credential(
    issued: Path, make_key: MakeKey, badge_keys: dict[str, str]
) -> None:
    proven = verify_certificate(
        issued.read_bytes(), certificates=certificates(make_key), badge_keys=badge_keys
    )
    assert "Valley Coaching Institute" in proven.signer
    assert proven.signed_at is not None
    assert proven.credential["credentialSubject"]["licenseNumber"] == "VCI-2026-00418-7"
    assert proven.verification_method in badge_keys


def test_a_key_that_was_rotated_since_still_proves(
    issued: Path, make_key: MakeKey, badge_keys: dict[str, str]
) -> None:
    both = certificates(make_key, "Valley Coaching Institute, new key") + certificates(make_key)
    proven = verify_certificate(issued.read_bytes(), certificates=both, badge_keys=badge_keys)
    assert proven.certificate_der == both[1]


@pytest.mark.parametrize("at", [0.1, 0.3, 0.5, 0.7, 0.8])
def test_a_changed_byte_is_noticed(
    issued: Path, make_key: MakeKey, badge_keys: dict[str, str], at: float
) -> None:
    content = bytearray(issued.read_bytes())
    place = int(len(content) * at)
    content[place] ^= 1
    with pytest.raises(UnprovenError):
        verify_certificate(bytes(content), certificates=certificates(make_key), badge_keys=badge_keys)


def test_what_is_added_later_is_noticed(issued: Path, make_key: MakeKey, badge_keys: dict[str, str]) -> None:
    content = issued.read_bytes() + b"\n% and a line more\n"
    with pytest.raises(UnprovenError):
        verify_certificate(content, certificates=certificates(make_key), badge_keys=badge_keys)


def test_a_file_saved_anew_proves_nothing(
    issued: Path, make_key: MakeKey, badge_keys: dict[str, str]
) -> None:
    saved = io.BytesIO()
    with pikepdf.open(issued) as pdf:
        pdf.save(saved)
    with pytest.raises(UnprovenError):
        verify_certificate(saved.getvalue(), certificates=certificates(make_key), badge_keys=badge_keys)


def test_another_institutes_signature_is_not_ours(
    make_facts: MakeFacts,
    make_key: MakeKey,
    make_badge: Callable[[CertificateFacts], bytes],
    badge_keys: dict[str, str],
) -> None:
    facts = make_facts()
    forged = make_certificate(facts, document_key=make_key(name="Elsewhere"), credential=make_badge(facts))
    with pytest.raises(UnprovenError):
        verify_certificate(forged, certificates=certificates(make_key), badge_keys=badge_keys)


def test_a_credential_of_an_unknown_key_is_not_ours(issued: Path, make_key: MakeKey) -> None:
    with pytest.raises(UnprovenError, match="not the issuer's"):
        verify_certificate(issued.read_bytes(), certificates=certificates(make_key), badge_keys={})


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7\n", b"no PDF at all", b"\0" * 4000])
def test_what_is_no_certificate_is_refused_in_words(
    make_key: MakeKey, badge_keys: dict[str, str], content: bytes
) -> None:
    with pytest.raises(UnprovenError):
        verify_certificate(content, certificates=certificates(make_key), badge_keys=badge_keys)


def test_only_a_document_key_signs_documents(make_facts: MakeFacts, make_key: MakeKey) -> None:
    with pytest.raises(ValueError, match="does not sign documents"):
        make_certificate(make_facts(), document_key=make_key(KeyPurpose.BADGE), credential=b"{}")
