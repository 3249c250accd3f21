"""A browser that keeps no cookie in frames: it sends forms and follows pages, and remembers nothing in between."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.lti.acting import CLIENT, ISSUER, TARGET_LINK_URI, Course

FRAME = {"Sec-Fetch-Dest": "iframe"}
WINDOW = {"Sec-Fetch-Dest": "document"}
OWN_PAGE = {**FRAME, "Sec-Fetch-Site": "same-origin"}
SENT = {
    "iss": ISSUER,
    "client_id": CLIENT,
    "login_hint": "hint-1",
    "lti_message_hint": "message-1",
    "target_link_uri": TARGET_LINK_URI,
}
STORAGE = {"lti_storage_target": "lti_storage"}


@dataclass(frozen=True)
class Framed:
    """A frame of the course's platform, in a browser that drops every cookie there."""

    course: Course

    def post(self, path: str, data: dict[str, Any], headers: dict[str, str] = OWN_PAGE) -> TestResponse:
        """Send a form without any cookie."""
        return self._client().post(path, data=data, headers=headers)

    def get(self, path: str, headers: dict[str, str] = FRAME) -> TestResponse:
        """Open a page without any cookie."""
        return self._client().get(path, headers=headers)

    def ask_to_keep(self, **more: str) -> TestResponse:
        """Begin a login, and look: the page that has the platform keep the proof."""
        first = self.post("/lti/login", {**SENT, **STORAGE, **more}, FRAME)
        assert urlsplit(first.location or "").path == "/lti/window", first.text
        return self.get(first.location)

    def launch(self, page: TestResponse, **changed: Any) -> tuple[dict[str, str], TestResponse]:
        """Go on from that page and launch: return the form that was sent, and the page that wants the proof."""
        form = self.form_after(door(page)["next"], **changed)
        return form, self.post("/lti/launch", form, {**FRAME, "Sec-Fetch-Site": "cross-site"})

    def form_after(self, address: str, **changed: Any) -> dict[str, str]:
        """Return what the platform has the browser send to us when it was sent to ``address``."""
        asked = parse_qs(urlsplit(address).query)
        token = self.course.platform.sign(self.course.platform.claims(asked["nonce"][0], **changed))
        return {"state": asked["state"][0], "id_token": token}

    def handed_over(self) -> TestResponse:
        """Do all of it, up to the page that offers the session elsewhere."""
        page = self.ask_to_keep()
        form, _ = self.launch(page)
        answer = self.post("/lti/launch", {**form, "kept": door(page)["value"]})
        assert answer.status_code == 200, answer.text
        return answer

    def _client(self) -> FlaskClient:
        return self.course.browser.application.test_client()


def door(page: TestResponse) -> dict[str, str]:
    """Return what a page tells its script to do."""
    found = re.search(r'<div[^>]* id="door"([^>]*)>', page.text)
    assert found is not None, page.text
    return {name: html.unescape(value) for name, value in re.findall(r'data-([a-z]+)="([^"]*)"', found[1])}


def hidden(page: TestResponse) -> dict[str, str]:
    """Return the hidden fields of a page's form."""
    fields = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page.text)
    return {name: html.unescape(value) for name, value in fields}
