"""Browser windows of a trainer onto the tool, which a test may slow down."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from flask import Flask
from playwright.sync_api import Browser
from playwright.sync_api import Page as Tab

from institute.actors import Role
from institute.web import sessions
from tests.certificates.scoring.conftest import Trainer
from tests.journeys.chromium import start_chromium
from tests.serving import server_of

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse

OpenWindow = Callable[..., Tab]


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
def open_window(slow: Slow, browser: Browser) -> Iterator[OpenWindow]:
    """Open a page of a trainer in as many windows as wanted, all of one browser for each trainer."""
    server = server_of(slow)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    contexts: dict[int, tuple[Any, str]] = {}

    def enter(trainer: Trainer, path: str, width: int = 1000, *, online: bool = False) -> Tab:
        if trainer.person.id not in contexts:
            opened, secret = sessions.open_session(
                institute_id=trainer.person.institute_id,
                person_id=trainer.person.id,
                roles=[Role.TRAINER],
                door="test",
                door_key="test",
            )
            context = browser.new_context(viewport={"width": width, "height": 900})
            place = sessions.session_path(opened.id)
            context.add_cookies(
                [{"name": sessions.COOKIE, "value": secret, "domain": "127.0.0.1", "path": place}]
            )
            contexts[trainer.person.id] = (context, opened.id)
        context, session_id = contexts[trainer.person.id]
        if online:
            context.set_offline(False)
        tab: Tab = context.new_page()
        tab.goto(f"http://127.0.0.1:{server.port}{sessions.session_path(session_id, path)}")
        return tab

    yield enter
    for context, _ in contexts.values():
        context.close()
    server.shutdown()
    server.server_close()
