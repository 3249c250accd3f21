"""Files on their way back: saved under a safe name, never run, in parts where asked, to their owner alone."""

from __future__ import annotations

import html
from collections.abc import Callable

import pytest

from institute.files.storage import current_storage
from institute.people.models import Institute, Person
from tests import papers
from tests.browsing import Visitor
from tests.certificates.evidence.conftest import PATH, Author

DATA = papers.pdf()


@pytest.fixture
def address(author: Author) -> str:
    """The address of a file in a draft."""
    author.send("", {"plan.pdf": DATA})
    return author.file_addresses()[0]


def test_file_is_saved_and_never_run(author: Author, address: str) -> None:
    with author.visitor.get(address) as answer:
        assert answer.data == DATA
        assert answer.headers["Content-Disposition"] == 'attachment; filename="plan.pdf"'
        assert answer.headers["Content-Type"] == "application/pdf"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in answer.headers["Content-Security-Policy"]
        assert "script-src" not in answer.headers["Content-Security-Policy"]
        assert answer.headers["Cache-Control"] == "private, no-cache"
        assert answer.headers["Accept-Ranges"] == "bytes"
        assert answer.content_length == len(DATA)


def test_reader_who_has_it_is_told_so(author: Author, address: str) -> None:
    with author.visitor.get(address) as first:
        mark = first.headers["ETag"]
    with author.visitor.get(address, headers={"If-None-Match": mark}) as again:
        assert (again.status_code, again.data) == (304, b"")


@pytest.mark.parametrize(
    ("wished", "start", "end"), [("bytes=0-9", 0, 10), ("bytes=10-", 10, None), ("bytes=-5", -5, None)]
)
def test_part_of_a_file_is_sent(
    author: Author, address: str, wished: str, start: int, end: int | None
) -> None:
    with author.visitor.get(address, headers={"Range": wished}) as answer:
        assert answer.status_code == 206
        assert answer.data == DATA[start:end]


@pytest.mark.parametrize("wished", ["bytes=999999999-", "bytes=9-2", "lines=1-2", "bytes=" + "9" * 400 + "-"])
def test_part_that_is_not_there_is_no_fault(author: Author, address: str, wished: str) -> None:
    with author.visitor.get(address, headers={"Range": wished}) as answer:
        assert answer.status_code in {200, 416}


@pytest.mark.parametrize(
    ("name", "header"),
    [
        ("../../boot.pdf", 'attachment; filename="boot.pdf"'),
        ("تقرير.pdf", "filename=\"file.pdf\"; filename*=UTF-8''%D8%AA%D9%82%D8%B1%D9%8A%D8%B1.pdf"),
        ("x\u202efdp.exe", 'attachment; filename="xfdp.exe.pdf"'),
        ("...", 'attachment; filename="file.pdf"'),
        ("nul.pdf", 'attachment; filename="_nul.pdf"'),
        ("a" * 300 + ".pdf", 'filename="' + "a" * 116 + '.pdf"'),
    ],
    ids=["path", "arabic", "turned", "dots", "device", "long"],
)
def test_hostile_name_becomes_a_harmless_header(author: Author, name: str, header: str) -> None:
    author.send("", {name: DATA})
    with author.visitor.get(author.file_addresses()[0]) as answer:
        assert header in answer.headers["Content-Disposition"]


def test_name_with_markup_is_only_text_on_the_page(author: Author) -> None:
    author.send("", {"<img src=x onerror=alert(1)>.pdf": DATA})
    page = author.visitor.get(PATH).text
    assert "<img src=x" not in page
    assert "img src=x onerror=alert(1)" in html.unescape(page)


def test_another_participant_s_file_is_not_there(
    author: Author, address: str, make_author: Callable[..., Author]
) -> None:
    other = make_author(name="Meiling Chen")
    other.open()
    other.send("Mine", {"own.pdf": DATA})
    (own,) = other.file_addresses()
    number = address.rpartition("/")[2]
    for path in (address, f"{own.rpartition('/')[0]}/{number}"):
        assert other.visitor.get(path).status_code == 404
        assert other.send("Mine", to=f"{path}/remove").status_code == 404
    assert author.visitor.get(address).status_code == 200
    assert "Mine" not in author.open()


def test_another_institute_s_file_is_not_there(
    author: Author,
    address: str,
    make_institute: Callable[..., Institute],
    make_person: Callable[..., Person],
    sign_in: Callable[..., Visitor],
) -> None:
    stranger = make_person(institute_id=make_institute().id)
    visitor = sign_in(stranger, roles=["participant"])
    for path in (PATH, address):
        assert visitor.get(path).status_code == 404
        assert visitor.post(path, {"text": "x"}).status_code in {404, 405}
    assert visitor.get("/participant/evidence/").status_code == 200


def test_file_whose_bytes_are_gone_is_said_to_be_unavailable(author: Author, address: str) -> None:
    for path in current_storage().root.glob("??/*"):
        path.unlink()
    assert author.visitor.get(address).status_code == 503
