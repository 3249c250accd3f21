"""The sandbox's own file: an SQLite database, opened for one piece of work at a time."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

SCHEMA_VERSION: Final = 1
WAIT_SECONDS: Final = 10

SCHEMA: Final = """
CREATE TABLE platform_key (
    id INTEGER PRIMARY KEY,
    kid TEXT NOT NULL UNIQUE,
    private_pem TEXT NOT NULL,
    published INTEGER NOT NULL DEFAULT 1 CHECK (published IN (0, 1))
);
CREATE TABLE person (
    sub TEXT PRIMARY KEY,
    given_name TEXT NOT NULL,
    family_name TEXT NOT NULL,
    name TEXT NOT NULL,
    email TEXT NOT NULL,
    locale TEXT NOT NULL,
    described TEXT NOT NULL,
    administrator INTEGER NOT NULL DEFAULT 0 CHECK (administrator IN (0, 1))
);
CREATE TABLE course (
    id TEXT PRIMARY KEY,
    label TEXT NOT NULL,
    title TEXT NOT NULL
);
CREATE TABLE enrolment (
    course_id TEXT NOT NULL REFERENCES course (id),
    sub TEXT NOT NULL REFERENCES person (sub),
    role TEXT NOT NULL,
    status TEXT NOT NULL DEFAULT 'Active' CHECK (status IN ('Active', 'Inactive', 'Deleted')),
    revision INTEGER NOT NULL,
    PRIMARY KEY (course_id, sub)
);
CREATE TABLE link (
    id TEXT PRIMARY KEY,
    course_id TEXT NOT NULL REFERENCES course (id),
    title TEXT NOT NULL,
    description TEXT NOT NULL,
    custom TEXT NOT NULL,
    login_method TEXT NOT NULL DEFAULT 'POST' CHECK (login_method IN ('GET', 'POST'))
);
CREATE TABLE opening (
    hint TEXT PRIMARY KEY,
    sub TEXT NOT NULL REFERENCES person (sub),
    link_id TEXT NOT NULL REFERENCES link (id),
    document_target TEXT NOT NULL CHECK (document_target IN ('iframe', 'window')),
    expires_at INTEGER NOT NULL,
    used_at INTEGER
);
CREATE TABLE nonce (
    client_id TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (client_id, value)
);
CREATE TABLE assertion (
    client_id TEXT NOT NULL,
    jti TEXT NOT NULL,
    expires_at INTEGER NOT NULL,
    PRIMARY KEY (client_id, jti)
);
CREATE TABLE access_token (
    digest TEXT PRIMARY KEY,
    scopes TEXT NOT NULL,
    expires_at INTEGER NOT NULL
);
CREATE TABLE line_item (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    course_id TEXT NOT NULL REFERENCES course (id),
    link_id TEXT REFERENCES link (id),
    label TEXT NOT NULL CHECK (label <> ''),
    score_maximum REAL NOT NULL CHECK (score_maximum > 0),
    resource_id TEXT,
    tag TEXT,
    starts_at TEXT,
    ends_at TEXT
);
CREATE TABLE score (
    line_item_id INTEGER NOT NULL REFERENCES line_item (id) ON DELETE CASCADE,
    sub TEXT NOT NULL REFERENCES person (sub),
    score_given REAL,
    score_maximum REAL,
    comment TEXT,
    activity_progress TEXT NOT NULL,
    grading_progress TEXT NOT NULL,
    sent_at TEXT NOT NULL,
    sent_second INTEGER NOT NULL,
    received_at TEXT NOT NULL,
    PRIMARY KEY (line_item_id, sub)
);
CREATE TABLE service_call (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at TEXT NOT NULL,
    service TEXT NOT NULL,
    method TEXT NOT NULL,
    path TEXT NOT NULL,
    status INTEGER NOT NULL,
    answered INTEGER NOT NULL,
    body TEXT NOT NULL
);
"""


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
