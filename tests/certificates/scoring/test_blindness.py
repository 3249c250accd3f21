"""Whose evidence it is stands nowhere a rater can look: pages, pieces, addresses, file names, what is inside files."""

from __future__ import annotations

import io
import re
from collections.abc import Callable

import pikepdf
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from certificates.evidence.models import SubmissionFile
from institute.db import db
from tests.certificates.scoring.conftest import CANDIDATE_NAME, Desk, MakeDesk, Trainer

FETCH = {"X-Requested-With": "fetch"}
WHOLE = CANDIDATE_NAME.casefold()
PARTS = [part.casefold() for part in CANDIDATE_NAME.split()]


def named_pdf() -> io.BytesIO:
    """Return a PDF that names its author in its metadata and in an attachment."""
    written = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.docinfo["/Author"] = CANDIDATE_NAME
        pdf.docinfo["/Title"] = f"Plan of {CANDIDATE_NAME}"
        with pdf.open_metadata() as metadata:
            metadata["dc:creator"] = [CANDIDATE_NAME]
        pdf.attachments["Featherstonehaugh.txt"] = CANDIDATE_NAME.encode()
        pdf.save(written)
    written.seek(0)
    return written


def hides(text: str) -> bool:
    """Tell whether no part of the name stands in a text."""
    return not any(part in text.casefold() for part in PARTS)


@pytest.fixture
def held(make_desk: MakeDesk, trainer: Trainer) -> Desk:
    """Evidence that names its author wherever an author can, held by the trainer."""
    text = (
        f"I, {CANDIDATE_NAME}, wrote this. WILHELMINA! wilhelmina.f@example.org Ms Featherstonehaugh’s plan."
    )
    files = [
        ("Wilhelmina Featherstonehaugh plan.pdf", named_pdf()),
        ("featherstonehaugh.txt", io.BytesIO(b"Words")),
    ]
    desk = make_desk(text, files=files)
    assert trainer.visitor.post(f"{desk.path}/take").status_code == 303
    return desk


def test_no_page_piece_or_refusal_names_the_candidate(held: Desk, trainer: Trainer) -> None:
    answers = [
        trainer.visitor.get("/trainer/"),
        trainer.visitor.get("/trainer/scoring/"),
        trainer.visitor.get(held.path),
        trainer.visitor.post(held.path, held.fields((3, "Saved")), headers=FETCH),
        trainer.visitor.post(held.path, held.fields((9, "Refused"))),
        trainer.visitor.post(f"{held.path}/hand-in", {}),
    ]
    for answer in answers:
        assert hides(answer.text), answer.request.path
        assert hides(str(answer.headers))
    page = answers[2].text
    assert "wrote this." in page
    assert "wilhelmina.f@example.org" not in page
    for number in (held.person.id, held.enrolment_id):
        assert f"person/{number}" not in page
    assert re.findall(r"<!--", page) == []


def test_no_file_names_the_candidate_by_its_name_or_inside(held: Desk, trainer: Trainer) -> None:
    files = db.session.scalars(
        select(SubmissionFile.file_id).where(SubmissionFile.submission_id == held.submission_id)
    ).all()
    assert len(files) == 2
    for file_id in files:
        data = _fetch(trainer, f"{held.path}/files/{file_id}?download")
        assert data == _fetch(trainer, f"{held.path}/files/{file_id}")
        assert hides(data.decode("latin-1"))
        if data.startswith(b"%PDF"):
            with pikepdf.open(io.BytesIO(data)) as pdf:
                assert not pdf.attachments
                assert hides(str(dict(pdf.docinfo)) if "/Info" in pdf.trailer else "")


def _fetch(trainer: Trainer, path: str) -> bytes:
    with trainer.visitor.get(path) as answer:
        assert answer.status_code == 200
        assert hides(str(answer.headers))
        return bytes(answer.data)


def test_the_original_is_nowhere_served(held: Desk, trainer: Trainer, make_desk: Callable[..., Desk]) -> None:
    file_id = db.session.scalars(
        select(SubmissionFile.file_id).where(SubmissionFile.submission_id == held.submission_id)
    ).first()
    for path in (
        f"/files/{file_id}",
        f"/trainer/files/{file_id}",
        f"/trainer/media/files/task/{held.task_id}/{file_id}",
    ):
        answer = trainer.visitor.get(path)
        assert hides(answer.data.decode("latin-1"))


WORDS = st.lists(
    st.sampled_from(
        [
            CANDIDATE_NAME,
            *CANDIDATE_NAME.split(),
            CANDIDATE_NAME.upper(),
            "plan",
            "—",
            "\n",
            "’s",
            "(",
            ")",
            "w.f@x.org",
        ]
    ),
    max_size=12,
)


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(words=WORDS)
def test_wherever_authors_put_their_names_raters_read_none(
    make_desk: MakeDesk, trainer: Trainer, words: list[str]
) -> None:
    desk = make_desk("Mine: " + " ".join(words))
    trainer.visitor.post(f"{desk.path}/take")
    page = trainer.visitor.get(desk.path).text
    assert hides(page)
    assert "Mine:" in page
    assert WHOLE not in page.casefold()
