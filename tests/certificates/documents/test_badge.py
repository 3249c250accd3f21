"""A badge with everything it can say: as Open Badges 3.0 has it, word by word under its proof."""

from __future__ import annotations

import re
from copy import deepcopy
from datetime import UTC, datetime
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from certificates.documents.badge import Badge, Competency, Piece, Scale, Scored, credits_of, is_whole, result
from certificates.documents.credential import make_both, unsigned
from certificates.documents.proofs import document_digest
from institute.keys.models import KeyPurpose
from tests.certificates.documents.conftest import ISSUER, STATUS, MakeFacts, MakeKey
from tests.certificates.documents.test_credential import leaves, other

LEVELS = ("Begins", "Approaches", "Meets", "Exemplifies")
ACHIEVEMENT = f"{ISSUER}/achievements/career/3"
COMPETENCY = Competency(f"{ISSUER}/competencies/practice/listening", "Listens first", "Practice", "1A")
FULL = Badge(
    url="https://certificates.example/credentials/7Q2KM9XDPLW4",
    achievement_url=ACHIEVEMENT,
    criteria="- At least 40 h of confirmed coaching",
    image_url=f"{ACHIEVEMENT}/image.svg",
    language="en",
    tags=("participant",),
    scored=(
        Scored(Scale("plan-listens", "Listens", LEVELS, 3, COMPETENCY), Fraction(3)),
        Scored(Scale("plan-asks", "Asks", LEVELS, 2), Fraction(7, 2)),
    ),
    builds_on=(f"{ISSUER}/achievements/novice/1",),
    evidence=(Piece("Filmed conversation", "Twenty minutes"),),
    until=datetime(2029, 10, 15, 6, 59, 59, tzinfo=UTC),
    email="Mei-Ling@example.test",
    salt="c2FsdA",
)
# Open Badges 3.0, "Data Model": what must be there, of which kind; a set is an array also of one.
MUST: dict[str, dict[str, type]] = {
    "Achievement": {"id": str, "criteria": dict, "description": str, "name": str},
    "AchievementSubject": {"type": list, "achievement": dict},
    "Alignment": {"targetName": str, "targetUrl": str},
    "Evidence": {"type": list},
    "IdentityObject": {"hashed": bool, "identityHash": str, "identityType": str},
    "Image": {"id": str},
    "Profile": {"id": str, "type": list},
    "Related": {"id": str, "type": list},
    "Result": {"type": list},
    "ResultDescription": {"id": str, "type": list, "name": str, "resultType": str},
    "RubricCriterionLevel": {"id": str, "type": list, "name": str},
    "BitstringStatusListEntry": {"statusPurpose": str, "statusListIndex": str, "statusListCredential": str},
}
SETS = {"alignment", "resultDescription", "rubricCriterionLevel", "related", "tag", "evidence", "identifier"}
RESULT_TYPES = {"RubricCriterionLevel", "RubricScore"}


@pytest.fixture
def badge(make_facts: MakeFacts) -> dict[str, Any]:
    return unsigned(make_facts(), FULL, issuer_url=ISSUER, status_url=STATUS, status_index=94)


def nodes(value: Any) -> list[dict[str, Any]]:
    """Return every object of a document."""
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return ([value] if isinstance(value, dict) else []) + [found for one in inner for found in nodes(one)]


def test_everything_that_open_badges_demands_is_there_and_of_its_kind(badge: dict[str, Any]) -> None:
    seen = set()
    for node in nodes(badge):
        kinds = node.get("type", [])
        for kind in [kinds] if isinstance(kinds, str) else kinds:
            for name, expected in MUST.get(kind, {}).items():
                assert isinstance(node[name], expected), (kind, name)
            seen.add(kind)
        for name, value in node.items():
            assert value not in (None, "", [], {}), name
            if name in SETS and kinds != ["Result"]:
                assert isinstance(value, list), name
        if node.get("type") == ["ResultDescription"]:
            assert node["resultType"] in RESULT_TYPES or node["resultType"].startswith("ext:")
    assert set(MUST) <= seen
    about = {one["id"] for one in badge["credentialSubject"]["achievement"]["resultDescription"]}
    assert {one["resultDescription"] for one in badge["credentialSubject"]["result"]} == about
    for name in ("validFrom", "validUntil"):
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", badge[name])
    assert badge["validUntil"] == "2029-10-15T06:59:59Z"


def test_every_word_of_a_full_badge_is_under_its_proof(badge: dict[str, Any]) -> None:
    original = document_digest(badge)
    for path in leaves(badge):
        if path[0] == "@context":
            continue
        changed = deepcopy(badge)
        holder: Any = changed
        for step in path[:-1]:
            holder = holder[step]
        holder[path[-1]] = other(holder[path[-1]])
        assert document_digest(changed) != original, f"{path} is not covered"


def test_an_address_is_known_only_to_who_knows_it_already(badge: dict[str, Any]) -> None:
    (hashed,) = [one for one in badge["credentialSubject"]["identifier"] if one["hashed"]]
    assert re.fullmatch(r"sha256\$[0-9a-f]{64}", hashed["identityHash"])
    assert "@" not in str({name: value for name, value in badge.items() if name != "@context"})


def test_only_the_right_keys_sign(make_facts: MakeFacts, make_key: MakeKey) -> None:
    with pytest.raises(ValueError, match="as a JWT"):
        make_both(
            make_facts(),
            FULL,
            badge_key=make_key(KeyPurpose.BADGE),
            jwt_key=make_key(KeyPurpose.BADGE),
            jwt_key_url=f"{ISSUER}/keys/1",
            issuer_url=ISSUER,
            status_url=STATUS,
            status_index=94,
        )


@settings(max_examples=200, deadline=None)
@given(st.integers(1, 8), st.integers(1, 8), st.integers(0, 10**6))
def test_levels_and_hours_are_told_exactly_or_to_two_places(one: int, another: int, minutes: int) -> None:
    scored = Scored(Scale("key", "Name", LEVELS), Fraction(one + another, 2))
    told = result(ACHIEVEMENT, scored)
    assert ("achievedLevel" in told) is is_whole(scored) is ((one + another) % 2 == 0 and one + another <= 8)
    if "value" in told:
        assert Fraction(told["value"]) == scored.level
    assert abs(Fraction(credits_of(minutes)) - Fraction(minutes, 60)) <= Fraction(1, 199)
    assert isinstance(credits_of(minutes), int) is (minutes % 60 == 0)
