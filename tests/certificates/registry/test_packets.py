"""A packet for an auditor: one signed file with everything an award rests on, made by the worker, kept for a week."""

from __future__ import annotations

import hashlib
import io
import json
import re
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pikepdf
import pytest
from flask import Flask
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from certificates.awards.models import Award, AwardId
from certificates.evidence.models import Requirement, Submission, SubmissionFile
from certificates.evidence.states import SubmissionState
from certificates.registry.models import Packet
from certificates.registry.packets import KEPT, forget_packets
from courses.cohorts.models import EnrolmentId
from institute import clock
from institute.actors import PersonId
from institute.audit.models import AuditSeal
from institute.audit.sealing import seal_events
from institute.clock import now
from institute.db import db, transaction
from institute.files import storing
from institute.i18n import Localised
from institute.jobs import worker
from institute.people.models import Institute, Person
from tests.browsing import Visitor
from tests.certificates.awards.conftest import Candidate, Office
from tests.certificates.registry.conftest import REGISTRY, Hall

# WeasyPrint leaves a colour profile to the garbage collector.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")


def worked(app: Flask) -> None:
    """Let the worker do everything that waits."""
    with clock.shift(seconds=61):
        while worker.run_once(app):
            pass


def ask(office: Office, award: Award, app: Flask) -> bytes:
    """Ask for a packet, let it be made, and save it."""
    return packed(office.visitor, award.id, app)


def packed(visitor: Visitor, award_id: AwardId, app: Flask) -> bytes:
    """Ask for the packet of an award, let it be made, and save it."""
    assert visitor.post(f"{REGISTRY}/{award_id}/packet").status_code == 303
    assert "The packet is being made" in visitor.get(f"{REGISTRY}/{award_id}").text
    worked(app)
    page = visitor.get(f"{REGISTRY}/{award_id}").text
    found = re.search(rf'href="[^"]*({REGISTRY}/{award_id}/packets/\d+)"', page)
    assert found is not None, page
    answer = visitor.get(found[1])
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"].startswith("attachment")
    return bytes(answer.data)


def test_a_packet_holds_everything_and_is_signed(
    app: Flask, award: Award, candidate: Candidate, office: Office, session: Session
) -> None:
    worked(app)  # the certificate's own document, and seals of what was decided
    with clock.frozen(now() + timedelta(seconds=10)):
        seal_events()
    data = ask(office, award, app)
    with pikepdf.open(io.BytesIO(data)) as pdf:
        files = {name: spec.get_file().read_bytes() for name, spec in pdf.attachments.items()}
        assert pdf.Root.MarkInfo.Marked
        assert len(pdf.Root.AF) == len(files) == 7
        assert b"<pdfaid:part>3</pdfaid:part>" in pdf.Root.Metadata.read_bytes()
    stored = session.get_one(Award, award.id)
    certificate = files[f"certificate-{stored.serial}.pdf"]
    assert hashlib.sha256(certificate).hexdigest() == stored.document_sha256
    assert json.loads(files["snapshot.json"]) == stored.snapshot
    assert json.loads(files["open-badge.json"])["credentialSubject"]
    assert files[f"transcript-{stored.serial}.pdf"].startswith(b"%PDF")
    told = json.loads(files["audit.json"])
    assert told["first_broken_position"] is None
    actions = {one["action"] for one in told["entries"]}
    assert {"application.approved", "application.awarded", "award.issued", "award.document"} <= actions
    sealed = [one for one in told["entries"] if one["digest"]]
    assert sealed
    for one in sealed:
        names = ("id", "institute", "at", "action", "person", "door")
        content = [one["before"], *(one[name] for name in names), *one["subject"], one["details"]]
        written = json.dumps(content, sort_keys=True, ensure_ascii=True).encode()
        assert hashlib.sha256(written).hexdigest() == one["digest"]
    signature = PdfFileReader(io.BytesIO(data)).embedded_signatures[0]
    status = validate_pdf_signature(signature, ValidationContext(trust_roots=[signature.signer_cert]))
    assert (status.intact, status.valid, status.coverage) == (
        True,
        True,
        SignatureCoverageLevel.ENTIRE_FILE,
    )


def test_a_packet_says_when_the_chain_was_changed(
    app: Flask, award: Award, office: Office, session: Session
) -> None:
    worked(app)
    with clock.frozen(now() + timedelta(seconds=10)):
        seal_events()
    seal = session.scalars(select(AuditSeal).order_by(AuditSeal.position)).first()
    assert seal is not None
    position = seal.position
    _tamper(position)
    with pikepdf.open(io.BytesIO(ask(office, award, app))) as pdf:
        told = json.loads(pdf.attachments["audit.json"].get_file().read_bytes())
    assert told["first_broken_position"] == position


def test_a_packet_is_kept_for_a_week_and_asked_for_once(
    app: Flask, award: Award, office: Office, session: Session
) -> None:
    data = ask(office, award, app)
    office.visitor.post(f"{REGISTRY}/{award.id}/packet")
    office.visitor.post(f"{REGISTRY}/{award.id}/packet")
    session.rollback()
    assert len(session.scalars(select(Packet)).all()) == 2  # the one that is there, and one anew
    (first, _) = session.scalars(select(Packet).order_by(Packet.id)).all()
    assert first.sha256 == hashlib.sha256(data).hexdigest()
    first_id = first.id
    with clock.frozen(now() + KEPT + timedelta(hours=1)):
        forget_packets(now().date())
    answer = office.visitor.get(f"{REGISTRY}/{award.id}/packets/{first_id}")
    assert (answer.status_code, "PACKET-GONE" in answer.text) == (409, True)
    session.rollback()
    gone = session.get_one(Packet, first_id)
    assert (gone.file_id, gone.gone_at is not None, gone.sha256 is not None) == (None, True, True)


def test_another_institutes_packet_and_another_awards_are_not_there(
    hall: Hall,
    clerk: Visitor,
    make_institute: Callable[..., Institute],
    make_hall: Callable[[Institute], Hall],
    session: Session,
) -> None:
    own, other = hall.hold("Ana"), hall.hold("Ben")
    there = make_hall(make_institute(slug="harbour", name="Harbour")).hold("Somebody else")
    assert clerk.post(f"{REGISTRY}/{own}/packet").status_code == 303
    packet_id = session.scalars(select(Packet.id)).one()
    assert clerk.get(f"{REGISTRY}/{own}/packets/{packet_id}").status_code == 404  # not made yet
    for award_id in (other, there):
        assert clerk.get(f"{REGISTRY}/{award_id}/packets/{packet_id}").status_code == 404


def _tamper(position: int) -> None:
    """Change what was sealed, past the database's guards, as somebody with its password could."""
    with db.engine.begin() as connection:
        if connection.dialect.name == "sqlite":
            names = connection.execute(
                text("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit_seal'")
            ).scalars()
            for name in names.all():
                connection.execute(text(f"DROP TRIGGER {name}"))
        else:
            connection.execute(text("ALTER TABLE audit_seal DISABLE TRIGGER USER"))
        connection.execute(
            text("UPDATE audit_seal SET digest = :digest WHERE position = :position"),
            {"digest": "f" * 64, "position": position},
        )
        if connection.dialect.name == "postgresql":
            connection.execute(text("ALTER TABLE audit_seal ENABLE TRIGGER USER"))


def test_a_packet_of_many_pages_says_the_frozen_words_and_passes_the_checkers(
    hall: Hall, clerk: Visitor, app: Flask, tmp_path: Path
) -> None:
    results = [["hours", "", 90, 60, True] for _ in range(70)]
    words = {"en": [[f"Rule number {number} of many", "1 h 30 min so far"] for number in range(70)]}
    award_id = hall.hold("Ana", snapshot={"results": results, "words": words})
    path = tmp_path / "packet.pdf"
    path.write_bytes(packed(clerk, award_id, app))
    with pikepdf.open(path) as pdf:
        assert len(pdf.pages) > 2
    assert "Rule number 69 of many" in extracted(path.read_bytes())
    outloud = Path(sys.executable).with_name("outloud")
    for checker in ([outloud, "--quiet"], ["qpdf", "--check"]):
        heard = subprocess.run([*checker, path], capture_output=True, text=True, check=False)
        assert heard.returncode == 0, heard.stdout


def extracted(pdf: bytes) -> str:
    """Return the words of a document."""
    read = subprocess.run(["pdftotext", "-", "-"], input=pdf, capture_output=True, check=True)  # noqa: S607
    return read.stdout.decode()


def hand_in(hall: Hall, who: tuple[Person, EnrolmentId], number: int, key: str, data: bytes) -> int:
    """Let a piece of evidence be accepted; return the id of its submission."""
    person, enrolment_id = who
    file_id = storing.store(
        data,
        institute_id=hall.institute.id,
        name=f"{key}.pdf",
        media_type="application/pdf",
        owner_id=PersonId(person.id),
    )
    with transaction() as session:
        asked = Requirement(
            institute_id=hall.institute.id,
            level_id=hall.levels["novice"][0],
            key=key,
            position=number,
            title=Localised.of({"en": key.capitalize()}),
            instructions=Localised.of({"en": "Do it"}),
            most_files=1,
            wants_text=True,
            scored=False,
        )
        session.add(asked)
        session.flush()
        made = Submission(
            institute_id=hall.institute.id,
            requirement_id=asked.id,
            enrolment_id=enrolment_id,
            person_id=person.id,
            author_id=person.id,
            attempt=1,
            language="en",
            state=SubmissionState.DRAFT,
            text=f"What I did in {key}",
        )
        session.add(made)
        session.flush()
        session.add(
            SubmissionFile(institute_id=hall.institute.id, submission_id=made.id, file_id=file_id, position=1)
        )
        session.flush()
        made.state, made.submitted_at = SubmissionState.ACCEPTED, now()
        return int(made.id)


def test_evidence_is_enclosed_where_its_holder_shares_it_and_else_only_named(
    hall: Hall, clerk: Visitor, make_enrolment: Callable[..., tuple[Person, EnrolmentId]], app: Flask
) -> None:
    person, enrolment_id = make_enrolment()
    contents = {"plan": b"%PDF a plan", "film": b"%PDF a film"}
    submissions = {
        key: hand_in(hall, (person, enrolment_id), number, key, data)
        for number, (key, data) in enumerate(contents.items(), 1)
    }
    scores = {
        "plan": {
            "score": [7, 3],
            "maximum": [4, 1],
            "passed": True,
            "criteria": {"focus": [5, 2]},
            "raters": [1, 2],
            "released_at": now().isoformat(),
        }
    }
    award_id = hall.hold(
        "Ana",
        person=person,
        enrolment_id=enrolment_id,
        shared=("plan",),
        snapshot={"submissions": submissions, "scores": scores},
    )
    page = clerk.get(f"{REGISTRY}/{award_id}").text
    assert "1 file is only named by its digest" in page
    data = packed(clerk, award_id, app)
    with pikepdf.open(io.BytesIO(data)) as pdf:
        files = {name: spec.get_file().read_bytes() for name, spec in pdf.attachments.items()}
    assert files["evidence-plan-file-1.pdf"] == contents["plan"]
    assert files["evidence-plan-text.txt"].decode() == "What I did in plan"
    assert contents["film"] not in files.values()
    said = " ".join(extracted(data).split())
    assert hashlib.sha256(contents["film"]).hexdigest() in said.replace(" ", "")
    for words in ("The holder does not share it", "2.33 (7/3) of 4, passed", "Rater 1, Rater 2", "2.5"):
        assert words in said
    assert "does not have the digest that was kept" in said  # no test knows the digest of what it made up
