"""The coaches of an institute's folder: asked, verified and assigned at one loading, refused with file and key."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from courses.coaches.qualifying import standing_of
from courses.cohorts.models import CoachAssignment, Recipient
from institute.actors import PersonId, Role
from institute.paths import ROOT
from institute.people.models import Grant, Organisation, Person
from tests.courses.test_loading import load, spoil

SAMPLE = ROOT / "courses" / "sample"


def test_the_sample_s_coach_is_qualified_and_its_participants_are_known(app: Flask, session: Session) -> None:
    assert load(app)[0] == 0
    people = {row.key: row.id for row in session.scalars(select(Person))}
    assert standing_of(PersonId(people["amina"])).missing == ()
    missing = standing_of(PersonId(people["hoa"])).missing
    assert [line.requirement.key for line in missing] == ["recommendation", "initial-training"]
    rows = session.scalars(select(CoachAssignment)).all()
    assert {(row.since.isoformat(), str(row.ends_on)) for row in rows} == {("2026-09-01", "2028-08-31")}
    assert {row.language for row in session.scalars(select(Recipient))} == {"es", "yue"}


SPOILED = [
    ('person = "hoa"', 'person = "nobody"', "coach[2].person"),
    ('kind = "waiver"\non = 2025-09-01\nexpires', 'kind = "waiver"\non = 2025-09-01\nx-expires', "record[1]"),
    ('languages = ["en", "vi"]', 'languages = ["klingon"]', "coach[2].languages"),
    ("span_months = 24", "span_months = 999", "track[1].span_months"),
    ('site = "north-office"', 'site = "nowhere"', "recipient[1].site"),
    ('organisation = "central-valley"', 'organisation = "x"', "coach[1].organisation"),
]


@pytest.mark.parametrize(("before", "after", "key"), SPOILED)
def test_what_cannot_be_used_is_refused_with_its_place(
    app: Flask, tmp_path: Path, before: str, after: str, key: str
) -> None:
    folder = Path(shutil.copytree(SAMPLE, tmp_path / "institute"))
    spoil(folder, "coaches.toml", before, after)
    status, said = load(app, folder)
    assert status == 1
    assert "coaches.toml" in said
    assert key in said


def test_without_what_is_asked_nobody_of_the_folder_is_assigned(app: Flask, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(SAMPLE, tmp_path / "institute"))
    spoil(folder, "coaches.toml", "minutes = 720", "minutes = 900")
    status, said = load(app, folder)
    assert status == 1
    assert "Two days of initial training" in said


def test_a_person_of_the_folder_may_coordinate_at_an_organisation(
    app: Flask, tmp_path: Path, session: Session
) -> None:
    folder = Path(shutil.copytree(SAMPLE, tmp_path / "institute"))
    spoil(folder, "institute.toml", 'grants = ["coordinator"]', 'coordinates = ["family-services"]')
    for _ in range(2):
        assert load(app, folder) == (0, "The institute is loaded.\n")
    session.rollback()
    keys = session.scalars(
        select(Organisation.key)
        .join(Grant, Grant.organisation_id == Organisation.id)
        .where(Grant.role == Role.COORDINATOR)
    )
    assert keys.all() == ["family-services"]
