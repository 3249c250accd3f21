"""The document of an award: made once by the worker, kept with its digest, given to its holder alone."""

from __future__ import annotations

import base64
import hashlib
import json
import signal
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import select, text, update
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from certificates.awards.issuing.killpoints import POINTS
from certificates.awards.issuing.models import AwardPaper
from certificates.awards.models import Award, StatusList
from certificates.awards.proof import statuses
from certificates.documents.fitting import check_name
from certificates.documents.papers.facts import PaperKind
from certificates.documents.statuses import is_revoked
from certificates.documents.verify import verify_certificate
from institute.actors import Role
from institute.config import Settings
from institute.db import db, transaction
from institute.files.models import StoredFile
from institute.files.reading import open_file
from institute.files.storage import current_storage
from institute.jobs.models import JobState, OutboxRow
from institute.people.models import Institute, Person
from tests.browsing import Visitor
from tests.certificates.awards.conftest import APPLICATIONS, AWARDS, Candidate, Office
from tests.courses.coaching.conftest import NOW
from tests.lti.services.workers import WorkerNursery, nursery
from tests.working import work

# WeasyPrint leaves a colour profile to the garbage collector.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
OWN = "/participant/certificates"
AHEAD = 61.0
MOST_LOST = 2


@pytest.fixture(scope="module")
def workers() -> Iterator[WorkerNursery]:
    """Workers in processes of their own."""
    with nursery() as found:
        yield found


def documents(session: Session) -> list[StoredFile]:
    """Return the stored certificates, and whatever lies beside them without being an award's paper."""
    session.rollback()
    papers = select(AwardPaper.file_id)
    return list(
        session.scalars(
            select(StoredFile).where(StoredFile.media_type == "application/pdf", StoredFile.id.not_in(papers))
        )
    )


def assert_one_whole_document(session: Session) -> bytes:
    """Check that there is one document, that it is the award's, and that its digest is that of its bytes."""
    (stored,) = documents(session)
    award = session.scalars(select(Award)).one()
    assert award.document_file_id == stored.id
    _, data = open_file(stored.id, institute_id=award.institute_id)
    with data:
        content = data.read()
    assert hashlib.sha256(content).hexdigest() == award.document_sha256 == stored.sha256
    assert content.startswith(b"%PDF-")
    assert (award.document_key_id is None, award.badge_key_id is None) == (False, False)
    return content


def test_worker_makes_the_document_and_its_holder_downloads_it(
    app: Flask, candidate: Candidate, office: Office, award: Award, session: Session
) -> None:
    assert candidate.visitor.get(f"{OWN}/{award.id}/document").status_code == 409
    work(app)
    content = assert_one_whole_document(session)
    answer = candidate.visitor.get(f"{OWN}/{award.id}/document")
    assert (answer.status_code, answer.data) == (200, content)
    assert "attachment" in answer.headers["Content-Disposition"]
    assert award.serial in answer.headers["Content-Disposition"]
    assert office.visitor.get(f"{AWARDS}/{award.id}/document").data == content
    page = candidate.visitor.get(f"{OWN}/").text
    assert "Download the PDF" in page
    assert "being prepared" not in page
    mails = session.scalars(select(OutboxRow).where(OutboxRow.kind == "mail")).all()
    assert "certificate.ready" in [mail.payload["mail"] for mail in mails]


def test_a_second_run_makes_nothing_new(
    app: Flask, award: Award, session: Session, candidate: Candidate
) -> None:
    work(app)
    first = assert_one_whole_document(session)
    job = session.scalars(select(OutboxRow).where(OutboxRow.kind == "award.document")).one()
    assert job.state is JobState.DONE
    work(app)
    assert assert_one_whole_document(session) == first


@pytest.mark.every_value
@pytest.mark.parametrize("point", POINTS)
def test_killed_at_a_named_point_there_is_one_document_and_its_digest_is_right(
    award: Award, workers: WorkerNursery, settings: Settings, session: Session, point: str
) -> None:
    session.rollback()
    real = datetime.fromtimestamp(time.time(), UTC)  # by which the worker goes
    ahead = max(0.0, (NOW - real).total_seconds()) + 1
    assert workers.run(settings, ahead=ahead, kill_at=point) == -signal.SIGKILL
    assert workers.run(settings, ahead=ahead + AHEAD) == 0
    assert_one_whole_document(session)
    assert set(session.scalars(select(AwardPaper.kind))) == set(PaperKind)
    # The certificate and its papers; what a killed worker kept is swept away later.
    assert len(set(current_storage().names())) <= 1 + len(PaperKind) + MOST_LOST


@pytest.fixture
def stranger(
    make_institute: Callable[..., Institute],
    make_person: Callable[..., Person],
    sign_in: Callable[..., Visitor],
) -> Visitor:
    """An administrator of another institute."""
    elsewhere = make_institute(slug="harbour")
    return sign_in(make_person(institute_id=elsewhere.id), roles=[Role.ADMINISTRATOR, Role.PARTICIPANT])


def test_nobody_opens_the_certificate_of_somebody_else(
    app: Flask, award: Award, make_candidate: Callable[..., Candidate], stranger: Visitor
) -> None:
    work(app)
    another = make_candidate(name="Mei Ling")
    assert another.visitor.get(f"{OWN}/{award.id}/document").status_code == 404
    for path in (f"{OWN}/{award.id}/document", f"{AWARDS}/{award.id}", f"{AWARDS}/{award.id}/document"):
        assert stranger.get(path).status_code == 404
    assert stranger.get(f"{APPLICATIONS}/{award.application_id}").status_code == 404
    for path in ("revoke", "suspend", "reinstate"):
        fields = {"reason_class": "other", "note": "Not mine to touch"}
        assert stranger.post(f"{AWARDS}/{award.id}/{path}", fields).status_code == 404
    for path in (f"{OWN}/{10**30}/document", f"{OWN}/{2**31}/document", f"{OWN}/0/document"):
        assert another.visitor.get(path).status_code == 404


def test_names_of_all_scripts_are_accepted_before_issue() -> None:
    for name in ("Nguyễn Thị Hoa", "陳美玲", "أمينة حداد", "Հասմիկ", "ਹਰਪ੍ਰੀਤ", "ខ្មែរ", "Светлана", "김민지"):
        assert check_name(name) == name


def test_list_of_statuses_is_signed_and_follows_each_change(
    app: Flask, award: Award, office: Office, session: Session
) -> None:
    work(app)
    session.rollback()
    before = session.scalars(select(StatusList.document)).one()
    fields = {"reason_class": "issued_in_error", "note": "Wrong person"}
    assert office.visitor.post(f"{AWARDS}/{award.id}/revoke", fields).status_code == 303
    work(app)
    session.rollback()
    after = session.scalars(select(StatusList.document)).one()
    assert before != after
    assert statuses._places(award.institute_id) == [award.status_index]
    db.session.rollback()


def test_a_document_once_made_cannot_be_exchanged(app: Flask, award: Award, session: Session) -> None:
    work(app)
    content = assert_one_whole_document(session)
    session.rollback()
    with pytest.raises(DatabaseError, match="frozen"), transaction() as writing:
        writing.execute(text("UPDATE award SET document_sha256 = 'x', document_file_id = 1"))
    assert assert_one_whole_document(session) == content


def test_a_document_that_cannot_be_made_is_said_and_tried_again(
    app: Flask, award: Award, office: Office, session: Session
) -> None:
    with transaction() as writing:
        writing.execute(
            update(OutboxRow).where(OutboxRow.kind == "award.document").values(state=JobState.DEAD)
        )
    page = office.visitor.get(f"{AWARDS}/{award.id}").text
    assert "The document could not be made" in page
    assert office.visitor.post(f"{AWARDS}/{award.id}/document").status_code == 303
    work(app)
    assert_one_whole_document(session)
    page = office.visitor.get(f"{AWARDS}/{award.id}").text
    assert "could not be made" not in page
    assert "Download the PDF" in page


def test_file_proves_itself_with_what_the_issuer_publishes_until_it_is_revoked(
    app: Flask, award: Award, office: Office, session: Session
) -> None:
    work(app)
    client = app.test_client()
    methods = json.loads(client.get("/issuers/valley").data)["verificationMethod"]
    badge_keys = {one["id"]: one["publicKeyMultibase"] for one in methods if one["type"] == "Multikey"}
    chains = [one["publicKeyJwk"]["x5c"] for one in methods if "x5c" in one.get("publicKeyJwk", {})]
    proven = verify_certificate(
        assert_one_whole_document(session),
        certificates=[base64.b64decode(chain[0]) for chain in chains],
        badge_keys=badge_keys,
    )
    place = int(proven.credential["credentialStatus"]["statusListIndex"])
    assert place == award.status_index
    assert proven.credential["id"] == f"http://127.0.0.1:8000/credentials/{award.code}"
    for revoked in (False, True):
        listed = json.loads(client.get("/issuers/valley/status/1").data)
        assert is_revoked(listed["credentialSubject"]["encodedList"], place) is revoked
        office.visitor.post(f"{AWARDS}/{award.id}/revoke", {"reason_class": "other", "note": "A test of it"})
        work(app)
