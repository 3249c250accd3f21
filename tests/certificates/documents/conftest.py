"""What the tests of documents stand on: valid facts, keys of the kind the institute keeps, and a finished file."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from certificates.documents.certificate import CertificateFacts, Signatory
from certificates.documents.making import make_certificate, make_credential
from institute.actors import InstituteId
from institute.i18n import Localised
from institute.keys.keeping import KeyInHand
from institute.keys.making import make_pair, parse_private
from institute.keys.models import InstituteKeyId, KeyPurpose

ISSUER = "https://certificates.example/issuer/1"
STATUS = "https://certificates.example/status/1"
INSTITUTE = Localised.of(
    {
        "en": "Valley Coaching Institute",
        "es": "Instituto de Coaching del Valle",
        "zh_Hant": "谷地教練學院",
        "vi": "Học viện Huấn luyện Thung lũng",
        "ar": "معهد الوادي للتوجيه",
    }
)
TITLE = Localised.of(
    {
        "en": "Certified Leadership Coach, Career level",
        "es": "Coach de liderazgo con certificación, nivel Profesional",
        "zh_Hant": "認證領導力教練・專業級",
        "vi": "Huấn luyện viên lãnh đạo được chứng nhận, cấp Chuyên nghiệp",
        "ar": "موجِّهة قيادات معتمدة، المستوى المهني",
    }
)
LEVEL = Localised.of(
    {"en": "Career", "es": "Profesional", "zh_Hant": "專業", "vi": "Chuyên nghiệp", "ar": "مهني"}
)

MakeFacts = Callable[..., CertificateFacts]
MakeKey = Callable[..., KeyInHand]


@pytest.fixture(scope="session")
def make_facts() -> MakeFacts:
    """Make the facts of a valid certificate in English and Traditional Chinese."""

    def make(**given: Any) -> CertificateFacts:
        signatories = (
            Signatory("Dr. Ruth Ellison", Localised.of({"en": "Director of Certification"})),
            Signatory("Kwame Boateng", Localised.of({"en": "Lead Assessor"})),
        )
        facts: dict[str, Any] = {
            "name": "Mei-Ling Chen",
            "locale": "en",
            "second_locale": "zh_Hant",
            "second_name": "陳美玲",
            "institute": INSTITUTE,
            "title": TITLE,
            "level": LEVEL,
            "level_position": 2,
            "rules_version": 3,
            "minutes": 2610,
            "raters": 2,
            "issued": date(2026, 10, 14),
            "valid_until": date(2029, 10, 14),
            "serial": "VCI-2026-00418-7",
            "verify_address": "certificates.example/verify",
            "verify_url": "https://certificates.example/verify/7Q2KM9XDPLW4",
            "signatories": signatories,
        }
        return CertificateFacts(**(facts | given))

    return make


@pytest.fixture(scope="session")
def make_key() -> MakeKey:
    """Make a key such as the institute keeps; the same one when asked again for a purpose and a name."""
    made: dict[tuple[KeyPurpose, str], KeyInHand] = {}

    def make(purpose: KeyPurpose = KeyPurpose.DOCUMENT, name: str = "Valley Coaching Institute") -> KeyInHand:
        if (purpose, name) not in made:
            at = datetime(2026, 9, 1, tzinfo=UTC)
            pair = make_pair(purpose, name=name, at=at)
            made[purpose, name] = KeyInHand(
                InstituteKeyId(len(made) + 1),
                InstituteId(1),
                purpose,
                parse_private(pair.private),
                pair.certificate_der,
                pair.public_jwk,
                at,
            )
        return made[purpose, name]

    return make


@pytest.fixture(scope="session")
def make_badge(make_key: MakeKey) -> Callable[[CertificateFacts], bytes]:
    """Make a signed badge."""

    def make(facts: CertificateFacts) -> bytes:
        key = make_key(KeyPurpose.BADGE)
        return make_credential(facts, badge_key=key, issuer_url=ISSUER, status_url=STATUS, status_index=94)

    return make


@pytest.fixture(scope="session")
def make_document(
    make_key: MakeKey, make_badge: Callable[[CertificateFacts], bytes]
) -> Callable[[CertificateFacts], bytes]:
    """Make a finished certificate."""

    def make(facts: CertificateFacts) -> bytes:
        return make_certificate(facts, document_key=make_key(), credential=make_badge(facts))

    return make


@pytest.fixture(scope="session")
def issued(
    make_facts: MakeFacts,
    make_document: Callable[[CertificateFacts], bytes],
    tmp_path_factory: pytest.TempPathFactory,
) -> Path:
    """A certificate as a file: in English and Chinese, with everything on it."""
    path = tmp_path_factory.mktemp("issued") / "certificate.pdf"
    path.write_bytes(make_document(make_facts()))
    return path
