"""What ``make run`` promises about its processes."""

from __future__ import annotations

import signal
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.running.conftest import STAY, Supervisor, is_gone, python, stay

Start = Callable[..., Supervisor]
MakeTable = Callable[..., Path]

# A shell that starts something of its own: it too must be gone in the end.
WITH_A_CHILD = (
    "sh",
    "-c",
    'sleep 600 & echo $! > "$DATA_DIR/grandchild.new"; mv "$DATA_DIR/grandchild.new" "$DATA_DIR/grandchild"; wait',
)
DEAF = python("import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); " + STAY.format(name="deaf"))


def test_busy_port_is_a_sentence_and_nothing_starts(start: Start, make_table: MakeTable) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        supervisor = start(make_table(one=stay("one")), PORT=str(port))
        status, said = supervisor.end()
    assert status == 1
    assert said == f"Port {port} is in use by another program. Choose a free one: PORT={port + 10} make run\n"
    assert not supervisor.data_dir.exists()


@pytest.mark.parametrize("port", ["", "0", "80a", "65536", "٣"])
def test_setting_that_is_no_port_is_a_sentence_and_an_empty_one_the_default(
    start: Start, make_table: MakeTable, port: str
) -> None:
    same = "8000" if port == "" else "8001"
    status, said = start(make_table(one=stay("one")), PORT=port, SANDBOX_PORT=same).end()
    assert status == 1
    if port == "":
        assert said == "PORT and SANDBOX_PORT must be different ports.\n"
    else:
        assert said == "PORT must be a port: a whole number from 1 to 65535.\n"


def test_one_process_dying_stops_all_with_its_status(start: Start, make_table: MakeTable) -> None:
    until_told = python(
        "import os, pathlib, sys, time\n"
        "while not pathlib.Path(os.environ['DATA_DIR'], 'die').exists(): time.sleep(0.02)\n"
        "sys.exit(7)"
    )
    supervisor = start(make_table(one=stay("one"), two=until_told, three=WITH_A_CHILD))
    supervisor.wait_until_it_says("All is up.")
    others = [supervisor.process_id("one"), supervisor.process_id("grandchild")]
    (supervisor.data_dir / "die").touch()
    status, said = supervisor.end()
    assert status == 7
    assert "Stopped everything: two ended with status 7." in said
    assert all(is_gone(other) for other in others)


def test_process_ended_by_a_signal_counts_as_in_a_shell(start: Start, make_table: MakeTable) -> None:
    status, _ = start(make_table(one=stay("one"), two=("sh", "-c", "kill -KILL $$"))).end()
    assert status == 128 + signal.SIGKILL


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_asking_for_the_end_leaves_no_process(
    start: Start, make_table: MakeTable, number: signal.Signals
) -> None:
    supervisor = start(make_table(one=stay("one"), two=WITH_A_CHILD))
    supervisor.wait_until_it_says("All is up.")
    processes = [supervisor.process_id("one"), supervisor.process_id("grandchild")]
    supervisor.signal(number)
    status, _ = supervisor.end()
    assert status == 0
    assert all(is_gone(process) for process in processes)


def test_asking_for_the_end_during_the_preparation_leaves_no_process(
    start: Start, make_table: MakeTable
) -> None:
    supervisor = start(make_table(prepare={"slow": stay("slow")}, one=stay("one")))
    slow = supervisor.process_id("slow")
    supervisor.signal(signal.SIGTERM)
    assert supervisor.end()[0] == 0
    assert is_gone(slow)
    assert not (supervisor.data_dir / "one").exists()


def test_process_that_does_not_listen_is_ended_by_force(start: Start, make_table: MakeTable) -> None:
    supervisor = start(make_table(deaf=DEAF))
    supervisor.wait_until_it_says("All is up.")
    deaf = supervisor.process_id("deaf")
    supervisor.signal(signal.SIGTERM)
    assert supervisor.end()[0] == 0
    assert is_gone(deaf)


def test_killed_supervisor_leaves_no_process(start: Start, make_table: MakeTable) -> None:
    supervisor = start(make_table(one=stay("one"), two=stay("two")))
    supervisor.wait_until_it_says("All is up.")
    processes = [supervisor.process_id("one"), supervisor.process_id("two")]
    supervisor.signal(signal.SIGKILL)
    supervisor.end()
    assert all(is_gone(process) for process in processes)


def test_failing_preparation_starts_nothing_and_gives_its_status(start: Start, make_table: MakeTable) -> None:
    failing = {"the rows": python("raise SystemExit(3)"), "the rest": stay("rest")}
    supervisor = start(make_table(prepare=failing, one=stay("one")))
    status, said = supervisor.end()
    assert status == 3
    assert "Preparing the rows failed with status 3." in said
    assert not (supervisor.data_dir / "rest").exists()
    assert not (supervisor.data_dir / "one").exists()


def test_command_that_is_not_there_is_a_sentence(start: Start, make_table: MakeTable) -> None:
    status, said = start(make_table(one=stay("one"), two=("no-such-program",))).end()
    assert status == 1
    assert "Cannot start two: no-such-program: No such file or directory." in said
