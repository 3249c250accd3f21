"""Counts of requests that all processes of one machine share: a small database of their own beside the institute's.

Counted in memory, a limit would be as many times as high as there are processes.
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from limits.storage import Storage

SCHEME: Final = "shared"
FILE: Final = "rate-limits.sqlite3"
SECONDS_TO_WAIT: Final = 5.0
_TABLE: Final = """
CREATE TABLE IF NOT EXISTS hits (name TEXT PRIMARY KEY, count INTEGER NOT NULL, ends REAL NOT NULL) WITHOUT ROWID
"""
# A window that is over begins anew, whoever comes first.
_COUNT: Final = """
INSERT INTO hits (name, count, ends) VALUES (:name, :amount, :at + :length)
ON CONFLICT (name) DO UPDATE SET
  count = CASE WHEN ends <= :at THEN :amount ELSE count + :amount END,
  ends = CASE WHEN ends <= :at THEN :at + :length ELSE ends END
RETURNING count
"""


class SharedStorage(Storage):
    """Fixed windows of counts in a file. Nothing in it is worth keeping: it may be deleted at any time."""

    STORAGE_SCHEME = [SCHEME]  # noqa: RUF012  (as the base class has it)

    def __init__(
        self, uri: str | None = None, wrap_exceptions: bool = False, **options: float | str | bool
    ) -> None:
        super().__init__(uri, wrap_exceptions, **options)
        self._path = Path((uri or "").removeprefix(f"{SCHEME}://"))

    @property
    def base_exceptions(self) -> type[Exception]:
        """What goes wrong here."""
        return sqlite3.Error

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Count ``amount`` more in the window of ``key`` and return how many it holds; ``expiry`` is in seconds."""
        facts = {"name": key, "amount": amount, "at": time.time(), "length": expiry}
        with self._open() as database:
            (count,) = database.execute(_COUNT, facts).fetchone()
            if count == amount:  # a new window: the time to forget old ones
                database.execute("DELETE FROM hits WHERE ends <= ?", (facts["at"],))
        return int(count)

    def get(self, key: str) -> int:
        """Return what the window of ``key`` holds, 0 once it is over."""
        row = self._find("SELECT count FROM hits WHERE name = ? AND ends > ?", key, time.time())
        return int(row[0]) if row else 0

    def get_expiry(self, key: str) -> float:
        """Return when the window of ``key`` ends, in seconds since 1970; now if there is none."""
        row = self._find("SELECT ends FROM hits WHERE name = ?", key)
        return float(row[0]) if row else time.time()

    def check(self) -> bool:
        """Return whether anything can be counted."""
        try:
            self._find("SELECT 1")
        except sqlite3.Error:
            return False
        return True

    def reset(self) -> int | None:
        """Forget all counts."""
        with self._open() as database:
            return database.execute("DELETE FROM hits").rowcount

    def clear(self, key: str) -> None:
        """Forget one count."""
        with self._open() as database:
            database.execute("DELETE FROM hits WHERE name = ?", (key,))

    def _find(self, query: str, *values: object) -> tuple[Any, ...] | None:
        with self._open() as database:
            found: tuple[Any, ...] | None = database.execute(query, values).fetchone()
        return found

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        """Open the file for one statement or two: threads and processes come and go."""
        if not self._path.exists():
            self._make()
        with closing(sqlite3.connect(self._path, timeout=SECONDS_TO_WAIT, isolation_level=None)) as database:
            database.execute("PRAGMA synchronous = OFF")
            database.execute(_TABLE)
            yield database

    def _make(self) -> None:
        """Make the file apart and put it there whole: nobody waits for how a file is written that others write to."""
        self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with TemporaryDirectory(dir=self._path.parent, prefix=f".{FILE}-") as folder:
            made = Path(folder) / FILE
            made.touch(mode=0o600)  # names are network addresses
            with closing(sqlite3.connect(made, isolation_level=None)) as database:
                database.execute("PRAGMA journal_mode = WAL")
                database.execute(_TABLE)
            with suppress(FileExistsError):  # somebody else's is as good
                os.link(made, self._path)
