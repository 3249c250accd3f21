"""What ``make run`` and ``make reset`` promise about the data folder."""

from __future__ import annotations

import signal
import subprocess
from collections.abc import Callable
from pathlib import Path

from tests.running.conftest import Supervisor, python, stay

Start = Callable[..., Supervisor]
MakeTable = Callable[..., Path]
Reset = Callable[..., subprocess.CompletedProcess[str]]

COUNT = python(
    "import os, pathlib; path = pathlib.Path(os.environ['DATA_DIR'], 'starts')\n"
    "path.write_text((path.read_text() if path.exists() else '') + 'x')"
)


def run_once(start: Start, table: Path) -> Supervisor:
    supervisor = start(table)
    supervisor.wait_until_it_says("All is up.")
    supervisor.signal(signal.SIGTERM)
    assert supervisor.end()[0] == 0
    return supervisor


def test_second_start_keeps_the_data_and_reset_forgets_them(
    start: Start, make_table: MakeTable, reset: Reset
) -> None:
    table = make_table(prepare={"count": COUNT}, one=stay("one"))
    for starts in ("x", "xx"):
        assert (run_once(start, table).data_dir / "starts").read_text() == starts
    assert reset().returncode == 0
    assert (run_once(start, table).data_dir / "starts").read_text() == "x"


def test_reset_leaves_a_folder_alone_that_no_start_made(
    start: Start, make_table: MakeTable, reset: Reset, tmp_path: Path
) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "letters").write_text("precious")
    run_once(start, make_table(one=stay("one")))
    answer = reset()
    assert answer.returncode == 1
    assert answer.stderr == f"{folder} was not made by `make run`, so it is left alone. Delete it by hand.\n"
    assert (folder / "letters").read_text() == "precious"


def test_reset_without_data_says_so(reset: Reset, tmp_path: Path) -> None:
    answer = reset()
    assert (answer.returncode, answer.stdout) == (0, f"There are no data in {tmp_path / 'data'}.\n")


def test_folder_in_use_is_neither_reset_nor_started_twice(
    start: Start, make_table: MakeTable, reset: Reset
) -> None:
    table = make_table(one=stay("one"))
    first = start(table)
    first.wait_until_it_says("All is up.")
    refusal = f"{first.data_dir} is in use by another `make run`. Stop that one first.\n"
    assert reset().stderr == refusal
    assert start(table).end() == (1, refusal)
    first.signal(signal.SIGTERM)
    assert first.end()[0] == 0
    assert reset().returncode == 0


def test_folder_that_cannot_be_made_is_a_sentence(
    start: Start, make_table: MakeTable, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    folder = tmp_path / "file" / "data"
    assert start(make_table(one=stay("one")), data_dir=folder).end() == (
        1,
        f"DATA_DIR must be a folder that can be written: {folder}: Not a directory.\n",
    )
