"""What was written in the browser stays when the institute's folder is loaded again."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from certificates.levels.models import Level, RuleSet
from courses.loading.institutes import load_institute
from institute.actors import Role
from institute.paths import ROOT
from institute.people.models import Person
from tests.browsing import Visitor, visit

SAMPLE = ROOT / "courses" / "sample"
LEVELS = "/administrator/levels/"


@pytest.fixture
def writer(app: object, session: Session) -> Visitor:
    """An administrator of an institute that was loaded from its folder."""
    institute_id = load_institute(SAMPLE)
    session.rollback()
    person = session.scalars(
        select(Person).where(Person.institute_id == institute_id, Person.key == "ruth")
    ).one()
    return visit(app, person, roles=[Role.ADMINISTRATOR])  # type: ignore[arg-type]


def rules_of(session: Session, key: str) -> list[RuleSet]:
    """Return the versions of a level."""
    session.rollback()
    query = select(RuleSet).join(Level, Level.id == RuleSet.level_id).where(Level.key == key)
    return list(session.scalars(query.order_by(RuleSet.version)))


def test_a_level_of_the_browser_and_changed_rules_outlive_the_folder(
    writer: Visitor, session: Session
) -> None:
    assert writer.post(LEVELS, {"track": "participant", "name": "Master mentor"}).status_code == 303
    for key, hours in (("master-mentor", "200"), ("novice", "10")):
        place = "0" if key == "novice" else ""
        sent = {"kind": "hours", "hours": hours, "place": place, "draft": "0"}
        assert writer.post(f"{LEVELS}{key}/rule", sent).status_code == 303
        assert writer.post(f"{LEVELS}{key}/texts", {"name/en": f"New {key}", "draft": "1"}).status_code == 303
        assert writer.post(f"{LEVELS}{key}/publish", {"draft": "2"}).status_code == 303
    before = {key: len(rules_of(session, key)) for key in ("novice", "career", "master-mentor")}
    load_institute(SAMPLE)
    assert {key: len(rules_of(session, key)) for key in before} == before
    assert rules_of(session, "novice")[-1].rules[0]["amount"] == 600
    assert session.scalars(select(Level).where(Level.key == "novice")).one().name.texts["en"] == "New novice"
