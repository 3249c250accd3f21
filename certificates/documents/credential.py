"""The certificate as an Open Badge 3.0: a verifiable credential with an embedded proof.

Only the worker imports this module: see ``certificates.documents.making``.
"""

from __future__ import annotations

import json
from datetime import date, datetime, time
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from certificates.documents.certificate import CertificateFacts
from certificates.documents.issuer import method_address
from certificates.documents.proofs import with_proof
from certificates.documents.vocabulary import CONTEXTS
from certificates.documents.wording import wording
from institute.clock import now
from institute.keys.keeping import KeyInHand
from institute.keys.models import KeyPurpose

LAST_SECOND: Final = time(23, 59, 59)


def make_credential(
    facts: CertificateFacts, *, badge_key: KeyInHand, issuer_url: str, status_url: str, status_index: int
) -> bytes:
    """Return the signed badge as JSON, in UTF-8.

    ``issuer_url`` answers with the issuer's profile, ``status_url`` with the status list, in which the award has
    the place ``status_index``. The holder is named as on the certificate, and by nothing else: no e-mail
    address and no LMS account. Raises ValueError if the key is no badge key.
    """
    document = unsigned(facts, issuer_url=issuer_url, status_url=status_url, status_index=status_index)
    at = now()
    # East of Greenwich the day of issue begins before UTC's: a badge never waits until it is valid.
    document["validFrom"] = min(document["validFrom"], f"{at:%Y-%m-%dT%H:%M:%SZ}")
    return signed(document, badge_key=badge_key, issuer_url=issuer_url, at=at)


def signed(document: dict[str, Any], *, badge_key: KeyInHand, issuer_url: str, at: datetime) -> bytes:
    """Return any document of the issuer's with its proof, as JSON. Raises ValueError if the key is no badge key."""
    private = badge_key.private
    if badge_key.purpose is not KeyPurpose.BADGE or not isinstance(private, Ed25519PrivateKey):
        raise ValueError(f"a {badge_key.purpose} key does not sign badges")
    proven = with_proof(
        document, private=private, method=method_address(issuer_url, badge_key.kid), created=at
    )
    return json.dumps(proven, ensure_ascii=False, indent=1).encode()


def unsigned(
    facts: CertificateFacts, *, issuer_url: str, status_url: str, status_index: int
) -> dict[str, Any]:
    """Return the badge without its proof. Sets are arrays, and what is empty is left out (OB 3.0, serialization)."""
    issued: dict[str, Any] = {
        "@context": list(CONTEXTS),
        "id": facts.verify_url,
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": facts.title.in_(facts.locale),
        "issuer": {
            "id": issuer_url,
            "type": ["Profile"],
            "name": facts.institute.in_(facts.locale),
            "url": issuer_url,
        },
        "validFrom": _instant(facts.issued, time()),
        "credentialSubject": _subject(facts, issuer_url),
        "credentialStatus": {
            "id": f"{status_url}#{status_index}",
            "type": "BitstringStatusListEntry",
            "statusPurpose": "revocation",
            "statusListIndex": str(status_index),
            "statusListCredential": status_url,
        },
    }
    if facts.valid_until is not None:
        issued["validUntil"] = _instant(facts.valid_until, LAST_SECOND)
    return issued


def _subject(facts: CertificateFacts, issuer_url: str) -> dict[str, Any]:
    achievement = f"{issuer_url}#level-{facts.level_position}-version-{facts.rules_version}"
    words = wording(facts.locale, fallback=facts.second_locale or facts.locale)
    subject: dict[str, Any] = {
        "type": ["AchievementSubject"],
        "identifier": [_named(name) for name in (facts.name, facts.second_name) if name],
        "licenseNumber": facts.serial,
        "achievement": {
            "id": achievement,
            "type": ["Achievement"],
            "achievementType": "Certification",
            "name": facts.title.in_(facts.locale),
            "description": facts.level.in_(facts.locale),
            "criteria": {"narrative": words.criteria(facts)},
            "version": str(facts.rules_version),
        },
    }
    if facts.minutes:
        hours = f"{achievement}-hours"
        subject["achievement"]["resultDescription"] = [
            {
                "id": hours,
                "type": ["ResultDescription"],
                "name": words.confirmed_coaching(),
                "resultType": "ext:CoachingTime",
            }
        ]
        subject["result"] = [
            {"type": ["Result"], "resultDescription": hours, "value": words.duration(facts.minutes)}
        ]
    return subject


def _named(name: str) -> dict[str, Any]:
    return {"type": "IdentityObject", "identityHash": name, "hashed": False, "identityType": "name"}


def _instant(day: date, at: time) -> str:
    return f"{datetime.combine(day, at).isoformat()}Z"
