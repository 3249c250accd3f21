"""The pages: choose a person, open a link, in a frame or a window, as several people at once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from tests.lti.sandbox.conftest import COURSE, TIMEOUT, TOOL, FormReader, Tool


@pytest.fixture
def browser(tool: Tool) -> Iterator[requests.Session]:
    """A browser in which nobody is chosen yet."""
    with requests.Session() as session:
        yield session


def read(browser: requests.Session, address: str) -> str:
    """Return a page that is there."""
    answer = browser.get(address, timeout=TIMEOUT)
    assert answer.status_code == 200
    return answer.text


def test_a_person_is_chosen_and_stays(tool: Tool, browser: requests.Session) -> None:
    people = read(browser, tool.address("/"))
    assert all(
        name in people for name in ("Lucía Ortega", "陳美玲", "أمينة حداد", "Grace Okafor", "Nguyễn Thị Hoa")
    )
    assert read(browser, tool.address(f"/courses/{COURSE}")) == people
    browser.post(tool.address("/act"), data={"sub": "coach-1"}, timeout=TIMEOUT)
    page = read(browser, tool.address(f"/courses/{COURSE}"))
    assert "أمينة حداد" in page
    assert page.count("Open in this page") == 6
    assert page.count("Open in a new window") == 6
    assert browser.post(tool.address("/act"), data={"sub": "nobody"}, timeout=TIMEOUT).status_code == 404


def test_a_link_opens_in_a_frame_by_a_posted_login(tool: Tool, browser: requests.Session) -> None:
    browser.post(tool.address("/act"), data={"sub": "participant-2"}, timeout=TIMEOUT)
    page = read(browser, tool.address(f"/courses/{COURSE}/links/link-module-1"))
    [source] = re.findall(r'<iframe class="tool"[^>]* src="([^"]*)"', page)
    form = FormReader(read(browser, tool.address(source.replace("&amp;", "&"))))
    assert form.action == f"{TOOL}/lti/login"
    assert form.fields | {"lti_message_hint": ""} == {
        "iss": tool.running.url,
        "login_hint": "participant-2",
        "target_link_uri": f"{TOOL}/lti/launch",
        "lti_message_hint": "",
        "client_id": "sandbox-client",
        "lti_deployment_id": "1",
        "lti_storage_target": "lti_storage",
    }


def test_a_link_may_open_by_a_login_with_get(tool: Tool, browser: requests.Session) -> None:
    answer = browser.get(
        tool.address("/open/link-segment-2?as=participant-1"), allow_redirects=False, timeout=TIMEOUT
    )
    assert answer.status_code == 302
    address = urlsplit(answer.headers["Location"])
    assert f"{address.scheme}://{address.netloc}{address.path}" == f"{TOOL}/lti/login"
    assert parse_qs(address.query)["login_hint"] == ["participant-1"]


def test_three_people_open_a_link_on_one_page(tool: Tool, browser: requests.Session) -> None:
    page = read(browser, tool.address("/three?link=link-home"))
    sources = re.findall(r'<iframe class="tool"[^>]* src="([^"]*)"', page)
    hints = [
        FormReader(read(browser, tool.address(source.replace("&amp;", "&")))).fields for source in sources
    ]
    assert [hint["login_hint"] for hint in hints] == ["participant-1", "coach-1", "teacher-1"]
    assert len({hint["lti_message_hint"] for hint in hints}) == 3
    chosen = read(browser, tool.address("/three?as=admin-1&as=participant-2"))
    assert chosen.count('class="tool"') == 2


def test_nobody_opens_nothing(tool: Tool, browser: requests.Session) -> None:
    for path in ("/open/link-home", f"/courses/{COURSE}/links/link-home"):
        assert browser.get(tool.address(path), timeout=TIMEOUT).status_code == 403


@pytest.mark.parametrize(
    "path",
    [
        "/courses/nowhere",
        "/courses/nowhere/gradebook",
        "/courses/nowhere/people",
        "/open/nowhere?as=participant-1",
        "/courses/mentoring-2026/links/link-home?as=participant-1",
        "/three?link=nowhere",
        "/three?as=nobody",
        "/nowhere",
    ],
)
def test_what_is_not_there_is_a_page_that_says_so(tool: Tool, browser: requests.Session, path: str) -> None:
    answer = browser.get(tool.address(path), timeout=TIMEOUT)
    assert answer.status_code == 404
    assert "<h1>Not Found</h1>" in answer.text


def test_what_the_tool_says_on_the_way_back_is_shown_as_text(tool: Tool, browser: requests.Session) -> None:
    browser.post(tool.address("/act"), data={"sub": "participant-1"}, timeout=TIMEOUT)
    address = tool.address(f"/courses/{COURSE}/return")
    page = browser.get(address, params={"lti_msg": "Saved <b>all</b>"}, timeout=TIMEOUT).text
    assert "Saved &lt;b&gt;all&lt;/b&gt;" in page


def test_a_person_changes_the_language_that_launches_carry(tool: Tool, browser: requests.Session) -> None:
    browser.post(tool.address("/act"), data={"sub": "participant-1"}, timeout=TIMEOUT)
    browser.post(tool.address("/language"), data={"locale": "vi"}, timeout=TIMEOUT)
    assert tool.control("mint", sub="participant-1", link="link-home", nonce="n")["claims"]["locale"] == "vi"
    bad = browser.post(tool.address("/language"), data={"locale": "<b>"}, timeout=TIMEOUT)
    assert bad.status_code == 400


def test_people_are_brought_to_the_one_host(tool: Tool, browser: requests.Session) -> None:
    other = tool.running.url.replace("localhost", "127.0.0.1")
    answer = browser.get(f"{other}/courses?as=x", allow_redirects=False, timeout=TIMEOUT)
    assert (answer.status_code, answer.headers["Location"]) == (302, tool.address("/courses?as=x"))


def test_pages_run_no_inline_code_and_frame_the_tool_alone(tool: Tool, browser: requests.Session) -> None:
    answer = browser.get(tool.address("/three?link=link-home"), timeout=TIMEOUT)
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert f"frame-src 'self' {TOOL}" in policy
    assert "unsafe" not in policy
    assert not re.search(r"<script(?![^>]* src=)|<style| style=| on\w+=", answer.text)
