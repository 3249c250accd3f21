"""A private note is its author's alone."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from courses.notes.models import NOTE_LENGTH, NotesKey, PrivateNote
from courses.notes.writing import erase_notes
from institute.actors import PersonId, Role
from institute.db import Base, transaction
from institute.people.models import Person
from institute.web.areas import AreaBlueprint
from tests.browsing import Visitor
from tests.courses.coaching.conftest import NEW, Pair, sheet
from tests.courses.conftest import Studied
from tests.institute import post

MARK = "Zebrafink-4711"


def keep(visitor: Visitor, path: str, text: str, version: int = 0) -> int:
    """Send the form of a note and return the status."""
    return visitor.post(path, {"private_note": text, "_revision": str(version)}).status_code


@pytest.fixture
def noted(pair: Pair) -> int:
    """A session on which, and on whose participant, its coach noted something."""
    log_id = pair.log()
    assert keep(pair.coach, f"/coach/notes/session/{log_id}", f"{MARK}: tired today.") == 303
    assert keep(pair.coach, f"/coach/notes/person/{pair.enrolment_id}", f"{MARK}: ask about her son.") == 303
    return log_id


def test_the_author_reads_it_where_it_was_written(pair: Pair, noted: int) -> None:
    assert f"{MARK}: tired today." in pair.coach.get(f"/coach/sessions/{noted}").text
    assert f"{MARK}: ask about her son." in pair.coach.get(f"/coach/participants/{pair.enrolment_id}").text
    listed = pair.coach.get("/coach/notes/").text
    assert listed.count(MARK) == 2


def test_a_note_written_beside_a_new_log_is_kept_with_it_and_is_no_part_of_it(pair: Pair) -> None:
    new = f"{NEW}/{pair.enrolment_id}"
    long = pair.coach.post(new, {**sheet(), "private_note": "x" * (NOTE_LENGTH + 1)})
    assert long.status_code == 422
    assert "private_note-error" in long.text
    incomplete = pair.coach.post(new, {**sheet(ends=""), "private_note": MARK})
    assert (incomplete.status_code, incomplete.text.count(MARK)) == (422, 1)
    log_id = pair.log(private_note=MARK)
    assert MARK in pair.coach.get(f"/coach/sessions/{log_id}").text
    assert MARK not in pair.participant.get(f"/participant/hours/{log_id}").text


def test_nothing_in_the_database_holds_what_it_says(pair: Pair, noted: int, session: Session) -> None:
    session.rollback()
    for table in Base.metadata.sorted_tables:
        for row in session.execute(select(table)):
            held = " ".join(
                value.decode("latin-1") if isinstance(value, bytes) else str(value) for value in row
            )
            assert MARK not in held, table.name
    assert all(MARK not in post.text_of(message) for message in post.deliver())


@pytest.fixture
def onlookers(
    pair: Pair,
    make_pair: Callable[..., Pair],
    make_person: Callable[..., Person],
    sign_in: Callable[..., Visitor],
    studied: Studied,
) -> tuple[Visitor, ...]:
    """Somebody with every role there is, another coach, and the participant whom the notes are about."""
    everything = sign_in(make_person(name="Grace Kim"), roles=list(Role), place=studied.cohort_id)
    return everything, make_pair(name="Mei-Ling Chen").coach, pair.participant


def test_no_page_of_any_role_shows_it_to_somebody_else(
    app: Flask, noted: int, onlookers: tuple[Visitor, ...], caplog: pytest.LogCaptureFixture
) -> None:
    opened = 0
    for rule in app.url_map.iter_rules():
        blueprint = app.blueprints.get(rule.endpoint.rpartition(".")[0])
        if "GET" not in (rule.methods or ()) or not isinstance(blueprint, AreaBlueprint):
            continue
        built = rule.build({name: noted if name == "log_id" else 1 for name in rule.arguments})
        assert built is not None, rule.rule
        for visitor in onlookers:
            answer = visitor.get(built[1])
            assert MARK.encode() not in answer.data, rule.rule
            opened += answer.status_code == HTTPStatus.OK
    assert opened > len(Role)
    assert MARK not in caplog.text


def test_neither_another_coach_nor_the_participant_reaches_it(
    pair: Pair, noted: int, make_pair: Callable[..., Pair]
) -> None:
    other = make_pair(name="Mei-Ling Chen")
    for path in (f"/coach/notes/session/{noted}", f"/coach/notes/person/{pair.enrolment_id}"):
        assert other.coach.get(path).status_code == 404
        assert keep(other.coach, path, "mine now") == 404
        assert pair.participant.get(path).status_code == 403


def test_an_empty_note_is_taken_away(pair: Pair, noted: int, session: Session) -> None:
    assert keep(pair.coach, f"/coach/notes/session/{noted}", "  ", version=1) == 303
    assert MARK not in pair.coach.get(f"/coach/sessions/{noted}").text
    assert session.scalar(select(func.count(PrivateNote.id))) == 1


def test_a_late_save_shows_both_texts_and_loses_neither(pair: Pair, noted: int) -> None:
    path = f"/coach/notes/session/{noted}"
    assert keep(pair.coach, path, "the newer one", version=1) == 303
    late = pair.coach.post(path, {"private_note": "the older window", "_revision": "1"})
    assert late.status_code == 409
    assert "the newer one" in late.text
    assert "the older window" in late.text
    assert 'name="_revision" value="2"' in late.text
    assert keep(pair.coach, path, "the older window", version=2) == 303


def test_two_windows_at_once_keep_one_and_tell_the_other(pair: Pair) -> None:
    path = f"/coach/notes/session/{pair.log()}"
    with ThreadPoolExecutor(2) as pool:
        futures = [pool.submit(keep, pair.coach, path, text) for text in ("one", "two")]
    assert sorted(future.result() for future in futures) == [303, 409]


@pytest.mark.parametrize("text", ["x" * 8001, "é" * 9000])
def test_a_note_that_is_too_long_is_kept_in_the_form(pair: Pair, text: str) -> None:
    answer = pair.coach.post(f"/coach/notes/session/{pair.log()}", {"private_note": text})
    assert answer.status_code == 422
    assert text in answer.text


@pytest.mark.parametrize(
    "text", ["a\x00b", "\ud800".encode("utf-16", "surrogatepass").decode("latin-1"), "ا" * 8000]
)
def test_odd_texts_are_kept(pair: Pair, text: str) -> None:
    assert keep(pair.coach, f"/coach/notes/session/{pair.log()}", text) == 303


def test_the_size_that_is_stored_does_not_tell_the_length(pair: Pair, session: Session) -> None:
    for begins, text in (("09:00", "no"), ("11:00", "a longer remark, but not by very much")):
        log_id = pair.log(begins=begins, ends=f"{begins[:2]}:45")
        keep(pair.coach, f"/coach/notes/session/{log_id}", text)
    assert len({len(one) for one in session.scalars(select(PrivateNote.ciphertext))}) == 1


def test_one_note_cannot_be_put_in_anothers_place(pair: Pair, noted: int) -> None:
    other = pair.log(begins="09:00", ends="10:00")
    assert keep(pair.coach, f"/coach/notes/session/{other}", "harmless") == 303
    with transaction() as session:
        both = select(PrivateNote).where(PrivateNote.log_id.in_((noted, other)))
        one, two = session.scalars(both.order_by(PrivateNote.log_id))
        two.ciphertext = one.ciphertext
    page = pair.coach.get(f"/coach/sessions/{other}")
    assert page.status_code == 200
    assert MARK not in page.text
    assert "cannot be opened" in page.text


def test_erasing_the_author_leaves_neither_notes_nor_key(pair: Pair, noted: int, session: Session) -> None:
    person_id = PersonId(pair.coach_person.id)
    with transaction():
        assert erase_notes(person_id, institute_id=pair.coach_person.institute_id) == 2
    assert session.scalar(select(func.count(PrivateNote.id))) == 0
    assert session.scalar(select(func.count(NotesKey.person_id))) == 0
