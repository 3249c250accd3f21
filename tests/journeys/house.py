"""The tool, its worker and the sandbox, started as ``make run`` starts them, in a folder and on ports of their own."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from institute.paths import ROOT

TABLE: Final = ROOT / "institute" / "running" / "processes.toml"
READY: Final = "The tool itself:"
START_SECONDS: Final = 240
GRACE_SECONDS: Final = 30


@dataclass(frozen=True, slots=True)
class House:
    """What runs. The two addresses are different sites to a browser: ``localhost`` and ``127.0.0.1``."""

    tool_url: str
    sandbox_url: str
    environment: dict[str, str]
    log: Path
    closing: ExitStack = field(default_factory=ExitStack, compare=False)
    """What ends before the house does."""

    @property
    def hosts(self) -> tuple[str, str]:
        """The only two addresses that a page may ask for anything."""
        return (self.tool_url, self.sandbox_url)

    def command(self, *words: str) -> str:
        """Run ``flask --app wsgi …`` beside the running tool and return what it says."""
        done = subprocess.run(
            [sys.executable, "-m", "flask", "--app", "wsgi", *words],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout


@contextmanager
def start_house(folder: Path) -> Iterator[House]:
    """Start everything, wait until all answer, and end it all afterwards. Only the sandbox's controls are added."""
    port, sandbox_port = free_ports()
    table = folder / "processes.toml"
    written = TABLE.read_text(encoding="utf-8")
    table.write_text(
        written.replace('"-m", "lti.sandbox",', '"-m", "lti.sandbox", "--controls",'), encoding="utf-8"
    )
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    tool_url = f"http://127.0.0.1:{port}"
    environment = {
        **kept,
        "PORT": str(port),
        "SANDBOX_PORT": str(sandbox_port),
        "PUBLIC_URL": tool_url,
        "PLATFORM_NETWORKS": "loopback",
        "DATA_DIR": str(folder / "data"),
    }
    log = folder / "said.txt"
    with log.open("w", encoding="utf-8") as said:
        process = subprocess.Popen(
            [sys.executable, "-m", "institute.running", str(table)],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=subprocess.STDOUT,
        )
    try:
        _wait_for(process, log)
        house = House(tool_url, f"http://localhost:{sandbox_port}", environment, log)
        with house.closing:
            yield house
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=GRACE_SECONDS)


def _wait_for(process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while READY not in (said := log.read_text(encoding="utf-8", errors="replace")):
        assert process.poll() is None, said
        assert time.monotonic() < deadline, said
        time.sleep(0.1)


def free_ports() -> tuple[int, int]:
    """Return two ports on loopback that nobody uses."""
    with socket.socket() as one, socket.socket() as other:
        one.bind(("127.0.0.1", 0))
        other.bind(("127.0.0.1", 0))
        return one.getsockname()[1], other.getsockname()[1]
