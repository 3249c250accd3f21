"""Run as a program: kills a backup or a restore at its first step, at its second, and so on until it ends by itself.

A step is what changes something outside the process and Python's audit hooks tell of: opening a file for writing,
renaming, linking, removing, connecting to a database, starting a program. After each kill a process is started that
looks at what is there; one line of JSON says what it saw. ``python -m tests.institute.killing backup|restore <every
how many> <folder>``: the folder holds ``old`` (the data folder as it is before) and ``new.tar``.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from flask import Flask
from sqlalchemy import select

import certificates
import courses
import lti
from institute.app import create_app
from institute.audit.sealing import first_broken_position
from institute.backup.archive import open_archive
from institute.config import Settings
from institute.db import db
from institute.files.models import StoredFile
from institute.files.reading import open_file
from institute.keys.keeping import key_in_use
from institute.keys.models import KeyPurpose
from institute.people.models import Institute

STEPS: Final = frozenset(
    {
        "os.rename",
        "os.link",
        "os.remove",
        "os.mkdir",
        "os.rmdir",
        "os.chmod",
        "sqlite3.connect",
        "subprocess.Popen",
    }
)
WORKED: Final = 0
FIFTH: Final = 5


def is_step(event: str, arguments: tuple[Any, ...]) -> bool:
    """Tell whether an audit event is one of those that change something."""
    if event == "open":
        return isinstance(arguments[2], int) and bool(arguments[2] & (os.O_WRONLY | os.O_RDWR))
    return event in STEPS


def die_at(last: int) -> None:
    """Kill this process, as a power cut would, when it is about to take its step number ``last``."""
    steps = 0

    def count(event: str, arguments: tuple[Any, ...]) -> None:
        nonlocal steps
        if is_step(event, arguments):
            steps += 1
            if steps == last:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(count)


def started(work: Callable[[], int]) -> int:
    """Run ``work`` in a process of its own; return its exit status, negative if a signal ended it."""
    process = os.fork()
    if process == 0:
        status = 70
        try:
            status = work()
        finally:
            os._exit(status)
    return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])


def command(*words: str, last: int = 0, prepared: Flask | None = None) -> int:
    """Run a command of the tool in a process that starts now; return its exit status.

    ``prepared`` is an application with the settings of the old data, which saves making one.
    """

    def work() -> int:
        app = prepared or create_app(courses, certificates, lti)
        if last:
            die_at(last)
        result = app.test_cli_runner().invoke(args=["institute", *words])
        if result.exit_code:
            sys.stderr.write(f"{result.output} {result.exception!r}\n")
            sys.stderr.flush()
        return result.exit_code

    return started(work)


def seen() -> str:
    """Return the slug of the institute that stands, after its key was opened, its files read, its chain walked."""
    reading, writing = os.pipe()

    def work() -> int:
        app = create_app(courses, certificates, lti, settings=Settings.from_environment())
        with app.app_context():
            institute = db.session.scalars(select(Institute)).one()
            key_in_use(institute.id, KeyPurpose.DOCUMENT)
            for file_id in db.session.scalars(select(StoredFile.id)).all():
                _row, data = open_file(file_id, institute_id=institute.id)
                with data:
                    data.read()
            if first_broken_position() is None:
                os.write(writing, institute.slug.encode())
        return WORKED

    status = started(work)
    os.close(writing)
    with os.fdopen(reading) as answer:
        return answer.read() if status == WORKED else "broken"


def restores(every: int, folder: Path, data_dir: Path) -> None:
    """Kill the restore of ``new.tar`` over the old data at each step, and once more let it end."""
    words = ("restore", "--force", str(folder / "new.tar"))
    app, step, killed = prepare(folder, data_dir), 1, True
    while killed:
        reset(folder, data_dir, app)
        status = command(*words, last=step, prepared=app)
        killed, after = status == -signal.SIGKILL, seen()
        again = command(*words) if step % FIFTH == 0 else WORKED
        tell(step=step, status=status, seen=after, again=again)
        step += every


def backups(every: int, folder: Path, data_dir: Path) -> None:
    """Kill a backup of the old data at each step, and once more let it end."""
    app, step, out, killed = prepare(folder, data_dir), 1, folder / "out.tar", True
    while killed:
        out.unlink(missing_ok=True)
        status = command("backup", str(out), last=step, prepared=app)
        killed, after = status == -signal.SIGKILL, whole(out) if out.exists() else "absent"
        again = WORKED if out.exists() else command("backup", str(out), prepared=app)
        tell(
            step=step,
            status=status,
            seen=after,
            again=again,
            left=sorted(path.name for path in folder.iterdir()),
        )
        step += every


def prepare(folder: Path, data_dir: Path) -> Flask:
    """Return an application with the settings of the old data, which are there then."""
    shutil.rmtree(data_dir, ignore_errors=True)
    shutil.copytree(folder / "old", data_dir)
    return create_app(courses, certificates, lti)


def reset(folder: Path, data_dir: Path, app: Flask) -> None:
    """Bring back the old data, those of a server too."""
    shutil.rmtree(data_dir, ignore_errors=True)
    shutil.copytree(folder / "old", data_dir)
    if "DATABASE_URL" in os.environ and command("restore", "--force", str(folder / "old.tar"), prepared=app):
        sys.exit("the old data could not be brought back")


def tell(**seen: Any) -> None:
    """Write one line of JSON."""
    sys.stdout.write(json.dumps(seen) + "\n")
    sys.stdout.flush()


def whole(path: Path) -> str:
    """Return "whole" for a backup that is; anything else raises."""
    with open_archive(path) as archive:
        archive.check()
    return "whole"


if __name__ == "__main__":
    {"backup": backups, "restore": restores}[sys.argv[1]](
        int(sys.argv[2]), Path(sys.argv[3]), Path(os.environ["DATA_DIR"])
    )
