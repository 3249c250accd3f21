"""Whatever a tool signs, registers or asks to be told, the sandbox answers: it refuses, and never breaks."""

from __future__ import annotations

import json
import shutil
import time
import uuid
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import settings as bounded
from hypothesis import strategies as st
from joserfc import jwt
from joserfc.jwk import RSAKey

from lti.sandbox.app import create_sandbox
from lti.sandbox.choosing import start_choosing
from lti.sandbox.enrolling import start_registration
from lti.sandbox.records import find_course
from lti.sandbox.registrations import describe_first_tool
from lti.sandbox.settings import SandboxSettings
from lti.sandbox.state import Sandbox, sandbox_of
from lti.sandbox.tokens import keep_token
from lti.sandbox.vocabulary import CANVAS, DL, LTI, SCOPE_NOTICE, TOOL_CONFIGURATION
from tests.lti.sandbox.conftest import COURSE, TOOL
from tests.lti.sandbox.test_any_input import TEXT, VALUES
from tests.lti.sandbox.test_deep_linking import ITEM
from tests.lti.sandbox.test_registration import lti, metadata

PROFILES = ("strict", "moodle", "canvas")
HOME = "http://localhost:8001"


def change(right: dict[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Return right objects of which some fields are anything, on two levels."""
    changes = st.dictionaries(st.sampled_from(sorted(right)), VALUES, max_size=3)
    inner = {name: change(value) for name, value in right.items() if isinstance(value, dict) and value}
    deeper = st.fixed_dictionaries({}, optional=inner)
    return st.tuples(deeper, changes).map(lambda both: {**right, **both[0], **both[1]})


@pytest.fixture(scope="module")
def clients(
    first_file: Path, tmp_path_factory: pytest.TempPathFactory, tool_key: RSAKey
) -> dict[str, FlaskClient]:
    """A client of each profile."""
    keys = {"keys": [{**tool_key.as_dict(private=False), "kid": "tool-key"}]}
    made = {}
    for profile in PROFILES:
        folder = tmp_path_factory.mktemp(profile)
        shutil.copy(first_file, folder)
        settings = SandboxSettings(folder, tool_url=TOOL, profile_name=profile, tool_keys=lambda: keys)
        made[profile] = create_sandbox(settings).test_client()
    return made


def sandbox(client: FlaskClient) -> Sandbox:
    """Return what a client's platform holds."""
    return sandbox_of(client.application)


@bounded(max_examples=80, deadline=None)
@given(profile=st.sampled_from(PROFILES), item=change(ITEM), claims=st.dictionaries(TEXT, VALUES, max_size=2))
def test_any_content_is_answered(
    clients: dict[str, FlaskClient],
    tool_key: RSAKey,
    profile: str,
    item: dict[str, Any],
    claims: dict[str, Any],
) -> None:
    platform, client = sandbox(clients[profile]), clients[profile]
    with platform.store.writing() as db:
        course = find_course(db, COURSE)
        assert course is not None
        tool = describe_first_tool(platform)
        settings = start_choosing(
            db, platform, tool=tool, course=course, wishes={}, sends_data=profile != "moodle"
        )
    at = int(time.time())
    token = {
        "iss": tool.client_id,
        "aud": platform.issuer,
        "iat": at,
        "exp": at + 60,
        "nonce": uuid.uuid4().hex,
        f"{LTI}message_type": "LtiDeepLinkingResponse",
        f"{LTI}version": "1.3.0",
        f"{LTI}deployment_id": "1",
        f"{DL}content_items": [item],
        **({f"{DL}data": settings["data"]} if "data" in settings else {}),
        **claims,
    }
    parts = urlsplit(settings["deep_link_return_url"])
    signed = jwt.encode({"alg": "RS256", "kid": "tool-key"}, token, tool_key)
    answer = client.post(f"{parts.path}?{parts.query}", data={"JWT": signed}, base_url=HOME)
    assert answer.status_code in {200, 400}
    shown = client.get(f"/courses/{COURSE}?as=teacher-1", base_url=HOME)
    assert shown.status_code == 200


@bounded(max_examples=80, deadline=None)
@given(
    profile=st.sampled_from(PROFILES),
    body=change({**metadata(), "logo_uri": f"{TOOL}/icon.png"}),
    more=change({**lti(), f"{CANVAS}privacy_level": "public", f"{CANVAS}tool_id": "x"}),
    inside=st.booleans(),
)
def test_any_registration_is_answered(
    clients: dict[str, FlaskClient], profile: str, body: dict[str, Any], more: dict[str, Any], inside: bool
) -> None:
    platform, client = sandbox(clients[profile]), clients[profile]
    with platform.store.writing() as db:
        address = start_registration(db, platform, f"{TOOL}/register")
    token = address.rpartition("registration_token=")[2]
    sent = json.dumps({**body, TOOL_CONFIGURATION: more} if inside else body)
    answer = client.post(
        "/registration",
        data=sent,
        content_type="application/json",
        headers={"Authorization": f"Bearer {token}"},
        base_url=HOME,
    )
    assert answer.status_code in {200, 201, 400}
    for path in ("/admin/tools?as=admin-1", f"/courses/{COURSE}?as=teacher-1"):
        assert client.get(path, base_url=HOME).status_code == 200
    with platform.store.writing() as db:
        db.execute("DELETE FROM tool")


@bounded(max_examples=40, deadline=None)
@given(body=st.dictionaries(st.sampled_from(["notice_type", "handler"]), VALUES), token=TEXT)
def test_any_handler_and_any_token_are_answered(
    clients: dict[str, FlaskClient], body: dict[str, Any], token: str
) -> None:
    client = clients["strict"]
    with sandbox(client).store.writing() as db:
        bearer = keep_token(db, sandbox(client), [SCOPE_NOTICE])
    header = {"Authorization": f"Bearer {bearer}"}
    sent = json.dumps(body)
    path = "/notices/1/handlers"
    answer = client.put(path, data=sent, content_type="application/json", headers=header, base_url=HOME)
    assert answer.status_code == 400
    chosen = client.post(f"/courses/{COURSE}/chosen", data={"JWT": token}, base_url=HOME)
    assert chosen.status_code == 400


@bounded(max_examples=40, deadline=None)
@given(query=st.dictionaries(st.sampled_from(["tool", "types", "multiple", "as", "target", "method"]), TEXT))
def test_any_query_of_a_page_is_answered(clients: dict[str, FlaskClient], query: dict[str, str]) -> None:
    asked = {"as": "teacher-1", **query}
    for path in (f"/courses/{COURSE}/add", f"/courses/{COURSE}/add/open", f"/courses/{COURSE}/review/1/x"):
        answer = clients["strict"].get(path, query_string=asked, base_url=HOME)
        assert answer.status_code in {200, 302, 403, 404}
    pasted = clients["strict"].post(
        "/admin/tools?as=admin-1", data={"address": query.get("types", "")}, base_url=HOME
    )
    assert pasted.status_code in {200, 422}
