"""The simulation of tests/bench/scoring.py, small."""

from __future__ import annotations

import random

from sqlalchemy import select

from certificates.rubrics.defining import define_rubric
from certificates.rubrics.policies import Policy
from certificates.scoring.models import ScoringTask, TaskScore
from institute.actors import Actor
from institute.db import db
from tests.bench.scoring import simulate
from tests.certificates.scoring.conftest import KEY, Desk, rubric_draft


def test_many_submissions_and_raters_break_no_rule_and_raters_have_like_shares(
    asked: Actor, desk: Desk
) -> None:
    define_rubric(rubric_draft(policy=Policy(first=2, calibrated=False)), actor=asked)
    figures = simulate(asked.institute_id, KEY, submissions=30, raters=5, chance=random.Random(7))
    assert figures.broken == []
    assert figures.scores["first"] == 31
    assert figures.scores["second"] >= 5
    assert figures.most_off < 0.5, figures.shares
    # Every score has a rater of its own, and nothing was left.
    assert db.session.scalars(select(ScoringTask.id).where(ScoringTask.rater_id.is_(None))).all() == []
    assert len(db.session.scalars(select(TaskScore.id)).all()) == sum(figures.scores.values())
