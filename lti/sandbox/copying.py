"""Course copies: a new course with links of new ids; what links and line items say of themselves stays."""

import json
import secrets
import sqlite3
from dataclasses import dataclass

from lti.sandbox.records import Course, find_course, list_links
from lti.sandbox.school import add_link, enrol
from lti.sandbox.state import Sandbox


@dataclass(frozen=True)
class CourseCopy:
    """A new course, and which of its links came from which."""

    course: Course
    links: dict[str, str]
    """The former link's id to the new one's."""


def copy_course(
    db: sqlite3.Connection, sandbox: Sandbox, course: Course, teacher: str, *, title: str = ""
) -> CourseCopy:
    """Copy links and line items; nobody but the teacher is enrolled, and no score is copied."""
    new_id = f"copy-{secrets.token_hex(6)}"
    number = db.execute(
        "SELECT COUNT(*) FROM course WHERE label LIKE ?", (f"{course.label}\\_%",)
    ).fetchone()[0]
    db.execute(
        "INSERT INTO course (id, label, title, history_json, begins_at, ends_at) VALUES (?, ?, ?, ?, ?, ?)",
        (
            new_id,
            f"{course.label}_{number + 1}",
            title or f"{course.title}, a copy",
            json.dumps([course.id, *course.history]),
            course.begins_at,
            course.ends_at,
        ),
    )
    role = db.execute(
        "SELECT role FROM enrolment WHERE course_id = ? AND sub = ?", (course.id, teacher)
    ).fetchone()
    if role is not None:
        enrol(db, course_id=new_id, sub=teacher, role=role["role"])
    links = _copy_links(db, course.id, new_id)
    _copy_line_items(db, sandbox, course.id, new_id, links)
    copied = find_course(db, new_id)
    if copied is None:
        raise LookupError(new_id)
    return CourseCopy(copied, links)


def _copy_links(db: sqlite3.Connection, old: str, new: str) -> dict[str, str]:
    links = {}
    for link in list_links(db, old):
        links[link.id] = f"link-{secrets.token_hex(6)}"
        add_link(
            db,
            link_id=links[link.id],
            course_id=new,
            title=link.title,
            description=link.description,
            custom=link.custom,
            login_method=link.login_method,
            tool_id=link.tool_id,
            url=link.url,
            document_target=link.document_target,
            kind=link.kind,
            dates=link.dates,
            history=[link.id, *link.history],
        )
    return links


def _copy_line_items(
    db: sqlite3.Connection, sandbox: Sandbox, old: str, new: str, links: dict[str, str]
) -> None:
    """Copy the columns that belong to links; Moodle and the strict platform copy loose ones too."""
    for item in db.execute("SELECT * FROM line_item WHERE course_id = ? ORDER BY id", (old,)).fetchall():
        if item["link_id"] is None and not sandbox.profile.copies_loose_columns:
            continue
        db.execute(
            "INSERT INTO line_item (course_id, tool_id, link_id, label, score_maximum, resource_id, tag, starts_at, "
            "ends_at, review_json) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                new,
                item["tool_id"],
                links.get(item["link_id"]),
                *(item[name] for name in ("label", "score_maximum", "resource_id", "tag")),
                *(item[name] for name in ("starts_at", "ends_at", "review_json")),
            ),
        )
