"""What an Open Badge says beyond the certificate's page: the achievement, results, alignment, consented evidence.

Plain values and the JSON made of them; signing is done in ``certificates.documents.credential``.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any, Final

MINUTES: Final = 60
SCHEMA: Final = (
    "https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_achievementcredential_schema.json"
)


@dataclass(frozen=True, slots=True)
class Competency:
    """An element of a framework that an achievement is aligned to; ``url`` describes it."""

    url: str
    name: str
    framework: str
    code: str = ""


@dataclass(frozen=True, slots=True)
class Scale:
    """A criterion and the names of its levels, lowest first; ``required`` is the level asked for, if one is."""

    key: str
    name: str
    levels: tuple[str, ...]
    required: int | None = None
    competency: Competency | None = None


@dataclass(frozen=True, slots=True)
class Scored:
    """The exact level that was reached on a scale, counted from 1; two raters may make it 7/2."""

    scale: Scale
    level: Fraction


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of evidence that the holder agreed to name."""

    name: str
    description: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Badge:
    """Everything that stands in a badge and not on the certificate's page. Addresses are absolute.

    ``criteria`` are the rules in words. ``builds_on`` are the achievements that had to be held before. ``email`` is
    never written down: only its digest with ``salt``. ``until`` is when it ends, to the second.
    """

    url: str
    achievement_url: str
    criteria: str
    image_url: str = ""
    language: str = ""
    tags: tuple[str, ...] = ()
    scored: tuple[Scored, ...] = ()
    builds_on: tuple[str, ...] = ()
    evidence: tuple[Piece, ...] = ()
    until: datetime | None = None
    email: str = ""
    salt: str = ""


def described(badge: Badge) -> dict[str, Any]:
    """Return what a badge adds to the description of its achievement; what is empty is left out."""
    more: dict[str, Any] = {}
    if badge.image_url:
        more["image"] = {"id": badge.image_url, "type": "Image"}
    if badge.language:
        more["inLanguage"] = badge.language
    if badge.tags:
        more["tag"] = list(badge.tags)
    if badge.builds_on:
        more["related"] = [{"id": one, "type": ["Related"]} for one in badge.builds_on]
    found = [one.scale.competency for one in badge.scored if one.scale.competency is not None]
    if found:
        more["alignment"] = [alignment(one) for one in dict.fromkeys(found)]
    return more


def credits_of(minutes: int) -> float | int:
    """Return a time as hours, to two places: a whole number where it is one."""
    whole, rest = divmod(minutes, MINUTES)
    return whole if not rest else round(minutes / MINUTES, 2)


def alignment(one: Competency) -> dict[str, Any]:
    """Return an alignment to an element of a framework."""
    said = {
        "type": ["Alignment"],
        "targetUrl": one.url,
        "targetName": one.name,
        "targetFramework": one.framework,
        "targetType": "CFItem",
    }
    return said | ({"targetCode": one.code} if one.code else {})


def result_description(achievement: str, scale: Scale, *, whole: bool) -> dict[str, Any]:
    """Return what a result is about. Where levels may lie between two, it is a score from the lowest to the highest."""
    here = f"{achievement}#{scale.key}"
    said: dict[str, Any] = {"id": here, "type": ["ResultDescription"], "name": scale.name}
    if whole:
        said["resultType"] = "RubricCriterionLevel"
        said["rubricCriterionLevel"] = [
            {
                "id": level_address(achievement, scale, number),
                "type": ["RubricCriterionLevel"],
                "name": name,
                "level": str(number),
                "points": str(number),
            }
            for number, name in enumerate(scale.levels, start=1)
        ]
        if scale.required is not None:
            said["requiredLevel"] = level_address(achievement, scale, scale.required)
    else:
        said |= {"resultType": "RubricScore", "valueMin": "1", "valueMax": str(len(scale.levels))}
        if scale.required is not None:
            said["requiredValue"] = str(scale.required)
    if scale.competency is not None:
        said["alignment"] = [alignment(scale.competency)]
    return said


def result(achievement: str, scored: Scored) -> dict[str, Any]:
    """Return the level that was reached, or the exact score between two levels as a decimal."""
    said: dict[str, Any] = {"type": ["Result"], "resultDescription": f"{achievement}#{scored.scale.key}"}
    if is_whole(scored):
        return said | {"achievedLevel": level_address(achievement, scored.scale, scored.level.numerator)}
    return said | {"value": f"{float(scored.level):.2f}".rstrip("0").rstrip(".")}


def is_whole(scored: Scored) -> bool:
    """Tell whether what was reached is one of the levels."""
    return scored.level.denominator == 1 and 1 <= scored.level.numerator <= len(scored.scale.levels)


def level_address(achievement: str, scale: Scale, number: int) -> str:
    """Return the address of a level of a criterion."""
    return f"{achievement}#{scale.key}-level-{number}"


def hashed_email(email: str, salt: str) -> dict[str, Any]:
    """Return an address that only who knows it can recognise (OB 3.0, IdentityObject)."""
    digest = hashlib.sha256(f"{email.lower()}{salt}".encode()).hexdigest()
    return {
        "type": "IdentityObject",
        "hashed": True,
        "identityHash": f"sha256${digest}",
        "identityType": "emailAddress",
        "salt": salt,
    }


def pieces(evidence: tuple[Piece, ...]) -> list[dict[str, Any]]:
    """Return pieces of evidence as a badge names them."""
    return [
        {"type": ["Evidence"], "name": one.name}
        | ({"description": one.description} if one.description else {})
        for one in evidence
    ]
