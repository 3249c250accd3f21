"""What an institute publishes as an issuer: its profile with all keys, its achievements, the list of statuses."""

from __future__ import annotations

import base64
import json
from typing import Any, Final

from sqlalchemy import select

from certificates.awards import addresses
from certificates.awards.models import StatusList
from certificates.documents.issuer import IssuerKey, issuer_profile
from certificates.levels.models import Level
from institute.config import current_settings
from institute.db import db
from institute.errors import NotFoundError
from institute.i18n import language_tag
from institute.keys.keeping import PublicKey, public_keys
from institute.keys.models import KeyPurpose
from institute.people.models import Institute

CONTEXTS: Final = [
    "https://www.w3.org/ns/credentials/v2",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
]


def profile_of(slug: str) -> bytes:
    """Return an institute's profile, with the public keys of every purpose, retired ones too. Raises NotFoundError."""
    institute = _institute(slug)
    here = addresses.issuer_url(slug)
    keys = public_keys(institute.id)
    badge_keys = [one for one in keys if one.purpose is KeyPurpose.BADGE]
    profile = issuer_profile(
        issuer_url=here,
        name=institute.name.in_(institute.name.source),
        url=current_settings().verify_url,
        keys=[IssuerKey(one.kid, one.public_jwk, revoked_at=one.leaked_at) for one in badge_keys],
    )
    others = (one for one in keys if one.purpose is not KeyPurpose.BADGE)
    profile["verificationMethod"] += [_method(here, one) for one in others]
    return _as_json(profile)


def achievement_of(slug: str, level_key: str) -> bytes:
    """Return a level as an achievement. Raises NotFoundError."""
    institute = _institute(slug)
    level = db.session.scalar(select(Level).where(Level.institute_id == institute.id, Level.key == level_key))
    if level is None:
        raise NotFoundError
    source = level.name.source
    return _as_json(
        {
            "@context": CONTEXTS,
            "id": addresses.achievement_url(slug, level_key),
            "type": ["Achievement"],
            "achievementType": "Certification",
            "name": level.name.in_(source),
            "description": level.summary.in_(source),
            "criteria": {"narrative": level.summary.in_(source)},
            "inLanguage": language_tag(source),
            "creator": {"id": addresses.issuer_url(slug), "type": ["Profile"]},
        }
    )


def status_list_of(slug: str, number: int) -> bytes:
    """Return an institute's signed list of statuses as it was made last.

    Raises NotFoundError for an unknown institute or number, and where nothing was issued yet.
    """
    institute = _institute(slug)
    found = db.session.get(StatusList, institute.id) if number == addresses.STATUS_LIST else None
    if found is None:
        raise NotFoundError
    return found.document.encode()


def _method(here: str, key: PublicKey) -> dict[str, Any]:
    """Return a key that does not sign badges, with its certificate where it has one."""
    jwk = dict(key.public_jwk)
    if key.certificate_der is not None:
        jwk["x5c"] = [base64.b64encode(key.certificate_der).decode()]
    method = {"id": f"{here}#{key.kid}", "type": "JsonWebKey", "controller": here, "publicKeyJwk": jwk}
    if key.leaked_at is not None:
        method["revoked"] = f"{key.leaked_at:%Y-%m-%dT%H:%M:%SZ}"
    return method


def _institute(slug: str) -> Institute:
    found = db.session.scalar(select(Institute).where(Institute.slug == slug))
    if found is None:
        raise NotFoundError
    return found


def _as_json(document: dict[str, Any]) -> bytes:
    return json.dumps(document, ensure_ascii=False, indent=1).encode()
