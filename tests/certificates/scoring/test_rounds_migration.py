"""Scoring by several raters comes to a database that was scored by one, and goes again: what both can hold is kept."""

from __future__ import annotations

from typing import Any, Final

import flask_migrate
import pytest
from sqlalchemy import select, table, text, update
from sqlalchemy.exc import DBAPIError

from certificates.appeals.filing import file_appeal
from certificates.evidence.models import Requirement, RequirementKind
from certificates.scoring.models import ConditionCode, TaskId
from certificates.scoring.outcomes.queries import results_of
from certificates.scoring.outcomes.releasing import Condition
from certificates.scoring.sheets.handing_in import return_unscored
from certificates.scoring.sheets.writing import Written, save_scores
from certificates.scoring.tasking import give_back, take_task
from institute.db import db, transaction
from institute.paths import MIGRATIONS
from tests.certificates.scoring.conftest import MakeTrainer, Trainer
from tests.certificates.scoring.rounds import KEY, MakeStory, Story
from tests.meta.schema import described

BEFORE: Final = "0041"
UNREADABLE = Condition(ConditionCode.UNREADABLE, "The pages are empty.")
COMMENTS = "SELECT passed, comment FROM score_release JOIN criterion_score ON release_id = id ORDER BY id"
KEPT = (
    "role_grant", "rubric", "criterion", "criterion_level", "requirement", "submission", "scoring_task", "score_sheet",
    "score_revision", "score_release", "criterion_score", "scoring_return", "declared_conflict", "person", "enrolment",
)  # fmt: skip


def at(story: Story, rater: Trainer, *levels: int) -> TaskId:
    """Let a rater take the open task and write, without handing it in."""
    task_id = story.tasks()[0]
    take_task(task_id, actor=rater.actor)
    written = {
        criterion: Written(0, level, "So far")
        for criterion, level in zip(story.asked(task_id), levels, strict=False)
    }
    save_scores(task_id, written, actor=rater.actor)  # type: ignore[arg-type]
    return task_id


def migrate(revision: str) -> None:
    """Bring the database to a revision, whichever way that is."""
    db.session.remove()
    if revision == "head":
        flask_migrate.upgrade(directory=str(MIGRATIONS))
    else:
        flask_migrate.downgrade(directory=str(MIGRATIONS), revision=revision)


def rows() -> dict[str, list[tuple[str, ...]]]:
    """Return what the older schema holds of evidence and its scores."""
    return {
        name: sorted(tuple(map(str, row)) for row in values(str(select("*").select_from(table(name)))))
        for name in KEPT
    }


def schema() -> set[str]:
    """Return the schema that stands now."""
    with db.engine.connect() as connection:
        return described(connection)


def values(statement: str) -> list[tuple[Any, ...]]:
    """Return what a statement finds."""
    with db.engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(statement))]


def states() -> list[str]:
    """Return where each submission stands."""
    return [state for (state,) in values("SELECT state FROM submission ORDER BY id")]


def refused(*statements: str) -> bool:
    """Whether the database refuses each statement."""
    for statement in statements:
        with pytest.raises(DBAPIError), db.engine.begin() as connection:
            connection.execute(text(statement))
    return True


def test_what_the_older_schema_can_hold_is_kept_both_ways(
    make_story: MakeStory, make_trainer: MakeTrainer
) -> None:
    passed, appealed, presented = (make_story(name=name) for name in ("Passed", "Appealed", "Presented"))
    passed.score(2, 4, comment="Say more.")
    appealed.score(1, 2, comment="Too short.")
    file_appeal(appealed.latest, "Read the second page.", actor=appealed.actor)
    appealed.score(4, 4, comment="Found it.")
    appealed.score(4, 4, comment="Found it.")
    presented.score(3, 3)
    returned, given_back, held = (make_story(name=name) for name in ("Returned", "Given back", "Held"))
    rater = make_trainer(name="Rater")
    return_unscored(at(returned, rater, 2), UNREADABLE, actor=rater.actor)
    give_back(at(given_back, rater, 1), in_conflict=True, actor=rater.actor)
    at(held, rater, 4, 4)
    waiting, twice = (make_story(name=name, raters=2) for name in ("Waiting", "Twice returned"))
    waiting.score(2, 2, comment="One so far.")
    twice.score(2, 2)
    return_unscored(at(twice, rater), UNREADABLE, actor=rater.actor)
    in_the_end = states()
    with transaction() as session:
        session.execute(
            update(Requirement)
            .where(Requirement.key == KEY)
            .values(kind=RequirementKind.PRESENTATION, wants_text=False, most_files=0)
        )
    newest = schema()
    migrate(BEFORE)
    try:
        before, older = rows(), schema()
        assert [name for name, found in before.items() if not found] == []
        assert values("SELECT state FROM scoring_task ORDER BY submission_id") == [
            (state,)
            for state in ("released", "released", "released", "returned", "open", "held", "held", "returned")
        ]
        assert values(COMMENTS) == [
            *[(True, "Say more.")] * 2, *[(True, "Found it.\n\nFound it.")] * 2, *[(True, "")] * 2
        ]  # fmt: skip
        assert states() == [*in_the_end[:-2], "in_scoring", in_the_end[-1]]
        migrate("head")
        assert sorted(schema() ^ newest) == []
        assert refused("UPDATE score_release SET passed = NOT passed", "DELETE FROM task_score")
        migrate(BEFORE)
        assert rows() == before
        assert sorted(schema() ^ older) == []
        assert refused("UPDATE score_release SET passed = NOT passed", "DELETE FROM scoring_return")
    finally:
        migrate("head")
    assert sorted(schema() ^ newest) == []
    assert results_of(passed.desk.enrolment_id)[KEY].score == 3
