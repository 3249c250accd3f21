"""``python -m lti.sandbox``: starts, says where it is, ends when told, and says so when a port is busy."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
import requests

from lti.sandbox.__main__ import main
from tests.lti.sandbox.conftest import TIMEOUT

PATIENCE_SECONDS = 120
ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def port() -> int:
    """A port that was free a moment ago."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def run(*arguments: str) -> subprocess.Popen[str]:
    """Start the sandbox."""
    command = [sys.executable, "-m", "lti.sandbox", *arguments]
    return subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8"
    )


def end(process: subprocess.Popen[str], number: signal.Signals) -> tuple[int, str]:
    """Tell the sandbox to end; return its status and what it wrote to its error stream."""
    process.send_signal(number)
    _, said = process.communicate(timeout=PATIENCE_SECONDS)
    return process.returncode, said


def test_it_keeps_its_data_and_ends_when_told(port: int, tmp_path: Path) -> None:
    keys: list[str] = []
    for number in (signal.SIGTERM, signal.SIGINT):
        process = run("--port", str(port), "--data", str(tmp_path / "new"))
        assert process.stdout is not None
        assert f"http://localhost:{port}" in process.stdout.readline()
        hosts = ("localhost", "127.0.0.1")
        keys += [requests.get(f"http://{host}:{port}/jwks", timeout=TIMEOUT).text for host in hosts]
        assert end(process, number) == (0, "")
    assert len(set(keys)) == 1


def test_a_busy_port_is_one_sentence(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as busy:
        port = busy.getsockname()[1]
        process = run("--port", str(port), "--data", str(tmp_path))
        said, complained = process.communicate(timeout=PATIENCE_SECONDS)
    assert process.returncode == 1
    assert said == ""
    assert complained == (
        f"Port {port} is in use by another program: stop it, or choose another port with --port.\n"
    )


def test_it_listens_on_loopback_alone(port: int, tmp_path: Path) -> None:
    process = run("--port", str(port), "--data", str(tmp_path))
    assert process.stdout is not None
    process.stdout.readline()
    listening = [
        line.split()[1] for line in Path("/proc/net/tcp").read_text().splitlines() if line.split()[3] == "0A"
    ]
    assert [address for address in listening if address.endswith(f":{port:04X}")] == [f"0100007F:{port:04X}"]
    assert end(process, signal.SIGTERM) == (0, "")


@pytest.mark.parametrize("wrong", [["--port", "0"], ["--tool-url", "elsewhere"], ["--profile", "unheard-of"]])
def test_a_wrong_option_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], wrong: list[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--data", str(tmp_path), *wrong])
    assert ended.value.code == 2
    assert wrong[0] in capsys.readouterr().err


def test_a_folder_that_cannot_be_made_is_one_sentence(port: int, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    process = run("--port", str(port), "--data", str(tmp_path / "file"))
    _, said = process.communicate(timeout=PATIENCE_SECONDS)
    assert (process.returncode, said) == (1, "The sandbox cannot start: File exists.\n")
