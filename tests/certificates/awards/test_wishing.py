"""The name and the languages that somebody wishes on their certificate, and what the office says of the name."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from certificates.awards.models import Application, ApplicationStep
from certificates.awards.states import ApplicationState
from institute.audit.models import AuditEvent
from tests.certificates.awards.conftest import APPLICATIONS, LEVEL, Candidate, Office

Make = Callable[..., Candidate]
LEGAL = "María Lucía Ortega García"
WHY = "It is the name in my passport."


def _apply(candidate: Candidate, **typed: str) -> tuple[int, str]:
    answer = candidate.visitor.post(f"{LEVEL}apply", {"level": "novice", **typed})
    return answer.status_code, answer.text


def _wish(candidate: Candidate, **typed: str) -> tuple[int, str]:
    sent = {"application": str(candidate.application.id), **typed}
    answer = candidate.visitor.post(f"{LEVEL}wish", sent)
    return answer.status_code, answer.text


def test_whoever_applies_chooses_the_languages_and_asks_for_another_name(
    candidate: Candidate, office: Office, session: Session
) -> None:
    page = candidate.visitor.get(LEVEL).text
    assert "The certificate will bear the name" in page
    assert 'value="Lucía Ortega"' in page
    status, _ = _apply(candidate, name=LEGAL, reason=WHY, locale="es", second_locale="vi")
    assert status == 303
    application = candidate.application
    assert (application.name, application.wished_name) == ("Lucía Ortega", LEGAL)
    assert (application.locale, application.second_locale) == ("es", "vi")
    page = candidate.visitor.get(LEVEL).text
    assert "You asked for the name" in page
    assert LEGAL in page
    assert "Name to mend" in office.visitor.get(f"{APPLICATIONS}/").text
    detail = office.visitor.get(f"{APPLICATIONS}/{application.id}").text
    for words in ("Asks for the name", LEGAL, WHY, "Use this name", "Leave the name as it is"):
        assert words in detail
    assert "application.name_wished" in session.scalars(select(AuditEvent.action)).all()


def test_nothing_is_issued_before_the_name_is_decided(candidate: Candidate, office: Office) -> None:
    _apply(candidate, name=LEGAL, reason=WHY)
    application = candidate.application
    assert "Preview the certificate" not in office.visitor.get(f"{APPLICATIONS}/{application.id}").text
    preview = office.visitor.get(f"{APPLICATIONS}/{application.id}/issue").text
    assert "The person asks for another name on the certificate." in preview
    answer = office.visitor.post(f"{APPLICATIONS}/{application.id}/issue", {"seen": office.seen(application)})
    assert answer.status_code == 409
    assert "NAME-WISHED" in answer.text
    assert candidate.awards == []


def test_the_office_takes_the_name_and_the_certificate_bears_it(candidate: Candidate, office: Office) -> None:
    _apply(candidate, name=LEGAL, reason=WHY)
    application = candidate.application
    answer = office.visitor.post(f"{APPLICATIONS}/{application.id}/wished-name", {"wished_name": LEGAL})
    assert answer.status_code == 303
    detail = office.visitor.get(f"{APPLICATIONS}/{application.id}").text
    assert "Asks for the name" not in detail
    assert f"Asked for the name {LEGAL}" in detail
    assert f"The name is {LEGAL}" in detail
    assert WHY in detail
    office.issue(candidate.application)
    (award,) = candidate.awards
    assert award.name_frozen == LEGAL


def test_the_office_leaves_the_name_and_the_person_reads_why(candidate: Candidate, office: Office) -> None:
    _apply(candidate, name="Somebody Else", reason="A friend")
    application = candidate.application
    path = f"{APPLICATIONS}/{application.id}/left-name"
    refused = office.visitor.post(path, {"wished_name": "Somebody Else", "leave_reason": " "})
    assert refused.status_code == 422
    assert "Write down the reason" in refused.text
    said = "This is not your name."
    answer = office.visitor.post(path, {"wished_name": "Somebody Else", "leave_reason": said})
    assert answer.status_code == 303
    assert (candidate.application.name, candidate.application.wished_name) == ("Lucía Ortega", None)
    page = candidate.visitor.get(LEVEL).text
    assert "Your institute left the name as it is:" in page
    assert said in page
    office.issue(candidate.application)
    assert [award.name_frozen for award in candidate.awards] == ["Lucía Ortega"]


@pytest.mark.parametrize("path", ["wished-name", "left-name"])
def test_a_name_that_was_not_read_is_not_answered(candidate: Candidate, office: Office, path: str) -> None:
    _apply(candidate, name=LEGAL, reason=WHY)
    seen = {"wished_name": LEGAL, "leave_reason": "Not yours."}
    assert _wish(candidate, name="Another Name", reason=WHY)[0] == 303
    answer = office.visitor.post(f"{APPLICATIONS}/{candidate.application.id}/{path}", seen)
    assert answer.status_code == 409
    assert "NAME-ANSWERED" in answer.text
    assert candidate.application.wished_name == "Another Name"


def test_a_wish_is_changed_and_taken_back_while_the_application_waits(
    candidate: Candidate, session: Session
) -> None:
    _apply(candidate)
    assert candidate.application.wished_name is None
    assert _wish(candidate, name=LEGAL, reason=WHY)[0] == 303
    assert _wish(candidate, name=LEGAL, reason=WHY)[0] == 303
    assert len(session.scalars(select(ApplicationStep)).all()) == 2
    assert _wish(candidate, name="Lucía Ortega")[0] == 303
    assert (candidate.application.wished_name, candidate.application.wish_note) == (None, "")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"name": LEGAL}, "Say why it shall be another name"),
        ({"name": "x" * 201, "reason": WHY}, "does not fit on two lines"),
        ({"name": "\u0301", "reason": WHY}, "without a letter to stand on"),
        ({"name": "Ana \U000f0000", "reason": "y" * 2001}, "Write at most 2000 characters."),
        ({"locale": "es", "second_locale": "es"}, "Choose two different languages"),
        ({"locale": "tlh"}, "Choose two different languages"),
    ],
)
def test_what_cannot_stand_there_is_told_and_kept(
    candidate: Candidate, session: Session, typed: dict[str, str], said: str
) -> None:
    status, page = _apply(candidate, **typed)
    assert status == 422
    assert said in page
    assert "Agree with the person" not in page
    if "reason" in typed:
        assert typed["reason"] in page
    session.rollback()
    assert session.scalars(select(Application)).all() == []
    assert _apply(candidate)[0] == 303
    assert _wish(candidate, **typed)[0] == 422


def test_nobody_wishes_for_somebody_else_or_after_the_decision(
    make_candidate: Make, candidate: Candidate, office: Office
) -> None:
    _apply(candidate)
    application = candidate.application
    other = make_candidate(name="Mei-Ling Chen")
    sent = {"application": str(application.id), "name": "Mine", "reason": WHY}
    assert other.visitor.post(f"{LEVEL}wish", sent).status_code == 404
    for wrong in ("", "x", "999999", "9" * 30):
        assert candidate.visitor.post(f"{LEVEL}wish", {**sent, "application": wrong}).status_code == 404
    office.visitor.post(f"{APPLICATIONS}/{application.id}/deny", {"deny_reason": "Not this year."})
    assert _wish(candidate, name=LEGAL, reason=WHY)[0] == 409
    assert candidate.application.state is ApplicationState.DENIED


def test_whoever_applies_again_finds_what_was_wished(candidate: Candidate, office: Office) -> None:
    _apply(candidate, name=LEGAL, reason=WHY, locale="vi", second_locale="")
    path = f"{APPLICATIONS}/{candidate.application.id}/return"
    assert office.visitor.post(path, {"return_reason": "One more session."}).status_code == 303
    assert "Your application was returned: <span" in candidate.visitor.get("/participant/").text
    page = candidate.visitor.get(LEVEL).text
    assert f'value="{LEGAL}"' in page
    assert WHY in page
    assert '<option value="vi" selected>' in page
    assert _apply(candidate, name=LEGAL, reason=WHY, locale="vi")[0] == 303
    assert candidate.application.wished_name == LEGAL
