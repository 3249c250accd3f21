"""Fixtures for the supervisor: tables of small commands, and supervisors that are ended whatever a test does."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_SECONDS = 120

STAY = (
    "import os, pathlib, time; pathlib.Path(os.environ['DATA_DIR'], '{name}').write_text(str(os.getpid()))"
    "; time.sleep(600)"
)


def stay(name: str) -> tuple[str, ...]:
    """Return a command that writes its process id into the data folder and stays."""
    return ("{python}", "-c", STAY.replace("{name}", name))


def python(code: str) -> tuple[str, ...]:
    """Return a command that runs ``code``."""
    return ("{python}", "-c", code)


def free_port() -> int:
    """Return a port that nothing listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass
class Supervisor:
    """A supervisor in a process of its own, with what it has said so far."""

    popen: subprocess.Popen[str]
    data_dir: Path
    said: list[str] = field(default_factory=list)

    def wait_until_it_says(self, words: str) -> None:
        assert self.popen.stdout is not None
        for line in self.popen.stdout:
            self.said.append(line)
            if words in line:
                return
        raise AssertionError(f"It ended without saying {words!r}: {''.join(self.said)}")

    def signal(self, number: signal.Signals) -> None:
        self.popen.send_signal(number)

    def end(self) -> tuple[int, str]:
        """Wait for its end. Return its status and all it said."""
        rest, _ = self.popen.communicate(timeout=PATIENCE_SECONDS)
        return self.popen.returncode, "".join(self.said) + rest

    def process_id(self, name: str) -> int:
        """Return the id that the command made by ``stay(name)`` wrote down."""
        path = self.data_dir / name
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not (path.is_file() and path.read_text()):
            assert time.monotonic() < deadline, f"{name} never started"
            time.sleep(0.02)
        return int(path.read_text())


def is_gone(process_id: int) -> bool:
    """Tell whether a process has ended, allowing it a moment."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        try:
            state = Path(f"/proc/{process_id}/stat").read_text().rpartition(")")[2].split()[0]
        except (FileNotFoundError, ProcessLookupError):
            return True
        if state == "Z":
            return True
        time.sleep(0.02)
    return False


@pytest.fixture
def make_table(tmp_path: Path) -> Callable[..., Path]:
    """Write a table of the given services (name to command) and steps of preparation."""

    def make(*, prepare: dict[str, tuple[str, ...]] | None = None, **services: tuple[str, ...]) -> Path:
        lines = [
            'say = "All is up."',
            "grace_seconds = 1",
            "[ports]",
            "PORT = 8000",
            "SANDBOX_PORT = 8001",
            "[environment]",
        ]
        for kind, rows in (("prepare", prepare or {}), ("service", services)):
            for name, command in rows.items():
                quoted = ", ".join(f"'''{part}'''" for part in command)
                lines += [f"[[{kind}]]", f'name = "{name}"', f"command = [{quoted}]"]
        path = tmp_path / "table.toml"
        path.write_text("\n".join(lines), encoding="utf-8")
        return path

    return make


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Supervisor]]:
    """Start a supervisor; without a table it runs the product's own."""
    started: list[Supervisor] = []

    def begin(table: Path | None = None, *, data_dir: Path | None = None, **environment: str) -> Supervisor:
        folder = data_dir or tmp_path / "data"
        ports = {"PORT": str(free_port()), "SANDBOX_PORT": str(free_port())}
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        popen = subprocess.Popen(
            [sys.executable, "-m", "institute.running", *([str(table)] if table else [])],
            cwd=ROOT,
            env={**kept, **ports, "DATA_DIR": str(folder), **environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        started.append(Supervisor(popen, folder))
        return started[-1]

    yield begin
    for supervisor in started:
        if supervisor.popen.poll() is None:
            supervisor.signal(signal.SIGTERM)
        supervisor.popen.communicate(timeout=PATIENCE_SECONDS)


@pytest.fixture
def reset(tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Forget the data folder, as ``make reset`` does."""

    def forget(data_dir: Path | None = None) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "institute.running.reset"],
            cwd=ROOT,
            env={"DATA_DIR": str(data_dir or tmp_path / "data")},
            capture_output=True,
            text=True,
            check=False,
        )

    return forget
