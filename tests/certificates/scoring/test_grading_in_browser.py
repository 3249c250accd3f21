"""The scoring page in a browser: saves by itself, keys, two windows, and an early release."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect
from playwright.sync_api import Page as Tab
from sqlalchemy.orm import Session
from werkzeug.serving import make_server

from certificates.scoring.models import ScoreRevision
from institute.actors import Role
from institute.web import sessions
from tests.certificates.scoring.conftest import Desk, Trainer
from tests.journeys.chromium import start_chromium

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse

pytestmark = pytest.mark.browser

OpenTab = Callable[[], Tab]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A browser."""
    with start_chromium() as found:
        yield found


@dataclass
class Slow:
    """Lets the answer to a form wait."""

    app: Flask
    seconds: float = 0

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Any:
        """Answer a request."""
        if environ["REQUEST_METHOD"] == "POST":
            time.sleep(self.seconds)
        return self.app(environ, start_response)


@pytest.fixture
def slow(app: Flask) -> Slow:
    """The tool, as slow as a test wants it."""
    return Slow(app)


@pytest.fixture
def open_tab(slow: Slow, desk: Desk, trainer: Trainer, browser: Browser) -> Iterator[OpenTab]:
    """Open the page of a task that the trainer holds, in as many windows as wanted."""
    trainer.visitor.post(f"{desk.path}/take")
    opened, secret = sessions.open_session(
        institute_id=trainer.person.institute_id,
        person_id=trainer.person.id,
        roles=[Role.TRAINER],
        door="test",
        door_key="test",
    )
    server = make_server("127.0.0.1", 0, slow, threaded=True)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    context = browser.new_context(viewport={"width": 1000, "height": 900})
    place = sessions.session_path(opened.id)
    context.add_cookies([{"name": sessions.COOKIE, "value": secret, "domain": "127.0.0.1", "path": place}])

    def enter() -> Tab:
        tab = context.new_page()
        tab.goto(f"http://127.0.0.1:{server.port}{sessions.session_path(opened.id, desk.path)}")
        return tab

    yield enter
    context.close()
    server.shutdown()
    server.server_close()


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
    assert two.locator(comment(desk, 1)).input_value() == "From window one"
    assert two.get_by_text("From window two").is_visible()
    two.get_by_role("button", name="Add it to the comment").click()
    two.wait_for_load_state()
    assert two.locator(comment(desk, 1)).input_value() == "From window one\n\nFrom window two"
    two.locator(f"#criterion-{desk.criteria()[1]} summary").click()
    one.locator(f"#criterion-{desk.criteria()[1]} summary").click()
    one.locator(comment(desk, 2)).fill("Elsewhere")
    expect(one.locator(comment(desk, 1))).to_have_value("From window one\n\nFrom window two")
    session.rollback()
    assert session.query(ScoreRevision).filter_by(late=True).count() == 1


def test_what_is_written_while_a_save_is_on_its_way_is_not_late(
    open_tab: OpenTab, desk: Desk, session: Session, slow: Slow
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
    tab.get_by_text("1 left before you can release").wait_for()
    tab.get_by_role("button", name="Release scores").click()
    assert tab.evaluate("document.activeElement.name") == f"level-{desk.criteria()[1]}"
    tab.keyboard.press("4")
    tab.get_by_text("2 of 2 scored").wait_for()
    tab.get_by_role("button", name="Release scores").click()
    tab.get_by_text("The scores are released.").wait_for()
