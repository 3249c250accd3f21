"""The Open Badge inside a certificate: what it says, and that its proof is the published cryptosuite's."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from copy import deepcopy
from datetime import UTC, date, datetime
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from certificates.documents import vocabulary
from certificates.documents.certificate import CertificateFacts
from certificates.documents.credential import make_credential, unsigned
from certificates.documents.issuer import IssuerKey, issuer_profile
from certificates.documents.multibase import base58, decoded, multikey, public_bytes
from certificates.documents.proofs import ProofError, check_proof, document_digest, proof_digest, with_proof
from certificates.documents.vocabulary import UnknownContextError
from institute import clock
from institute.keys.models import KeyPurpose
from tests.certificates.documents.conftest import ISSUER, STATUS, MakeFacts, MakeKey

# 1EdTech, Open Badges 3.0 implementation guide, "Linked Data Proof test vector".
PUBLISHED: dict[str, Any] = {
    "@context": list(vocabulary.CONTEXTS),
    "id": "http://example.com/credentials/3527",
    "type": ["VerifiableCredential", "OpenBadgeCredential"],
    "issuer": {
        "id": "https://example.edu/issuers/565049",
        "type": ["Profile"],
        "url": "https://www.imsglobal.org",
        "name": "Example Corp",
    },
    "validFrom": "2010-01-01T00:00:00Z",
    "name": "Teamwork Badge",
    "credentialSubject": {
        "id": "did:example:ebfeb1f712ebc6f1c276e12ec21",
        "type": ["AchievementSubject"],
        "achievement": {
            "id": "https://example.com/achievements/21st-century-skills/teamwork",
            "type": ["Achievement"],
            "criteria": {
                "narrative": "Team members are nominated for this badge by their peers and recognized upon "
                "review by Example Corp management."
            },
            "description": "This badge recognizes the development of the capacity to collaborate within a "
            "group environment.",
            "name": "Teamwork",
        },
    },
}
PUBLISHED_KEY = "z6MkjZRZv3aez3r18pB1RBFJR1kwUVJ5jHt92JmQwXbd5hwi"
PUBLISHED_SECRET = "6241a409e6707bb640a0140a8a32bc3d193c33a661747284d6adfa4ed4180be4"
PUBLISHED_PROOF = {
    "type": "DataIntegrityProof",
    "created": "2010-01-01T19:23:24Z",
    "verificationMethod": f"https://example.edu/issuers/565049#{PUBLISHED_KEY}",
    "cryptosuite": "eddsa-rdfc-2022",
    "proofPurpose": "assertionMethod",
}
DOCUMENT_HASH = "87f65a76d40146205e3b3e06cb0fbd153f97f9ce70372390f52566bb7f9e0773"
PROOF_HASH = "d34009cea0dbc1ca941e09dc01c8c9d3e3ce3c5b853f67ee44698dcea10f5d19"
PROOF_VALUE = "z5x9aCBYovW3CQCbKdNyhEm7ffYSw1YpEdPywQJoNbzDD2gkzQDKJ1sYKJaWvqZtkMtSbz35HcbgXVEDYHxCzgkCr"


def test_the_published_test_vector_is_reproduced() -> None:
    assert document_digest(PUBLISHED).hex() == DOCUMENT_HASH
    assert proof_digest(PUBLISHED, PUBLISHED_PROOF).hex() == PROOF_HASH
    private = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(PUBLISHED_SECRET))
    made = with_proof(
        PUBLISHED,
        private=private,
        method=PUBLISHED_PROOF["verificationMethod"],
        created=datetime(2010, 1, 1, 19, 23, 24, tzinfo=UTC),
    )
    assert made["proof"] == {**PUBLISHED_PROOF, "proofValue": PROOF_VALUE}
    check_proof(made, public_key_multibase=PUBLISHED_KEY)


def test_keys_are_written_as_published() -> None:
    raw = "4bdeafde2ea8beefadd8c699b5c7e0704cf51154d52e17b20b71337ca04cc5a5"
    assert public_bytes(PUBLISHED_KEY).hex() == raw
    assert base58(b"\xed\x01" + bytes.fromhex(raw)) == PUBLISHED_KEY
    assert decoded(base58(b"\0\0\x01")) == b"\0\0\x01"


@pytest.fixture
def badge(make_facts: MakeFacts) -> dict[str, Any]:
    return unsigned(make_facts(), issuer_url=ISSUER, status_url=STATUS, status_index=94)


def test_a_badge_says_who_issued_what_to_whom_until_when(badge: dict[str, Any]) -> None:
    assert badge["@context"] == list(vocabulary.CONTEXTS)
    assert badge["type"] == ["VerifiableCredential", "OpenBadgeCredential"]
    assert badge["issuer"]["id"] == ISSUER
    assert (badge["validFrom"], badge["validUntil"]) == ("2026-10-14T00:00:00Z", "2029-10-14T23:59:59Z")
    subject = badge["credentialSubject"]
    assert subject["type"] == ["AchievementSubject"]
    assert [entry["identityHash"] for entry in subject["identifier"]] == ["Mei-Ling Chen", "陳美玲"]
    assert subject["licenseNumber"] == "VCI-2026-00418-7"
    assert subject["achievement"]["criteria"]["narrative"]
    assert subject["result"][0]["value"] == "43 hours 30 minutes"
    assert badge["credentialStatus"]["type"] == "BitstringStatusListEntry"
    assert badge["credentialStatus"]["statusListIndex"] == "94"
    assert "evidence" not in badge


def test_badge_is_valid_when_it_is_signed_also_where_the_day_has_begun_before_utc_s(
    make_facts: MakeFacts, make_key: MakeKey
) -> None:
    key = make_key(KeyPurpose.BADGE)
    with clock.frozen(datetime(2026, 10, 14, 16, 30, tzinfo=UTC)):  # half past one in Tokyo, on the 15th
        badge = json.loads(
            make_credential(
                make_facts(issued=date(2026, 10, 15)),
                badge_key=key,
                issuer_url=ISSUER,
                status_url=STATUS,
                status_index=94,
            )
        )
    assert badge["validFrom"] == badge["proof"][0]["created"] == "2026-10-14T16:30:00Z"


def test_a_badge_without_hours_or_end_leaves_them_out(make_facts: MakeFacts) -> None:
    facts = make_facts(minutes=0, raters=0, valid_until=None, second_name=None)
    badge = unsigned(facts, issuer_url=ISSUER, status_url=STATUS, status_index=0)
    assert "validUntil" not in badge
    assert "result" not in badge["credentialSubject"]
    assert "null" not in json.dumps(badge)


def test_every_word_of_a_badge_is_under_its_proof(badge: dict[str, Any]) -> None:
    """A name that the contexts do not know would be dropped silently, and could be changed at will."""
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


def leaves(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Yield where the texts, numbers and truths of a document stand."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from leaves(inner, (*path, name))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from leaves(inner, (*path, index))
    else:
        yield path


def other(value: Any) -> Any:
    """Return another value of the same kind."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int | float):
        return value + 1
    return f"{value}-2" if "://" in value or not value.startswith("20") else "1999-01-01T00:00:00Z"


def test_a_changed_badge_is_noticed(
    make_facts: MakeFacts, make_key: MakeKey, make_badge: Callable[[CertificateFacts], bytes]
) -> None:
    credential = json.loads(make_badge(make_facts()))
    public = multikey(make_key(KeyPurpose.BADGE).public_jwk)
    check_proof(credential, public_key_multibase=public)
    credential["credentialSubject"]["licenseNumber"] = "VCI-2026-00001-1"
    with pytest.raises(ProofError):
        check_proof(credential, public_key_multibase=public)


@pytest.mark.parametrize("value", [None, "", "z", "z0", "u!!", "z" + "1" * 5000, 7])
def test_a_broken_proof_is_refused_in_words(value: Any) -> None:
    broken = {**PUBLISHED, "proof": {**PUBLISHED_PROOF, "proofValue": value}}
    with pytest.raises(ProofError):
        check_proof(broken, public_key_multibase=PUBLISHED_KEY)


def test_only_a_badge_key_signs_badges(make_facts: MakeFacts, make_key: MakeKey) -> None:
    with pytest.raises(ValueError, match="does not sign badges"):
        make_credential(
            make_facts(), badge_key=make_key(), issuer_url=ISSUER, status_url=STATUS, status_index=1
        )


def test_no_context_is_fetched() -> None:
    with pytest.raises(UnknownContextError):
        vocabulary.load("https://example.com/context.json")
    foreign = {**PUBLISHED, "@context": [*vocabulary.CONTEXTS, "https://example.com/context.json"]}
    with pytest.raises(ProofError):
        check_proof(
            {**foreign, "proof": {**PUBLISHED_PROOF, "proofValue": PROOF_VALUE}},
            public_key_multibase=PUBLISHED_KEY,
        )


def test_the_profile_gives_each_key_its_address_and_says_which_leaked(make_key: MakeKey) -> None:
    key = make_key(KeyPurpose.BADGE)
    leaked = datetime(2026, 11, 1, tzinfo=UTC)
    profile = issuer_profile(
        issuer_url=ISSUER,
        name="Valley Coaching Institute",
        url="https://valley.example",
        keys=[IssuerKey(key.kid, key.public_jwk), IssuerKey("old", key.public_jwk, leaked)],
    )
    current, old = profile["verificationMethod"]
    assert current["id"] == f"{ISSUER}#{key.kid}"
    assert current["publicKeyMultibase"].startswith("z6Mk")
    assert "revoked" not in current
    assert old["revoked"] == "2026-11-01T00:00:00Z"
    assert profile["assertionMethod"] == [current["id"], old["id"]]
    with pytest.raises(ValueError, match="Ed25519"):
        issuer_profile(issuer_url=ISSUER, name="V", url=ISSUER, keys=[IssuerKey("x", make_key().public_jwk)])
