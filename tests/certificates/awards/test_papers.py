"""Transcripts and forms: made once by the worker after the certificate, kept with their digests, given to few."""

from __future__ import annotations

import hashlib
import io
import subprocess
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from certificates.awards.issuing import papers
from certificates.awards.issuing.models import AwardPaper
from certificates.awards.models import Award
from certificates.documents.papers.facts import PaperKind
from institute.db import transaction
from institute.files.reading import open_file
from institute.jobs import worker
from tests.certificates.awards.conftest import AWARDS, Candidate, Office

# WeasyPrint leaves a colour profile to the garbage collector.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
PAPERS = "/administrator/papers"


def kept(session: Session) -> dict[PaperKind, AwardPaper]:
    """Return the papers that are there."""
    session.rollback()
    return {row.kind: row for row in session.scalars(select(AwardPaper))}


def bytes_of(row: AwardPaper) -> bytes:
    """Return a paper as it is kept; its digest is that of its row."""
    stored, data = open_file(row.file_id, institute_id=row.institute_id)
    with data:
        content = data.read()
    assert hashlib.sha256(content).hexdigest() == row.sha256 == stored.sha256
    return content


def run(*command: str | Path) -> str:
    """Return what a program says; it must succeed."""
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def test_worker_makes_a_transcript_and_a_form_once_and_keeps_them_as_they_are(
    app: Flask, candidate: Candidate, office: Office, award: Award, session: Session
) -> None:
    award_id = award.id
    assert office.visitor.get(f"{PAPERS}/{award_id}/transcript").status_code == 404
    worker.run_once(app)
    found = kept(session)
    assert set(found) == set(PaperKind)
    for kind, row in found.items():
        content = bytes_of(row)
        answer = office.visitor.get(f"{PAPERS}/{award_id}/{kind}")
        assert (answer.status_code, answer.data) == (200, content)
        answer = candidate.visitor.get(f"/participant/certificates/{award_id}/papers/{kind}")
        assert (answer.status_code, answer.data) == (200, content)
    before = {kind: row.sha256 for kind, row in found.items()}
    with transaction():
        papers.want_papers(award_id)
    worker.run_once(app)
    assert {kind: row.sha256 for kind, row in kept(session).items()} == before


def test_a_paper_is_never_changed(app: Flask, award: Award, session: Session) -> None:
    worker.run_once(app)
    assert kept(session)
    changing = update(AwardPaper).where(AwardPaper.award_id == award.id).values(sha256="0" * 64)
    with pytest.raises(DatabaseError):
        session.execute(changing)
    session.rollback()


def test_papers_are_signed_by_the_institute_for_the_whole_file(
    app: Flask, award: Award, session: Session, tmp_path: Path
) -> None:
    worker.run_once(app)
    serial = award.serial
    for row in kept(session).values():
        content = bytes_of(row)
        path = tmp_path / f"{row.kind}.pdf"
        path.write_bytes(content)
        said = run("pdfsig", path)
        assert "Signature is Valid" in said
        assert "Total document signed" in said
        assert "No syntax or stream encoding errors" in run("qpdf", "--check", path)
        words = " ".join(run("pdftotext", "-layout", path, "-").split())
        assert serial in words
        assert "1 h 15 min" in words
        with pikepdf.open(io.BytesIO(content)) as pdf:
            assert pdf.Root.Perms.DocMDP.Reference[0].TransformParams.P == 1


def test_nobody_else_gets_a_paper(
    app: Flask, award: Award, make_candidate: Callable[..., Candidate], office: Office
) -> None:
    award_id = award.id
    worker.run_once(app)
    other = make_candidate(met=False, name="Ana Beltrán")
    for kind in PaperKind:
        assert other.visitor.get(f"/participant/certificates/{award_id}/papers/{kind}").status_code == 404
        assert other.visitor.get(f"{PAPERS}/{award_id}/{kind}").status_code in {403, 404}
    assert office.visitor.get(f"{PAPERS}/{award_id}/snapshot").status_code == 404


def test_administrator_has_papers_made_that_are_not_there(
    app: Flask, office: Office, award: Award, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    award_id = award.id
    monkeypatch.setattr("certificates.awards.issuing.rendering.want_papers", lambda _award_id: None)
    worker.run_once(app)
    assert not kept(session)
    assert "Make transcript and form" in office.visitor.get(f"{AWARDS}/{award_id}").text
    assert office.visitor.post(f"{PAPERS}/{award_id}", {}).status_code == 303
    assert "are being prepared" in office.visitor.get(f"{AWARDS}/{award_id}").text
    worker.run_once(app)
    assert set(kept(session)) == set(PaperKind)
    page = office.visitor.get(f"{AWARDS}/{award_id}").text
    assert "Make transcript and form" not in page
    assert f"{PAPERS}/{award_id}/completion_form" in page
