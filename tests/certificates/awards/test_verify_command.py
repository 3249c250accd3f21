"""``certificates verify FILE.pdf``: what it says of whole, changed and broken files, with a database and without."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from certificates.awards.issuing.models import AwardPaper
from certificates.awards.issuing.recounting import record_facts
from certificates.awards.models import Award
from certificates.documents.papers.facts import PaperKind
from institute.db import db
from institute.files.models import StoredFile
from institute.files.storage import current_storage
from institute.jobs import worker
from institute.keys.keeping import key_in_use, mark_leaked, public_keys
from institute.keys.models import KeyPurpose
from tests.certificates.awards.conftest import AWARDS, Office
from tests.working import work

# WeasyPrint leaves a colour profile to the garbage collector.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
Run = Callable[..., Result]


@pytest.fixture
def run(app: Flask) -> Run:
    """Run the command on a file."""

    def go(file: Path, *more: str) -> Result:
        return app.test_cli_runner().invoke(args=["certificates", "verify", str(file), *more])

    return go


@pytest.fixture
def file(app: Flask, award: Award, tmp_path: Path) -> Path:
    """The certificate's file."""
    work(app)
    db.session.rollback()
    row = db.session.get_one(Award, award.id)
    assert row.document_file_id is not None
    stored = db.session.get_one(StoredFile, row.document_file_id)
    path = tmp_path / "certificate.pdf"
    with current_storage().open(stored.sha256) as content:
        path.write_bytes(content.read())
    return path


def test_a_certificate_that_holds_says_so_until_it_is_revoked(
    run: Run, file: Path, award: Award, office: Office
) -> None:
    found = run(file)
    assert found.exit_code == 0, found.output
    for words in (award.serial, award.name_frozen, "Valley Coaching Institute", "This certificate is valid."):
        assert words in found.output
    office.visitor.post(
        f"{AWARDS}/{award.id}/revoke", {"reason_class": "issued_in_error", "note": "Wrong person"}
    )
    found = run(file)
    assert found.exit_code == 1
    assert "does not hold: it is revoked since 2026-10-14 (issued in error)" in found.output


def test_offline_it_proves_issue_with_the_saved_profile_and_says_that_it_is_no_more(
    app: Flask, run: Run, file: Path, tmp_path: Path
) -> None:
    keys = tmp_path / "keys"
    keys.mkdir()
    (keys / "valley.json").write_bytes(app.test_client().get("/issuers/valley").data)
    for where in (keys, keys / "valley.json"):
        found = run(file, "--offline", "--keys", str(where))
        assert found.exit_code == 0, found.output
        assert "never that it still holds" in found.output
    without = run(file, "--offline")
    assert (without.exit_code, "--keys" in without.output) == (2, True)
    assert run(file, "--keys", str(keys)).exit_code == 2
    for wrong in (b"{}", b"[1]", b"no key", b'{"verificationMethod": [7]}', b"{" * 5000, b""):
        (keys / "valley.json").write_bytes(wrong)
        found = run(file, "--offline", "--keys", str(keys))
        assert found.exit_code == 2, found.output
        assert "Traceback" not in found.output


def test_what_a_leaked_key_signed_is_proved_by_its_checksum_alone(
    app: Flask, run: Run, file: Path, office: Office
) -> None:
    for key in public_keys(office.person.institute_id, KeyPurpose.DOCUMENT):
        mark_leaked(key.id, actor=office.actor)
    profile = file.with_name("valley.json")
    profile.write_bytes(app.test_client().get("/issuers/valley").data)
    found = run(file, "--offline", "--keys", str(profile))
    assert found.exit_code == 2
    assert "in other hands" in found.output
    assert run(file).exit_code == 0


def test_every_broken_file_is_told_in_a_sentence(run: Run, file: Path) -> None:
    whole = file.read_bytes()
    size = len(whole)
    broken = [
        b"",
        b"%PDF-1.7\n",
        b"no PDF",
        b"\0" * 5000,
        whole + b"\n% more",
        whole[: size // 2],
        whole[100:],
    ]
    broken += [whole[: size - cut] for cut in (1, 10, 200, 3000)]
    for part in range(1, 12):
        at = size * part // 12
        broken.append(whole[:at] + bytes([whole[at] ^ 0x21]) + whole[at + 1 :])
    broken.append(whole.replace(b"/ByteRange", b"/ByteRangf"))
    broken.append(whole.replace(b"/Contents <", b"/Contents >"))
    broken.append(whole.replace(b"/Root", b"/Roof"))
    for content in broken:
        file.write_bytes(content)
        found = run(file)
        assert found.exit_code == 1, found.output
        assert found.exception is None or isinstance(found.exception, SystemExit)
        assert found.output.startswith("This file proves nothing")
    assert run(file.with_name("nothing.pdf")).exit_code == 2


@pytest.fixture
def papers(app: Flask, file: Path, session: Session) -> dict[PaperKind, Path]:
    """The files of the transcript and the form, the certificate beside them."""
    worker.run_once(app)
    session.rollback()
    found = {}
    for row in session.scalars(select(AwardPaper)):
        found[row.kind] = file.with_name(f"{row.kind}.pdf")
        with current_storage().open(row.sha256) as content:
            found[row.kind].write_bytes(content.read())
    assert set(found) == set(PaperKind)
    return found


def test_a_transcript_and_a_form_prove_which_certificate_they_belong_to_and_how_that_stands(
    run: Run, papers: dict[PaperKind, Path], award: Award, office: Office
) -> None:
    called = {
        PaperKind.TRANSCRIPT: "It is the transcript of hours and competencies of this certificate:",
        PaperKind.COMPLETION_FORM: "It is the Program Completion Verification Form of this certificate:",
    }
    for kind, path in papers.items():
        found = run(path)
        assert found.exit_code == 0, found.output
        for words in (
            called[kind],
            "unchanged since it was made",
            "Signed by: Common Name: Valley Coaching Institute",
            award.serial,
            award.name_frozen,
            "This certificate is valid.",
        ):
            assert words in found.output
        assert "proves nothing" not in found.output
    office.visitor.post(
        f"{AWARDS}/{award.id}/revoke", {"reason_class": "issued_in_error", "note": "Wrong person"}
    )
    for path in papers.values():
        found = run(path)
        assert found.exit_code == 1
        assert "It recounts what was true when it was made." in found.output
        assert "does not hold: it is revoked since 2026-10-14 (issued in error)" in found.output


def test_a_paper_that_was_changed_or_is_not_kept_here_proves_no_certificate(
    run: Run, papers: dict[PaperKind, Path], office: Office, session: Session
) -> None:
    path = papers[PaperKind.TRANSCRIPT]
    whole = path.read_bytes()
    for content in (whole[: len(whole) // 2], whole + b"\n%", whole.replace(b"/Root", b"/Roof")):
        path.write_bytes(content)
        found = run(path)
        assert (found.exit_code, found.output[:24]) == (1, "This file proves nothing")
    # Signed with the institute's key by somebody who is not this tool, or something else that the institute signs.
    key = key_in_use(office.person.institute_id, KeyPurpose.DOCUMENT)
    making = importlib.import_module("certificates.documents.papers.making")
    row = session.scalars(select(Award)).one()
    path.write_bytes(making.make_paper(record_facts(row), PaperKind.TRANSCRIPT, document_key=key))
    found = run(path)
    assert found.exit_code == 1
    assert "none of the certificates, transcripts and forms that are stored here" in found.output


def test_offline_a_paper_proves_who_made_it_and_nothing_of_the_certificate(
    app: Flask, run: Run, papers: dict[PaperKind, Path], tmp_path: Path, office: Office
) -> None:
    profile = tmp_path / "valley.json"
    profile.write_bytes(app.test_client().get("/issuers/valley").data)
    for path in papers.values():
        found = run(path, "--offline", "--keys", str(profile))
        assert found.exit_code == 0, found.output
        assert "never that the certificate it tells of was issued or still holds" in found.output
        assert "is valid" not in found.output
    for key in public_keys(office.person.institute_id, KeyPurpose.DOCUMENT):
        mark_leaked(key.id, actor=office.actor)
    profile.write_bytes(app.test_client().get("/issuers/valley").data)
    found = run(papers[PaperKind.TRANSCRIPT], "--offline", "--keys", str(profile))
    assert (found.exit_code, "in other hands" in found.output) == (2, True)
