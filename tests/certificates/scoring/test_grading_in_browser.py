"""The scoring page in a browser: saves by itself, keys, two windows, and an early release."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page as Tab
from playwright.sync_api import expect
from sqlalchemy.orm import Session

from certificates.scoring.models import ScoreRevision
from tests.certificates.scoring.conftest import Desk, Trainer
from tests.certificates.scoring.windows import (  # noqa: F401  (fixtures)
    OpenWindow,
    Slow,
    browser,
    open_window,
    slow,
)

pytestmark = pytest.mark.browser

OpenTab = Callable[[], Tab]


@pytest.fixture
def open_tab(open_window: OpenWindow, desk: Desk, trainer: Trainer) -> OpenTab:  # noqa: F811
    """Open the page of a task that the trainer holds, in as many windows as wanted."""
    trainer.visitor.post(f"{desk.path}/take")
    return lambda: open_window(trainer, desk.path)


def comment(desk: Desk, number: int) -> str:
    """Return where the comment on a criterion is written."""
    return f"#comment-{desk.criteria()[number - 1]}"


def test_keys_score_go_on_and_comment_but_not_while_somebody_writes(
    open_tab: OpenTab, desk: Desk, session: Session
) -> None:
    tab = open_tab()
    tab.keyboard.press("3")
    tab.get_by_text("1 of 2 scored").wait_for()
    tab.keyboard.press("j")
    tab.keyboard.press("c")
    tab.keyboard.type("j, k and 4 are letters here")
    tab.get_by_text("Saved at").wait_for()
    expect(tab.locator(f"#base-{desk.criteria()[1]}")).to_have_value("1")
    session.rollback()
    saved = {row.criterion_id: (row.level, row.comment) for row in session.query(ScoreRevision)}
    assert saved == {
        desk.criteria()[0]: (3, ""),
        desk.criteria()[1]: (None, "j, k and 4 are letters here"),
    }


def test_keys_can_be_turned_off(open_tab: OpenTab, session: Session) -> None:
    tab = open_tab()
    tab.get_by_role("button", name="Turn keys off").click()
    tab.keyboard.press("3")
    tab.reload()
    tab.get_by_role("button", name="Turn keys on").wait_for()
    session.rollback()
    assert session.query(ScoreRevision).count() == 0


def test_two_windows_show_both_texts_and_neither_writes_over_the_other(
    open_tab: OpenTab, desk: Desk, session: Session
) -> None:
    one, two = open_tab(), open_tab()
    one.locator(comment(desk, 1)).fill("From window one")
    one.get_by_text("Saved at").wait_for()
    two.locator(comment(desk, 1)).fill("From window two")
    two.get_by_text("Another window wrote here too").wait_for()
    expect(two.locator(comment(desk, 1))).to_have_value("From window one")
    expect(two.get_by_text("From window two")).to_be_visible()
    two.get_by_role("button", name="Add it to the comment").click()
    two.wait_for_load_state()
    expect(two.locator(comment(desk, 1))).to_have_value("From window one\n\nFrom window two")
    two.locator(f"#criterion-{desk.criteria()[1]} > summary").click()
    one.locator(f"#criterion-{desk.criteria()[1]} > summary").click()
    one.locator(comment(desk, 2)).fill("Elsewhere")
    expect(one.locator(comment(desk, 1))).to_have_value("From window one\n\nFrom window two")
    session.rollback()
    assert session.query(ScoreRevision).filter_by(late=True).count() == 1


def test_what_is_written_while_a_save_is_on_its_way_is_not_late(
    open_tab: OpenTab,
    desk: Desk,
    session: Session,
    slow: Slow,  # noqa: F811
) -> None:
    tab = open_tab()
    slow.seconds = 0.6
    field = tab.locator(comment(desk, 1))
    field.fill("One")
    tab.wait_for_timeout(1300)
    field.press_sequentially(" and two", delay=20)
    expect(tab.locator(f"#base-{desk.criteria()[0]}")).to_have_value("2")
    session.rollback()
    assert [(row.comment, row.late) for row in session.query(ScoreRevision)] == [
        ("One", False),
        ("One and two", False),
    ]


def test_a_connection_that_was_lost_loses_no_word(open_tab: OpenTab, desk: Desk, session: Session) -> None:
    tab = open_tab()
    tab.context.set_offline(True)
    tab.locator(comment(desk, 1)).fill("Written offline")
    tab.get_by_text("Not saved: you are offline").wait_for()
    tab.context.set_offline(False)
    tab.get_by_text("Saved at").wait_for()
    session.rollback()
    assert [row.comment for row in session.query(ScoreRevision)] == ["Written offline"]


def test_releasing_early_leads_to_what_is_left(open_tab: OpenTab, desk: Desk) -> None:
    tab = open_tab()
    tab.keyboard.press("3")
    tab.get_by_text("1 left before you can hand in").wait_for()
    tab.get_by_role("button", name="Hand in").click()
    expect(tab.locator(f"[name=level-{desk.criteria()[1]}]:focus")).to_have_count(1)
    tab.keyboard.press("4")
    tab.get_by_text("2 of 2 scored").wait_for()
    tab.get_by_role("button", name="Hand in").click()
    tab.get_by_text("Your scores are handed in.").wait_for()


def test_handing_in_waits_for_the_saving_before_it(
    open_tab: OpenTab,
    desk: Desk,
    session: Session,
    slow: Slow,  # noqa: F811
) -> None:
    tab = open_tab()
    for number in (1, 2):
        tab.keyboard.press("3")
        tab.get_by_text(f"{number} of 2 scored").wait_for()
        tab.keyboard.press("j")
    slow.seconds = 1
    field = tab.locator(comment(desk, 2))
    with tab.expect_request(lambda request: request.method == "POST"):
        field.fill("Names two owners")
    field.press_sequentially(", and a date.")
    tab.keyboard.press("Escape")
    tab.keyboard.press("h")
    tab.keyboard.press("Enter")
    tab.get_by_text("Your scores are handed in.").wait_for()
    session.rollback()
    newest = session.query(ScoreRevision).order_by(ScoreRevision.id.desc()).first()
    assert newest is not None
    assert newest.comment == "Names two owners, and a date."
