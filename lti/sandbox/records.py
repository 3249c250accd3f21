"""Reads people, courses, links and enrolments as plain values."""

import json
import sqlite3
from dataclasses import dataclass, fields
from typing import Any, Final


@dataclass(frozen=True)
class Person:
    """Somebody who has an account in this LMS."""

    sub: str
    given_name: str
    family_name: str
    name: str
    email: str
    locale: str
    described: str
    administrator: bool
    privacy: str
    """What the platform tells a tool: ``all``, ``name``, ``email`` or ``nothing``."""
    test_user: bool
    timezone: str
    mentees: list[str]
    """Whom a mentor may see."""


PERSON_FIELDS: Final = frozenset(field.name for field in fields(Person))


@dataclass(frozen=True)
class Course:
    """A course; ``id`` is the context id that the tool sees."""

    id: str
    label: str
    title: str
    history: list[str]
    """The courses that this one is a copy of, the nearest first."""
    begins_at: str | None
    ends_at: str | None


@dataclass(frozen=True)
class Link:
    """A resource link: a place in a course that opens the tool."""

    id: str
    course_id: str
    title: str
    description: str
    custom: dict[str, Any]
    login_method: str
    tool_id: int
    url: str | None
    document_target: str
    """``iframe`` or ``window`` where the tool asked for one, else empty."""
    kind: str
    dates: dict[str, dict[str, str]]
    """``available`` and ``submission``, each with startDateTime and endDateTime where set."""
    history: list[str]


@dataclass(frozen=True)
class Enrolment:
    """A person's place in a course."""

    sub: str
    role: str
    status: str


def find_person(db: sqlite3.Connection, sub: str) -> Person | None:
    """Return the person, or None."""
    row = db.execute("SELECT * FROM person WHERE sub = ?", (sub,)).fetchone()
    return read_person(row) if row else None


def read_person(row: sqlite3.Row) -> Person:
    """Return the person of a row; columns of other tables in it are left aside."""
    flags = {name: bool(row[name]) for name in ("administrator", "test_user")}
    known = {name: value for name, value in _unfold(row).items() if name in PERSON_FIELDS}
    return Person(**{**known, **flags})


def list_people(db: sqlite3.Connection) -> list[Person]:
    """Return everybody, in the order of arrival."""
    return [read_person(row) for row in db.execute("SELECT * FROM person ORDER BY rowid").fetchall()]


def find_course(db: sqlite3.Connection, course_id: str) -> Course | None:
    """Return the course, or None."""
    row = db.execute("SELECT * FROM course WHERE id = ?", (course_id,)).fetchone()
    return _course(row) if row else None


def list_courses(db: sqlite3.Connection) -> list[Course]:
    """Return all courses, in the order of arrival."""
    return [_course(row) for row in db.execute("SELECT * FROM course ORDER BY rowid").fetchall()]


def find_link(db: sqlite3.Connection, link_id: str) -> Link | None:
    """Return the link, or None."""
    row = db.execute("SELECT * FROM link WHERE id = ?", (link_id,)).fetchone()
    return _link(row) if row else None


def list_links(db: sqlite3.Connection, course_id: str) -> list[Link]:
    """Return a course's links, in the order of arrival."""
    rows = db.execute("SELECT * FROM link WHERE course_id = ? ORDER BY rowid", (course_id,))
    return [_link(row) for row in rows.fetchall()]


def find_enrolment(db: sqlite3.Connection, course_id: str, sub: str) -> Enrolment | None:
    """Return a person's place in a course, or None for somebody who was never enrolled or has left."""
    row = db.execute(
        "SELECT sub, role, status FROM enrolment WHERE course_id = ? AND sub = ? AND status <> 'Deleted'",
        (course_id, sub),
    ).fetchone()
    return Enrolment(**dict(row)) if row else None


def _course(row: sqlite3.Row) -> Course:
    return Course(**_unfold(row))


def _link(row: sqlite3.Row) -> Link:
    return Link(**{**_unfold(row), "custom": json.loads(row["custom"])})


def _unfold(row: sqlite3.Row) -> dict[str, Any]:
    """Return the row with its JSON read, under the names without ``_json``."""
    return {
        name.removesuffix("_json"): json.loads(row[name]) if name.endswith("_json") else row[name]
        for name in row.keys()  # noqa: SIM118  iterating over a row yields its values
    }
