"""What those read who lead or coach a course: what is asked for, never what somebody handed in."""

from __future__ import annotations

import pytest
from flask import Flask

from certificates.evidence.defining import define_requirements
from institute.actors import Actor, Role
from institute.db import db
from institute.people.models import Person
from tests.browsing import visit
from tests.certificates.evidence.conftest import KEY, Author, ask_for, requirement_draft

ROLES = (Role.COACH, Role.FACILITATOR, Role.ADMINISTRATOR)


@pytest.mark.parametrize("role", ROLES)
def test_those_who_lead_or_coach_read_what_is_asked_for(
    app: Flask, author: Author, asked: Actor, role: Role
) -> None:
    person = db.session.get_one(Person, author.person.id)
    reader = visit(app, person, roles=[role])
    listed = reader.get(f"/{role}/evidence/")
    assert f"/{role}/evidence/{KEY}" in listed.text
    page = reader.get(f"/{role}/evidence/{KEY}")
    assert (page.status_code, "Write down two goals." in page.text) == (200, True)
    assert "<form" not in page.text.partition('id="main"')[2]
    for key in ("unknown", "A", "x" * 200):
        assert reader.get(f"/{role}/evidence/{key}").status_code == 404


def test_what_is_asked_for_no_longer_says_so_and_leaves_the_list(
    app: Flask, author: Author, asked: Actor
) -> None:
    author.send("I began.")
    define_requirements([], actor=asked)
    person = db.session.get_one(Person, author.person.id)
    reader = visit(app, person, roles=[Role.FACILITATOR])
    assert "No evidence is asked for" in reader.get("/facilitator/evidence/").text
    assert "asked for no longer" in reader.get(f"/facilitator/evidence/{KEY}").text


def test_levels_stand_in_their_order(app: Flask, author: Author, asked: Actor) -> None:
    ask_for(requirement_draft("late", level="career"), requirement_draft("soon"), actor=asked)
    person = db.session.get_one(Person, author.person.id)
    text = visit(app, person, roles=[Role.FACILITATOR]).get("/facilitator/evidence/").text
    assert (
        text.index("Novice")
        < text.index("Title of soon")
        < text.index("Career")
        < text.index("Title of late")
    )
