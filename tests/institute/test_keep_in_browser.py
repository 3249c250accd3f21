"""Nothing typed is lost: a form is kept in the browser until the server has it, and saves itself where it may."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from flask import Flask, render_template_string, request
from flask.typing import ResponseReturnValue
from playwright.sync_api import Browser, BrowserContext, expect
from playwright.sync_api import Page as BrowserPage

from institute.web import assets
from tests.institute.looking import IMPORTS, frame, make_bare
from tests.journeys.chromium import browser_of_file, close_windows  # noqa: F401  (a fixture)
from tests.serving import server_of

pytestmark = pytest.mark.browser

FORM = (
    '{% extends "base.html" %}'
    + IMPORTS
    + """{% import "macros/keep.html" as keep with context %}
{% block head %}<script src="{{ asset("keep.js") }}" defer></script>{% endblock %}
{% block main %}<h1>Write</h1>
<form id="draft" method="post" action="/save"{{ keep.attributes("draft-of-one", server.revision, autosave=autosave) }}>
{{ keep.revision(server.revision) }}{{ forms.field("text", "Text", value=server.text, rows=5) }}
{{ forms.pick("scale", "Scale", [("1", "Seldom"), ("2", "Often")], server.scale) }}
<button class="btn btn-primary">Save</button>{{ keep.note() }}</form>{% endblock %}"""
)
ADDING = (
    '{% extends "base.html" %}'
    + IMPORTS
    + """{% import "macros/keep.html" as keep with context %}
{% block head %}<script src="{{ asset("keep.js") }}" defer></script>{% endblock %}
{% block main %}<h1>Add</h1><ul>{% for text in server.added %}<li>{{ text }}</li>{% endfor %}</ul>
<form method="post" action="/added"{{ keep.attributes("add-one", adds=true) }}>{{ forms.field("action", "Action") }}
<button class="btn btn-primary">Add</button></form>{% endblock %}"""
)


@dataclass
class Server:
    """What a small server has, and how it behaves."""

    text: str = ""
    scale: str = ""
    revision: int = 1
    ended: bool = False
    clashed: list[str] = field(default_factory=list)
    added: list[str] = field(default_factory=list)
    address: str = ""


@dataclass
class Room:
    """A browser and the small server."""

    server: Server
    context: BrowserContext

    def open(self, path: str = "/") -> BrowserPage:
        """Open a tab."""
        tab = self.context.new_page()
        tab.goto(self.server.address + path)
        return tab


def take(server: Server) -> bool:
    """Save what the form brought, or keep it aside where it came late."""
    if int(request.form["_revision"]) != server.revision:
        server.clashed.append(request.form["text"])
        return False
    server.text, server.scale = request.form["text"], request.form.get("scale", "")
    server.revision += 1
    return True


def serve(bare: Flask, server: Server) -> None:
    """Give the small server its routes."""

    def show(autosave: str | None = "/autosave") -> str:
        return render_template_string(FORM, page=frame("en"), server=server, autosave=autosave)

    def autosave() -> ResponseReturnValue:
        if server.ended:
            return "<h1>Your visit has ended</h1>", 401
        if not take(server):
            return {"said": "Both are kept"}, 409
        return {"revision": server.revision, "said": "Saved at 10:42"}

    def save() -> ResponseReturnValue:
        if server.ended or not take(server):
            return "<h1>Not now</h1>", 401
        return "", 303, {"Location": "/"}

    bare.add_url_rule("/", "show", show)
    bare.add_url_rule("/quiet", "quiet", lambda: show(None))
    bare.add_url_rule("/autosave", "autosave", autosave, methods=["POST"])
    bare.add_url_rule("/save", "save", save, methods=["POST"])
    bare.add_url_rule("/static/<digest>/<path:path>", "asset_file", assets.asset_file)


def serve_adding(bare: Flask, server: Server) -> None:
    """Give the small server the form that adds."""

    def add() -> ResponseReturnValue:
        if server.ended:
            return "<h1>Not now</h1>", 401
        server.added.append(request.form["action"])
        return "", 303, {"Location": "/adding"}

    def show() -> str:
        return render_template_string(ADDING, page=frame("en"), server=server)

    bare.add_url_rule("/adding", "adding", show)
    bare.add_url_rule("/added", "added", add, methods=["POST"])


@pytest.fixture
def room(tmp_path: Path, browser: Browser) -> Iterator[Room]:
    """A browser beside a server with one form that saves itself, one that does not, and one that adds."""
    bare, server = make_bare(tmp_path), Server()
    serve(bare, server)
    serve_adding(bare, server)
    http = server_of(bare)
    threading.Thread(target=http.serve_forever, args=(0.02,), daemon=True).start()
    server.address = f"http://127.0.0.1:{http.port}"
    yield Room(server, browser.new_context())
    close_windows(browser)
    http.shutdown()


def test_a_form_saves_itself_and_says_when(room: Room) -> None:
    tab = room.open()
    tab.get_by_label("Text").fill("Half of our practice is listening")
    tab.get_by_text("Often").click()
    expect(tab.get_by_text("Saved at 10:42")).to_be_visible()
    assert (room.server.text, room.server.scale) == ("Half of our practice is listening", "2")
    tab.get_by_label("Text").fill("All of it")
    tab.get_by_role("button", name="Save").click()
    expect(tab.get_by_label("Text")).to_have_value("All of it")
    assert (room.server.revision, room.server.clashed) == (3, [])
    expect(tab.locator(".ci-kept")).to_have_count(0)
    assert tab.evaluate("Object.keys(localStorage)") == []


def test_offline_it_is_kept_and_saved_once_the_network_is_back(room: Room) -> None:
    tab = room.open()
    room.context.set_offline(True)
    tab.get_by_label("Text").fill("Written on the train")
    expect(tab.get_by_text("Not saved: you are offline. It is kept here.")).to_be_visible()
    assert room.server.text == ""
    room.context.set_offline(False)
    expect(tab.get_by_text("Saved at 10:42")).to_be_visible()
    assert room.server.text == "Written on the train"


def test_a_closed_tab_offers_what_it_had_the_next_time(room: Room) -> None:
    tab = room.open("/quiet")
    tab.get_by_label("Text").fill("Not saved yet")
    tab.get_by_text("Often").click()
    tab.close()
    again = room.open("/quiet")
    expect(again.get_by_label("Text")).to_have_value("")
    again.get_by_role("button", name="Put it back").click()
    expect(again.get_by_label("Text")).to_have_value("Not saved yet")
    expect(again.get_by_label("Often")).to_be_checked()
    again.get_by_role("button", name="Save").click()
    expect(again.locator(".ci-kept")).to_have_count(0)
    assert (room.server.text, again.evaluate("localStorage.length")) == ("Not saved yet", 0)


def test_a_visit_that_ended_says_so_and_the_next_one_offers_the_text(room: Room) -> None:
    tab = room.open()
    room.server.ended = True
    tab.get_by_label("Text").fill("A long evening's work")
    expect(tab.get_by_text("Not saved: your visit has ended.")).to_be_visible()
    tab.get_by_role("button", name="Save").click()
    expect(tab.get_by_text("Not now")).to_be_visible()
    room.server.ended = False
    tab.goto(room.server.address)
    tab.get_by_role("button", name="Put it back").click()
    expect(tab.get_by_text("Saved at 10:42")).to_be_visible()
    assert room.server.text == "A long evening's work"


def test_what_is_not_wanted_any_more_is_forgotten(room: Room) -> None:
    tab = room.open("/quiet")
    tab.get_by_label("Text").fill("A first thought")
    tab.close()
    again = room.open("/quiet")
    again.get_by_role("button", name="Forget it").click()
    expect(again.locator(".ci-kept")).to_have_count(0)
    assert again.evaluate("localStorage.length") == 0


def test_two_tabs_lose_neither_text(room: Room) -> None:
    first, second = room.open(), room.open()
    first.get_by_label("Text").fill("From the first tab")
    expect(first.get_by_text("Saved at 10:42")).to_be_visible()
    expect(second.get_by_text("This was saved in another window meanwhile.")).to_be_visible()
    second.get_by_label("Text").fill("From the second tab")
    expect(second.get_by_text("Both are kept")).to_be_visible()
    assert (room.server.text, room.server.clashed) == ("From the first tab", ["From the second tab"])
    second.close()
    expect(room.open().get_by_role("button", name="Put it back")).to_be_visible()


def test_a_text_put_back_over_a_later_one_is_told_to_the_server(room: Room) -> None:
    tab = room.open("/quiet")
    tab.get_by_label("Text").fill("Based on the first revision")
    tab.close()
    room.server.text, room.server.revision = "Saved by somebody since", 7
    again = room.open()
    again.get_by_role("button", name="Put it back").click()
    expect(again.get_by_text("Both are kept")).to_be_visible()
    assert room.server.text == "Saved by somebody since"


def test_what_was_typed_meanwhile_can_be_had_again(room: Room) -> None:
    room.open("/quiet").get_by_label("Text").fill("The older one")
    room.context.pages[-1].close()
    tab = room.open("/quiet")
    tab.get_by_label("Text").fill("The newer one")
    tab.get_by_role("button", name="Put it back").click()
    expect(tab.get_by_label("Text")).to_have_value("The older one")
    tab.get_by_role("button", name="Put it back").click()
    expect(tab.get_by_label("Text")).to_have_value("The newer one")


def test_a_form_that_adds_offers_only_what_was_not_added(room: Room) -> None:
    tab = room.open("/adding")
    tab.get_by_label("Action").fill("Visit two classrooms")
    tab.get_by_role("button", name="Add").click()
    expect(tab.get_by_text("Visit two classrooms")).to_be_visible()
    expect(tab.locator(".ci-kept")).to_have_count(0)
    room.server.ended = True
    tab.get_by_label("Action").fill("Ask the team")
    tab.get_by_role("button", name="Add").click()
    room.server.ended = False
    tab.goto(room.server.address + "/adding")
    tab.get_by_role("button", name="Put it back").click()
    expect(tab.get_by_label("Action")).to_have_value("Ask the team")
