"""The list that says which certificates were revoked."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from certificates.documents.multibase import multikey
from certificates.documents.proofs import check_proof
from certificates.documents.statuses import LEAST_BITS, encoded, is_revoked, status_list_credential
from institute.keys.models import KeyPurpose
from tests.certificates.documents.conftest import ISSUER, STATUS, MakeKey

NOW = datetime(2026, 11, 22, tzinfo=UTC)


def test_a_list_is_signed_and_says_what_it_is_for(make_key: MakeKey) -> None:
    key = make_key(KeyPurpose.BADGE)
    made = status_list_credential([94], badge_key=key, issuer_url=ISSUER, status_url=STATUS, at=NOW)
    listed = json.loads(made)
    check_proof(listed, public_key_multibase=multikey(key.public_jwk))
    subject = listed["credentialSubject"]
    assert (subject["type"], subject["statusPurpose"]) == ("BitstringStatusList", "revocation")
    assert is_revoked(subject["encodedList"], 94)
    assert not is_revoked(subject["encodedList"], 95)


@settings(deadline=None)
@given(st.sets(st.integers(0, LEAST_BITS * 3 - 1), max_size=20), st.integers(0, LEAST_BITS - 1))
def test_exactly_the_revoked_places_are_set(revoked: set[int], place: int) -> None:
    listed = encoded(revoked)
    assert all(is_revoked(listed, one) for one in revoked)
    assert is_revoked(listed, place) == (place in revoked)


def test_a_list_is_never_so_short_that_asking_tells_about_whom() -> None:
    assert not is_revoked(encoded([]), LEAST_BITS - 1)
    with pytest.raises(ValueError, match="no place"):
        is_revoked(encoded([]), LEAST_BITS)


@pytest.mark.parametrize("place", [-1, 10**9])
def test_a_place_outside_of_any_list_is_refused(place: int) -> None:
    with pytest.raises(ValueError, match="outside"):
        encoded([place])


@pytest.mark.parametrize("text", ["", "u", "uAAAA", "z11", "nonsense"])
def test_an_unreadable_list_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"list|base|multibase|sign"):
        is_revoked(text, 1)
