"""Notices between the running tool and the running sandbox: asked for after a launch, taken, each once."""

from __future__ import annotations

import time
from typing import Any, Final

import pytest
import requests
from playwright.sync_api import Page

from tests.journeys.lms import COURSE, HOME, Lms

pytestmark = pytest.mark.browser

HELLO: Final = "LtiHelloWorldNotice"
COPY: Final = "LtiContextCopyNotice"
PATIENCE_SECONDS: Final = 60


def told(lms: Lms, kind: str) -> list[dict[str, Any]]:
    """Return the notices of a kind that the sandbox has sent and had an answer for."""
    sent: list[dict[str, Any]] = requests.get(f"{lms.url}/controls/notices", timeout=10).json()["notices"]
    return [one for one in sent if one["notice_type"] == kind and one["status"] is not None]


def wait_for_notice(lms: Lms, kind: str) -> list[dict[str, Any]]:
    """Wait until a notice of a kind was answered, and return all of the kind."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not (found := told(lms, kind)):
        assert time.monotonic() < deadline, f"no {kind} was answered"
        time.sleep(0.25)
    return found


def test_platform_that_offers_notices_is_asked_for_them_and_a_copied_course_is_known_at_once(
    page: Page, lms: Lms
) -> None:
    lms.open_in_window(page, lms.make_person(), HOME)
    for kind in (HELLO, COPY):
        _wait_for_handler(lms, kind)
    assert {one["status"] for one in wait_for_notice(lms, HELLO)} == {200}
    copied = lms.control("copies", course=COURSE)["course"]
    assert {one["status"] for one in wait_for_notice(lms, COPY)} == {200}
    assert lms.control("notices", type=COPY, course=copied, times=3)["statuses"] == [200]
    assert lms.control("notices", type=COPY, course=copied, set={"aud": "x"})["statuses"] == [401]


def _wait_for_handler(lms: Lms, kind: str) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        listed = requests.get(f"{lms.url}/controls/notices", timeout=10).json()["handlers"]
        if any(one["notice_type"] == kind and "/lti/notices/" in one["handler"] for one in listed):
            return
        assert time.monotonic() < deadline, f"nobody asked for {kind}"
        time.sleep(0.25)
