"""The other platform as a test sees it: started in its own environment, opened by browser, asked what it holds."""

from __future__ import annotations

import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import requests
from playwright.sync_api import Page

from institute.paths import ROOT
from tests.journeys.house import House

PYTHON: Final = ROOT / ".venv-interop" / "bin" / "python"
START_SECONDS: Final = 60
ARRIVES_WITHIN_SECONDS: Final = 60


@dataclass(frozen=True, slots=True)
class OpenEdx:
    """A platform that runs, and the tool that is placed in its one course."""

    url: str
    tool_url: str

    def ask(self, page: str) -> Any:
        """Return what one of its pages tells, as JSON."""
        answer = requests.get(f"{self.url}/{page}", timeout=30)
        assert answer.ok, answer.text
        return answer.json()

    def open(self, page: Page, user: str, **more: str) -> Page:
        """Open the tool for somebody of the course, in the whole window, and wait until it stands there."""
        query = "&".join(f"{name}={value}" for name, value in {"user": user, **more}.items())
        page.goto(f"{self.url}/open?{query}")
        page.wait_for_url(f"{self.tool_url}/s/**")
        page.wait_for_load_state()
        return page

    def register(self, house: House) -> None:
        """Tell the tool of the platform, with what the platform says of itself."""
        told = self.ask("about")
        house.command(
            *(
                "lti",
                "register",
                "--name",
                "Open edX",
                "--issuer",
                self.url,
                "--client-id",
                told["client_id"],
            ),
            *("--deployment-id", told["deployment_id"], "--auth-url", told["oidc_callback"]),
            *("--token-url", told["token_url"], "--jwks-url", told["keyset_url"]),
        )

    def wait_for(self, page: str, found: Callable[[Any], Any]) -> Any:
        """Ask until ``found`` finds something in the answer, and return that."""
        deadline = time.monotonic() + ARRIVES_WITHIN_SECONDS
        while True:
            answer = self.ask(page)
            wanted = found(answer)
            if wanted:
                return wanted
            assert time.monotonic() < deadline, f"It never arrived: {answer}"
            time.sleep(0.25)


@contextmanager
def start_openedx(folder: Path, tool_url: str) -> Iterator[OpenEdx]:
    """Start the platform on a free port and end it afterwards."""
    assert PYTHON.exists(), "The other platform's environment is missing: make it with `make interop`."
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = folder / "said.txt"
    with log.open("w", encoding="utf-8") as said:
        process = subprocess.Popen(
            [str(PYTHON), "-m", "tests.interop.openedx", str(folder), str(port), tool_url],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=subprocess.STDOUT,
        )
    try:
        deadline = time.monotonic() + START_SECONDS
        while "ready\n" not in (words := log.read_text(encoding="utf-8")):
            assert process.poll() is None, words
            assert time.monotonic() < deadline, words
            time.sleep(0.1)
        yield OpenEdx(f"http://localhost:{port}", tool_url)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=10)
