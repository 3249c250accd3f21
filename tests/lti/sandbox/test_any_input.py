"""Whatever is sent, the sandbox answers: it refuses, and never breaks."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import settings as bounded
from hypothesis import strategies as st

from lti.sandbox.app import create_sandbox
from lti.sandbox.settings import SandboxSettings
from lti.sandbox.state import sandbox_of
from lti.sandbox.tokens import keep_token
from lti.sandbox.vocabulary import LINE_ITEM, SCOPES, SCORE
from tests.lti.sandbox.conftest import COURSE, TOOL

ITEMS = f"/courses/{COURSE}/lineitems"
TEXT = st.text(max_size=20)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXT,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(TEXT, inner, max_size=2),
    max_leaves=4,
)
RIGHT = {
    "userId": "participant-1",
    "scoreGiven": 1,
    "scoreMaximum": 2,
    "activityProgress": "Completed",
    "gradingProgress": "FullyGraded",
    "timestamp": "2026-11-22T10:00:00Z",
    "label": "Progress",
    "resourceLinkId": "link-home",
    "startDateTime": "2026-11-22T10:00:00Z",
}
LOGIN = (
    "scope",
    "response_type",
    "redirect_uri",
    "client_id",
    "login_hint",
    "lti_message_hint",
    "nonce",
    "state",
)


def change(right: dict[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Return right bodies of which some fields are anything."""
    changes = st.dictionaries(st.sampled_from(sorted(right)), VALUES, max_size=3)
    return changes.map(lambda changed: {**right, **changed})


@pytest.fixture(scope="module")
def client(first_file: Path, tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    """A bearer of every scope, beside a course with one line item."""
    folder = tmp_path_factory.mktemp("any")
    shutil.copy(first_file, folder)
    app = create_sandbox(SandboxSettings(folder, tool_url=TOOL, controls=True))
    with sandbox_of(app).store.writing() as db:
        token = keep_token(db, sandbox_of(app), SCOPES)
    client = app.test_client()
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {token}"
    made = client.post(ITEMS, data=json.dumps({"label": "x", "scoreMaximum": 1}), content_type=LINE_ITEM)
    assert made.status_code == 201
    return client


@bounded(max_examples=60, deadline=None)
@given(body=change(RIGHT))
def test_any_score_or_line_item_is_answered(client: FlaskClient, body: dict[str, Any]) -> None:
    sent = json.dumps(body)
    assert client.post(f"{ITEMS}/1/lineitem/scores", data=sent, content_type=SCORE).status_code < 500
    assert client.post(ITEMS, data=sent, content_type=LINE_ITEM).status_code < 500
    assert client.put(f"{ITEMS}/1/lineitem", data=sent, content_type=LINE_ITEM).status_code < 500
    assert client.get(f"{ITEMS}/1/lineitem/results").status_code == 200
    page = client.get(f"/courses/{COURSE}/gradebook", base_url="http://localhost:8001")
    assert page.status_code == 200


@bounded(max_examples=40, deadline=None)
@given(
    query=st.dictionaries(st.sampled_from(["limit", "from", "role", "rlid", "since", "tag", "user_id"]), TEXT)
)
def test_any_query_is_answered(client: FlaskClient, query: dict[str, str]) -> None:
    for path in (ITEMS, f"{ITEMS}/1/lineitem/results", f"/courses/{COURSE}/memberships"):
        assert client.get(path, query_string=query).status_code < 500


@bounded(max_examples=40, deadline=None)
@given(form=st.dictionaries(st.sampled_from(LOGIN), TEXT), assertion=TEXT)
def test_any_login_or_token_request_is_answered(
    client: FlaskClient, form: dict[str, str], assertion: str
) -> None:
    known = {"client_id": "sandbox-client", "redirect_uri": f"{TOOL}/lti/launch"}
    for asked in (form, {**form, **known}):
        assert client.post("/auth", data=asked).status_code in {200, 400}
        assert client.get("/auth", query_string=asked).status_code in {200, 400}
    assert client.post("/token", data={"client_assertion": assertion, **form}).status_code == 400


@bounded(max_examples=40, deadline=None)
@given(
    what=st.sampled_from(
        ["faults", "next-token", "mint", "people", "enrolments", "courses", "links", "clock"]
    ),
    body=st.dictionaries(
        st.sampled_from(
            [
                "how",
                "sub",
                "link",
                "count",
                "people",
                "course",
                "id",
                "patch",
                "set",
                "header",
                "times",
                "seconds",
            ]
        ),
        VALUES,
    ),
)
def test_any_order_is_answered(client: FlaskClient, what: str, body: dict[str, Any]) -> None:
    sent = json.dumps(body)
    answer = client.post(f"/controls/{what}", data=sent, content_type="application/json")
    assert answer.status_code < 500
