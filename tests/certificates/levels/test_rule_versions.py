"""Rules from an institute's folder: read strictly, a new version only where something changed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from certificates.levels.models import Level, RuleSet
from certificates.levels.rules import RuleKind, digest, read_rules
from courses.loading.institutes import load_institute
from courses.loading.tables import FolderError
from institute.db import transaction
from tests.samples import copy_sample

Write = Callable[[str, str], Path]


@pytest.fixture
def folder(app: object, tmp_path: Path) -> Path:
    """A copy of the sample institute."""
    return copy_sample(tmp_path / "sample")


@pytest.fixture
def rewrite(folder: Path) -> Write:
    """Change what levels.toml says."""

    def change(old: str, new: str) -> Path:
        path = folder / "levels.toml"
        written = path.read_text()
        assert old in written
        path.write_text(written.replace(old, new, 1))
        return folder

    return change


def versions(session: Session, key: str) -> list[RuleSet]:
    """Return the versions of a level's rules, oldest first."""
    session.rollback()
    query = select(RuleSet).join(Level, Level.id == RuleSet.level_id).where(Level.key == key)
    return list(session.scalars(query.order_by(RuleSet.version)))


def test_loading_twice_makes_no_new_version(folder: Path, session: Session) -> None:
    for _ in range(2):
        load_institute(folder)
    (only,) = versions(session, "novice")
    assert only.version == 1
    assert only.sha256 == digest(only.rules)
    hours = read_rules(only.rules)[0]
    assert (hours.kind, hours.amount, hours.within_months) == (RuleKind.HOURS, 540, 6)


def test_a_changed_rule_makes_the_next_version_of_that_level_only(rewrite: Write, session: Session) -> None:
    load_institute(rewrite("source_language", "source_language"))
    load_institute(rewrite("hours = 9\n", "hours = 10\nminutes = 30\n"))
    first, second = versions(session, "novice")
    assert (first.version, second.version) == (1, 2)
    assert [read_rules(one.rules)[0].amount for one in (first, second)] == [540, 630]
    assert len(versions(session, "career")) == 1


@pytest.mark.parametrize("statement", ["UPDATE rule_set SET version = 9", "DELETE FROM rule_set"])
def test_a_published_version_cannot_be_changed(folder: Path, session: Session, statement: str) -> None:
    load_institute(folder)
    with pytest.raises(DatabaseError, match="append-only"), transaction() as writing:
        writing.execute(text(statement))
    assert versions(session, "novice")[0].version == 1


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ('kind = "hours"', 'kind = "ours"', "level[1].rule[1].kind"),
        ("hours = 9\n", "hours = -9\n", "level[1].rule[1].hours"),
        ("hours = 9\n", "hours = 9.5\n", "level[1].rule[1].hours"),
        ("hours = 9\n", "hours = 0\n", "level[1].rule[1].hours"),
        ("hours = 9\n", "", "level[1].rule[1].hours"),
        ("hours = 9\n", "hours = 9\nour = 1\n", "level[1].rule[1].our"),
        ("months = 2\n", "months = 0\n", "level[1].rule[2].months"),
        ("within_months = 6", "within_months = 241", "level[1].rule[1].within_months"),
        ('key = "module-1"', 'key = "module-10"', "level[1].rule[3].key"),
        ('kind = "months"\nmonths = 2', 'kind = "hours"\nhours = 8', "level[1].rule[2].kind"),
        ('kind = "level"\nkey = "novice"', 'kind = "level"\nkey = "master"', "level[2].rule[1].key"),
        ('key = "career"\nname', 'key = "novice"\nname', "level[2].key"),
        ('source_language = "en"', 'source_language = "xx"', "source_language"),
        ('source_language = "en"', "", "source_language"),
        ("[[level]]", "[level]", ""),
    ],
)
def test_what_cannot_be_used_is_refused_with_its_place(
    rewrite: Write, session: Session, old: str, new: str, key: str
) -> None:
    with pytest.raises(FolderError) as refused:
        load_institute(rewrite(old, new))
    assert refused.value.facts["file"] == "levels.toml"
    if key:
        assert refused.value.facts["key"] == key
    assert session.scalars(select(RuleSet)).all() == []
