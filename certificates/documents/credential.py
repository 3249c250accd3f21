"""The certificate as an Open Badge 3.0: a verifiable credential with an embedded proof, and the same as a JWT.

Only the worker imports this module: see ``certificates.documents.making``.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from certificates.documents.badge import (
    SCHEMA,
    Badge,
    credits_of,
    described,
    hashed_email,
    is_whole,
    pieces,
    result,
    result_description,
)
from certificates.documents.certificate import CertificateFacts
from certificates.documents.issuer import method_address
from certificates.documents.jwt import make_jwt
from certificates.documents.proofs import with_proof
from certificates.documents.vocabulary import CONTEXTS
from certificates.documents.wording import wording
from institute.clock import now
from institute.keys.keeping import KeyInHand
from institute.keys.models import KeyPurpose

LAST_SECOND: Final = time(23, 59, 59)


@dataclass(frozen=True, slots=True)
class Signed:
    """A badge in both of its forms: JSON with an embedded proof, and a JWT."""

    document: bytes
    jwt: str


def make_both(
    facts: CertificateFacts,
    badge: Badge,
    *,
    badge_key: KeyInHand,
    jwt_key: KeyInHand,
    jwt_key_url: str,
    issuer_url: str,
    status_url: str,
    status_index: int,
) -> Signed:
    """Return the signed badge in both forms, saying the same. Raises ValueError for keys of another purpose."""
    document, at = _dated(
        unsigned(facts, badge, issuer_url=issuer_url, status_url=status_url, status_index=status_index)
    )
    token = make_jwt(document, key=jwt_key, key_url=jwt_key_url)
    return Signed(signed(document, badge_key=badge_key, issuer_url=issuer_url, at=at), token)


def make_credential(
    facts: CertificateFacts, *, badge_key: KeyInHand, issuer_url: str, status_url: str, status_index: int
) -> bytes:
    """Return a signed badge that says what the certificate's page says, as JSON, in UTF-8.

    ``issuer_url`` answers with the issuer's profile, ``status_url`` with the status list, in which the award has
    the place ``status_index``. The holder is named as on the certificate, and by nothing else: no e-mail
    address and no LMS account. Raises ValueError if the key is no badge key.
    """
    document, at = _dated(
        unsigned(facts, issuer_url=issuer_url, status_url=status_url, status_index=status_index)
    )
    return signed(document, badge_key=badge_key, issuer_url=issuer_url, at=at)


def _dated(document: dict[str, Any]) -> tuple[dict[str, Any], datetime]:
    """Return a badge that holds from now on at the latest, and now."""
    at = now()
    # East of Greenwich the day of issue begins before UTC's: a badge never waits until it is valid.
    return document | {"validFrom": min(document["validFrom"], f"{at:%Y-%m-%dT%H:%M:%SZ}")}, at


def signed(document: dict[str, Any], *, badge_key: KeyInHand, issuer_url: str, at: datetime) -> bytes:
    """Return any document of the issuer's with its proof, as JSON. Raises ValueError if the key is no badge key."""
    private = badge_key.private
    if badge_key.purpose is not KeyPurpose.BADGE or not isinstance(private, Ed25519PrivateKey):
        raise ValueError(f"a {badge_key.purpose} key does not sign badges")
    proven = with_proof(
        document, private=private, method=method_address(issuer_url, badge_key.kid), created=at
    )
    # A set of one: the schema of OB 3.0 knows no other.
    return json.dumps({**proven, "proof": [proven["proof"]]}, ensure_ascii=False, indent=1).encode()


def unsigned(
    facts: CertificateFacts,
    badge: Badge | None = None,
    *,
    issuer_url: str,
    status_url: str,
    status_index: int,
) -> dict[str, Any]:
    """Return the badge without its proof. Sets are arrays, and what is empty is left out (OB 3.0, serialization)."""
    issued: dict[str, Any] = {
        "@context": list(CONTEXTS),
        "id": badge.url if badge is not None else facts.verify_url,
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": facts.title.in_(facts.locale),
        "issuer": {
            "id": issuer_url,
            "type": ["Profile"],
            "name": facts.institute.in_(facts.locale),
            "url": issuer_url,
        },
        "validFrom": _instant(facts.issued, time()),
        "credentialSubject": _subject(facts, badge, issuer_url),
        "credentialSchema": [{"id": SCHEMA, "type": "JsonSchema"}],
        "credentialStatus": {
            "id": f"{status_url}#{status_index}",
            "type": "BitstringStatusListEntry",
            "statusPurpose": "revocation",
            "statusListIndex": str(status_index),
            "statusListCredential": status_url,
        },
    }
    if badge is not None and badge.evidence:
        issued["evidence"] = pieces(badge.evidence)
    if badge is not None and badge.until is not None:
        issued["validUntil"] = f"{badge.until.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
    elif facts.valid_until is not None:
        issued["validUntil"] = _instant(facts.valid_until, LAST_SECOND)
    return issued


def _subject(facts: CertificateFacts, badge: Badge | None, issuer_url: str) -> dict[str, Any]:
    achievement = (
        badge.achievement_url
        if badge is not None
        else f"{issuer_url}#level-{facts.level_position}-version-{facts.rules_version}"
    )
    words = wording(facts.locale, fallback=facts.second_locale or facts.locale)
    narrative = badge.criteria if badge is not None and badge.criteria else words.criteria(facts)
    identified = [_named(name) for name in (facts.name, facts.second_name) if name]
    if badge is not None and badge.email:
        identified.append(hashed_email(badge.email, badge.salt))
    about: dict[str, Any] = {
        "id": achievement,
        "type": ["Achievement"],
        "achievementType": "Certification",
        "name": facts.title.in_(facts.locale),
        "description": facts.level.in_(facts.locale),
        "criteria": {"narrative": narrative},
        "creator": {"id": issuer_url, "type": ["Profile"]},
        "version": str(facts.rules_version),
    }
    subject: dict[str, Any] = {
        "type": ["AchievementSubject"],
        "identifier": identified,
        "licenseNumber": facts.serial,
        "achievement": about | (described(badge) if badge is not None else {}),
    }
    _add_results(subject, facts, badge)
    return subject


def _add_results(subject: dict[str, Any], facts: CertificateFacts, badge: Badge | None) -> None:
    """Say what was reached: the confirmed time, also as credits, and the level of each criterion."""
    about = subject["achievement"]
    words = wording(facts.locale, fallback=facts.second_locale or facts.locale)
    descriptions: list[dict[str, Any]] = []
    results: list[dict[str, Any]] = []
    if facts.minutes:
        hours = f"{about['id']}-hours" if "#" in about["id"] else f"{about['id']}#hours"
        descriptions.append(
            {
                "id": hours,
                "type": ["ResultDescription"],
                "name": words.confirmed_coaching(),
                "resultType": "ext:CoachingTime",
            }
        )
        results.append(
            {"type": ["Result"], "resultDescription": hours, "value": words.duration(facts.minutes)}
        )
        subject["creditsEarned"] = credits_of(facts.minutes)
    for scored in badge.scored if badge is not None else ():
        descriptions.append(result_description(about["id"], scored.scale, whole=is_whole(scored)))
        results.append(result(about["id"], scored))
    if results:
        about["resultDescription"], subject["result"] = descriptions, results


def _named(name: str) -> dict[str, Any]:
    return {"type": "IdentityObject", "identityHash": name, "hashed": False, "identityType": "name"}


def _instant(day: date, at: time) -> str:
    return f"{datetime.combine(day, at).isoformat()}Z"
