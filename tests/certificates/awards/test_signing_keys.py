"""Keys are replaced, expire and leak: what they signed stays checkable, and nothing is lost meanwhile."""

from __future__ import annotations

from datetime import timedelta

import pytest
from cryptography import x509
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from certificates.awards.issuing import papers
from certificates.awards.issuing.models import AwardPaper
from certificates.awards.models import Award
from certificates.awards.proof.verifying import verify
from certificates.awards.states import AwardStatus
from certificates.documents import verify as offline
from certificates.documents.papers.facts import PaperKind
from institute import clock
from institute.actors import InstituteId
from institute.db import db, transaction
from institute.files.reading import open_file
from institute.jobs import worker
from institute.jobs.models import JobState, OutboxRow
from institute.keys import making
from institute.keys.keeping import key_in_use, public_keys
from institute.keys.models import KeyPurpose
from institute.web.models import LaunchSession
from tests.certificates.awards.conftest import Candidate, Office
from tests.working import work

# WeasyPrint leaves a colour profile to the garbage collector.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
KEYS = "/administrator/keys/"
SHORT = timedelta(days=20)


@pytest.fixture
def short_lived(monkeypatch: pytest.MonkeyPatch, candidate: Candidate, office: Office) -> None:
    """Let the institute's document key have a certificate that ends in 20 days, as a bought one may."""
    with monkeypatch.context() as shortly:
        shortly.setattr(making, "CERTIFICATE_LIFE", SHORT)
        key_in_use(candidate.person.institute_id, KeyPurpose.DOCUMENT)
    with transaction() as session:
        session.execute(update(LaunchSession).values(expires_at=clock.now() + timedelta(days=99)))


def job(session: Session, kind: str = "award.document") -> OutboxRow:
    """Return the wish for the certificate's document, or for something else of it."""
    session.rollback()
    return session.scalars(select(OutboxRow).where(OutboxRow.kind == kind)).one()


def test_a_key_that_ends_soon_is_told_on_the_administrators_home(
    short_lived: None, candidate: Candidate, office: Office
) -> None:
    assert "The key that signs certificates" in office.visitor.get("/administrator/").text
    assert office.visitor.post(KEYS, {"purpose": "document"}).status_code == 303
    assert "The key that signs certificates" not in office.visitor.get("/administrator/").text
    page = office.visitor.get(KEYS).text
    assert "Replaced" in page
    assert office.visitor.post(KEYS, {"purpose": "nonsense"}).status_code == 422


def test_nothing_is_issued_with_a_key_that_has_expired(
    short_lived: None, candidate: Candidate, office: Office
) -> None:
    assert candidate.apply() == 303
    seen = {"seen": office.seen(candidate.application)}
    address = f"/administrator/applications/{candidate.application.id}/issue"
    with clock.shift(seconds=(SHORT + timedelta(days=1)).total_seconds()):
        refused = office.visitor.post(address, seen)
        assert refused.status_code == 409
        assert "KEY-EXPIRED" in refused.text
        assert candidate.awards == []
        assert "It has expired" in office.visitor.get("/administrator/").text
        assert office.visitor.post(KEYS, {"purpose": "document"}).status_code == 303
        assert office.issue(candidate.application) == 303


def test_a_document_waits_for_another_key_and_is_wished_for_again_at_once(
    app: Flask, short_lived: None, candidate: Candidate, office: Office, session: Session
) -> None:
    assert candidate.apply() == 303
    assert office.issue(candidate.application) == 303
    with clock.shift(seconds=(SHORT + timedelta(days=1)).total_seconds()):
        work(app)
        assert (job(session).state, job(session).reason) == (JobState.READY, "key-expired")
        assert job(session).next_at > clock.now()
        assert office.visitor.post(KEYS, {"purpose": "document"}).status_code == 303
        assert job(session).next_at <= clock.now()


def test_what_replaced_and_leaked_keys_signed_stays_checkable(
    app: Flask, candidate: Candidate, office: Office, award: Award, session: Session
) -> None:
    work(app)
    (held,) = candidate.awards
    assert held.document_file_id is not None
    _, file = open_file(held.document_file_id, institute_id=held.institute_id)
    with file:
        pdf = file.read()
    for purpose in KeyPurpose:
        assert office.visitor.post(KEYS, {"purpose": purpose.value}).status_code == 303
    signed_with = held.document_key_id
    assert office.visitor.post(f"{KEYS}{signed_with}/leaked").status_code == 303
    assert office.visitor.post(f"{KEYS}999999/leaked").status_code == 404
    known = public_keys(InstituteId(held.institute_id), KeyPurpose.DOCUMENT)
    assert len(known) == 2
    certificates = [key.certificate_der for key in known if key.certificate_der is not None]
    signer, _ = offline.verify_signature(pdf, certificates=certificates)
    assert signer.dump() == known[-1].certificate_der
    assert verify(held.code).status is AwardStatus.VALID
    ends = x509.load_der_x509_certificate(certificates[0]).not_valid_after_utc
    assert ends > clock.now() + timedelta(days=365 * 99)
    db.session.rollback()
    assert "Leaked" in office.visitor.get(KEYS).text


def test_keys_are_the_offices_own(candidate: Candidate, office: Office) -> None:
    assert candidate.visitor.get(KEYS).status_code == 403
    assert "No key yet" in office.visitor.get(KEYS).text


def test_a_transcript_and_a_form_wait_for_another_key_however_long_it_takes(
    app: Flask, short_lived: None, candidate: Candidate, office: Office, session: Session
) -> None:
    assert candidate.apply() == 303
    assert office.issue(candidate.application) == 303
    page = f"/administrator/awards/{candidate.awards[0].id}"
    work(app)
    with clock.shift(seconds=(SHORT + timedelta(days=1)).total_seconds()):
        for hours in range(papers.RETRY.most_attempts + 1):
            with clock.shift(seconds=hours * 3700):
                worker.run_once(app)
            waiting = job(session, papers.JOB_KIND)
            assert (waiting.state, waiting.reason) == (JobState.READY, "key-expired")
        for where in (page, "/administrator/"):
            assert "their documents follow when the key is replaced" in office.visitor.get(where).text
        assert office.visitor.post(KEYS, {"purpose": "document"}).status_code == 303
        worker.run_once(app)
        session.rollback()
        assert set(session.scalars(select(AwardPaper.kind))) == set(PaperKind)
        assert "follow when the key is replaced" not in office.visitor.get("/administrator/").text
