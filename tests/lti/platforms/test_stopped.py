"""The program is killed while the platform answers: nothing is half registered, and everybody sees what to do."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
import requests
from sqlalchemy import select

from institute import clock
from institute.actors import Actor
from institute.config import Settings
from institute.db import db
from institute.paths import ROOT
from lti.platforms.dynamic_models import RequestState
from lti.platforms.invitations import CLAIM_LASTS, list_open
from lti.platforms.models import Registration
from lti.platforms.requests import list_recent
from tests.lti.platforms.conftest import Open
from tests.lti.platforms.registrar import Registrar

PATIENCE_S = 60
Invite = Callable[..., str]


@contextmanager
def running(settings: Settings) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """Run the tool in a process of its own, on the test's database, and yield it with its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {
        **os.environ,
        "DATA_DIR": str(settings.data_dir),
        "DATABASE_URL": settings.database_url,
        "PUBLIC_URL": settings.public_url,
        "SECRET_KEY": settings.secret_key,
        "PLATFORM_NETWORKS": "loopback",
    }
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "run", "--port", str(port)]
    process = subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_for(address)
        yield process, address
    finally:
        process.kill()
        process.wait()


def _wait_for(address: str) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        try:
            requests.get(f"{address}/healthz", timeout=5)
        except requests.ConnectionError:
            time.sleep(0.1)
        else:
            return
    pytest.fail("the tool did not start")


def test_killed_while_the_platform_answers_nothing_is_lost(
    settings: Settings,
    moodle: Registrar,
    open_address: Open,
    make_invitation: Invite,
    administrator: Actor,
) -> None:
    secret = make_invitation()
    db.session.rollback()
    path = moodle.address(registration_token="token-1", invitation=secret)
    with running(settings) as (process, address):
        moodle.before = lambda: os.kill(process.pid, signal.SIGKILL)
        with pytest.raises(requests.ConnectionError):
            requests.get(address + path, timeout=PATIENCE_S)
    moodle.before = None
    db.session.rollback()
    assert db.session.query(Registration).count() == 0
    (row,) = list_recent(administrator.institute_id)  # what the institute's administrator sees
    assert (row.state, row.issuer, row.client_id) == (RequestState.ASKED, moodle.url, "")
    assert len(list_open(administrator.institute_id)) == 1
    # The platform's administrator loads the page again: at first it is taken for under way …
    assert open_address(invitation=secret).status_code == 202
    moodle.replay("dynreg-error-token-replay")
    with clock.shift(seconds=(CLAIM_LASTS + timedelta(seconds=1)).total_seconds()):
        page = open_address(
            invitation=secret
        )  # … then the platform is asked, and says that it knows the tool,
        assert "choose to update it" in page.text
        moodle.replay("dynreg-update-3-registration")
        page = open_address(
            invitation=secret, registration_token="update-token"
        )  # whose update registers it.
        assert "The tool is registered" in page.text
    registration = db.session.scalars(select(Registration)).one()
    assert (registration.issuer, registration.client_id) == (moodle.url, "kieGczu14oPUcrL")
    assert urlsplit(registration.jwks_url).path == "/mod/lti/certs.php"
