"""The command that writes a specimen: what it makes, and what it says where it makes nothing."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pikepdf
import pytest
from flask import Flask

# WeasyPrint leaves a colour profile to the garbage collector.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")


def preview(app: Flask, *arguments: str | Path) -> tuple[int, str]:
    """Run the command; return its status and what it said."""
    result = app.test_cli_runner().invoke(args=["certificates", "preview", *map(str, arguments)])
    return result.exit_code, result.output


def test_it_writes_a_specimen_that_is_not_signed(app: Flask, tmp_path: Path) -> None:
    out = tmp_path / "out.pdf"
    wished = [
        "--template",
        "modern",
        "--name",
        "Mei-Ling Chen",
        "--locale",
        "es",
        "--orientation",
        "portrait",
    ]
    status, said = preview(app, *wished, out)
    assert (status, "kB" in said) == (0, True)
    with pikepdf.open(out) as pdf:
        width, height = (float(edge) for edge in pdf.pages[0].mediabox[2:])
        assert height > width
        assert pdf.Root.Lang == "es"
        assert "/Perms" not in pdf.Root
    assert list(tmp_path.iterdir()) == [out]


def test_it_does_not_write_over_a_file_unless_told_to(app: Flask, tmp_path: Path) -> None:
    out = tmp_path / "out.pdf"
    out.write_text("mine")
    status, said = preview(app, "--name", "Ana", out)
    assert (status, out.read_text()) == (2, "mine")
    assert "--force" in said
    assert preview(app, "--name", "Ana", "--document", "transcript", "--force", out)[0] == 0
    assert out.read_bytes().startswith(b"%PDF-")


def test_a_transcript_shows_hours_that_add_up(app: Flask, tmp_path: Path) -> None:
    out = tmp_path / "out.pdf"
    assert preview(app, "--name", "Ana", "--document", "transcript", out)[0] == 0
    command = ["pdftotext", "-layout", str(out), "-"]
    read = " ".join(subprocess.run(command, capture_output=True, text=True, check=True).stdout.split())
    assert read.count("Total 30 43 h 30 min 43 h 30 min") == 3
    assert "Individual leadership plan" in read


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--name", "Ana", "--locale", "qq"], "no language"),
        (["--name", "Ana", "--locale", "\N{ZERO WIDTH SPACE}"], "no language"),
        (["--name", " "], "no name"),
        (["--name", "A" * 900], "too long"),
        (["--name", "Ana", "--template", "baroque"], "baroque"),
        (["--template", "classic"], "--name"),
    ],
)
def test_a_wrong_argument_is_told_in_a_sentence(
    app: Flask, tmp_path: Path, arguments: list[str], said: str
) -> None:
    status, output = preview(app, *arguments, tmp_path / "out.pdf")
    assert (status, said in output) == (2, True), output
    assert not list(tmp_path.iterdir())


def test_a_folder_that_is_not_there_is_told_in_a_sentence(app: Flask, tmp_path: Path) -> None:
    status, output = preview(app, "--name", "Ana", tmp_path / "nowhere" / "out.pdf")
    assert (status, "cannot be written" in output) == (2, True)


def test_what_is_no_file_is_never_replaced(app: Flask, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    status, output = preview(app, "--name", "Ana", "--force", pipe)
    assert (status, "it is not a file" in output) == (2, True)
    assert pipe.is_fifo()
