"""Open Badges verified by others' implementations: one from npm for the embedded proof, one from PyPI for the JWT."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from certificates.documents import vocabulary
from certificates.documents.badge import Badge, Competency, Piece, Scale, Scored
from certificates.documents.credential import Signed, make_both
from certificates.documents.issuer import IssuerKey, issuer_profile
from certificates.documents.statuses import REVOCATION, status_list_credential
from institute.clock import now
from institute.keys.models import KeyPurpose
from institute.paths import ROOT
from tests.certificates.documents.conftest import MakeFacts, MakeKey, make_facts, make_key  # noqa: F401  (fixtures)

HERE = Path(__file__).parent / "badges"
ISSUER = "https://certificates.example/issuers/valley"
ACHIEVEMENT = f"{ISSUER}/achievements/career/3"
LIST = f"{ISSUER}/status/1"
PLACE = 94
LEVELS = ("Beginning", "Developing", "Proficient", "Leading")
COMPETENCY = Competency(f"{ISSUER}/competencies/cpsel/3a", "Leads with reflection", "CPSEL", "3A")
BADGE = Badge(
    url="https://certificates.example/credentials/7Q2KM9XDPLW4",
    achievement_url=ACHIEVEMENT,
    criteria="- At least 40 h of confirmed coaching\n- “帶領反思” is accepted",
    image_url=f"{ACHIEVEMENT}/image.svg",
    language="en",
    tags=("participant",),
    scored=(
        Scored(Scale("film-listens", "Listens", LEVELS, 3, COMPETENCY), Fraction(3)),
        Scored(Scale("film-asks", "Asks", LEVELS), Fraction(7, 2)),
    ),
    builds_on=(f"{ISSUER}/achievements/novice/1",),
    evidence=(Piece("Filmed conversation", "Twenty minutes with a colleague"),),
    email="mei-ling@example.test",
    salt="c2FsdA",
)


@dataclass(frozen=True)
class Issued:
    """A badge in both forms, and how to make its issuer's list."""

    signed: Signed
    profile: dict[str, Any]
    jwk: dict[str, Any]
    lists: Callable[..., dict[str, Any]]

    @property
    def document(self) -> dict[str, Any]:
        """The badge as JSON."""
        read: dict[str, Any] = json.loads(self.signed.document)
        return read


@pytest.fixture(scope="module")
def issued(make_facts: MakeFacts, make_key: MakeKey) -> Issued:  # noqa: F811
    """A badge with everything that a badge of ours can say."""
    key, jwt_key = make_key(KeyPurpose.BADGE), make_key(KeyPurpose.BADGE_JWT)
    today = now().date()
    facts = make_facts(minutes=2615, issued=today, valid_until=today + timedelta(days=1095))
    signed = make_both(
        facts,
        BADGE,
        badge_key=key,
        jwt_key=jwt_key,
        jwt_key_url=f"{ISSUER}/keys/{jwt_key.kid}",
        issuer_url=ISSUER,
        status_url=LIST,
        status_index=PLACE,
    )

    def lists(*places: int) -> dict[str, Any]:
        made = status_list_credential(places, badge_key=key, issuer_url=ISSUER, status_url=LIST, at=now())
        return {LIST: json.loads(made)}

    profile = issuer_profile(
        issuer_url=ISSUER, name="Valley", url=ISSUER, keys=[IssuerKey(key.kid, key.public_jwk)]
    )
    return Issued(signed, profile, jwt_key.public_jwk, lists)


def by_node(badge: dict[str, Any], issued: Issued, lists: dict[str, Any]) -> dict[str, Any]:
    """Return what the implementation from npm says."""
    contexts = {url: vocabulary.load(url)["document"] for url in vocabulary.CONTEXTS}
    given = {"badge": badge, "profile": issued.profile, "lists": lists, "contexts": contexts}
    return told(["node", str(HERE / "verify.mjs")], given)


def by_library(token: str, issued: Issued, lists: dict[str, Any]) -> dict[str, Any]:
    """Return what the implementation from PyPI says."""
    python = ROOT / ".venv-interop" / "bin" / "python"
    given = {"token": token, "key": issued.jwk, "lists": lists}
    return told([str(python), str(HERE / "verify_token.py")], given)


def told(command: list[str], given: dict[str, Any]) -> dict[str, Any]:
    """Run a verifier and return its answer."""
    run = subprocess.run(
        command, input=json.dumps(given).encode(), capture_output=True, timeout=60, check=False
    )
    assert run.returncode == 0, run.stderr.decode()
    answer: dict[str, Any] = json.loads(run.stdout)
    return answer


def test_another_implementation_verifies_the_embedded_proof_and_the_list(issued: Issued) -> None:
    found = by_node(issued.document, issued, issued.lists())
    assert found["errors"] == []
    assert found["verified"] is True
    assert found["statuses"] == [[REVOCATION, False]]


def test_another_implementation_reads_that_a_badge_does_not_hold(issued: Issued) -> None:
    found = by_node(issued.document, issued, issued.lists(PLACE))
    assert found["statuses"] == [[REVOCATION, True]]


def test_another_implementation_notices_a_changed_word(issued: Issued) -> None:
    badge = issued.document
    badge["credentialSubject"]["creditsEarned"] = 99
    assert by_node(badge, issued, issued.lists())["verified"] is False


def test_another_implementation_verifies_the_token(issued: Issued) -> None:
    found = by_library(issued.signed.jwt, issued, issued.lists())
    assert found == {"verified": True, "achievement": ACHIEVEMENT, "issuer": ISSUER}


def test_another_implementation_refuses_a_revoked_and_a_changed_token(issued: Issued) -> None:
    found = by_library(issued.signed.jwt, issued, issued.lists(PLACE))
    assert found["verified"] is False
    assert "revocation" in found["error"]
    head, body, signature = issued.signed.jwt.split(".")
    changed = f"{head}.{body[:-4]}AAAA.{signature}"
    assert by_library(changed, issued, issued.lists())["verified"] is False
