"""From the command to the first page, and the memory that a web process then holds.

Target: at most 1.5 s and 120 MB. The reference is Python importing Flask and nothing else, in the same run.
"""

from __future__ import annotations

import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

from institute.paths import ROOT
from tests.bench.measuring import make_app
from tests.running.conftest import free_port

ROUNDS = 5
MOST_SECONDS = 1.5
MOST_MB = 120

opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def start_once(folder: Path) -> tuple[float, float]:
    """Return the seconds to the first page, and the megabytes of the largest process of the server."""
    port = free_port()
    command = [
        sys.executable,
        "-m",
        "gunicorn",
        "wsgi:app",
        "--bind",
        f"127.0.0.1:{port}",
        "--log-level",
        "error",
    ]
    environment = {**os.environ, "DATA_DIR": str(folder), "PUBLIC_URL": f"http://127.0.0.1:{port}"}
    began = time.perf_counter()
    server = subprocess.Popen(command, cwd=ROOT, env=environment, start_new_session=True)
    try:
        while not answers(f"http://127.0.0.1:{port}/"):
            if server.poll() is not None:
                raise SystemExit("The server ended.")
            time.sleep(0.01)
        seconds = time.perf_counter() - began
        return seconds, max(resident_mb(process) for process in group_of(server.pid))
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait()


def answers(address: str) -> bool:
    """Tell whether a page is there."""
    try:
        with opener.open(address, timeout=10):
            return True
    except (urllib.error.URLError, OSError):
        return False


def group_of(leader: int) -> list[int]:
    """Return the processes of a session."""
    return [int(entry.name) for entry in Path("/proc").glob("[0-9]*") if os.getsid(int(entry.name)) == leader]


def resident_mb(process: int) -> float:
    """Return the resident memory of a process."""
    pages = int(Path(f"/proc/{process}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1_000_000


def reference() -> float:
    """Return the seconds that Python takes to import Flask."""
    began = time.perf_counter()
    subprocess.run([sys.executable, "-c", "import flask"], check=True)
    return time.perf_counter() - began


def main() -> None:
    """Start the server a few times and print the figures."""
    with tempfile.TemporaryDirectory() as folder:
        make_app(Path(folder))
        starts = [(start_once(Path(folder)), reference()) for _ in range(ROUNDS)]
    seconds = statistics.median(ours[0] for ours, _ in starts)
    flask = statistics.median(theirs for _, theirs in starts)
    memory = max(ours[1] for ours, _ in starts)
    sys.stdout.write(
        f"start to first page, {ROUNDS} rounds\n"
        f"  ours           {seconds:5.2f} s   target: at most {MOST_SECONDS} s\n"
        f"  importing flask{flask:5.2f} s   ratio {seconds / flask:.1f}\n"
        f"  memory         {memory:5.0f} MB  target: at most {MOST_MB} MB\n"
    )


if __name__ == "__main__":
    main()
