"""The whole way in browsers: a clip, consent on a phone, comments at the second, an answer, and consent withdrawn."""

from __future__ import annotations

import base64
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect
from playwright.sync_api import Page as Tab

from institute.web import sessions
from tests.browsing import Visitor
from tests.courses.media.conftest import Showing
from tests.courses.media.test_captions import CAPTIONS
from tests.institute import post
from tests.journeys.chromium import browser_of_file, close_windows  # noqa: F401  (a fixture)
from tests.serving import server_of

pytestmark = pytest.mark.browser

SECONDS = 15

# Chromium records what is drawn on a canvas for as many milliseconds: a real WebM, without any program beside it.
RECORD = """async (ms) => {
  const canvas = Object.assign(document.createElement("canvas"), { width: 320, height: 180 });
  const brush = canvas.getContext("2d"), parts = [], begun = performance.now();
  const recorder = new MediaRecorder(canvas.captureStream(25), { mimeType: "video/webm;codecs=vp8" });
  recorder.ondataavailable = (event) => parts.push(event.data);
  const ended = new Promise((done) => { recorder.onstop = done; });
  recorder.start(200);
  while (performance.now() - begun < ms) {
    const hue = (performance.now() - begun) / 10;
    brush.fillStyle = `hsl(${hue} 60% 40%)`;
    brush.fillRect(0, 0, 320, 180);
    await new Promise((next) => setTimeout(next, 40));
  }
  recorder.stop();
  await ended;
  const bytes = new Uint8Array(await new Blob(parts).arrayBuffer());
  return btoa(bytes.reduce((all, byte) => all + String.fromCharCode(byte), ""));
}"""


@dataclass
class House:
    """Browsers beside the tool."""

    showing: Showing
    browser: Browser
    address: str

    def enter(self, visitor: Visitor, path: str, *, locale: str = "en", script: bool = True) -> Tab:
        """Open a page in the session of a visitor."""
        held = self.browser.new_context(
            locale=locale, java_script_enabled=script, viewport={"width": 1000, "height": 900}
        )
        place = sessions.session_path(visitor.session_id)
        cookie = visitor.client.get_cookie(sessions.COOKIE, path=place)
        assert cookie is not None
        held.add_cookies(
            [
                {
                    "name": sessions.COOKIE,
                    "value": cookie.value,
                    "url": f"{self.address}{place}",
                    "httpOnly": True,
                }
            ]
        )
        tab = held.new_page()
        tab.goto(f"{self.address}{sessions.session_path(visitor.session_id, path)}")
        return tab

    def phone(self, link: str) -> Tab:
        """Open a link of a letter on a phone."""
        held = self.browser.new_context(viewport={"width": 390, "height": 800}, locale="es", has_touch=True)
        tab = held.new_page()
        tab.goto(f"{self.address}{link}")
        return tab

    def record(self, ms: int = 3000) -> bytes:
        """Return a film of about so many milliseconds."""
        tab = self.browser.new_page()
        tab.goto(f"{self.address}/healthz")
        film = base64.b64decode(tab.evaluate(RECORD, ms))
        tab.close()
        return film


@pytest.fixture
def house(app: Flask, showing: Showing, browser: Browser) -> Iterator[House]:
    """The tool, and a browser."""
    server = server_of(app)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield House(showing, browser, f"http://127.0.0.1:{server.port}")
    close_windows(browser)
    server.shutdown()


def _wait(tab: Tab, script: str) -> None:
    """Wait until something is true in the page; its policy lets nobody evaluate words there."""
    ended = time.monotonic() + SECONDS
    while not tab.evaluate(script):
        assert time.monotonic() < ended, script
        tab.wait_for_timeout(30)


def _add_a_clip(house: House, film: Path) -> tuple[Tab, int]:
    film.write_bytes(house.record())
    own = house.enter(house.showing.person, "/participant/media/")
    own.get_by_role("link", name="Add a video or document").click()
    own.get_by_label("Title").fill("Our staff meeting")
    own.locator("input[type=file]").set_input_files(film)
    own.get_by_role("button", name="Add it").click()
    expect(own.get_by_role("heading", name="Our staff meeting", level=1)).to_be_visible()
    return own, int(own.url.rsplit("/", 1)[1])


def _ask_the_guardian(own: Tab) -> None:
    own.get_by_label("Who is it?").fill("Mateo")
    own.get_by_text("A child’s parent or guardian").click()
    own.get_by_role("button", name="Add this person").click()
    own.get_by_label("Name of the parent or guardian").first.fill("Rosa Díaz")
    own.get_by_label("E-mail address").first.fill("rosa@family.example")
    own.get_by_label("Their language").first.select_option("en")
    own.get_by_role("button", name="Send the question").click()
    own.get_by_role("button", name="1 person is named").click()
    expect(own.get_by_text("Asked, no answer yet")).to_be_visible()


def _agree_on_a_phone(house: House) -> Tab:
    phone = house.phone(house.showing.newest_link())
    phone.get_by_text("Yes, it may be shown").click()
    phone.get_by_text("I am this child’s parent").click()
    phone.get_by_label("Your name").fill("Rosa Díaz")
    phone.get_by_role("button", name="Send my answer").click()
    expect(phone.get_by_role("heading", name="You agreed that this is shown")).to_be_visible()

    return phone


def _show_it_to_the_coach(own: Tab) -> None:
    own.reload()
    own.get_by_role("button", name="Show it to my coach").click()
    expect(own.get_by_text("Your coach sees this")).to_be_visible()


def _move_by_keys(coach: Tab) -> None:
    stage = coach.get_by_role("group", name="Player")
    _wait(coach, "document.querySelector('video').currentTime > 1.4")
    stage.focus()
    stage.press("ArrowLeft")
    _wait(coach, "document.querySelector('video').currentTime === 0")
    stage.press(">")
    assert coach.evaluate("document.querySelector('video').playbackRate") == 1.25
    stage.press(" ")
    _wait(coach, "!document.querySelector('video').paused")
    _wait(coach, "document.querySelector('video').currentTime > 1.1")


def _comment_at_the_second(coach: Tab) -> None:
    coach.get_by_role("group", name="Player").press("n")
    assert coach.evaluate("document.querySelector('video').paused")
    expect(coach.get_by_label("Comment at")).to_have_value("0:01")
    coach.keyboard.type("You wait for her answer.")
    coach.get_by_role("button", name="Comment at 0:01").click()
    expect(coach.get_by_text("Say what it is")).to_be_visible()  # nothing typed is lost
    expect(coach.get_by_label("What do you see?")).to_have_value("You wait for her answer.")
    coach.get_by_text("Strength", exact=True).click()
    coach.get_by_role("button", name="Comment at 0:01").click()
    said = coach.get_by_role("listitem").filter(has_text="You wait for her answer.")
    expect(said).to_be_visible()
    coach.evaluate("document.querySelector('video').currentTime = 0")
    said.get_by_role("link").click()
    _wait(coach, "document.querySelector('video').currentTime >= 1")


def _answer(own: Tab) -> None:
    own.reload()
    own.get_by_text("Answer", exact=True).first.click()
    own.get_by_label("Your answer").fill("I counted to five.")
    own.get_by_role("button", name="Answer").click()
    expect(own.get_by_text("I counted to five.")).to_be_visible()


def test_from_the_recording_to_consent_comments_answers_and_their_end(house: House, tmp_path: Path) -> None:
    own, clip_id = _add_a_clip(house, tmp_path / "meeting.webm")
    post.deliver()  # the worker measures what arrived in pieces
    assert 2000 < (house.showing.clip(clip_id).duration_ms or 0) < 4500
    _ask_the_guardian(own)
    phone = _agree_on_a_phone(house)
    _show_it_to_the_coach(own)
    coach = house.enter(house.showing.coach, f"/coach/media/clips/{clip_id}#t=1.5")
    _move_by_keys(coach)
    _comment_at_the_second(coach)
    _answer(own)
    phone.get_by_role("button", name="I do not agree any more").click()
    expect(phone.get_by_role("heading", name="This is not shown")).to_be_visible()
    for tab in (own, coach):
        tab.reload()
        expect(tab.get_by_text("This recording is hidden.")).to_be_visible()
        expect(tab.get_by_text("You wait for her answer.")).to_have_count(0)
        expect(tab.locator("video")).to_have_count(0)


def test_without_javascript_a_comment_is_typed_with_its_time(house: House) -> None:
    showing = house.showing
    clip_id = showing.alone(house.record(1500))
    coach = house.enter(showing.coach, f"/coach/media/clips/{clip_id}", script=False)
    coach.get_by_label("Comment at").fill("9:59")
    coach.get_by_text("Question", exact=True).click()
    coach.get_by_label("What do you see?").fill("What did you hear?")
    coach.get_by_role("button", name="Comment").click()
    expect(coach.get_by_role("alert")).to_contain_text("The recording ends at 0:01")
    expect(coach.get_by_label("What do you see?")).to_have_value("What did you hear?")
    coach.get_by_label("Comment at").fill("0:01")
    coach.get_by_role("button", name="Comment").click()
    expect(coach.get_by_text("What did you hear?")).to_be_visible()


def test_captions_are_shown_in_the_readers_language(house: House) -> None:
    showing = house.showing
    clip_id = showing.alone(house.record(1500))
    showing.caption(clip_id, CAPTIONS)
    coach = house.enter(showing.coach, f"/coach/media/clips/{clip_id}")
    _wait(coach, "document.querySelector('video').textTracks[0]?.cues?.length === 2")
    assert coach.evaluate("document.querySelector('video').textTracks[0].mode") == "showing"
