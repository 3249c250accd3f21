"""What an institute publishes as an issuer: its profile with all keys, its achievements, the list of statuses."""

from __future__ import annotations

import base64
import json
from typing import Any, Final

from sqlalchemy import func, select

from certificates.awards.choices import choices_of
from certificates.awards.models import StatusList
from certificates.awards.proof import addresses
from certificates.awards.proof.picture import draw_badge
from certificates.documents.issuer import IssuerKey, issuer_profile
from certificates.documents.looks.keeping import current
from certificates.levels.models import Level, RuleSet
from certificates.levels.rules import read_rules
from certificates.levels.sentences import say_rule
from courses.frameworks.queries import named
from institute.config import current_settings
from institute.db import db
from institute.errors import NotFoundError
from institute.i18n import Localised, language_tag, speaking
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


def keys_of(slug: str) -> bytes:
    """Return the keys that sign badges as JWTs, as a JWK set, newest first; those that leaked are left out."""
    keys = public_keys(_institute(slug).id, KeyPurpose.BADGE_JWT)
    return _as_json({"keys": [_jwk(slug, one) for one in keys if one.leaked_at is None]})


def key_of(slug: str, kid: str) -> bytes:
    """Return one key that signs or signed badges as JWTs, as a JWK. Raises NotFoundError, also for one that leaked."""
    for one in public_keys(_institute(slug).id, KeyPurpose.BADGE_JWT):
        if one.kid == kid and one.leaked_at is None:
            return _as_json(_jwk(slug, one))
    raise NotFoundError


def achievement_of(slug: str, level_key: str, version: int | None = None) -> bytes:
    """Return a version of a level as an achievement, the newest if none is named. Raises NotFoundError."""
    institute = _institute(slug)
    level, rule_set = _version(institute, level_key, version)
    said = rule_set.texts if rule_set is not None else {}
    name, summary = _text(said.get("name"), level.name), _text(said.get("summary"), level.summary)
    source = name.source
    asked = _rules_in_words(rule_set, source) if rule_set is not None else ""
    described: dict[str, Any] = {
        "@context": CONTEXTS,
        "id": f"{addresses.issuer_url(slug)}/achievements/{level_key}",
        "type": ["Achievement"],
        "achievementType": "Certification",
        "name": name.in_(source),
        "description": summary.in_(source) or name.in_(source),
        "criteria": {"narrative": asked or summary.in_(source) or name.in_(source)},
        "inLanguage": language_tag(source),
        "creator": {"id": addresses.issuer_url(slug), "type": ["Profile"]},
        "tag": [level.track.value],
    }
    if rule_set is not None:
        described["id"] = addresses.achievement_url(slug, level_key, rule_set.version)
        described["version"] = str(rule_set.version)
        described["image"] = {"id": addresses.image_url(slug, level_key, rule_set.version), "type": "Image"}
    return _as_json(described)


def picture_of(slug: str, level_key: str, version: int) -> bytes:
    """Return an achievement's picture as SVG, in the colour of the institute's documents. Raises NotFoundError."""
    institute = _institute(slug)
    level, _rules = _version(institute, level_key, version)
    same = select(func.count(Level.id)).where(Level.institute_id == institute.id, Level.track == level.track)
    primary = current(institute.id).primary
    return draw_badge(level.position, db.session.scalar(same) or 1, primary=primary)


def competency_of(slug: str, framework: str, element: str) -> bytes:
    """Return an element of a framework, by its title and description. Raises NotFoundError."""
    institute = _institute(slug)
    address = f"{framework}/{element}"
    if not address.isprintable():
        raise NotFoundError
    found = named(institute.id, [address])[address]
    if found.title is None or found.group is None or not found.is_element:
        raise NotFoundError
    source = found.title.source
    told = {
        "id": addresses.competency_url(slug, framework, element),
        "framework": found.group.in_(source),
        "code": found.code,
        "title": found.title.in_(source),
        "description": found.description.in_(source) if found.description is not None else "",
        "language": language_tag(source),
    }
    return _as_json({name: value for name, value in told.items() if value})


def status_list_of(slug: str, number: int) -> bytes:
    """Return an institute's signed list of statuses as it was made last.

    Raises NotFoundError for an unknown institute or number, and where nothing was issued yet.
    """
    found = db.session.get(StatusList, _institute(slug).id)
    if found is None or number != addresses.STATUS_LIST:
        raise NotFoundError
    return found.document.encode()


def _version(institute: Institute, level_key: str, version: int | None) -> tuple[Level, RuleSet | None]:
    level = None
    if level_key.isprintable():
        here = select(Level).where(Level.institute_id == institute.id, Level.key == level_key)
        level = db.session.scalar(here)
    if level is None:
        raise NotFoundError
    rules = select(RuleSet).where(RuleSet.institute_id == institute.id, RuleSet.level_id == level.id)
    if version is not None:
        rules = rules.where(RuleSet.version == version)
    found = db.session.scalar(rules.order_by(RuleSet.version.desc()).limit(1))
    if found is None and version is not None:
        raise NotFoundError
    return level, found


def _rules_in_words(rule_set: RuleSet, locale: str) -> str:
    """Return what a version asks, a sentence each, as badges say it."""
    with speaking(locale):
        names = choices_of(rule_set.institute_id).names
        return "\n".join(f"- {say_rule(rule, names)}" for rule in read_rules(rule_set.rules))


def _text(written: dict[str, Any] | None, otherwise: Localised) -> Localised:
    """Return a text as it was published with a version, the level's of today for versions that kept none."""
    return Localised.of(written["texts"], written["source"]) if written else otherwise


def _jwk(slug: str, key: PublicKey) -> dict[str, Any]:
    """Return a key by the name that tokens call it, which is its address."""
    return {**key.public_jwk, "kid": addresses.key_url(slug, key.kid), "use": "sig", "alg": "RS256"}


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
    found = None
    if slug.isprintable():  # PostgreSQL takes no NUL, not even to say that nothing is called so
        found = db.session.scalar(select(Institute).where(Institute.slug == slug))
    if found is None:
        raise NotFoundError
    return found


def _as_json(document: dict[str, Any]) -> bytes:
    return json.dumps(document, ensure_ascii=False, indent=1).encode()
