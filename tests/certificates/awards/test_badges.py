"""The Open Badge of an award: what it says, at which addresses, to whom, and that it never changes."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from flask import Flask
from joserfc import jwt
from joserfc.jwk import KeySet
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from certificates.awards.holders.models import HolderChoice
from certificates.awards.lifetime.correcting import correct_name
from certificates.awards.models import Award, AwardCredential
from certificates.documents.looks.keeping import save_look
from certificates.documents.looks.look import Look
from certificates.documents.statuses import is_revoked
from certificates.documents.verify import attached_credential
from institute.db import db, transaction
from institute.files.models import StoredFile
from institute.files.storage import current_storage
from tests.certificates.awards.conftest import AWARDS, Candidate, Office
from tests.databases import counted
from tests.working import work

# WeasyPrint leaves a colour profile to the garbage collector.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
HERE = "http://127.0.0.1:8000"


@pytest.fixture
def kept(app: Flask, award: Award, session: Session) -> AwardCredential:
    """The award's badge, after the worker has made it."""
    work(app)
    session.rollback()
    return session.get_one(AwardCredential, award.id)


def share(award: Award, **chosen: bool) -> None:
    """Let the holder choose what is shown."""
    with transaction() as writing:
        found = writing.get(HolderChoice, award.id)
        if found is not None:
            writing.delete(found)
            writing.flush()
        writing.add(
            HolderChoice(
                award_id=award.id,
                institute_id=award.institute_id,
                person_id=award.person_id,
                evidence=[],
                **chosen,
            )
        )


def test_certificate_holds_the_very_bytes_that_are_kept(kept: AwardCredential, award: Award) -> None:
    db.session.rollback()
    row = db.session.get_one(Award, award.id)
    assert row.document_file_id is not None
    assert row.badge_key_id == kept.badge_key_id
    stored = db.session.get_one(StoredFile, row.document_file_id)
    with current_storage().open(stored.sha256) as file:
        document = file.read()
    assert attached_credential(document) == kept.document.encode()


def test_badge_says_what_was_achieved_by_which_rules_and_how_long_it_took(
    kept: AwardCredential, award: Award
) -> None:
    badge = json.loads(kept.document)
    subject, achievement = badge["credentialSubject"], badge["credentialSubject"]["achievement"]
    assert badge["id"] == f"{HERE}/credentials/{award.code}"
    assert achievement["id"] == f"{HERE}/issuers/valley/achievements/novice/1"
    assert achievement["criteria"]["narrative"].startswith("- At least 1 h of confirmed coaching")
    assert achievement["image"] == {"id": f"{achievement['id']}/image.svg", "type": "Image"}
    assert subject["creditsEarned"] == 1.25
    assert subject["result"][0]["value"] == "1 hour 15 minutes"
    assert badge["credentialStatus"]["statusPurpose"] == "revocation"
    assert "evidence" not in badge
    name, email = subject["identifier"]
    assert name["identityHash"] == award.name_frozen
    assert email["hashed"] is True
    assert "@" not in kept.document.replace("@context", "")


def test_badge_as_a_token_says_the_same(app: Flask, kept: AwardCredential) -> None:
    keys = app.test_client().get("/issuers/valley/jwks.json").json
    assert keys is not None
    told = jwt.decode(kept.jwt, KeySet.import_key_set({"keys": keys["keys"]}), algorithms=["RS256"])
    document = json.loads(kept.document)
    del document["proof"]
    assert {name: told.claims[name] for name in document} == document
    assert told.claims["iss"] == document["issuer"]["id"]
    assert told.claims["jti"] == document["id"]
    kid = told.header["kid"]
    one = app.test_client().get(kid.removeprefix(HERE))
    assert one.json == keys["keys"][0]


def test_badge_is_given_only_where_its_holder_shares_what_it_tells(
    app: Flask, kept: AwardCredential, award: Award
) -> None:
    client = app.test_client()
    path = f"/credentials/{award.code}"
    assert client.get(path).status_code == 403
    share(award, competencies=True)
    assert client.get(path).status_code == 403
    share(award, hours=True)
    given = client.get(path)
    assert given.data == kept.document.encode()
    assert given.mimetype == "application/vc"
    assert given.headers["Access-Control-Allow-Origin"] == "*"
    assert client.get(path, headers={"If-None-Match": given.headers["ETag"]}).status_code == 304
    token = client.get(path, headers={"Accept": "application/vc+jwt"})
    assert (token.text, token.mimetype) == (kept.jwt, "application/vc+jwt")
    for wrong in ("nobody", "%00", "9" * 900, award.serial):
        assert client.get(f"/credentials/{wrong}").status_code == 404


def test_a_kept_badge_cannot_be_changed(kept: AwardCredential) -> None:
    for statement in ("UPDATE award_credential SET jwt = 'x'", "DELETE FROM award_credential"):
        with pytest.raises(DatabaseError), transaction() as writing:
            writing.execute(text(statement))


def test_achievement_of_a_version_its_picture_and_its_keys_are_public(
    app: Flask, kept: AwardCredential
) -> None:
    client = app.test_client()
    described = client.get("/issuers/valley/achievements/novice/1")
    told = json.loads(described.data)
    assert (told["id"], told["version"]) == (f"{HERE}/issuers/valley/achievements/novice/1", "1")
    picture = client.get("/issuers/valley/achievements/novice/1/image.svg")
    assert picture.mimetype == "image/svg+xml"
    assert picture.data.startswith(b"<svg")
    badge = json.loads(kept.document)["credentialSubject"]["achievement"]
    assert told["criteria"]["narrative"] == badge["criteria"]["narrative"]
    seen = {"If-None-Match": client.get("/issuers/valley").headers["ETag"]}
    assert client.get("/issuers/valley", headers=seen).status_code == 304
    for wrong in (
        "achievements/novice/2",
        "achievements/novice/2/image.svg",
        "achievements/nothing/1",
        "keys/nothing",
        "competencies/nothing/at-all",
        "status/2",
    ):
        assert client.get(f"/issuers/valley/{wrong}").status_code == 404


def test_picture_of_an_achievement_wears_the_colour_of_the_documents(
    app: Flask, award: Award, office: Office
) -> None:
    save_look(Look(primary="#0b5a2c"), actor=office.actor)
    drawn = app.test_client().get("/issuers/valley/achievements/novice/1/image.svg").text
    assert set(re.findall(r"#[0-9a-f]{6}", drawn)) == {"#0b5a2c"}


def test_a_suspended_award_stands_in_the_list_and_leaves_it_again(
    app: Flask, kept: AwardCredential, award: Award, office: Office
) -> None:
    client = app.test_client()

    def is_set() -> bool:
        work(app)
        listed = json.loads(client.get("/issuers/valley/status/1").data)
        return is_revoked(listed["credentialSubject"]["encodedList"], award.status_index)

    assert not is_set()
    fields = {"reason_class": "under_review", "note": "A question came up"}
    assert office.visitor.post(f"{AWARDS}/{award.id}/suspend", fields).status_code == 303
    assert is_set()
    assert office.visitor.post(f"{AWARDS}/{award.id}/reinstate", {"note": "Answered"}).status_code == 303
    assert not is_set()
    fields = {"reason_class": "issued_in_error", "note": "Wrong person"}
    assert office.visitor.post(f"{AWARDS}/{award.id}/revoke", fields).status_code == 303
    assert is_set()


def test_by_serial_anybody_learns_whether_it_holds_but_not_whose_it_is(app: Flask, award: Award) -> None:
    client = app.test_client()
    share(award, hours=True)
    found = client.get("/verify", query_string={"code": f" {award.serial.lower()} "}, follow_redirects=True)
    assert found.status_code == 200
    assert "This certificate is valid" in found.text
    for secret in (award.name_frozen, award.code, "1 h 15 min"):
        assert secret not in found.text
    told = client.get(f"/verify/serial/{award.serial}.json").json
    assert told is not None
    assert told["status"] == "valid"
    assert not {"name", "minutes", "sha256"} & set(told)
    assert "1 h 15 min" in client.get(f"/verify/{award.code}").text


def test_what_was_corrected_leads_to_what_took_its_place_and_is_over_for_software(
    app: Flask, kept: AwardCredential, award: Award, candidate: Candidate, office: Office
) -> None:
    correct_name(award.id, name="Lucía Ortega Ruiz", reason="As in the passport", actor=office.actor)
    work(app)
    old, new = candidate.awards
    client = app.test_client()
    page = client.get(f"/verify/{old.code}").text
    assert "This certificate was replaced by a later one" in page
    assert f"/verify/{new.code}" in page
    told = client.get(f"/verify/{old.code}.json").json
    assert told is not None
    assert (told["status"], told["reason"]) == ("superseded", "corrected")
    assert told["superseded_by"] == f"{HERE}/verify/{new.code}"
    assert new.code not in client.get(f"/verify/serial/{old.serial}").text
    assert client.get(f"/verify/{new.code}.json").json["status"] == "valid"  # type: ignore[index]
    listed = json.loads(client.get("/issuers/valley/status/1").data)["credentialSubject"]["encodedList"]
    assert [is_revoked(listed, one.status_index) for one in (old, new)] == [True, False]
    badges = [db.session.get_one(AwardCredential, one.id).document for one in (old, new)]
    assert badges[0] == kept.document
    assert "Lucía Ortega Ruiz" in badges[1]


def test_a_serial_with_a_wrong_digit_is_told_as_such(app: Flask, award: Award) -> None:
    client = app.test_client()
    wrong = award.serial[:-1] + str((int(award.serial[-1]) + 1) % 10)
    found = client.get("/verify", query_string={"code": wrong}, follow_redirects=True)
    assert found.status_code == 404
    assert "A digit of this serial is wrong" in found.text
    unknown = client.get("/verify/serial/HARBOUR-2026-00418-0")
    assert unknown.status_code == 404
    for odd in ("%00", "…", "9" * 900, "' OR 1=1 --"):
        assert client.get(f"/verify/serial/{odd}").status_code in {404, 429}


def test_page_asks_the_database_little(app: Flask, award: Award) -> None:
    client, path = app.test_client(), f"/verify/{award.code}"
    with counted() as statements:
        client.get(path)
    assert len(statements) == 1


def test_badge_of_the_next_level_names_the_one_it_builds_on(
    app: Flask, award: Award, candidate: Candidate, office: Office, session: Session
) -> None:
    assert candidate.apply("career") == 303
    assert office.issue(candidate.application) == 303
    work(app)
    session.rollback()
    documents = session.scalars(select(AwardCredential.document).order_by(AwardCredential.award_id)).all()
    related: list[Any] = [
        json.loads(one)["credentialSubject"]["achievement"].get("related") for one in documents
    ]
    assert related == [
        None,
        [{"id": f"{HERE}/issuers/valley/achievements/novice/1", "type": ["Related"]}],
    ]
