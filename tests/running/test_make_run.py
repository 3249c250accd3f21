"""The product under its supervisor: what ``make run`` starts on a folder that holds nothing yet."""

from __future__ import annotations

import contextlib
import json
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.running.conftest import ROOT, Supervisor, free_port, is_gone

# Loopback addresses never go through a proxy that the environment names.
opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def get(address: str) -> tuple[int, str]:
    """Fetch a page. Return its status and text."""
    with opener.open(address, timeout=30) as answer:
        return answer.status, answer.read().decode()


def processes_of(parent: int) -> list[int]:
    """Return the ids of the children of a process, and of theirs."""
    below: dict[int, list[int]] = {}
    for status in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):  # ended meanwhile
            above = int(status.read_text().rpartition(")")[2].split()[1])
            below.setdefault(above, []).append(int(status.parent.name))
    found, open_ends = [], [parent]
    while open_ends:
        children = below.get(open_ends.pop(), [])
        found += children
        open_ends += children
    return found


@pytest.fixture
def ports() -> dict[str, str]:
    """Two free ports."""
    return {"PORT": str(free_port()), "SANDBOX_PORT": str(free_port())}


def test_first_start_reaches_the_tool_its_worker_and_the_sandbox(
    start: Callable[..., Supervisor], ports: dict[str, str]
) -> None:
    supervisor = start(**ports)
    supervisor.wait_until_it_says("Control-C stops everything.")
    assert any(f"http://localhost:{ports['SANDBOX_PORT']}" in line for line in supervisor.said)
    assert get(f"http://127.0.0.1:{ports['PORT']}/healthz")[0] == 200
    status, ready = get(f"http://127.0.0.1:{ports['PORT']}/readyz")
    assert (status, json.loads(ready)["status"]) == (200, "ready")
    assert "Lucía Ortega" in get(f"http://localhost:{ports['SANDBOX_PORT']}/")[1]
    processes = processes_of(supervisor.popen.pid)
    assert len(processes) >= 5  # the web server and its two, the worker, the sandbox
    supervisor.signal(signal.SIGINT)
    assert supervisor.end()[0] == 0
    assert all(is_gone(process) for process in processes)
    with pytest.raises(urllib.error.URLError):
        get(f"http://127.0.0.1:{ports['PORT']}/healthz")


def test_second_start_finds_what_was_registered_beside_the_first(
    start: Callable[..., Supervisor], ports: dict[str, str]
) -> None:
    first = start(**ports)
    first.wait_until_it_says("Control-C stops everything.")
    flask = [sys.executable, "-m", "flask", "--app", "wsgi", "lti"]
    given = {"DATA_DIR": str(first.data_dir), "PUBLIC_URL": f"http://127.0.0.1:{ports['PORT']}"}
    other = "https://lms.example.org"
    endpoints = {"--auth-url": "auth", "--token-url": "token", "--jwks-url": "jwks"}
    register = ["register", "--issuer", other, "--client-id", "7", "--deployment-id", "1"]
    register += [part for name, path in endpoints.items() for part in (name, f"{other}/{path}")]
    subprocess.run([*flask, *register], cwd=ROOT, env=given, check=True, capture_output=True)
    first.signal(signal.SIGTERM)
    assert first.end()[0] == 0
    second = start(**ports)
    second.wait_until_it_says("Control-C stops everything.")
    listed = subprocess.run(
        [*flask, "list"], cwd=ROOT, env=given, check=True, capture_output=True, text=True
    ).stdout
    assert other in listed
    assert listed.count("client sandbox-client") == 1
    second.signal(signal.SIGTERM)
    assert second.end()[0] == 0


def test_bad_setting_stops_the_start_with_its_sentence(
    start: Callable[..., Supervisor], ports: dict[str, str]
) -> None:
    status, said = start(**ports, TIMEZONE="Valley").end()
    assert status == 1
    assert "TIMEZONE must be the name of a time zone" in said
    assert "Traceback" not in said
