"""Issuing: by somebody apart, what was looked at and nothing else, once."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from email.parser import BytesParser
from email.policy import default

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from certificates.awards.errors import AlreadyHeldError, ApplicationStateError
from certificates.awards.issuing.issuing import approve_and_issue
from certificates.awards.models import ApplicationId, ApplicationStep, Award
from certificates.awards.states import ApplicationState, AwardStatus
from certificates.documents.serials import read_serial
from certificates.levels.rules import digest
from courses.cohorts.assigning import assign_coach
from courses.cohorts.models import Enrolment
from institute import clock
from institute.actors import Actor, PersonId
from institute.audit.models import AuditEvent
from institute.config import Settings
from institute.db import db, transaction
from institute.jobs import worker
from institute.jobs.models import OutboxRow
from institute.people.models import Person
from tests.certificates.awards.conftest import APPLICATIONS, AWARDS, LEVEL, Candidate, Office
from tests.courses.coaching.conftest import NOW

MakeOffice = Callable[..., Office]
Make = Callable[..., Candidate]


def test_list_and_detail_show_what_a_decision_stands_on(candidate: Candidate, office: Office) -> None:
    assert "No application waits" in office.visitor.get(f"{APPLICATIONS}/").text
    candidate.apply()
    home = office.visitor.get("/administrator/").text
    assert "1 application waits for a decision." in home
    listing = office.visitor.get(f"{APPLICATIONS}/").text
    for words in ("Lucía Ortega", "Novice", "1 h 15 min", "All 2 rules met", "1 waits."):
        assert words in listing
    detail = office.visitor.get(f"{APPLICATIONS}/{candidate.application.id}").text
    for words in ("At least 1 h of confirmed coaching", "1 h 15 min so far", "Preview the certificate"):
        assert words in detail


def test_award_is_valid_at_once_and_frozen_with_everything_it_stands_on(
    candidate: Candidate, office: Office, award: Award, session: Session
) -> None:
    assert award.status is AwardStatus.VALID
    assert candidate.application.state is ApplicationState.AWARDED
    assert (award.name_frozen, award.minutes, award.level_position) == ("Lucía Ortega", 75, 1)
    assert (award.year, award.number, award.serial[:18]) == (2026, 1, "VALLEY-2026-00001-")
    assert read_serial(award.serial) is not None
    assert len(award.code) == 26
    assert award.snapshot["facts"]["counted"] == 75
    assert award.snapshot_sha256 == digest(award.snapshot)
    assert award.document_file_id is None
    kinds = set(session.scalars(select(OutboxRow.kind)))
    assert {"award.document", "award.statuses"} <= kinds
    actions = session.scalars(select(AuditEvent.action)).all()
    assert {"application.approved", "application.awarded", "award.issued"} <= set(actions)
    page = candidate.visitor.get("/participant/certificates/").text
    assert award.serial in page
    assert "The document is being prepared" in page
    assert "Towards the level “Career”" in candidate.visitor.get(LEVEL).text


def test_what_changed_since_the_preview_is_not_issued(candidate: Candidate, office: Office) -> None:
    candidate.apply()
    application = candidate.application
    seen = office.seen(application)
    office.visitor.post(
        f"{APPLICATIONS}/{application.id}/name",
        {"name": "Lucia Ortega Vega", "locale": "es", "second_locale": "en", "reason": "As in the passport"},
    )
    answer = office.visitor.post(f"{APPLICATIONS}/{application.id}/issue", {"seen": seen})
    assert answer.status_code == 409
    assert f'applications/{application.id}">To the application</a>' in answer.text
    assert seen not in answer.text, "nobody typed the preview's mark"
    assert candidate.awards == []
    assert candidate.application.state is ApplicationState.UNDER_REVIEW
    assert office.issue(candidate.application) == 303
    assert candidate.awards[0].name_frozen == "Lucia Ortega Vega"


def test_renaming_somebody_later_changes_no_award(candidate: Candidate, award: Award) -> None:
    with transaction() as writing:
        writing.get_one(Person, candidate.person.id).name = "Somebody Else"
    assert candidate.awards[0].name_frozen == "Lucía Ortega"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE award SET name_frozen = 'Somebody Else'",
        "UPDATE award SET minutes = 6000",
        "UPDATE award SET code = 'AAAAAAAAAAAAAAAAAAAAAAAAAA'",
        "DELETE FROM award",
        "UPDATE application_step SET note = ''",
    ],
)
def test_no_statement_changes_what_was_issued(candidate: Candidate, award: Award, statement: str) -> None:
    with pytest.raises(DatabaseError, match=r"frozen|append-only"), transaction() as writing:
        writing.execute(text(statement))
    assert candidate.awards[0].name_frozen == award.name_frozen


def test_the_same_level_is_not_awarded_twice(
    candidate: Candidate, office: Office, award: Award, session: Session
) -> None:
    assert candidate.apply() == 409
    answer = candidate.visitor.post(f"{LEVEL}apply", {"level": "novice"})
    assert "There is a certificate for this level that stands" in answer.text
    assert office.issue(candidate.application) == 409
    assert len(candidate.awards) == 1


def test_nobody_decides_about_themselves(candidate: Candidate, make_office: MakeOffice) -> None:
    candidate.apply()
    own = make_office(candidate.person)
    application = candidate.application
    assert "Another issuer" in own.visitor.get(f"{APPLICATIONS}/").text
    assert own.issue(application) == 403
    answer = own.visitor.post(
        f"{APPLICATIONS}/{application.id}/return", {"return_reason": "I changed my mind"}
    )
    assert answer.status_code == 403
    assert candidate.application.state is ApplicationState.UNDER_REVIEW


def test_no_coach_of_the_person_issues_also_not_a_former_one(
    candidate: Candidate, make_office: MakeOffice, make_person: Callable[..., Person], system: Actor
) -> None:
    candidate.apply()
    with clock.shift(seconds=2 * 86_400):
        former = make_office(candidate.pair.coach_person)
        following = make_person(name="Grace Okafor", email="grace@example.test")
        assign_coach(candidate.enrolment_id, PersonId(following.id), actor=system)
        page = former.visitor.get(f"{APPLICATIONS}/{candidate.application.id}").text
        assert "You coach this person, or did before." in page
        assert "Preview the certificate" not in page
        assert former.issue(candidate.application) == 403
    assert candidate.awards == []


def test_losing_a_rule_after_applying_blocks_the_issue_and_says_so(
    candidate: Candidate, office: Office, session: Session
) -> None:
    candidate.apply()
    log_id = candidate.pair.log(day="2026-10-12")
    assert candidate.pair.answer(log_id, "dispute", difference="length", reason="It was shorter.") == 303
    page = office.visitor.get(f"{APPLICATIONS}/").text
    assert "1 of 2 open" in page
    assert office.issue(candidate.application) == 409
    assert candidate.awards == []
    assert candidate.application.state is ApplicationState.UNDER_REVIEW
    assert len(session.scalars(select(ApplicationStep)).all()) == 1


def test_a_returned_application_says_why_and_can_be_sent_again(
    candidate: Candidate, office: Office, session: Session
) -> None:
    candidate.apply()
    address = f"{APPLICATIONS}/{candidate.application.id}/return"
    empty = office.visitor.post(address, {"return_reason": "  "})
    assert empty.status_code == 422
    assert "Write down the reason: the person reads it." in empty.text
    assert office.visitor.post(address, {"return_reason": "Add the date of your plan."}).status_code == 303
    page = candidate.visitor.get(LEVEL).text
    assert "Add the date of your plan." in page
    assert candidate.apply() == 303
    assert candidate.application.state is ApplicationState.UNDER_REVIEW
    assert "mail" in session.scalars(select(OutboxRow.kind)).all()
    assert office.visitor.post(address, {"return_reason": "Once more, please."}).status_code == 303


def test_reason_of_a_return_is_mailed_to_whoever_applied(
    app: Flask, candidate: Candidate, office: Office, settings: Settings
) -> None:
    candidate.apply()
    address = f"{APPLICATIONS}/{candidate.application.id}/return"
    office.visitor.post(address, {"return_reason": "Add the date of your plan."})
    worker.run_once(app)
    written = (path.read_bytes() for path in (settings.data_dir / "mail").iterdir())
    mails = [BytesParser(policy=default).parsebytes(content) for content in written]
    told = [mail for mail in mails if mail["Subject"] == "About your application for a level"]
    body = told[0].get_body(("plain",))
    assert body is not None
    assert "Add the date of your plan." in body.get_content()


def test_a_denied_application_stays_denied_and_another_may_be_made(
    candidate: Candidate, office: Office
) -> None:
    candidate.apply()
    application = candidate.application
    path = f"{APPLICATIONS}/{application.id}"
    assert office.visitor.post(f"{path}/deny", {"deny_reason": "Not your own work."}).status_code == 303
    assert candidate.application.state is ApplicationState.DENIED
    page = candidate.visitor.get(LEVEL).text
    assert "Your application was denied" in page
    assert "Not your own work." in page
    assert office.visitor.post(f"{path}/deny", {"deny_reason": "Not your own work."}).status_code == 409
    assert office.issue(application) == 409
    assert candidate.apply() == 303
    assert candidate.application.id != application.id


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("A" * 400, "too long"),
        ("", "There is no name"),
        (" \u200b\u202e ", "There is no name"),
        ("\u0301\u0308\u0323", "without a letter to stand on"),
        ("Lucía 🎓 Ortega", "cannot be printed"),
        ("🎓", "cannot be printed"),
    ],
)
def test_a_name_that_cannot_be_printed_is_told_before_anything_is_issued(
    candidate: Candidate, office: Office, name: str, told: str
) -> None:
    candidate.apply()
    path = f"{APPLICATIONS}/{candidate.application.id}"
    fields = {"name": name, "locale": "es", "second_locale": "en", "reason": "As it is spelled"}
    answer = office.visitor.post(f"{path}/name", fields)
    assert answer.status_code == 422
    assert told in answer.text
    assert "As it is spelled" in answer.text
    assert candidate.application.name == "Lucía Ortega"


def test_a_name_from_the_lms_that_cannot_be_printed_stops_the_issue(
    make_candidate: Make, office: Office
) -> None:
    candidate = make_candidate(name="Lucía 🎓")
    candidate.apply()
    application = candidate.application
    page = office.visitor.get(f"{APPLICATIONS}/{application.id}").text
    assert "cannot be printed" in page
    assert "Preview the certificate" not in page
    assert office.issue(application) == 422
    assert candidate.awards == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"locale": "xx"},
        {"locale": ""},
        {"locale": "es", "second_locale": "es"},
        {"second_locale": "tlh"},
        {"name": "Another Name", "reason": ""},
        {"name": "Another Name", "reason": "x" * 3000},
    ],
)
def test_what_cannot_stand_on_a_certificate_is_said_beside_its_field(
    candidate: Candidate, office: Office, wrong: dict[str, str]
) -> None:
    candidate.apply()
    path = f"{APPLICATIONS}/{candidate.application.id}/name"
    fields = {"name": "Lucía Ortega", "locale": "es", "second_locale": "en", **wrong}
    answer = office.visitor.post(path, fields)
    assert answer.status_code == 422
    assert 'class="ci-error"' in answer.text


def test_two_administrators_who_issue_at_once_issue_one_award(
    app: Flask, candidate: Candidate, make_office: MakeOffice
) -> None:
    candidate.apply()
    application_id, mark = candidate.application.id, ""
    offices = [make_office(name=name) for name in ("Ruth Mensah", "Ada Nwosu")]
    mark = offices[0].seen(candidate.application)
    ended: list[str] = []
    start = threading.Barrier(2)

    def issue(actor: Actor) -> None:
        with app.app_context(), clock.frozen(NOW):
            start.wait()
            try:
                approve_and_issue(ApplicationId(application_id), seen=mark, actor=actor)
                ended.append("issued")
            except (ApplicationStateError, AlreadyHeldError) as refused:
                ended.append(refused.code)
            finally:
                db.session.remove()

    actors = [office.actor for office in offices]
    db.session.rollback()
    threads = [threading.Thread(target=issue, args=(actor,)) for actor in actors]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(ended) == ["APPLICATION-DECIDED", "issued"]
    assert len(candidate.awards) == 1


def test_issuing_keeps_nobody_from_writing_something_else_about_the_holder(
    app: Flask, candidate: Candidate, office: Office
) -> None:
    candidate.apply()
    application_id, enrolment_id = candidate.application.id, candidate.enrolment_id
    institute_id, seen = candidate.person.institute_id, office.seen(candidate.application)
    failed: list[DatabaseError] = []
    holding = threading.Event()

    def write() -> None:
        """Hold the enrolment, as whoever ticks a step does, then write a row of the institute's."""
        with app.app_context():
            try:
                with transaction() as writing:
                    writing.get_one(Enrolment, enrolment_id, with_for_update=True)
                    holding.set()
                    time.sleep(1)
                    writing.add(Person(name="Somebody", institute_id=institute_id))
            except DatabaseError as error:
                failed.append(error)
            finally:
                db.session.remove()

    db.session.rollback()
    writer = threading.Thread(target=write)
    writer.start()
    holding.wait()
    issued = office.visitor.post(f"{APPLICATIONS}/{application_id}/issue", {"seen": seen}).status_code
    writer.join()
    assert (issued, failed) == (303, [])


def test_serials_count_on_within_an_institute(make_candidate: Make, office: Office) -> None:
    serials = []
    for name in ("Lucía Ortega", "Mei Ling"):
        candidate = make_candidate(name=name)
        candidate.apply()
        assert office.issue(candidate.application) == 303
        serials.append(candidate.awards[0].number)
    assert serials == [1, 2]
    listing = office.visitor.get(f"{AWARDS}/").text
    assert listing.index("Mei Ling") < listing.index("Lucía Ortega")


def test_every_place_of_the_status_list_is_taken_once_and_a_full_list_is_said(
    make_candidate: Make, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("certificates.awards.issuing.numbering.STATUS_LIST_LENGTH", 2)
    candidates = [make_candidate(name=name) for name in ("Lucía Ortega", "Mei Ling", "Hoa Tran")]
    assert [candidate.apply() for candidate in candidates] == [303] * 3
    *fitting, beyond = candidates
    assert [office.issue(candidate.application) for candidate in fitting] == [303, 303]
    assert {candidate.awards[0].status_index for candidate in fitting} == {0, 1}
    assert office.issue(beyond.application) == 409
    assert (beyond.awards, beyond.application.state) == ([], ApplicationState.UNDER_REVIEW)
