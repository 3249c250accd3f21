"""Platform storage in a browser: what a tool in a frame may keep with the platform, and who may read it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests
from playwright.sync_api import Browser, Frame, Page
from werkzeug.serving import make_server
from werkzeug.wrappers import Request, Response

from tests.journeys.chromium import browser_of_file, close_windows  # noqa: F401  (a fixture)
from tests.lti.sandbox.conftest import COURSE, TIMEOUT, Tool

ASK = """([frame, message, origin]) => new Promise((resolve) => {
  const done = setTimeout(() => resolve("silence"), 1500);
  window.addEventListener("message", (event) => {
    if (event.data.message_id !== message.message_id) return;
    clearTimeout(done);
    resolve({ ...event.data, origin: event.origin });
  });
  (frame ? window.parent.frames[frame] : window.parent).postMessage(message, origin);
})"""


@Request.application
def tool_page(_request: Request) -> Response:
    """The page of a tool at each of its addresses."""
    return Response("<!doctype html><title>The tool</title>", content_type="text/html")


@pytest.fixture
def tool_url() -> Iterator[str]:
    """A tool on another site than the platform."""
    server = make_server("127.0.0.1", 0, tool_page, threaded=True)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def tab(browser: Browser) -> Iterator[Page]:
    """A browser's tab."""
    yield browser.new_page()
    close_windows(browser)


def open_tool(tab: Page, tool: Tool, tool_url: str) -> Frame:
    """Open a link in its course and return the tool's frame."""
    tab.goto(tool.address(f"/courses/{COURSE}/links/link-home?as=participant-1"))
    tab.wait_for_load_state("load")
    frame = tab.frame(name="tool")
    assert frame is not None
    frame.wait_for_url(f"{tool_url}/**")
    return frame


def ask(tool: Tool, frame: Frame, where: str, **message: Any) -> Any:
    """Send a message to a frame of the platform, or to its page, and return the answer."""
    return frame.evaluate(ASK, [where, {"message_id": "m1", **message}, tool.running.url])


@pytest.mark.browser
def test_a_tool_keeps_and_reads_its_data(tab: Page, start: Callable[..., Tool], tool_url: str) -> None:
    tool = start(tool_url=tool_url)
    frame = open_tool(tab, tool, tool_url)
    able = ask(tool, frame, "", subject="lti.capabilities")
    assert {"subject": "lti.put_data", "frame": "lti_storage"} in able["supported_messages"]
    kept = ask(tool, frame, "lti_storage", subject="lti.put_data", key="state", value="secret")
    assert (kept["subject"], kept["key"], kept["value"]) == ("lti.put_data.response", "state", "secret")
    assert kept["origin"] == tool.running.url
    frame = open_tool(tab, tool, tool_url)
    assert ask(tool, frame, "lti_storage", subject="lti.get_data", key="state")["value"] == "secret"
    assert ask(tool, frame, "lti_storage", subject="lti.get_data", key="other")["value"] is None
    ask(tool, frame, "lti_storage", subject="lti.put_data", key="state", value=None)
    assert ask(tool, frame, "lti_storage", subject="lti.get_data", key="state")["value"] is None


@pytest.mark.browser
def test_wrong_messages_are_answered_with_an_error(
    tab: Page, start: Callable[..., Tool], tool_url: str
) -> None:
    tool = start(tool_url=tool_url)
    frame = open_tool(tab, tool, tool_url)

    def code(where: str, **message: Any) -> str:
        return str(ask(tool, frame, where, **message)["error"]["code"])

    assert code("", subject="lti.put_data", key="k", value="v") == "unsupported_subject"
    assert code("lti_storage", subject="lti.sing") == "unsupported_subject"
    assert code("lti_storage", subject="lti.put_data", key="k", value=7) == "bad_request"
    assert code("lti_storage", subject="lti.put_data", key="k", value="v" * 5000) == "bad_request"
    assert code("lti_storage", subject="lti.get_data") == "bad_request"


@pytest.mark.browser
def test_another_site_reads_nothing(tab: Page, start: Callable[..., Tool], tool_url: str) -> None:
    tool = start(tool_url=tool_url)
    open_tool(tab, tool, tool_url)
    own_page = ASK.replace("window.parent.frames", "window.frames")
    message = {"message_id": "m1", "subject": "lti.get_data", "key": "state"}
    answer = tab.evaluate(own_page, ["lti_storage", message, tool.running.url])
    assert answer["error"]["code"] == "wrong_origin"


@pytest.mark.browser
def test_canvas_names_its_frame_otherwise(tab: Page, start: Callable[..., Tool], tool_url: str) -> None:
    tool = start(tool_url=tool_url, profile_name="canvas")
    frame = open_tool(tab, tool, tool_url)
    kept = ask(tool, frame, "post_message_forwarding", subject="lti.put_data", key="state", value="s")
    assert kept["value"] == "s"


def test_moodle_has_no_storage(start: Callable[..., Tool]) -> None:
    tool = start(profile_name="moodle")
    assert requests.get(tool.address("/storage"), timeout=TIMEOUT).status_code == 404
    page = requests.get(tool.address(f"/courses/{COURSE}/links/link-home?as=participant-1"), timeout=TIMEOUT)
    assert page.text.count("<iframe") == 1
    assert (
        "lti_storage_target" not in tool.control("opening", sub="participant-1", link="link-home")["fields"]
    )
