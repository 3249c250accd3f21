"""What is not a whole backup, or does not fit here, is refused with a sentence; nothing is touched then."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import make_url

from institute.files.storage import current_storage
from institute.paths import ROOT
from tests.institute.houses import House, restore
from tests.institute.processes import Start, command


def _rewritten(path: Path, target: Path, change: Callable[[str, bytes], tuple[str, bytes] | None]) -> Path:
    """Write an archive whose members went through ``change`` (None leaves one out)."""
    with tarfile.open(path) as tar, tarfile.open(target, "w") as out:
        for head in tar.getmembers():
            changed = change(head.name, (tar.extractfile(head) or io.BytesIO()).read())
            if changed is not None:
                new = tarfile.TarInfo(changed[0])
                new.size = len(changed[1])
                out.addfile(new, io.BytesIO(changed[1]))
    return target


def _in_manifest(old: str, new: str) -> Callable[[str, bytes], tuple[str, bytes]]:
    return lambda name, text: (
        (name, text.replace(old.encode(), new.encode())) if name == "manifest.json" else (name, text)
    )


def _turned(name: str, text: bytes) -> tuple[str, bytes]:
    return (name, bytes([text[0] ^ 1]) + text[1:]) if name.startswith("database.") else (name, text)


HOSTILE: dict[str, tuple[Callable[[str, bytes], tuple[str, bytes] | None], str]] = {
    "no manifest": (
        lambda name, text: None if name == "manifest.json" else (name, text),
        "not a whole backup",
    ),
    "no file": (lambda name, text: None if name.startswith("files/") else (name, text), "not a whole backup"),
    "a bit turned": (_turned, "is damaged: database."),
    "another file": (
        lambda name, text: (name, text[::-1]) if name.startswith("files/") else (name, text),
        "is damaged: files/",
    ),
    "a name that leads out": (
        lambda name, text: (name.replace("keys/", "../"), text.replace(b"keys/", b"../")),
        "not a whole backup",
    ),
    "a manifest of nonsense": (
        lambda name, text: (
            (name, b'{"format": 1, "members": [3]}') if name == "manifest.json" else (name, text)
        ),
        "not a whole backup",
    ),
    "a later revision": (_in_manifest('"revision": "0', '"revision": "9'), "newer version"),
    "a later format": (_in_manifest('"format": 1', '"format": 2'), "not a whole backup"),
    "another database": (_in_manifest('"database": "', '"database": "x'), "not a whole backup"),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_archive_that_is_not_what_was_written_is_refused_and_nothing_touched(
    start: Start, tmp_path: Path, url: dict[str, str], backed_up: tuple[House, Path], case: str
) -> None:
    house, path = backed_up
    change, sentence = HOSTILE[case]
    bad = _rewritten(path, tmp_path / "bad.tar", change)
    with start(tmp_path / "data", **url) as app:
        before = _listing(tmp_path / "data")
        status, told = command(app, "restore", "--force", str(bad))
        assert status == 1
        assert sentence in told
        assert _listing(tmp_path / "data") == before
        house.assert_stands(app)


def _listing(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if "sqlite3-" not in path.name}


@pytest.mark.parametrize("cut", [0, 1, 700, 5000, -1, -2000])
def test_archive_cut_short_is_refused(
    start: Start, tmp_path: Path, url: dict[str, str], backed_up: tuple[House, Path], cut: int
) -> None:
    _house, path = backed_up
    whole = path.read_bytes()
    end = (
        cut if cut >= 0 else len(whole.rstrip(b"\0")) + cut
    )  # a tar ends in zeros, as many as fill its last record
    (tmp_path / "short.tar").write_bytes(whole[: max(0, end)])
    with start(tmp_path / "new", **url) as app:
        status, told = restore(app, tmp_path / "short.tar")
        assert (status, "is not a whole backup of this tool." in told or "damaged" in told) == (1, True)


def test_files_that_are_no_archive_are_sentences(start: Start, tmp_path: Path, url: dict[str, str]) -> None:
    (tmp_path / "text").write_text("not an archive")
    with tarfile.open(tmp_path / "other.tar", "w") as tar:
        tar.add(ROOT / "wsgi.py", "wsgi.py")
    with start(tmp_path / "new", **url) as app:
        for name in ("text", "other.tar"):
            status, told = restore(app, tmp_path / name)
            assert (status, told.startswith("Error: "), "Traceback" in told) == (1, True, False)
        assert command(app, "restore", str(tmp_path / "nowhere"))[0] == 2


def test_places_that_cannot_be_written_are_sentences(
    start: Start, tmp_path: Path, url: dict[str, str], backed_up: tuple[House, Path]
) -> None:
    _house, path = backed_up
    with start(tmp_path / "data", **url) as app:
        assert command(app, "backup", str(path)) == (
            1,
            f"Error: {path} is there already: name another file.\n",
        )
        status, told = command(app, "backup", str(tmp_path / "no" / "such" / "folder.tar"))
        assert (status, told.endswith("cannot be used: No such file or directory.\n")) == (1, True)


def test_folder_that_is_not_there_does_not_become_a_file(
    start: Start, tmp_path: Path, url: dict[str, str], backed_up: tuple[House, Path]
) -> None:
    _ = backed_up
    with start(tmp_path / "data", **url) as app:
        status, told = command(app, "backup", f"{tmp_path}/backups/")
    assert (status, told) == (1, f"Error: {tmp_path}/backups/ cannot be used: No such file or directory.\n")
    assert not (tmp_path / "backups").exists()


def test_nothing_to_back_up_is_a_sentence(start: Start, tmp_path: Path) -> None:
    with start(tmp_path / "empty") as app:
        assert command(app, "backup", str(tmp_path)) == (
            1,
            "Error: There is no database yet: nothing to back up.\n",
        )
    assert not (tmp_path / "empty" / "institute.sqlite3").exists()


def test_file_that_is_missing_from_the_storage_is_told(
    start: Start, tmp_path: Path, url: dict[str, str], backed_up: tuple[House, Path]
) -> None:
    with start(tmp_path / "data", **url) as app:
        for name in list(current_storage().names()):
            (tmp_path / "data" / "files" / name[:2] / name).unlink()
        status, told = command(app, "backup", str(tmp_path / "second.tar"))
        assert status == 0
        assert "1 files that the database names are missing from the storage." in told


def test_folder_that_a_run_holds_is_not_restored_into(
    start: Start, tmp_path: Path, url: dict[str, str], backed_up: tuple[House, Path]
) -> None:
    _house, path = backed_up
    script = "import sys, pathlib\nfrom institute.running.folder import hold\n"
    script += "with hold(pathlib.Path(sys.argv[1])): print('held', flush=True); sys.stdin.read()"
    (tmp_path / "new").mkdir()
    with (
        start(tmp_path / "new", **url) as app,
        subprocess.Popen(
            [sys.executable, "-c", script, str(tmp_path / "new")],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        ) as holder,
    ):
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        status, told = restore(app, path)
        assert status == 1
        assert "is in use by another run" in told
        holder.communicate()


def test_sqlite_database_that_others_have_open_is_not_replaced(
    start: Start, tmp_path: Path, url: dict[str, str], backed_up: tuple[House, Path]
) -> None:
    house, path = backed_up
    if url:
        return  # a server replaces its tables in one transaction, whoever looks on
    with start(tmp_path / "data") as running:
        house.assert_stands(running)
        done = subprocess.run(
            [sys.executable, "-m", "flask", "--app", "wsgi", "institute", "restore", "--force", str(path)],
            cwd=ROOT,
            env={**os.environ, "DATA_DIR": str(tmp_path / "data")},
            capture_output=True,
            text=True,
            check=False,
        )
        assert (done.returncode, done.stderr) == (
            1,
            "Error: The database is in use: stop the web processes and the workers first.\n",
        )
        assert not (tmp_path / "data" / "backups").exists()
        house.assert_stands(running)


@pytest.mark.parametrize("program", ["pg_dump"])
def test_missing_program_of_postgresql_is_a_sentence(
    start: Start, tmp_path: Path, url: dict[str, str], monkeypatch: pytest.MonkeyPatch, program: str
) -> None:
    if not url:
        return
    with start(tmp_path / "data", **url) as app:
        monkeypatch.setenv("PATH", str(tmp_path))
        status, told = command(app, "backup", str(tmp_path))
        assert (status, told) == (
            1,
            f"Error: {program} is not installed: it comes with PostgreSQL's client programs.\n",
        )


def test_backup_of_one_kind_of_database_is_refused_by_the_other(
    start: Start, tmp_path: Path, url: dict[str, str], backed_up: tuple[House, Path]
) -> None:
    _house, path = backed_up
    if not url:
        return
    assert make_url(url["DATABASE_URL"]).get_backend_name() == "postgresql"
    with start(tmp_path / "sqlite") as app:
        status, told = command(app, "restore", str(path))
        assert status == 1
        assert told.startswith("Error: The backup is of a PostgreSQL database")
