"""The tool registers itself at the sandbox, which judges strictly and answers as Moodle, Canvas and others do."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests
from flask.testing import FlaskClient
from sqlalchemy import select

from institute.clock import now
from institute.db import db
from lti.platforms.models import Deployment, Registration
from lti.sandbox.profiles import PROFILES
from lti.sandbox.server import serve
from lti.sandbox.settings import SandboxSettings

Invite = Callable[..., str]
FRAME = re.compile(r'<iframe[^>]*name="tool"[^>]*>')
TIMEOUT_S = 30


def frame_of(page: str) -> str:
    """Return the address behind the tool's own that the platform opens in its frame."""
    (frame,) = FRAME.findall(page)
    source = html.unescape(re.search(r'src="([^"]+)"', frame)[1])  # type: ignore[index]
    parts = urlsplit(source)
    return f"{parts.path}?{parts.query}"


@pytest.mark.parametrize("profile", sorted(PROFILES))
def test_every_profile_takes_the_registration_and_its_update(
    profile: str, browser: FlaskClient, make_invitation: Invite, tmp_path: Path
) -> None:
    settings = SandboxSettings(data_dir=tmp_path / "sandbox", profile_name=profile, clock=now)
    with serve(settings) as running, requests.Session() as administrator:
        who = {"as": "admin-1"}
        pasted = f"http://127.0.0.1:8000/lti/register?invitation={make_invitation()}"
        page = administrator.post(
            f"{running.url}/admin/tools", params=who, data={"address": pasted}, timeout=TIMEOUT_S
        )
        answer = browser.get(frame_of(page.text))
        shown = browser.get(answer.location)
        assert "The tool is registered" in shown.text, shown.text
        registration = db.session.scalars(select(Registration)).one()
        listed = administrator.get(f"{running.url}/admin/tools", params=who, timeout=TIMEOUT_S).text
        assert registration.client_id in listed
        assert registration.issuer == running.sandbox.issuer
        deployments = db.session.scalars(select(Deployment.deployment_id)).all()
        assert all(deployment in listed for deployment in deployments)
        page = administrator.post(f"{running.url}/admin/tools/1/update", params=who, timeout=TIMEOUT_S)
        shown = browser.get(browser.get(frame_of(page.text)).location)
        assert "The registration is up to date" in shown.text, shown.text
    assert db.session.query(Registration).count() == 1
