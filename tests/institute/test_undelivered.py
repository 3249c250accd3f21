"""Messages that nobody got: an administrator sees which and why, and tries them again."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from institute.actors import Role
from institute.db import transaction
from institute.jobs.models import JobState, OutboxRow
from institute.people.models import Institute, Person
from tests.browsing import Visitor
from tests.institute import post

MakePerson = Callable[..., Person]
SignIn = Callable[..., Visitor]


@pytest.fixture
def administrator(make_person: MakePerson, sign_in: SignIn) -> Visitor:
    """Somebody of the test's institute who administers it."""
    return sign_in(make_person(name="Ruth"), roles=[Role.ADMINISTRATOR])


@pytest.fixture
def make_undelivered(app: Flask, make_person: MakePerson) -> Callable[..., int]:
    """Make a message that could not be delivered; return its id."""
    post.add_kind(app)

    def make(*, reason: str = "address-refused", **given: object) -> int:
        reader = make_person(**{"name": "Lucía Ortega", "email": "lucia@example.org", **given})
        post.tell(reader)
        with transaction() as session:
            mine = OutboxRow.payload["person"].as_integer() == reader.id
            session.execute(update(OutboxRow).where(mine).values(state=JobState.DEAD, reason=reason))
            return session.scalars(select(OutboxRow.id).where(mine)).one()

    return make


def states(session: Session) -> list[JobState]:
    """Return where the messages are, in the order in which they were told."""
    session.rollback()
    return list(session.scalars(select(OutboxRow.state).order_by(OutboxRow.id)))


def test_home_says_nothing_while_everything_arrives(app: Flask, administrator: Visitor) -> None:
    assert "Messages that could not be delivered" not in administrator.get("/administrator/").text
    assert "Every message was delivered" in administrator.get("/administrator/messages/").text


def test_administrator_reads_which_message_to_whom_and_why(
    administrator: Visitor, make_undelivered: Callable[..., int]
) -> None:
    make_undelivered()
    make_undelivered(reason="something new", name="")
    assert "2 messages reached nobody." in administrator.get("/administrator/").text
    page = administrator.get("/administrator/messages/").text
    assert "<bdi>Lucía Ortega</bdi>" in page
    assert "The mail server says that this address does not take mail." in page
    assert "<bdi>Person " in page
    assert "The message could not be written." in page
    assert page.count("btn-primary") == 1


def test_message_tried_again_is_delivered(
    administrator: Visitor, make_undelivered: Callable[..., int], session: Session
) -> None:
    first, _second = make_undelivered(), make_undelivered()
    answer = administrator.post(f"/administrator/messages/{first}/again")
    assert answer.status_code == 303
    assert states(session) == [JobState.READY, JobState.DEAD]
    assert len(post.deliver()) == 1
    assert administrator.post(f"/administrator/messages/{first}/again").status_code == 404


def test_message_that_is_not_to_be_sent_leaves_the_list(
    administrator: Visitor, make_undelivered: Callable[..., int], session: Session
) -> None:
    mail_id = make_undelivered()
    assert administrator.post(f"/administrator/messages/{mail_id}/give-up").status_code == 303
    assert "Every message was delivered" in administrator.get("/administrator/messages/").text
    assert post.deliver() == []
    assert states(session) == [JobState.DONE]
    assert administrator.post(f"/administrator/messages/{mail_id}/give-up").status_code == 404


def test_all_are_tried_again_at_once_and_the_button_counts_once(
    administrator: Visitor, make_undelivered: Callable[..., int], session: Session
) -> None:
    make_undelivered()
    make_undelivered()
    for _twice in range(2):
        answer = administrator.post("/administrator/messages/again", {"_once": "the-same-form"})
        assert answer.status_code == 303
    assert "2 messages are on their way again." in administrator.get("/administrator/messages/").text
    assert len(post.deliver()) == 2


def test_messages_of_another_institute_are_neither_seen_nor_touched(
    administrator: Visitor,
    make_undelivered: Callable[..., int],
    make_institute: Callable[..., Institute],
    session: Session,
) -> None:
    other = make_undelivered(institute_id=make_institute(slug="harbour").id, name="Somebody Else")
    assert "reached nobody" not in administrator.get("/administrator/").text
    assert "Somebody Else" not in administrator.get("/administrator/messages/").text
    for what in ("again", "give-up"):
        assert administrator.post(f"/administrator/messages/{other}/{what}").status_code == 404
    administrator.post("/administrator/messages/again")
    assert states(session) == [JobState.DEAD]


@pytest.mark.parametrize("mail_id", ["0", "99999999999999999999", "-1", "x", "1.5"])
def test_number_that_is_no_message_is_not_there(administrator: Visitor, mail_id: str) -> None:
    assert administrator.post(f"/administrator/messages/{mail_id}/again").status_code == 404


def test_people_without_an_address_are_counted(
    app: Flask, administrator: Visitor, make_person: MakePerson
) -> None:
    post.add_kind(app)
    post.tell(make_person(email=""))
    post.deliver()
    page = administrator.get("/administrator/messages/").text
    assert "1 message of the last 30 days was for somebody without an e-mail address on file." in page
