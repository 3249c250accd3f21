"""The check list written in the browser: added, changed, ordered, retired; who it asks; what meets it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from certificates.evidence.defining import define_requirements
from certificates.evidence.models import Owner, Requirement
from certificates.levels.models import Level
from courses.meetings.models import MeetingKind
from institute.actors import Actor, Role
from institute.people.models import Institute, Person
from tests.browsing import Visitor
from tests.certificates.evidence.conftest import KEY, ask_for, english, requirement_draft

HOME = "/administrator/requirements/"


@pytest.fixture
def administrator(
    asked: Actor, make_person: Callable[..., Person], sign_in: Callable[..., Visitor]
) -> Visitor:
    """Somebody who writes the check list."""
    return sign_in(make_person(name="Ruth"), roles=[Role.ADMINISTRATOR])


def form(session: Session, **given: Any) -> dict[str, Any]:
    """Return a whole form of a new requirement."""
    level = session.scalars(select(Level.id).order_by(Level.position)).first()
    usual = {
        "title.en": "Job shadow summary",
        "title.es": "Resumen del acompañamiento",
        "instructions.en": "Say what you saw.",
        "level": str(level),
        "owner": "candidate",
        "kind": "evidence",
        "takes": ["text", "items"],
        "files": "2",
        "links": "1",
        "choice": "shadow-or-visit",
        "_revision": "0",
    }
    return usual | given


def stored(session: Session, key: str) -> Requirement:
    """Return a requirement as it is now."""
    session.rollback()
    return session.scalars(select(Requirement).where(Requirement.key == key)).one()


def test_requirement_is_added_changed_retired_and_asked_for_again(
    administrator: Visitor, session: Session
) -> None:
    assert administrator.post(f"{HOME}new", form(session)).status_code == 303
    row = stored(session, "job-shadow-summary")
    assert (row.owner, row.wants_text, row.takes_items, row.most_files, row.most_links, row.choice) == (
        Owner.CANDIDATE,
        True,
        True,
        2,
        1,
        "shadow-or-visit",
    )
    assert row.title.in_("es") == "Resumen del acompañamiento"
    assert (row.by_hand, row.revision) == (True, 1)
    page = administrator.get(f"{HOME}{row.id}").text
    assert "Job shadow summary" in page
    changed = form(session, **{"title.en": "Job shadow", "_revision": "1", "takes": ["text"]})
    assert administrator.post(f"{HOME}{row.id}", changed).status_code == 303
    row = stored(session, "job-shadow-summary")
    assert (row.title.in_("en"), row.takes_items, row.revision) == ("Job shadow", False, 2)
    assert row.title.shown("es").stale, "its Spanish is that of the title before"
    for wish, retired in (("retire", True), ("restore", False)):
        assert administrator.post(f"{HOME}{row.id}/asked", {"wish": wish}).status_code == 303
        assert (stored(session, "job-shadow-summary").retired_at is not None) == retired
        assert administrator.get(HOME).status_code == 200


def test_change_of_an_old_page_is_refused(administrator: Visitor, session: Session) -> None:
    administrator.post(f"{HOME}new", form(session))
    row = stored(session, "job-shadow-summary")
    assert administrator.post(f"{HOME}{row.id}", form(session, _revision="0")).status_code == 409
    assert stored(session, "job-shadow-summary").revision == 1


def test_order_changes_among_those_of_a_level(administrator: Visitor, session: Session) -> None:
    administrator.post(f"{HOME}new", form(session))
    row = stored(session, "job-shadow-summary")
    for way, first in (("up", "job-shadow-summary"), ("up", "job-shadow-summary"), ("down", KEY), ("x", KEY)):
        assert administrator.post(f"{HOME}{row.id}/place", {"way": way}).status_code == 303
        session.rollback()
        ordered = select(Requirement.key).order_by(Requirement.position)
        assert session.scalars(ordered).first() == first


@pytest.mark.parametrize(
    ("field", "bad"),
    [
        ("title.en", {"title.en": "", "title.es": ""}),
        ("title.en", {"title.en": "x" * 301}),
        ("instructions.en", {"instructions.en": "\x00"}),
        ("level", {"level": "9" * 40}),
        ("owner", {"owner": "king"}),
        ("kind", {"kind": ""}),
        ("kind", {"kind": "presentation", "owner": "office", "takes": []}),
        ("files", {"files": "11"}),
        ("files", {"files": "0", "takes": ["text", "media"]}),
        ("links", {"links": "-1"}),
        ("choice", {"choice": "Two Words"}),
        ("takes", {"takes": [], "files": "0", "links": "0"}),
        ("rubric", {"rubric": "nothing"}),
        ("attended", {"attended": "party", "attended_minutes": "60"}),
        ("attended_minutes", {"attended": "training"}),
        ("attended_key", {"attended": "key", "attended_minutes": "60"}),
        ("attempts", {"attempts": "1" * 30}),
    ],
)
def test_what_is_wrong_is_told_beside_its_field_and_what_was_typed_stays(
    administrator: Visitor, session: Session, field: str, bad: dict[str, Any]
) -> None:
    answer = administrator.post(f"{HOME}new", form(session, **bad))
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text
    assert "shadow-or-visit" in answer.text or "choice" in bad
    assert len(session.scalars(select(Requirement.id)).all()) == 1


def test_empty_form_is_refused(administrator: Visitor) -> None:
    assert administrator.post(f"{HOME}new", {}).status_code == 422


def test_loading_the_folder_again_leaves_alone_what_was_written_in_the_browser(
    administrator: Visitor, session: Session, asked: Actor
) -> None:
    administrator.post(f"{HOME}new", form(session))
    row = stored(session, KEY)
    fields = {"title.en": "Changed by hand", "_revision": str(row.revision), "rubric": "", "choice": ""}
    assert administrator.post(f"{HOME}{row.id}", form(session, **fields)).status_code == 303
    define_requirements([requirement_draft("another")], actor=asked)
    assert stored(session, KEY).title.in_("en") == "Changed by hand"
    assert stored(session, "job-shadow-summary").retired_at is None
    define_requirements([requirement_draft(), requirement_draft("another")], actor=asked)
    assert stored(session, KEY).title.in_("en") == "Changed by hand"


def test_another_institutes_requirement_is_not_there(
    administrator: Visitor, session: Session, make_institute: Callable[..., Institute]
) -> None:
    elsewhere = Actor(institute_id=make_institute().id, person_id=None)
    ask_for(requirement_draft("theirs", title=english("Theirs")), actor=elsewhere)
    number = stored(session, "theirs").id
    assert administrator.get(f"{HOME}{number}").status_code == 404
    for path, data in (("", form(session)), ("/asked", {"wish": "retire"}), ("/place", {"way": "up"})):
        assert administrator.post(f"{HOME}{number}{path}", data).status_code == 404
    assert "Theirs" not in administrator.get(HOME).text


def test_attendance_is_asked_for_by_a_kind_of_meeting(administrator: Visitor, session: Session) -> None:
    attended = {"attended": "professional_learning", "attended_minutes": "300"}
    assert administrator.post(f"{HOME}new", form(session, **attended)).status_code == 303
    row = stored(session, "job-shadow-summary")
    assert (row.attended_kind, row.attended_minutes) == (MeetingKind.PROFESSIONAL_LEARNING, 300)
