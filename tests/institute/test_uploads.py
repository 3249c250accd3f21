"""Files in pieces, as tus 1.0.0 has them: each request answered as the protocol says, nobody else's found."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import update
from sqlalchemy.orm import Session

from institute import clock
from institute.actors import Actor
from institute.clock import now
from institute.db import transaction
from institute.files.models import StoredFile
from institute.files.reading import open_file
from institute.files.storage import current_storage
from institute.files.uploads import claim, pieces
from institute.files.uploads.beginning import MOST_FILES, begin
from institute.files.uploads.discarding import discard_expired
from institute.files.uploads.errors import UploadUnknownError
from institute.files.uploads.models import Upload, UploadState
from institute.files.uploads.offers import LARGEST_MEDIUM, Offer
from institute.files.uploads.receiving import receive
from institute.jobs import worker
from institute.people.models import Institute, Person
from tests.browsing import Visitor
from tests.institute.senders import PIECE, Sender, checksum, id_of, metadata

DATA = b"What I learnt in the third session.\n" * 400


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


def taken(path: str, person: Person) -> bytes:
    """Take a file as a room does and return its bytes."""
    with transaction():
        file_id = claim(id_of(path), actor=actor_of(person))
    _row, data = open_file(file_id, institute_id=person.institute_id)
    with data:
        return data.read()


def test_server_tells_what_it_can(sender: Sender) -> None:
    answer = sender.ask("OPTIONS", Tus_Resumable=None)  # type: ignore[arg-type]
    assert answer.status_code == 204
    assert answer.headers["Tus-Version"] == answer.headers["Tus-Resumable"] == "1.0.0"
    assert answer.headers["Tus-Max-Size"] == str(LARGEST_MEDIUM)
    assert set(answer.headers["Tus-Checksum-Algorithm"].split(",")) == {"sha1", "sha256"}
    extensions = set(answer.headers["Tus-Extension"].split(","))
    assert extensions == {"creation", "creation-with-upload", "checksum", "expiration", "termination"}


def test_file_sent_in_pieces_is_the_file_that_was_sent(sender: Sender, lucia: Person) -> None:
    path = sender.begin(len(DATA))
    for start in range(0, len(DATA), 5000):
        answer = sender.add(path, start, DATA[start : start + 5000])
        assert (answer.status_code, answer.data) == (204, b"")
        assert answer.headers["Upload-Offset"] == str(min(start + 5000, len(DATA)))
        assert answer.headers["Upload-Expires"].endswith("GMT")
    assert sender.state(path) == {
        "state": "ready",
        "name": "notes.txt",
        "said": "",
        "received": len(DATA),
        "length": len(DATA),
    }
    assert taken(path, lucia) == DATA


def test_first_request_may_bring_the_file(sender: Sender, lucia: Person) -> None:
    answer = sender.ask(
        "POST",
        data=DATA,
        Upload_Length=str(len(DATA)),
        Content_Type=PIECE,
        Upload_Metadata=metadata(filename="a.txt"),
    )
    assert answer.status_code == 201
    assert answer.headers["Upload-Offset"] == str(len(DATA))
    assert taken(answer.headers["Location"], lucia) == DATA


def test_head_tells_how_far_it_is_and_is_never_cached(sender: Sender) -> None:
    path = sender.begin(len(DATA))
    sender.add(path, 0, DATA[:100])
    answer = sender.ask("HEAD", path)
    assert answer.status_code == 200
    assert answer.headers["Upload-Offset"] == "100"
    assert answer.headers["Upload-Length"] == str(len(DATA))
    assert answer.headers["Cache-Control"] == "no-store"


def test_piece_that_does_not_follow_is_refused(sender: Sender) -> None:
    path = sender.begin(len(DATA))
    assert sender.add(path, 10, DATA[10:]).status_code == 409
    sender.add(path, 0, DATA[:100])
    assert sender.add(path, 0, DATA[:100]).status_code == 409
    assert sender.ask("HEAD", path).headers["Upload-Offset"] == "100"


@pytest.mark.parametrize("algorithm", ["sha1", "sha256"])
def test_piece_with_a_wrong_checksum_leaves_nothing(sender: Sender, lucia: Person, algorithm: str) -> None:
    path = sender.begin(len(DATA))
    damaged = sender.add(path, 0, b"x" + DATA[1:], Upload_Checksum=checksum(DATA, algorithm))
    assert damaged.status_code == 460
    assert sender.ask("HEAD", path).headers["Upload-Offset"] == "0"
    assert sender.add(path, 0, DATA, Upload_Checksum=checksum(DATA, algorithm)).status_code == 204
    assert taken(path, lucia) == DATA


@pytest.mark.parametrize("said", ["md5 abc", "sha256 no!", "sha256 YWJj", "sha1", "", "sha256 " + "A" * 5000])
def test_checksum_that_is_none_is_refused(sender: Sender, said: str) -> None:
    assert sender.add(sender.begin(5), 0, b"12345", Upload_Checksum=said).status_code == 400


def test_other_version_is_refused_with_ours(sender: Sender) -> None:
    path = sender.begin(5)
    for method, address in (("POST", "/uploads/"), ("HEAD", path), ("PATCH", path), ("DELETE", path)):
        for version in ("0.2.2", None):
            answer = sender.ask(method, address, Tus_Resumable=version)  # type: ignore[arg-type]
            assert answer.status_code == 412
            assert method == "HEAD" or answer.headers.get("Tus-Version", "1.0.0") == "1.0.0"


def test_body_that_is_no_piece_is_refused(sender: Sender) -> None:
    path = sender.begin(5)
    assert (
        sender.ask("PATCH", path, b"12345", Upload_Offset="0", Content_Type="text/plain").status_code == 415
    )
    assert sender.ask("HEAD", path).headers["Upload-Offset"] == "0"


@pytest.mark.parametrize("length", ["", "-1", "abc", "1e3", "٣", "1" * 40, "5 "])
def test_length_that_is_none_is_refused(sender: Sender, length: str) -> None:
    assert sender.ask("POST", Upload_Length=length.encode().decode("latin-1")).status_code == 400


@pytest.mark.parametrize(
    "said", ["filename no-base64!", "filename " + "A" * 5000, "filename gICA", "offer Zm9v"]
)
def test_metadata_that_cannot_be_read_are_refused(sender: Sender, said: str) -> None:
    assert sender.ask("POST", Upload_Length="5", Upload_Metadata=said).status_code == 400


def test_what_is_too_large_is_told_before_the_first_byte(sender: Sender) -> None:
    answer = sender.ask(
        "POST", Upload_Length=str(LARGEST_MEDIUM + 1), Upload_Metadata=metadata(filename="film.mp4")
    )
    assert answer.status_code == 413
    assert "200 MB" in answer.get_json()["said"]


def test_empty_file_is_refused(sender: Sender) -> None:
    assert sender.ask("POST", Upload_Length="0").status_code == 422


def test_more_than_the_file_was_said_to_have_is_refused(sender: Sender) -> None:
    path = sender.begin(10)
    assert sender.add(path, 0, b"12345678901").status_code == 413
    assert sender.ask("HEAD", path).headers["Upload-Offset"] == "0"


def test_who_has_too_much_on_its_way_is_told(lucia: Person, sender: Sender) -> None:
    paths = [sender.begin(LARGEST_MEDIUM, "film.mp4") for _ in range(5)]
    assert (
        sender.ask("POST", Upload_Length="10", Upload_Metadata=metadata(filename="a.txt")).status_code == 429
    )
    assert sender.ask("DELETE", paths[0]).status_code == 204
    for _ in range(MOST_FILES - 4):
        sender.begin(10)
    assert (
        sender.ask("POST", Upload_Length="10", Upload_Metadata=metadata(filename="a.txt")).status_code == 429
    )


def test_upload_can_be_given_up(app: Flask, sender: Sender, session: Session) -> None:
    path = sender.begin(len(DATA))
    sender.add(path, 0, DATA[:500])
    assert sender.ask("DELETE", path).status_code == 204
    for method in ("HEAD", "DELETE"):
        assert sender.ask(method, path).status_code == 404
    assert session.get(Upload, id_of(path)) is None
    assert not list((current_storage().root / pieces.FOLDER).iterdir())
    ready = sender.send(DATA)
    assert sender.ask("DELETE", ready).status_code == 204
    assert session.query(StoredFile).count() == 0


def test_other_methods_come_in_a_header(sender: Sender, lucia: Person) -> None:
    path = sender.begin(len(DATA))
    marks = {"X_HTTP_Method_Override": "PATCH", "Upload_Offset": "0", "Content_Type": PIECE}
    assert sender.ask("POST", path, DATA, **marks).status_code == 204
    assert sender.ask("POST", path, X_HTTP_Method_Override="HEAD").headers["Upload-Offset"] == str(len(DATA))
    assert sender.ask("POST", path).status_code == 400
    assert taken(path, lucia) == DATA


def test_another_person_finds_nothing(
    sender: Sender,
    make_person: Callable[..., Person],
    make_institute: Callable[..., Institute],
    sign_in: Callable[..., Visitor],
) -> None:
    path = sender.begin(len(DATA))
    short = f"/uploads/{id_of(path)}"
    others = (make_person(name="Rosa"), make_person(name="Ana", institute_id=make_institute().id))
    for other in (Sender(sign_in(one)) for one in others):
        assert other.ask("HEAD", short).status_code == 404
        assert other.ask("GET", f"{short}/state").status_code == 404
        assert other.add(short, 0, DATA).status_code == 404
        assert other.ask("DELETE", short).status_code == 404
    for person in others:
        with pytest.raises(UploadUnknownError), transaction():
            claim(id_of(path), actor=actor_of(person))
    assert sender.add(path, 0, DATA).status_code == 204


@pytest.mark.parametrize("name", ["x", "a" * 22, "a" * 500, "\0" * 22, "..%2f..%2fetc", "%00", "ü" * 22])
def test_ids_that_are_none_find_nothing(sender: Sender, name: str) -> None:
    assert sender.ask("HEAD", f"/uploads/{name}").status_code in {404, 308}


def test_request_without_the_session_s_token_changes_nothing(sender: Sender) -> None:
    path = sender.begin(5)
    for forged in (None, "wrong"):
        mark = {"X_CSRF_Token": forged}
        assert sender.add(path, 0, b"12345", **mark).status_code == 403  # type: ignore[arg-type]
        assert sender.ask("DELETE", path, **mark).status_code == 403  # type: ignore[arg-type]
        assert sender.ask("POST", Upload_Length="5", **mark).status_code == 403  # type: ignore[arg-type]
    assert sender.ask("HEAD", path).headers["Upload-Offset"] == "0"


def test_resumed_from_another_session_of_the_same_person(
    sender: Sender, lucia: Person, sign_in: Callable[..., Visitor]
) -> None:
    path = sender.begin(len(DATA))
    sender.add(path, 0, DATA[:700])
    later = Sender(sign_in(lucia))
    short = f"/uploads/{id_of(path)}"
    assert later.ask("HEAD", short).headers["Upload-Offset"] == "700"
    assert later.add(short, 700, DATA[700:]).status_code == 204
    assert taken(path, lucia) == DATA


def test_two_that_send_at_once_do_not_mix(app: Flask, sender: Sender, lucia: Person) -> None:
    path = sender.begin(len(DATA))
    upload_id, answers = id_of(path), []

    class Slow(io.BytesIO):
        """A body during which somebody else sends the same piece."""

        def read(self, size: int | None = -1) -> bytes:
            if not self.tell():
                answers.append(sender.add(path, 0, DATA[:1000]).status_code)
            return super().read(size)

    assert receive(
        upload_id, Slow(DATA), offset=0, size=len(DATA), checksum=None, actor=actor_of(lucia)
    ) == len(DATA)
    assert answers == [423]


def test_next_one_takes_over_from_a_connection_that_died(app: Flask, sender: Sender, lucia: Person) -> None:
    path = sender.begin(len(DATA))
    answers = []

    class Dead(io.BytesIO):
        """A body that wakes up after somebody else sent everything."""

        def read(self, size: int | None = -1) -> bytes:
            if not self.tell():
                with clock.frozen(now() + timedelta(seconds=16)):
                    answers.append(sender.add(path, 0, DATA).status_code)
            return super().read(size)

    with pytest.raises(Exception, match="UPLOAD-HELD"):
        receive(id_of(path), Dead(b"z" * 900), offset=0, size=900, checksum=None, actor=actor_of(lucia))
    assert answers == [204]
    assert taken(path, lucia) == DATA


def test_what_nobody_came_back_for_goes_after_a_week(app: Flask, sender: Sender, session: Session) -> None:
    begun, ready, fresh = sender.begin(len(DATA)), sender.send(DATA), sender.begin(10)
    sender.add(begun, 0, DATA[:500])
    with transaction() as writing:
        writing.execute(
            update(Upload).where(Upload.id != id_of(fresh)).values(expires_at=now() - timedelta(seconds=1))
        )
    assert sender.ask("HEAD", begun).status_code == 404
    discard_expired(now().date())
    assert [row.id for row in session.query(Upload)] == [id_of(fresh)]
    assert session.query(StoredFile).count() == 0
    assert not any(path.name in (id_of(begun), id_of(ready)) for path in current_storage().root.rglob("*"))


def test_each_piece_lets_it_wait_longer(sender: Sender, session: Session) -> None:
    path = sender.begin(100)
    before = session.get_one(Upload, id_of(path)).expires_at
    session.rollback()
    with clock.frozen(now() + timedelta(hours=5)):
        assert sender.add(path, 0, b"1").status_code == 204
    assert session.get_one(Upload, id_of(path)).expires_at - before >= timedelta(hours=5)


def test_bytes_on_their_way_are_in_no_backup(app: Flask, sender: Sender) -> None:
    sender.add(sender.begin(100), 0, b"half")
    assert list(current_storage().names()) == []


@given(data=st.data())
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_order_pieces_come_in_the_file_is_whole_or_not_there(
    sender: Sender, lucia: Person, data: st.DataObject
) -> None:
    whole = bytes(range(32, 127)) * data.draw(st.integers(1, 12))
    path, received = sender.begin(len(whole)), 0
    while received < len(whole):
        offset = data.draw(st.sampled_from([received, received, received, 0, received + 1]))
        piece = whole[offset : offset + data.draw(st.integers(1, len(whole)))]
        marks = data.draw(
            st.sampled_from([{}, {"Upload_Checksum": checksum(piece)}, {"Upload_Checksum": checksum(b"")}])
        )
        answer = sender.add(path, offset, piece, **marks)
        if answer.status_code == 204:
            received = offset + len(piece)
        else:
            assert answer.status_code in {409, 460, 413}
        assert int(sender.ask("HEAD", path).headers["Upload-Offset"]) == received
    assert hashlib.sha256(taken(path, lucia)).digest() == hashlib.sha256(whole).digest()


def test_disk_without_room_takes_no_new_file(
    app: Flask, lucia: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pieces, "ROOM_LEFT", 1 << 60)
    with pytest.raises(Exception, match="UPLOAD-NO-ROOM"):
        begin(name="a.txt", length=10, offer=Offer(), actor=actor_of(lucia))


def test_last_piece_of_a_killed_process_is_finished_by_the_worker(
    app: Flask, sender: Sender, lucia: Person, session: Session
) -> None:
    path = sender.begin(len(DATA))
    receive(id_of(path), io.BytesIO(DATA), offset=0, size=len(DATA), checksum=None, actor=actor_of(lucia))
    assert session.get_one(Upload, id_of(path)).state is UploadState.WHOLE
    session.rollback()
    with clock.frozen(now() + timedelta(minutes=1)):
        worker.run_once(app)
    assert session.get_one(Upload, id_of(path)).state is UploadState.READY
