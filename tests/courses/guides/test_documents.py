"""Guides as documents: made once by the worker, waited for without JavaScript, and never the wrong one."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from courses.catalogue.drafts import ProgrammeContent
from courses.guides.models import GuideDocument
from institute import clock
from institute.actors import InstituteId
from institute.config import Settings
from institute.db import transaction
from institute.files.models import StoredFile
from institute.i18n import LOCALES, Localised
from institute.jobs import worker
from institute.people.models import Institute
from tests.browsing import Visitor
from tests.courses.guides.conftest import COACH, FIVE, PARTICIPANT, SECRETS, Pair
from tests.programmes import Change, english, segment_draft, with_segment


def ask(visitor: Visitor, path: str, *, paper: str = "a4", locale: str = "en") -> str:
    """Press "Download PDF", and return the address of the page that waits."""
    answer = visitor.post(f"{path}/document", {"paper": paper, "locale": locale})
    assert answer.status_code == 303, answer.text
    return str(answer.location)


def page(visitor: Visitor, address: str) -> str:
    """Return a page."""
    answer = visitor.get(address)
    assert answer.status_code == 200, answer.status_code
    return answer.get_data(as_text=True)


def save(visitor: Visitor, path: str, *, paper: str = "a4", locale: str = "en") -> bytes:
    """Save a document that is ready."""
    answer = visitor.get(f"{path}/document/file?paper={paper}&locale={locale}")
    assert answer.status_code == 200, answer.status_code
    assert answer.mimetype == "application/pdf"
    return answer.get_data()


def made(app: Flask, visitor: Visitor, path: str, *, paper: str = "a4", locale: str = "en") -> bytes:
    """Ask for a document, let the worker make it, and save it."""
    ask(visitor, path, paper=paper, locale=locale)
    worker.run_once(app)
    return save(visitor, path, paper=paper, locale=locale)


def words_of(pdf: bytes, folder: Path) -> str:
    """Return what can be read in a document, in one line."""
    path = folder / "guide.pdf"
    path.write_bytes(pdf)
    return " ".join(run("pdftotext", "-layout", path, "-").split())


def run(*command: str | Path) -> str:
    """Return what a program says; it must succeed."""
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def test_a_document_is_waited_for_by_a_page_that_looks_again_by_itself(app: Flask, pair: Pair) -> None:
    address = ask(pair.participant, f"{PARTICIPANT}/participant")
    waiting = page(pair.participant, address)
    assert "Your PDF is being made" in waiting
    assert '<meta http-equiv="refresh" content="2">' in waiting
    early = pair.participant.get(f"{PARTICIPANT}/participant/document/file?paper=a4&locale=en")
    assert (early.status_code, "/document?" in early.location) == (303, True)
    worker.run_once(app)
    ready = page(pair.participant, address)
    assert "Your PDF is ready" in ready
    found = re.search(r'<meta http-equiv="refresh" content="0; url=([^"]+)">', ready)
    assert found
    answer = pair.participant.get(found[1].replace("&amp;", "&"))
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert "leadership-module-1-participant-1-en-a4.pdf" in answer.headers["Content-Disposition"]
    assert answer.get_data().startswith(b"%PDF-")
    later = page(pair.participant, address.replace("then=save&", ""))
    assert "Your PDF is ready" in later
    assert "http-equiv" not in later


def test_a_page_that_waits_long_says_that_one_may_leave(pair: Pair) -> None:
    address = ask(pair.participant, f"{PARTICIPANT}/quick")
    with clock.shift(seconds=60):
        text = page(pair.participant, address)
    assert "It takes longer than usual." in text
    assert '<meta http-equiv="refresh" content="10">' in text


def test_the_same_document_is_made_once_for_everybody(
    app: Flask, make_pair: Callable[..., Pair], session: Session
) -> None:
    first, second = make_pair(), make_pair(name="Mei-Ling")
    for pair in (first, second, first):
        ask(pair.participant, f"{PARTICIPANT}/participant")
    assert worker.run_once(app) == 1
    assert "Your PDF is ready" in page(second.coach, ask(second.coach, f"{COACH}/participant"))
    assert worker.run_once(app) == 0
    assert session.scalar(select(func.count(GuideDocument.id))) == 1
    same = [
        save(one, f"{path}/participant")
        for one, path in ((first.participant, PARTICIPANT), (second.coach, COACH))
    ]
    assert same[0] == same[1]


def test_rendering_language_paper_and_version_each_have_a_document_of_their_own(
    app: Flask, pair: Pair, make_version: Callable[[Change], object], session: Session
) -> None:
    for rendering, locale, paper in (
        ("coach", "en", "a4"),
        ("quick", "en", "a4"),
        ("quick", "es", "a4"),
        ("quick", "es", "letter"),
    ):
        ask(pair.coach, f"{COACH}/{rendering}", locale=locale, paper=paper)
    make_version(with_segment(segment_draft(content=english("A newer text."))))
    ask(pair.coach, f"{COACH}/quick")
    assert worker.run_once(app) == 5
    digests = session.scalars(select(StoredFile.sha256)).all()
    assert len(set(digests)) == len(digests) == 5


def test_only_the_coachs_document_holds_the_script(
    app: Flask, pair: Pair, full: ProgrammeContent, tmp_path: Path
) -> None:
    script = words_of(made(app, pair.coach, f"{COACH}/coach"), tmp_path)
    assert not [secret for secret in SECRETS if secret not in script]
    for visitor, path in ((pair.participant, PARTICIPANT), (pair.coach, COACH)):
        for rendering in ("participant", "quick"):
            words = words_of(made(app, visitor, f"{path}/{rendering}"), tmp_path)
            assert not [secret for secret in SECRETS if secret in words]
    for end in ("", "/file"):
        address = f"{PARTICIPANT}/coach/document{end}?paper=a4&locale=en"
        assert pair.participant.get(address).status_code == 404


def test_what_is_not_open_yet_is_not_in_a_participants_document(
    app: Flask, make_pair: Callable[..., Pair], make_version: Callable[[Change], object], tmp_path: Path
) -> None:
    early, late = make_pair(), make_pair(name="Mei-Ling")
    opens = segment_draft().opens
    text = segment_draft(
        number=2,
        content=english("A text for later."),
        opens=type(opens)(after=("module-1/segment-1",)),
    )
    make_version(with_segment(text))
    for key in ("read", "rank", "prepare"):
        early.participant.post(f"/participant/modules/module-1/segment-1/steps/{key}", {"done": "1"})
    whole, part = (
        words_of(made(app, one.participant, f"{PARTICIPANT}/participant"), tmp_path) for one in (early, late)
    )
    assert "A text for later." in whole
    assert "A text for later." not in part
    assert "This segment opens later." in part


@pytest.mark.parametrize("locale", LOCALES)
def test_a_document_speaks_its_language_and_passes_the_checkers(
    app: Flask, pair: Pair, full: ProgrammeContent, tmp_path: Path, locale: str
) -> None:
    pdf = made(app, pair.coach, f"{COACH}/coach", locale=locale, paper="letter")
    words = words_of(pdf, tmp_path)
    path = tmp_path / "guide.pdf"
    assert "No syntax or stream encoding errors" in run("qpdf", "--check", path)
    outloud = Path(sys.executable).with_name("outloud")
    heard = subprocess.run([outloud, "--quiet", path], capture_output=True, text=True, check=False)
    assert heard.returncode == 0, heard.stdout
    with pikepdf.open(io.BytesIO(pdf)) as file:
        assert str(file.Root.Lang) == locale.replace("_", "-")
        assert FIVE.texts["en"] not in words or locale == "en"
        titles = [str(one) for one in _titles(file)]
        assert any(FIVE.texts[locale] in title for title in titles), titles
        width, height = (float(edge) for edge in file.pages[0].mediabox[2:])
        assert (width, height) == pytest.approx((612, 792), abs=0.1)
        with file.open_metadata() as metadata:
            assert metadata["pdfuaid:part"] == "1"
            assert (locale == "en") == (len(metadata["dc:language"]) == 1)
    if locale != "ar":  # the letters of a line stand in the order in which they are drawn
        assert FIVE.texts[locale].replace(" ", "") in words.replace(" ", "")


def _titles(file: pikepdf.Pdf) -> list[str]:
    """Return the entries of a document's table of contents."""
    with file.open_outline() as outline:
        entries = list(outline.root)
        return [str(one.title) for entry in entries for one in (entry, *entry.children)]


def test_a_quick_reference_is_one_sheet_also_where_there_is_much_to_do(
    app: Flask, pair: Pair, make_version: Callable[[Change], object]
) -> None:
    for number in range(1, 7):
        make_version(with_segment(segment_draft(number=number)))
    with pikepdf.open(io.BytesIO(made(app, pair.coach, f"{COACH}/quick"))) as file:
        assert len(file.pages) == 1


def test_a_document_that_cannot_be_kept_is_said_and_can_be_tried_again(
    app: Flask, pair: Pair, settings: Settings
) -> None:
    files = settings.data_dir / "files"
    shutil.rmtree(files, ignore_errors=True)
    files.parent.mkdir(parents=True, exist_ok=True)
    files.write_text("where the files should lie")
    address = ask(pair.coach, f"{COACH}/coach")
    for hours in range(1, 6):
        with clock.shift(seconds=hours * 3600):
            worker.run_once(app)
    text = page(pair.coach, address)
    assert "The PDF could not be made." in text
    assert "Try again" in text
    files.unlink()
    assert "Your PDF is being made" in page(pair.coach, ask(pair.coach, f"{COACH}/coach"))
    worker.run_once(app)
    assert save(pair.coach, f"{COACH}/coach").startswith(b"%PDF-")


def test_a_document_is_made_anew_once_what_is_printed_around_it_has_changed(
    app: Flask, pair: Pair, session: Session, institute: Institute, tmp_path: Path
) -> None:
    before = made(app, pair.coach, f"{COACH}/quick")
    with transaction() as writing:
        renamed = writing.get_one(Institute, InstituteId(institute.id))
        renamed.name = Localised.of({"en": "Harbour Coaching Institute"})
    address = f"{COACH}/quick/document?paper=a4&locale=en"
    assert "There is no PDF of this guide yet." in page(pair.coach, address)
    after = made(app, pair.coach, f"{COACH}/quick")
    assert after != before
    assert "Harbour Coaching Institute" in words_of(after, tmp_path)
    assert session.scalar(select(func.count(StoredFile.id))) == 1


@pytest.mark.parametrize(
    "form", [{"paper": "a5"}, {"paper": ""}, {"paper": "a4", "locale": "xx"}, {"paper": "a4\0"}]
)
def test_a_paper_or_a_language_that_there_is_not_is_refused(pair: Pair, form: dict[str, str]) -> None:
    assert pair.coach.post(f"{COACH}/coach/document", form).status_code == 404
