"""What follows from keys, zones and names that change or do not fit, and who is alone with a level's evidence."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from certificates.awards.issuing.rendering import certificate_facts
from certificates.awards.models import Award, StatusList
from courses.sessions.models import SessionLog, SessionState
from institute.actors import Actor
from institute.db import transaction
from institute.i18n import Localised
from institute.jobs.models import JobState, OutboxRow
from institute.keys.keeping import mark_leaked, public_keys, rotate_key
from institute.keys.models import KeyPurpose
from institute.people.models import Institute, Person
from tests.certificates.awards.conftest import APPLICATIONS, AWARDS, Candidate, Office
from tests.institute import post
from tests.working import work

OWN = "/participant/certificates/"
# WeasyPrint leaves a colour profile to the garbage collector.
unraisable = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")


def signing_key(session: Session) -> str:
    """Return the name of the key that signed the list of statuses."""
    session.rollback()
    document = json.loads(session.scalars(select(StatusList.document)).one())
    return str(document["proof"][0]["verificationMethod"]).rpartition("#")[2]


@unraisable
def test_the_list_of_statuses_is_signed_anew_when_another_key_signs(
    app: Flask, award: Award, system: Actor, session: Session
) -> None:
    work(app)
    first = signing_key(session)
    rotate_key(award.institute_id, KeyPurpose.BADGE, actor=system)
    work(app)
    second = signing_key(session)
    assert second != first
    keys = {one.kid: one.id for one in public_keys(award.institute_id, KeyPurpose.BADGE)}
    mark_leaked(keys[second], actor=system)
    work(app)
    assert signing_key(session) not in {first, second}


def test_pages_show_the_day_that_the_certificate_bears(
    candidate: Candidate, office: Office, session: Session
) -> None:
    candidate.apply()
    with transaction() as writing:
        writing.get_one(Institute, candidate.person.institute_id).timezone = "Asia/Tokyo"
    preview = office.visitor.get(f"{APPLICATIONS}/{candidate.application.id}/issue").text
    assert "October 15, 2026" in preview
    assert office.issue(candidate.application) == 303
    (award,) = candidate.awards
    assert certificate_facts(award).issued.isoformat() == "2026-10-15"
    session.rollback()
    assert "October 15, 2026" in candidate.visitor.get(OWN).text
    assert "October 15, 2026" in office.visitor.get(f"{AWARDS}/{award.id}").text
    assert "Oct 15, 2026" in office.visitor.get(f"{AWARDS}/").text


@pytest.mark.parametrize("name", ["", "Ruth 😀", "Anna " * 50])
def test_the_institute_signs_where_the_issuer_s_name_cannot_be_printed(
    candidate: Candidate, make_office: Callable[..., Office], name: str
) -> None:
    office = make_office()
    with transaction() as writing:
        writing.get_one(Person, office.person.id).name = name
    candidate.apply()
    assert office.issue(candidate.application) == 303
    assert candidate.awards[0].signatory == "Valley Coaching Institute"


@unraisable
def test_a_page_that_no_font_can_set_is_given_up_at_once(
    app: Flask, candidate: Candidate, office: Office, session: Session
) -> None:
    with transaction() as writing:
        named = writing.get_one(Institute, candidate.person.institute_id)
        named.name = Localised.of({"en": "Valley 😀"})
    candidate.apply()
    assert office.issue(candidate.application) == 303
    work(app)
    session.rollback()
    job = session.scalars(select(OutboxRow).where(OutboxRow.kind == "award.document")).one()
    assert (job.state, job.reason, job.attempts) == (JobState.DEAD, "page-unfit", 1)
    (award,) = candidate.awards
    assert "The document could not be made" in office.visitor.get(f"{AWARDS}/{award.id}").text


def test_what_was_confirmed_after_the_application_is_locked_by_the_award(
    candidate: Candidate, office: Office, session: Session
) -> None:
    candidate.apply()
    candidate.coached(day="2026-10-12")
    assert office.issue(candidate.application) == 303
    (award,) = candidate.awards
    assert award.minutes == 150
    session.rollback()
    logs = session.scalars(select(SessionLog).order_by(SessionLog.id)).all()
    assert [log.state for log in logs] == [SessionState.LOCKED, SessionState.LOCKED]
    assert award.snapshot["sessions"] == [log.id for log in logs]


@unraisable
def test_nobody_is_congratulated_on_a_certificate_that_was_revoked(award: Award, office: Office) -> None:
    office.visitor.post(f"{AWARDS}/{award.id}/revoke", {"reason_class": "other", "note": "Too early"})
    assert "Your certificate is ready" not in [mail["Subject"] for mail in post.deliver()]
