"""Workers to be killed: a process without threads forks one for each order that it reads, so that each starts at once.

Orders are lines of JSON on standard input: the application's environment, how far the worker's clock is ahead, the
named point at which it kills itself, or the seconds after which it is killed. The answer tells how it ended.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flask import Flask

import certificates
import courses
import lti
from institute import clock
from institute.app import create_app
from institute.config import Settings
from institute.jobs import worker

ROOT = Path(__file__).parents[3]


class WorkerNursery:
    """The other end, in the test: lets workers live and learns how they ended."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def run(
        self, settings: Settings, *, ahead: float = 0, kill_at: str = "", kill_after: float | None = None
    ) -> int:
        """Let a worker do what is due and return its status; negative is the signal that ended it."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        environment = {
            "DATA_DIR": str(settings.data_dir),
            "DATABASE_URL": settings.database_url,
            "PUBLIC_URL": settings.public_url,
            "PLATFORM_NETWORKS": "loopback",
            "SECRET_KEY": settings.secret_key,
        }
        order = {"environment": environment, "ahead": ahead, "kill_at": kill_at, "kill_after": kill_after}
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())


@contextmanager
def nursery() -> Iterator[WorkerNursery]:
    """Have workers at hand."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.lti.services.workers"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env={**os.environ, "INSTITUTE_TESTING": "1"},
    ) as process:
        try:
            yield WorkerNursery(process)
        finally:
            assert process.stdin is not None
            process.stdin.close()
            process.wait(timeout=30)


def _serve_orders() -> None:
    apps: dict[str, Flask] = {}
    for line in sys.stdin:
        order = json.loads(line)
        environment = order["environment"]
        key = json.dumps(environment, sort_keys=True)
        if key not in apps:
            settings = Settings.from_environment(environment)
            apps = {key: create_app(courses, certificates, lti, settings=settings)}
        pid = os.fork()
        if pid == 0:
            _work(apps[key], order)
        if order["kill_after"] is not None:
            time.sleep(order["kill_after"])
            os.kill(pid, signal.SIGKILL)  # not waited for yet, so the id is still its own
        _, status = os.waitpid(pid, 0)
        sys.stdout.write(f"{os.waitstatus_to_exitcode(status)}\n")
        sys.stdout.flush()


def _work(app: Flask, order: dict[str, Any]) -> None:
    os.environ["INSTITUTE_KILL_AT"] = order["kill_at"]
    with clock.shift(seconds=order["ahead"]):
        worker.run_once(app)
    os._exit(0)


if __name__ == "__main__":
    _serve_orders()
