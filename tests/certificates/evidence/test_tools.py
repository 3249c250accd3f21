"""Tools outside: written by an administrator, places given and taken back, shown to whoever has one."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some
from sqlalchemy import select
from sqlalchemy.orm import Session

from certificates.evidence.masking import HIDDEN, masked, names_in
from certificates.evidence.tool_models import ToolSeat, ToolSlot
from courses.catalogue.models import Programme
from institute.actors import Actor, Role
from institute.people.models import Person
from tests.browsing import Visitor
from tests.certificates.evidence.conftest import Author

HOME = "/administrator/tools/"


@pytest.fixture
def administrator(
    asked: Actor, make_person: Callable[..., Person], sign_in: Callable[..., Visitor]
) -> Visitor:
    """Somebody who holds the licences."""
    return sign_in(make_person(name="Ruth"), roles=[Role.ADMINISTRATOR])


def form(session: Session, **given: Any) -> dict[str, Any]:
    """Return a whole form of a tool."""
    programme = session.scalars(select(Programme.id)).first()
    usual = {
        "title.en": "Video coaching",
        "programme": str(programme),
        "address": "https://video.example.org/",
        "licence": "=CMD()",
        "seats": "1",
        "_revision": "0",
    }
    return usual | given


def added(administrator: Visitor, session: Session) -> ToolSlot:
    """Add a tool and return it."""
    assert administrator.post(HOME, form(session)).status_code == 303
    session.rollback()
    return session.scalars(select(ToolSlot)).one()


def test_place_is_given_shown_and_taken_back(
    administrator: Visitor, author: Author, session: Session
) -> None:
    slot = added(administrator, session)
    assert "Video coaching" not in author.visitor.get("/participant/evidence/").text
    give = {"person": str(author.person.id)}
    assert administrator.post(f"{HOME}{slot.id}/seats", give).status_code == 303
    page = author.visitor.get("/participant/evidence/").text
    assert "Video coaching" in page
    assert "=CMD()" in page
    assert administrator.post(f"{HOME}{slot.id}/seats", give).status_code == 422, "they have one"
    table = administrator.get(f"{HOME}{slot.id}/seats.csv").get_data(as_text=True)
    (row,) = list(csv.DictReader(io.StringIO(table.lstrip("\ufeff"))))
    assert row["licence"] == "'=CMD()", "no spreadsheet runs it"
    seat = session.scalars(select(ToolSeat.id)).one()
    for _ in range(2):
        assert administrator.post(f"{HOME}{slot.id}/seats/{seat}/end").status_code == 303
    session.rollback()
    assert session.get_one(ToolSlot, slot.id).taken == 0
    assert "Video coaching" not in author.visitor.get("/participant/evidence/").text


def test_no_more_places_are_given_than_the_licence_has(
    administrator: Visitor, author: Author, make_author: Callable[..., Author], session: Session
) -> None:
    slot, other = added(administrator, session), make_author()
    seats = f"{HOME}{slot.id}/seats"
    assert administrator.post(seats, {"person": str(author.person.id)}).status_code == 303
    assert administrator.post(seats, {"person": str(other.person.id)}).status_code == 409
    fewer = form(session, seats="0", _revision="1")
    assert administrator.post(f"{HOME}{slot.id}", fewer).status_code == 422


@pytest.mark.parametrize(
    ("field", "bad"),
    [
        ("title.en", {"title.en": " "}),
        ("title.en", {"title.en": "x" * 301}),
        ("programme", {"programme": "9" * 30}),
        ("address", {"address": "javascript:alert(1)"}),
        ("licence", {"licence": "x" * 201}),
        ("seats", {"seats": "many"}),
    ],
)
def test_tool_with_something_wrong_is_refused_beside_the_field(
    administrator: Visitor, session: Session, field: str, bad: dict[str, str]
) -> None:
    answer = administrator.post(HOME, form(session, **bad))
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text
    assert administrator.post(HOME, {}).status_code == 422


def test_tool_changed_meanwhile_is_not_written_over(administrator: Visitor, session: Session) -> None:
    slot = added(administrator, session)
    path = f"{HOME}{slot.id}"
    assert administrator.post(path, form(session, _revision="1", licence="7")).status_code == 303
    assert administrator.post(path, form(session, _revision="1", licence="8")).status_code == 409
    assert administrator.post(path, {"wish": "retire"}).status_code == 303
    assert "Not shown any more" in administrator.get(HOME).text


def test_another_institutes_tool_is_not_there(
    administrator: Visitor, session: Session, make_person: Callable[..., Person],
    make_institute: Callable[..., Any], sign_in: Callable[..., Visitor],
) -> None:  # fmt: skip
    slot = added(administrator, session)
    elsewhere = make_person(institute_id=make_institute().id, name="Eve")
    stranger = sign_in(elsewhere, roles=[Role.ADMINISTRATOR])
    for path in ("", "/seats.csv"):
        assert stranger.get(f"{HOME}{slot.id}{path}").status_code == 404
    for path in ("", "/seats", "/seats/1/end"):
        assert stranger.post(f"{HOME}{slot.id}{path}", {"wish": "retire"}).status_code == 404


@given(
    some.text(some.characters(categories=["Lu", "Ll", "Lo"]), min_size=3, max_size=12),
    some.text(max_size=40),
    some.text(max_size=40),
)
def test_whole_name_never_stays_readable(name: str, before: str, after: str) -> None:
    shown = masked(f"{before} {name} {after}", names_in(name))
    assert HIDDEN in shown
    assert f" {name} " not in shown


def test_name_hides_nothing_that_only_begins_like_it() -> None:
    assert masked("An analysis of Ana's plan", names_in("Ana Díaz")) == f"An analysis of {HIDDEN}'s plan"
    assert masked("美玲說:王美玲", names_in("王美玲")) == f"{HIDDEN}說:{HIDDEN}"
    assert names_in("") == frozenset()
