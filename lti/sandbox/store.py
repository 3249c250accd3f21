"""The sandbox's own file: an SQLite database, opened for one piece of work at a time."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from lti.sandbox.schema import SCHEMA

SCHEMA_VERSION: Final = 3
WAIT_SECONDS: Final = 10


class Store:
    """Opens the file of one sandbox. Each ``with`` is one connection and one transaction."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def prepare(self, fill: Callable[[sqlite3.Connection], None]) -> None:
        """Make a new file and let ``fill`` write its first rows. A file of another version is put aside."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        version = self._version()
        if version == SCHEMA_VERSION:
            return
        if version:
            self.path.replace(self.path.with_suffix(f".version-{version}"))
        with self.writing() as db:
            for statement in SCHEMA.split(";\n"):
                db.execute(statement)
            fill(db)
            db.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Yield a connection that sees one state of the file."""
        connection = self._open()
        try:
            connection.execute("BEGIN")
            yield connection
        finally:
            connection.close()

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """Yield a connection whose changes are kept together when the block ends without an error."""
        connection = self._open()
        try:
            connection.execute("BEGIN IMMEDIATE")
            yield connection
            connection.execute("COMMIT")
        finally:
            connection.close()

    def _version(self) -> int:
        if not self.path.exists():
            return 0
        connection = self._open()
        try:
            return int(connection.execute("PRAGMA user_version").fetchone()[0])
        finally:
            connection.close()

    def _open(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self.path, timeout=WAIT_SECONDS, isolation_level=None)
        connection.row_factory = sqlite3.Row
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        return connection
