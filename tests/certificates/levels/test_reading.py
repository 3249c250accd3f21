"""Tracks, pathways, renewal and every kind of rule from an institute's folder: read strictly."""

from __future__ import annotations

import tomllib
from fractions import Fraction
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from certificates.levels.models import Level, Track
from certificates.levels.queries import levels_of, next_level
from certificates.levels.reading import Known, read_rules_of
from certificates.levels.rules import WITHOUT_ENROLMENT, Rule, RuleKind, Strand
from courses.loading.institutes import load_institute
from courses.loading.tables import FolderError, Table
from institute.paths import ROOT
from institute.people.models import Institute
from tests.samples import copy_sample

KNOWN = Known(
    {
        RuleKind.EVIDENCE: frozenset({"plan"}),
        RuleKind.SCORE: frozenset({"plan"}),
        RuleKind.COMPETENCY: frozenset({"cpsel/1a"}),
        RuleKind.CALIBRATION: frozenset({"plan"}),
        RuleKind.INSTRUMENT: frozenset({"final"}),
        RuleKind.MEETINGS: frozenset({"coach"}),
    },
    frozenset({"standard", "short"}),
)


def read(text: str, known: Known = KNOWN) -> tuple[Rule, ...]:
    """Read rules as the file writes them."""
    return read_rules_of(Table(tomllib.loads(text), file="levels.toml", source="en"), "rule", known)


def rule(text: str) -> str:
    """Return one rule as the file writes it."""
    return f"[[rule]]\n{text}\n"


@pytest.mark.every_value
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            'kind="hours"\nhours=9\nrecent_months=12\nmodes=["video","in_person"]\nstrand="skills"',
            Rule(RuleKind.HOURS, 540, recent_months=12, modes=("in_person", "video"), strand=Strand.SKILLS),
        ),
        (
            'kind="score"\nkey="plan/why"\nminimum="7/2"',
            Rule(RuleKind.SCORE, key="plan/why", minimum=Fraction(7, 2)),
        ),
        (
            'kind="competency"\nkey="cpsel/1a"\nminimum="3"',
            Rule(RuleKind.COMPETENCY, key="cpsel/1a", minimum=Fraction(3)),
        ),
        ('kind="coached_people"\nnumber=6', Rule(RuleKind.COACHED_PEOPLE, 6)),
        (
            'kind="meetings"\nkey="coach"\nnumber=4\nrecent_months=12',
            Rule(RuleKind.MEETINGS, 4, "coach", recent_months=12),
        ),
        (
            'kind="plan"\nnumber=2\npathways=["short","standard"]',
            Rule(RuleKind.PLAN, 2, pathways=("short", "standard")),
        ),
    ],
)
def test_a_rule_is_read_as_it_is_written(text: str, expected: Rule) -> None:
    assert read(rule(text)) == (expected,)


def test_of_a_choice_one_rule_is_enough() -> None:
    text = (
        'kind="any_of"\n[[rule.one_of]]\nkind="evidence"\nkey="plan"\n[[rule.one_of]]\nkind="not_supervised"'
    )
    (found,) = read(rule(text))
    assert found.one_of == (Rule(RuleKind.EVIDENCE, key="plan"), Rule(RuleKind.NOT_SUPERVISED))


ONE = '[[rule.one_of]]\nkind="not_supervised"\n'


@pytest.mark.every_value
@pytest.mark.parametrize(
    ("text", "key"),
    [
        ('kind="score"\nkey="other"\nminimum="3"', "rule[1].key"),
        ('kind="score"\nkey="plan"', "rule[1].minimum"),
        ('kind="score"\nkey="plan"\nminimum="0"', "rule[1].minimum"),
        ('kind="score"\nkey="plan"\nminimum="1/2"', "rule[1].minimum"),
        ('kind="score"\nkey="plan"\nminimum="3/0"', "rule[1].minimum"),
        ('kind="score"\nkey="plan"\nminimum="³"', "rule[1].minimum"),
        ('kind="score"\nkey="plan"\nminimum="1e9"', "rule[1].minimum"),
        ('kind="score"\nkey="plan"\nminimum="99999999"', "rule[1].minimum"),
        ('kind="score"\nkey="plan"\nminimum=3', "rule[1].minimum"),
        ('kind="competency"\nkey="cpsel/9z"\nminimum="3"', "rule[1].key"),
        ('kind="instrument"\nkey="never"', "rule[1].key"),
        ('kind="meetings"\nkey="party"\nnumber=1', "rule[1].key"),
        ('kind="meetings"\nkey="coach"\nnumber=0', "rule[1].number"),
        ('kind="plan"', "rule[1].number"),
        ('kind="hours"\nhours=9\nmodes=["telepathy"]', "rule[1].modes"),
        ('kind="hours"\nhours=9\nsession_kinds="group"', "rule[1].session_kinds"),
        ('kind="hours"\nhours=9\nrecent_months=0', "rule[1].recent_months"),
        ('kind="hours"\nhours=9\nrecent_months=241', "rule[1].recent_months"),
        ('kind="months"\nmonths=2\nrecent_months=12', "rule[1].recent_months"),
        ('kind="hours"\nhours=9\nstrand="luck"', "rule[1].strand"),
        ('kind="hours"\nhours=9\npathways=["long"]', "rule[1].pathways"),
        ('kind="any_of"', "rule[1].one_of"),
        (f'kind="any_of"\n{ONE}', "rule[1].one_of"),
        (f'kind="any_of"\n{ONE}{ONE}', "rule[1].one_of"),
        (f'kind="any_of"\n{ONE}[[rule.one_of]]\nkind="any_of"', "rule[1].one_of[2].kind"),
        (f'kind="any_of"\n{ONE}[[rule.one_of]]\nkind="dispute_free"\nstrand="skills"', "rule[1].one_of[2].strand"),
    ],
)  # fmt: skip
def test_what_nobody_could_meet_is_refused_with_its_place(text: str, key: str) -> None:
    with pytest.raises(FolderError) as refused:
        read(rule(text))
    assert refused.value.facts["key"] == key


def test_one_thing_is_asked_once_on_each_pathway() -> None:
    hours = 'kind="hours"\nhours={}\npathways=["{}"]'
    assert len(read(rule(hours.format(9, "standard")) + rule(hours.format(5, "short")))) == 2
    with pytest.raises(FolderError) as refused:
        read(rule(hours.format(9, "standard")) + rule('kind="hours"\nhours=5'))
    assert refused.value.facts["key"] == "rule[2].kind"


def test_a_track_for_coaches_asks_only_for_what_can_be_met_without_a_cohort() -> None:
    with pytest.raises(FolderError) as refused:
        read(rule('kind="months"\nmonths=2'), Known({}, kinds=WITHOUT_ENROLMENT))
    assert refused.value.facts["key"] == "rule[1].kind"


def test_the_sample_has_tracks_pathways_and_renewal(app: object, session: Session) -> None:
    load_institute(ROOT / "courses" / "sample")
    session.rollback()
    (institute_id,) = session.scalars(select(Institute.id))
    ladders = {track: levels_of(institute_id, track) for track in Track}
    assert [level.key for level in ladders[Track.PARTICIPANT]] == ["novice", "career", "master", "mentor"]
    assert [level.key for level in ladders[Track.COACH]] == ["coach", "lead-coach"]
    assert [level.position for level in ladders[Track.TRAINER]] == [1]
    following = [
        next_level(level, institute_id) for level in (*ladders[Track.COACH], *ladders[Track.TRAINER])
    ]
    assert [level and level.key for level in following] == ["lead-coach", "trainer", None]
    rules = {level.key: level.rules for ladder in ladders.values() for level in ladder if level.rules}
    assert rules["career"].pathways[0].name.in_("es").startswith("Para quienes")
    assert (rules["master"].valid_months, len(rules["master"].renewal)) == (36, 3)
    assert all(rule.strand is not None for line in rules.values() for rule in line.rules)


@pytest.mark.usefixtures("app")
@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ('next = "trainer"', 'next = "nobody"', "level[4].next"),
        ('next = "trainer"', 'next = "lead-coach"', "level[4].next"),
        ('track = "coach"', 'track = "pilot"', "level[3].track"),
        ("valid_months = 36\n", "", "level[1].renewal"),
        ('key = "experienced"\n', 'key = "standard"\n', "level[2].pathway[1].key"),
        ('kind = "coached_people"\nnumber = 2', 'kind = "plan"\nnumber = 2', "level[3].rule[4].kind"),
    ],
)
def test_a_level_that_cannot_stand_is_refused(
    session: Session, tmp_path: Path, old: str, new: str, key: str
) -> None:
    folder = copy_sample(tmp_path / "sample")
    path = next(file for file in sorted(folder.glob("levels*.toml")) if old in file.read_text())
    path.write_text(path.read_text().replace(old, new, 1))
    with pytest.raises(FolderError) as refused:
        load_institute(folder)
    assert refused.value.facts["key"] == key
    assert session.scalars(select(Level)).all() == []
