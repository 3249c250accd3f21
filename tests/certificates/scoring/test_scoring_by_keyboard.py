"""Scoring by keyboard alone, from the queue to handed in, and what happens when the connection or the task is gone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page as Tab
from playwright.sync_api import expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from certificates.scoring.models import ConditionCode, ScoreRevision, ScoringTask, TaskScore, TaskState
from institute.db import transaction
from tests.certificates.scoring.conftest import Desk, MakeDesk, Trainer
from tests.certificates.scoring.windows import (  # noqa: F401  (fixtures)
    OpenWindow,
    browser,
    open_window,
    slow,
)
from tests.journeys.looking import ask_axe

pytestmark = pytest.mark.browser
MOST_TABS = 60


def tab_to(tab: Tab, name: str) -> None:
    """Press the tab key until something of this name has the focus."""
    for _ in range(MOST_TABS):
        tab.keyboard.press("Tab")
        if name in (tab.evaluate("document.activeElement.textContent") or ""):
            return
    raise AssertionError(f"{name} cannot be reached by keys")


@pytest.mark.parametrize("width", [1000, 390])
def test_from_the_queue_to_handed_in_without_a_mouse(
    open_window: OpenWindow,  # noqa: F811
    make_desk: MakeDesk,
    trainer: Trainer,
    session: Session,
    width: int,
) -> None:
    desk = make_desk("We begin with listening.\n\nThen we agree who acts.")
    tab = open_window(trainer, "/trainer/scoring/", width)
    assert ask_axe(tab, width) == []
    tab_to(tab, "Take it")
    tab.keyboard.press("Enter")
    tab.get_by_text("2 left before you can hand in").wait_for()
    tab.keyboard.press("4")
    tab.get_by_text("1 of 2 scored").wait_for()
    tab.keyboard.press("c")
    tab.keyboard.type("Names two owners, j k 1 0 h e.")
    tab.keyboard.press("Escape")
    tab.keyboard.press("j")
    tab.keyboard.press("0")
    tab.keyboard.press("ArrowDown")
    tab.get_by_text("2 of 2 scored").wait_for()
    assert ask_axe(tab, width) == []
    tab.keyboard.press("h")
    tab.keyboard.press("Enter")
    expect(tab.locator("textarea:focus")).to_have_count(1)
    tab.keyboard.type("Page two is missing.")
    tab.keyboard.press("Escape")
    tab.keyboard.press("h")
    tab.keyboard.press("Enter")
    tab.get_by_text("Your scores are handed in.").wait_for()
    session.rollback()
    given = {one.criterion_id: one for one in session.scalars(select(TaskScore)).one().given}
    first, second = (given[one] for one in desk.criteria())
    assert (first.level, first.comment) == (4, "Names two owners, j k 1 0 h e.")
    assert (second.condition, second.comment) == (ConditionCode.INCOMPLETE, "Page two is missing.")


def test_what_was_typed_without_a_connection_survives_the_tab(
    open_window: OpenWindow,  # noqa: F811
    desk: Desk,
    trainer: Trainer,
    session: Session,
) -> None:
    trainer.visitor.post(f"{desk.path}/take")
    tab = open_window(trainer, desk.path)
    tab.keyboard.press("3")
    tab.get_by_text("Saved at").wait_for()
    tab.context.set_offline(True)
    tab.keyboard.press("c")
    tab.keyboard.type("Typed in a tunnel")
    tab.get_by_text("Not saved: you are offline").wait_for()
    tab.close(run_before_unload=False)
    session.rollback()
    assert "Typed in a tunnel" not in {row.comment for row in session.scalars(select(ScoreRevision))}
    tab = open_window(trainer, desk.path, online=True)
    tab.get_by_text("Saved at").wait_for()
    expect(tab.locator(f"#comment-{desk.criteria()[0]}")).to_have_value("Typed in a tunnel")
    expect(tab.locator(f"#base-{desk.criteria()[0]}")).to_have_value("2")
    session.rollback()
    rows = session.scalars(select(ScoreRevision).order_by(ScoreRevision.id)).all()
    assert [(row.level, row.comment, row.late) for row in rows] == [
        (3, "", False),
        (3, "Typed in a tunnel", False),
    ]


def test_a_task_that_is_taken_away_while_one_writes_says_so_at_once(
    open_window: OpenWindow,  # noqa: F811
    desk: Desk,
    trainer: Trainer,
) -> None:
    trainer.visitor.post(f"{desk.path}/take")
    tab = open_window(trainer, desk.path)
    tab.keyboard.press("c")
    with transaction() as session:
        task = session.get_one(ScoringTask, desk.task_id)
        task.state, task.rater_id = TaskState.OPEN, None
    tab.keyboard.type("Typed meanwhile")
    tab.get_by_text("Take this evidence first").wait_for()
    expect(tab.locator(f"#comment-{desk.criteria()[0]}")).to_have_value("Typed meanwhile")
    tab.reload()
    expect(tab.get_by_role("heading", level=1)).to_have_text("Take this evidence first")
    expect(tab.locator("#word-1")).to_have_value("Typed meanwhile")
    assert ask_axe(tab, 1000) == []
