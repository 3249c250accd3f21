"""Appealing against a denial: once, in time, decided by somebody else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from certificates.awards.applications.appealing import appeal_denial
from certificates.awards.errors import AppealDeadlineError
from certificates.awards.models import ApplicationId
from certificates.awards.states import ApplicationState
from institute import clock
from institute.actors import Actor, PersonId, Role
from institute.config import Settings
from institute.jobs import worker
from tests.certificates.awards.conftest import APPLICATIONS, LEVEL, Candidate, Office
from tests.courses.coaching.conftest import NOW

WHY = {"appeal_reason": "The session of 3 October was mine."}


def deny(candidate: Candidate, office: Office) -> int:
    """Have the candidate's application denied; return its id."""
    candidate.apply()
    application_id = candidate.application.id
    answer = office.visitor.post(
        f"{APPLICATIONS}/{application_id}/deny", {"deny_reason": "Not your own work."}
    )
    assert answer.status_code == 303
    return application_id


def appeal(candidate: Candidate, application_id: int, **form: str) -> int:
    """Send the appeal's form; return the status."""
    return candidate.visitor.post(
        f"{LEVEL}appeal", {"application": str(application_id), **WHY, **form}
    ).status_code


def _letters(settings: Settings) -> bytes:
    """Return all that was mailed about applications."""
    mails = [one.read_bytes() for one in (settings.data_dir / "mail").glob("*")]
    return b"".join(one for one in mails if b"application" in one)


def test_a_denial_is_appealed_and_decided_by_somebody_else(
    app: Flask, candidate: Candidate, office: Office, make_office: Callable[..., Office], settings: Settings
) -> None:
    application_id = deny(candidate, office)
    assert "Appeal against this decision" in candidate.visitor.get(LEVEL).text
    short = candidate.visitor.post(
        f"{LEVEL}appeal", {"application": str(application_id), "appeal_reason": " "}
    )
    assert (short.status_code, "Write down the reason" in short.text) == (422, True)
    assert 'href="#appeal_reason"' in short.text  # said on top of the page as well
    assert appeal(candidate, application_id) == 303
    waiting = candidate.visitor.get(LEVEL).text
    assert "Your appeal is with your institute." in waiting
    assert WHY["appeal_reason"] in waiting
    assert candidate.apply() == 409
    path = f"{APPLICATIONS}/{application_id}"
    assert "You denied this application." in office.visitor.get(path).text
    assert office.visitor.get(f"{path}/issue").status_code == 302  # there is nothing to preview
    for way in ("take-up", "uphold"):
        fields = {"take_up_reason": "It counts.", "uphold_reason": "It does not."}
        assert office.visitor.post(f"{path}/{way}", fields).status_code == 403
    other = make_office(name="Omar Diaz")
    assert "Appealed" in other.visitor.get(f"{APPLICATIONS}/").text
    decide = other.visitor.get(path).text.partition("Decide the appeal")[2]
    assert WHY["appeal_reason"] in decide
    assert "Not your own work." in decide
    assert other.visitor.post(f"{path}/take-up", {"take_up_reason": ""}).status_code == 422
    assert other.visitor.post(f"{path}/take-up", {"take_up_reason": "It counts."}).status_code == 303
    assert candidate.application.state is ApplicationState.UNDER_REVIEW
    heard = candidate.visitor.get(LEVEL).text
    assert "Your appeal was heard" in heard
    assert "It counts." in heard
    worker.run_once(app)
    assert b"It counts." in _letters(settings)
    assert other.issue(candidate.application) == 303


def test_who_applies_again_before_the_letter_leaves_gets_none_about_before(
    app: Flask, candidate: Candidate, office: Office, settings: Settings
) -> None:
    candidate.apply()
    path = f"{APPLICATIONS}/{candidate.application.id}/return"
    office.visitor.post(path, {"return_reason": "One session more."})
    assert candidate.apply() == 303
    worker.run_once(app)
    assert _letters(settings) == b""
    office.visitor.post(path, {"return_reason": "Another session more."})
    worker.run_once(app)
    assert b"Another session more." in _letters(settings)


def test_an_appeal_that_fails_is_the_only_one(
    candidate: Candidate, office: Office, make_office: Callable[..., Office]
) -> None:
    application_id = deny(candidate, office)
    appeal(candidate, application_id)
    path = f"{APPLICATIONS}/{application_id}/uphold"
    other = make_office(name="Omar Diaz").visitor
    assert other.post(path, {"uphold_reason": "It was not."}).status_code == 303
    assert candidate.application.state is ApplicationState.DENIED
    page = candidate.visitor.get(LEVEL).text
    assert "It was not." in page
    assert "Appeal against this decision" not in page
    assert appeal(candidate, application_id) == 409
    assert other.post(path, {"uphold_reason": "It was not."}).status_code == 409


def test_there_are_thirty_days_and_only_for_whose_it_is(
    candidate: Candidate, make_candidate: Callable[..., Candidate], office: Office
) -> None:
    application_id = deny(candidate, office)
    another = make_candidate(name="Mei Ling")
    for wrong in (str(application_id), "0", "x" * 5, str(10**30), ""):
        assert appeal(another, application_id, application=wrong) == 404
    actor = Actor(
        institute_id=candidate.person.institute_id,
        person_id=PersonId(candidate.person.id),
        roles=frozenset({Role.PARTICIPANT}),
    )
    with clock.frozen(NOW + timedelta(days=30)), pytest.raises(AppealDeadlineError):
        appeal_denial(ApplicationId(application_id), "Too late.", actor=actor)
    assert candidate.apply() == 303
    assert appeal(candidate, application_id) == 409
