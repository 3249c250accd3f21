"""A month's log as a PDF: made by the worker, heard by everybody, and never one that says something else."""

from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path

import pikepdf
import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from courses.logbook.models import MonthDocument
from institute.files.models import StoredFile
from institute.jobs import worker
from tests.browsing import Visitor
from tests.courses.logbook.conftest import Book


def made(app: Flask, book: Book, visitor: Visitor, area: str, locale: str = "en") -> bytes:
    """Ask for a month's document, let the worker make it, and save it."""
    form = {"paper": "letter", "locale": locale}
    answer = visitor.post(f"{book.path(area)}/document", form)
    assert answer.status_code == 303, answer.text
    assert "http-equiv" in visitor.get(answer.location).text
    worker.run_once(app)
    assert "0; url=" in visitor.get(answer.location).text
    saved = visitor.get(f"{book.path(area)}/document/file?paper=letter&locale={locale}")
    assert (saved.status_code, saved.mimetype) == (200, "application/pdf")
    return saved.get_data()


def words_of(pdf: bytes, folder: Path) -> str:
    """Return what can be read in a document, in one line."""
    path = folder / "month.pdf"
    path.write_bytes(pdf)
    command: list[str | Path] = ["pdftotext", "-layout", path, "-"]
    return " ".join(subprocess.run(command, capture_output=True, text=True, check=True).stdout.split())


@pytest.mark.parametrize("locale", ["en", "ar"])
def test_it_can_be_heard_and_says_who_signed_what(
    app: Flask, book: Book, tmp_path: Path, locale: str
) -> None:
    book.sign(book.pair.participant, "participant")
    pdf = made(app, book, book.pair.coach, "coach", locale)
    words = words_of(pdf, tmp_path)
    if locale == "en":
        for said in (
            "Coaching log of September 2026",
            "1 h 15 min",
            "Lucía Ortega signed on",
            "Not signed yet",
        ):
            assert said in words
    outloud = Path(sys.executable).with_name("outloud")
    path = tmp_path / "month.pdf"
    heard = subprocess.run([outloud, "--quiet", path], capture_output=True, text=True, check=False)
    assert heard.returncode == 0, heard.stdout
    with pikepdf.open(io.BytesIO(pdf)) as file:
        assert str(file.Root.Lang) == locale
        assert len(file.pages) == 1
        with file.open_metadata() as metadata:
            assert metadata["pdfuaid:part"] == "1"


def test_equal_wishes_are_made_once_and_a_new_name_makes_it_anew(
    app: Flask, book: Book, tmp_path: Path, session: Session
) -> None:
    first = made(app, book, book.pair.coach, "coach")
    assert made(app, book, book.pair.participant, "participant") == first
    book.sign(book.pair.coach, "coach")
    path = f"{book.path('coach')}/document/file?paper=letter&locale=en"
    assert book.pair.coach.get(path).status_code == 303
    page = book.pair.coach.get(f"{book.path('coach')}/document?paper=letter&locale=en").text
    assert "There is no PDF of this month as it is now." in page
    assert "Amina Haddad signed on" in words_of(made(app, book, book.pair.coach, "coach"), tmp_path)
    session.rollback()
    assert session.scalar(select(func.count(MonthDocument.id))) == 1
    assert session.scalar(select(func.count(StoredFile.id))) == 1


@pytest.mark.parametrize("given", [{"paper": "a0"}, {"locale": "tlh"}, {"paper": "a4\x00"}])
def test_a_document_that_there_is_not_is_not_found(book: Book, given: dict[str, str]) -> None:
    assert book.pair.coach.post(f"{book.path('coach')}/document", given).status_code == 404
