"""Checking a certificate without an account: what anybody sees, and what nobody can find out."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from certificates.awards.models import Award
from certificates.awards.proof.codes import ALPHABET, LENGTH, NOBODYS, make_code, read_code, show_code
from certificates.awards.states import AwardStatus
from institute import clock
from institute.db import transaction
from institute.people.models import Person
from tests.certificates.awards.conftest import AWARDS, Candidate, Office
from tests.working import work

REASON = {"reason_class": "issued_in_error", "note": "The plan was somebody else’s"}


def told(page: str) -> str:
    """Return the words of a page without its marks, numbers to quote and times."""
    text = re.sub(r"<[^>]+>", " ", page)
    return " ".join(re.sub(r"\b[A-Z-]+-[A-Z0-9]{4}\b", "", text).split())


def test_a_valid_certificate_says_what_it_says_and_nothing_more(
    app: Flask, award: Award, candidate: Candidate
) -> None:
    answer = app.test_client().get(f"/verify/{award.code}")
    page = answer.text
    assert answer.status_code == 200
    for words in (
        "This certificate is valid",
        "Lucía Ortega",
        "Certified Coach",
        "Novice",
        "Valley Coaching Institute",
        "October 14, 2026",
        award.serial,
    ):
        assert words in page
    for secret in ("1 h 15 min", candidate.person.email, award.snapshot_sha256, "Amina", "Ruth"):
        assert secret not in page


def test_page_is_for_nobody_to_frame_index_or_remember(app: Flask, award: Award) -> None:
    for path in (f"/verify/{award.code}", "/verify", "/verify/nothing"):
        answer = app.test_client().get(path)
        assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
        assert "noindex" in answer.headers["X-Robots-Tag"]
        assert "Set-Cookie" not in answer.headers
        assert answer.headers["Cache-Control"] == "no-store"
        assert 'name="robots" content="noindex' in answer.text


@pytest.mark.parametrize(
    ("locale", "words"),
    [("en", 'lang="en" dir="ltr"'), ("es", 'lang="es"'), ("zh_Hant", 'lang="zh-Hant"'), ("vi", 'lang="vi"'),
     ("ar", 'lang="ar" dir="rtl"')],
)  # fmt: skip
def test_page_speaks_five_languages_by_choice_and_by_the_browser(
    app: Flask, award: Award, locale: str, words: str
) -> None:
    client = app.test_client()
    assert words in client.get(f"/verify/{award.code}?lang={locale}").text
    tag = locale.replace("_", "-")
    assert words in client.get(f"/verify/{award.code}", headers={"Accept-Language": tag}).text


def test_code_may_be_typed_as_people_type(app: Flask, award: Award) -> None:
    client = app.test_client()
    for typed in (award.code.lower(), show_code(award.code), f" {show_code(award.code).lower()} "):
        answer = client.get("/verify", query_string={"code": typed}, follow_redirects=True)
        assert "This certificate is valid" in answer.text


def test_unknown_and_malformed_codes_answer_alike(app: Flask, award: Award) -> None:
    client = app.test_client()
    unknown = client.get(f"/verify/{make_code()}")
    assert unknown.status_code == 404
    for wrong in ("x", "0" * 26, award.code[:-1], award.code + "A", "%00", "' OR 1=1 --", "…", "9" * 900):
        answer = client.get(f"/verify/{wrong}")
        assert answer.status_code == 404
        assert told(answer.text) == told(unknown.text)


def test_software_reads_the_same_as_json(app: Flask, award: Award, office: Office) -> None:
    client = app.test_client()
    by_name = client.get(f"/verify/{award.code}.json")
    by_header = client.get(f"/verify/{award.code}", headers={"Accept": "application/json"})
    assert by_name.json == by_header.json
    assert by_name.json is not None
    assert set(by_name.json) == {
        "status", "name", "title", "level", "institute", "issuer", "issued", "serial", "checked",
    }  # fmt: skip
    assert by_name.json["status"] == "valid"
    office.visitor.post(f"{AWARDS}/{award.id}/revoke", REASON)
    revoked = client.get(f"/verify/{award.code}.json").json
    assert revoked is not None
    assert (revoked["status"], revoked["reason"]) == ("revoked", "issued_in_error")
    nobodys = client.get(f"/verify/{make_code()}.json")
    assert nobodys.json == {"status": "unknown"}
    assert nobodys.headers["Access-Control-Allow-Origin"] == "*"


def test_the_thirty_first_look_in_a_minute_has_to_wait(app: Flask, award: Award) -> None:
    client = app.test_client()
    answers = [client.get(f"/verify/{make_code()}").status_code for _ in range(30)]
    assert set(answers) == {404}
    late = client.get(f"/verify/{award.code}")
    assert late.status_code == 429
    assert "<h1>" in late.text
    assert "Lucía" not in late.text


def test_a_revoked_certificate_says_when_and_why_in_a_word(
    app: Flask, award: Award, make_office: Callable[..., Office]
) -> None:
    with clock.shift(seconds=3 * 86_400):
        assert (
            make_office(name="Ada Nwosu").visitor.post(f"{AWARDS}/{award.id}/revoke", REASON).status_code
            == 303
        )
    page = app.test_client().get(f"/verify/{award.code}").text
    for words in ("This certificate was revoked", "October 17, 2026", "Issued in error", "Lucía Ortega"):
        assert words in page
    assert "somebody else" not in page
    assert "valid</h1>" not in page


def test_a_suspended_certificate_does_not_hold_until_it_is_reinstated(
    app: Flask, award: Award, office: Office
) -> None:
    client = app.test_client()
    fields = {"reason_class": "under_review", "note": "A question came up"}
    assert office.visitor.post(f"{AWARDS}/{award.id}/suspend", fields).status_code == 303
    page = client.get(f"/verify/{award.code}").text
    assert "This certificate is suspended" in page
    assert "The institute is looking into it" in page
    assert office.visitor.post(f"{AWARDS}/{award.id}/reinstate", {"note": "Answered"}).status_code == 303
    assert "This certificate is valid" in client.get(f"/verify/{award.code}").text
    history = office.visitor.get(f"{AWARDS}/{award.id}").text
    assert "A question came up" in history
    assert "Answered" in history


def test_revoking_is_for_good_and_needs_a_reason(candidate: Candidate, award: Award, office: Office) -> None:
    path = f"{AWARDS}/{award.id}"
    for wrong in ({"reason_class": "", "note": "A note"}, {"reason_class": "other", "note": " "}):
        answer = office.visitor.post(f"{path}/revoke", wrong)
        assert answer.status_code == 422
        assert 'class="ci-error"' in answer.text
    assert office.visitor.post(f"{path}/reinstate", {"note": "No need"}).status_code == 409
    assert office.visitor.post(f"{path}/revoke", REASON).status_code == 303
    for kind in ("revoke", "suspend", "reinstate"):
        assert office.visitor.post(f"{path}/{kind}", REASON).status_code == 409
    assert candidate.awards[0].status is AwardStatus.REVOKED
    page = office.visitor.get(path).text
    assert "Revoke it for good" not in page


def test_after_a_revocation_the_level_can_be_reached_again(
    candidate: Candidate, award: Award, office: Office
) -> None:
    office.visitor.post(f"{AWARDS}/{award.id}/revoke", REASON)
    assert candidate.apply() == 303
    assert office.issue(candidate.application) == 303
    assert [one.status for one in candidate.awards] == [AwardStatus.REVOKED, AwardStatus.VALID]


def test_a_name_in_another_script_stands_by_itself(
    app: Flask, make_candidate: Callable[..., Candidate], office: Office
) -> None:
    candidate = make_candidate(name="أمينة حداد")
    candidate.apply()
    office.issue(candidate.application)
    with transaction() as writing:
        writing.get_one(Person, candidate.person.id).name = "Renamed"
    page = app.test_client().get(f"/verify/{candidate.awards[0].code}").text
    assert re.search(r"<bdi[^>]*>أمينة حداد</bdi>", page)


# WeasyPrint leaves a colour profile to the garbage collector.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_issuer_publishes_its_keys_levels_and_statuses(app: Flask, award: Award, office: Office) -> None:
    client = app.test_client()
    assert client.get("/issuers/valley/status/1").status_code == 404
    work(app)
    profile = json.loads(client.get("/issuers/valley").data)
    assert profile["id"] == "http://127.0.0.1:8000/issuers/valley"
    kinds = {method["type"] for method in profile["verificationMethod"]}
    assert kinds == {"Multikey", "JsonWebKey"}
    assert "d" not in json.dumps(
        [one.get("publicKeyJwk", {}) for one in profile["verificationMethod"]]
    ).split('"')
    achievement = json.loads(client.get("/issuers/valley/achievements/novice").data)
    assert (achievement["name"], achievement["achievementType"]) == ("Novice", "Certification")
    listed = client.get("/issuers/valley/status/1")
    assert json.loads(listed.data)["type"][1] == "BitstringStatusListCredential"
    assert listed.headers["Access-Control-Allow-Origin"] == "*"
    for path in ("nobody", "nobody/status/1", "valley/status/3", "valley/achievements/nothing"):
        assert client.get(f"/issuers/{path}").status_code == 404


@given(st.text(max_size=60))
def test_anything_typed_is_a_code_or_nobodys(typed: str) -> None:
    code = read_code(typed)
    assert len(code) == LENGTH
    assert set(code) <= set(ALPHABET)


def test_codes_hold_130_bits_and_survive_being_read_out() -> None:
    codes = {make_code() for _ in range(500)}
    assert len(codes) == 500
    assert len(ALPHABET) == len(set(ALPHABET)) == 32
    assert not set("01IO") & set(ALPHABET)
    for code in codes:
        assert read_code(show_code(code).lower().replace("-", " – ")) == code != NOBODYS


def test_what_was_typed_stays_in_the_field_to_be_compared(app: Flask, award: Award) -> None:
    client = app.test_client()
    for wrong in ("ABCDEF-GHJK", award.code[:-1]):
        page = client.get("/verify/", query_string={"code": wrong}, follow_redirects=True)
        assert f'value="{wrong}"' in page.text
    for way in ("/verify/", f"/verify/{award.code}"):
        assert 'href="/holders/"' in client.get(way).text


def test_a_serial_in_the_place_of_a_code_leads_to_its_own_page(app: Flask, award: Award) -> None:
    answer = app.test_client().get(f"/verify/{award.serial.lower()}?lang=es")
    assert answer.status_code == 303
    page = app.test_client().get(answer.location).text
    assert "Este certificado es válido" in page or "vigente" in page
    assert award.name_frozen not in page
