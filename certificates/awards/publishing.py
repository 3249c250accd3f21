"""What an institute publishes as an issuer: its profile with all keys, its achievements, the list of statuses."""

from __future__ import annotations

import importlib
import json
from dataclasses import dataclass
from typing import Any, Final, cast

from flask import Flask, current_app
from sqlalchemy import select

from certificates.awards import addresses
from certificates.awards.models import Award, AwardChange
from certificates.awards.states import AwardStatus
from certificates.levels.models import Level
from institute.actors import InstituteId
from institute.config import current_settings
from institute.db import db
from institute.errors import NotFoundError
from institute.i18n import language_tag
from institute.keys.keeping import key_in_use, public_keys
from institute.keys.models import KeyPurpose
from institute.people.models import Institute

CONTEXTS: Final = [
    "https://www.w3.org/ns/credentials/v2",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
]
# Signing a credential is large and slow to import: a process does so when the list is asked for.
_STATUSES: Final = "certificates.documents.statuses"
# Whoever verifies asks for revocation and for suspension: both take a certificate's bit.
NOT_VALID: Final = (AwardStatus.REVOKED, AwardStatus.SUSPENDED)


@dataclass(frozen=True, slots=True)
class SignedList:
    """A signed list and the version of the statuses that it tells."""

    version: tuple[int, int]
    document: bytes


def init_app(app: Flask) -> None:
    """Let the application remember each institute's signed list."""
    app.extensions["status_lists"] = {}


def profile_of(slug: str) -> bytes:
    """Return an institute's profile, with the public keys of every purpose, retired ones too. Raises NotFoundError."""
    institute = _institute(slug)
    here = addresses.issuer_url(slug)
    keys = public_keys(institute.id)
    methods = []
    for key in keys:
        method: dict[str, Any] = {
            "id": f"{here}#{key.kid}",
            "type": "JsonWebKey",
            "controller": here,
            "publicKeyJwk": key.public_jwk,
        }
        if key.retired_at is not None:
            method["expires"] = key.retired_at.isoformat(timespec="seconds")
        if key.leaked_at is not None:
            method["revoked"] = key.leaked_at.isoformat(timespec="seconds")
        methods.append(method)
    return _as_json(
        {
            "@context": CONTEXTS,
            "id": here,
            "type": "Profile",
            "name": institute.name.in_(institute.name.source),
            "url": current_settings().verify_url,
            "verificationMethod": methods,
            "assertionMethod": [one["id"] for one in methods],
        }
    )


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
    """Return an institute's signed list of statuses; it is signed anew only where something changed.

    Raises NotFoundError for an unknown institute or number.
    """
    institute = _institute(slug)
    if number != addresses.STATUS_LIST:
        raise NotFoundError
    badge_key = key_in_use(institute.id, KeyPurpose.BADGE)
    mine = AwardChange.institute_id == institute.id
    last = db.session.scalar(select(AwardChange).where(mine).order_by(AwardChange.id.desc()).limit(1))
    version = (last.id if last else 0, badge_key.id)
    known = cast("dict[InstituteId, SignedList]", current_app.extensions["status_lists"])
    if institute.id not in known or known[institute.id].version != version:
        taken = db.session.scalars(
            select(Award.status_index).where(Award.institute_id == institute.id, Award.status.in_(NOT_VALID))
        ).all()
        statuses: Any = importlib.import_module(_STATUSES)
        document = statuses.make_status_list(
            taken,
            badge_key=badge_key,
            issuer_url=addresses.issuer_url(slug),
            status_url=addresses.status_url(slug),
            issued_at=last.at if last else institute.created_at,
        )
        known[institute.id] = SignedList(version, document)
    return known[institute.id].document


def _institute(slug: str) -> Institute:
    found = db.session.scalar(select(Institute).where(Institute.slug == slug))
    if found is None:
        raise NotFoundError
    return found


def _as_json(document: dict[str, Any]) -> bytes:
    return json.dumps(document, ensure_ascii=False, indent=1).encode()
