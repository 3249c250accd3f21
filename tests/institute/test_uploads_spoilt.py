"""Files that arrive whole and are not what they should be: refused by what is in them, with a sentence that stays."""

from __future__ import annotations

import struct
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from institute.actors import Actor
from institute.db import transaction
from institute.files.checking import LARGEST_FILE, FileRefusedError, FileTypeError
from institute.files.kinds import DOCUMENTS, MEDIA, FileKind
from institute.files.models import StoredFile
from institute.files.storage import current_storage
from institute.files.uploads import claim
from institute.files.uploads.claiming import claim_new
from institute.files.uploads.errors import UploadTakenError, UploadUnfinishedError
from institute.files.uploads.offers import write_offer
from institute.files.uploads.waiting import waiting
from institute.people.models import Person
from tests import films, papers
from tests.browsing import Visitor
from tests.institute.senders import Sender, id_of, metadata

SCRIPT = b"<script>alert(1)</script>"
ZIP = papers.archive({"a.txt": b"a" * 100})
NESTED = papers.archive({"in.zip": papers.archive({"large.bin": bytes(60 * 1024 * 1024)})})
DEEP = papers.archive({"a.zip": papers.archive({"b.zip": papers.archive({"c.zip": ZIP})})})
MANY = papers.archive({f"{number}.xml": b"" for number in range(5001)})
FILM = films.film()
SPOILT: list[tuple[str, bytes, str]] = [
    ("half.pdf", papers.pdf()[:-30], "FILE-INCOMPLETE"),
    ("pdf and zip.pdf", papers.pdf() + ZIP, "FILE-TYPE"),
    ("pdf and page.pdf", papers.pdf() + b"<html>" + SCRIPT, "FILE-TYPE"),
    ("page and pdf.pdf", b"<html>" + SCRIPT + papers.pdf(), "FILE-TYPE"),
    ("page in pdf.pdf", papers.pdf().replace(b"\n", b"\n%" + SCRIPT + b"\n", 1), "FILE-TYPE"),
    ("gif and script.gif", b"GIF89a/*" + bytes(20) + b"*/=1;alert(1)", "FILE-TYPE"),
    ("picture and zip.png", papers.png() + ZIP, "FILE-TYPE"),
    ("picture and page.jpg", papers.jpeg() + b"<html>" + SCRIPT, "FILE-TYPE"),
    ("film and zip.mp4", FILM + films.box(b"free", ZIP), "FILE-TYPE"),
    ("drawing.svg", b'<svg xmlns="http://www.w3.org/2000/svg">' + SCRIPT + b"</svg>", "FILE-TYPE"),
    ("drawing.txt", b'<?xml version="1.0"?><svg onload="alert(1)"/>', "FILE-TYPE"),
    ("bomb.docx", papers.swelling(), "FILE-SWELLING"),
    ("bomb in archive.docx", papers.office(word__embeddings__a_docx=NESTED), "FILE-SWELLING"),
    ("archives in archives.docx", papers.office(word__embeddings__a_docx=DEEP), "FILE-SWELLING"),
    ("many.docx", MANY, "FILE-SWELLING"),
    (
        "no index.mp4",
        films.box(b"ftyp", b"isom", bytes(4), b"isom") + films.box(b"mdat", bytes(500)),
        "FILE-INCOMPLETE",
    ),
    ("cut.mp4", FILM[:-10], "FILE-INCOMPLETE"),
    ("locked.pdf", papers.pdf(password="open sesame"), "FILE-LOCKED"),
    ("program.mp4", b"MZ\x90\0" + bytes(500), "FILE-TYPE"),
]


@pytest.fixture
def lucia(make_person: Callable[..., Person]) -> Person:
    """Who sends."""
    return make_person()


@pytest.fixture
def sender(lucia: Person, sign_in: Callable[..., Visitor]) -> Sender:
    """Her program."""
    return Sender(sign_in(lucia))


def actor_of(person: Person) -> Actor:
    """Return a person as somebody who acts."""
    return Actor(institute_id=person.institute_id, person_id=person.id)


@pytest.mark.parametrize("case", SPOILT, ids=[one[0] for one in SPOILT])
def test_spoilt_file_is_refused_with_a_sentence_that_stays(
    sender: Sender, lucia: Person, session: Session, case: tuple[str, bytes, str]
) -> None:
    name, data, code = case
    path = sender.send(data, name)
    for _ in range(2):
        found = sender.state(path)
        assert found["state"] == "refused"
        assert name.partition(".")[0] in found["said"]
    with pytest.raises(FileRefusedError) as refused, transaction():
        claim(id_of(path), actor=actor_of(lucia))
    assert refused.value.code == code
    assert session.query(StoredFile).count() == 0
    assert list(current_storage().names()) == []


def test_document_may_not_be_as_large_as_a_film(sender: Sender) -> None:
    large = b"a" * (LARGEST_FILE + 1)
    assert "25 MB" in sender.state(sender.send(large, "notes.txt"))["said"]


def test_place_says_what_it_takes_and_a_browser_cannot_change_it(app: Flask, sender: Sender) -> None:
    with app.test_request_context():
        offer = write_offer("evidence:1", DOCUMENTS)
    assert sender.state(sender.send(FILM, "film.mp4", offer=offer))["state"] == "refused"
    with app.test_request_context():
        films_alone = write_offer("media", MEDIA)
    assert "MP4" in sender.state(sender.send(papers.pdf(), "plan.pdf", offer=films_alone))["said"]
    widened = offer.replace("DOCX", "DOCX MP4")
    answer = sender.ask("POST", Upload_Length="5", Upload_Metadata=metadata(offer=widened))
    assert answer.status_code == 400


def test_place_that_takes_less_than_was_offered_refuses_it(sender: Sender, lucia: Person) -> None:
    path = sender.send(FILM, "film.mp4")
    with pytest.raises(FileTypeError), transaction():
        claim(id_of(path), actor=actor_of(lucia), kinds=frozenset({FileKind.PDF}))
    with transaction():
        assert claim(id_of(path), actor=actor_of(lucia), kinds=MEDIA)


def test_file_is_taken_once_and_not_before_it_is_whole(sender: Sender, lucia: Person) -> None:
    path = sender.begin(10)
    with pytest.raises(UploadUnfinishedError), transaction():
        claim(id_of(path), actor=actor_of(lucia))
    sender.add(path, 0, b"ten bytes!")
    with transaction():
        claim(id_of(path), actor=actor_of(lucia))
    with pytest.raises(UploadTakenError), transaction():
        claim(id_of(path), actor=actor_of(lucia))


def test_form_takes_what_is_new_and_finds_room(sender: Sender, lucia: Person, session: Session) -> None:
    sent = [
        sender.send(data, name)
        for data, name in ((b"a", "a.txt"), (b"a", "a.txt"), (b"b", "b.txt"), (b"c", "c.txt"))
    ]
    ids = [id_of(path) for path in sent]
    with transaction():
        taken, problems = claim_new([*ids, "no-id", "\0"], [], actor=actor_of(lucia), most=2)
    assert [session.get_one(StoredFile, file_id).name for file_id in taken] == ["a.txt", "b.txt"]
    assert len(problems) == 1, "no more than twice the room is looked at"
    assert "c.txt" in problems[0]
    with transaction():
        assert claim_new(ids, [], actor=actor_of(lucia), most=9) == ([], []), "sent twice is taken once"
    assert session.query(StoredFile).count() == 2


def test_page_shows_what_is_on_its_way_to_its_place_alone(app: Flask, sender: Sender, lucia: Person) -> None:
    with app.test_request_context():
        offers = [write_offer(about, frozenset()) for about in ("evidence:1", "evidence:2")]
    begun = sender.begin(100, "begun.txt", offer=offers[0])
    sender.add(begun, 0, b"1234")
    ready, elsewhere = (
        sender.send(b"1", "ready.txt", offer=offers[0]),
        sender.send(b"2", "other.txt", offer=offers[1]),
    )
    found = waiting("evidence:1", actor=actor_of(lucia))
    assert [(one.name, one.received, one.is_ready) for one in found] == [
        ("begun.txt", 4, False),
        ("ready.txt", 1, True),
    ]
    with transaction():
        claim(id_of(ready), actor=actor_of(lucia))
    assert [one.name for one in waiting("evidence:1", actor=actor_of(lucia))] == ["begun.txt"]
    assert id_of(elsewhere) == waiting("evidence:2", actor=actor_of(lucia))[0].id


def test_sizes_of_boxes_that_lie_are_no_recording(sender: Sender) -> None:
    lying = FILM[:20] + struct.pack(">I", 0x7FFFFFFF) + FILM[24:]
    assert sender.state(sender.send(lying, "film.mp4"))["state"] == "refused"
