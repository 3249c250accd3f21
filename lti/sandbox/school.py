"""The people, courses and links that a new sandbox starts with."""

import json
import sqlite3
from collections.abc import Mapping, Sequence
from typing import Final

from lti.sandbox.vocabulary import INSTRUCTOR, LEARNER, MENTOR

PEOPLE: Final = (
    ("participant-1", "Lucía", "Ortega", "Lucía Ortega", "lucia@example.test", "es", "participant", 0),
    ("participant-2", "美玲", "陳", "陳美玲", "meiling@example.test", "zh-TW", "participant", 0),
    (
        "coach-1",
        "أمينة",
        "حداد",
        "أمينة حداد",
        "amina@example.test",
        "ar",
        "coach; the LMS knows no coaches",
        0,
    ),
    ("teacher-1", "Grace", "Okafor", "Grace Okafor", "grace@example.test", "en", "teacher", 0),
    (
        "trainer-1",
        "Tomás",
        "Rivera",
        "Tomás Rivera",
        "tomas@example.test",
        "es",
        "trainer; to the LMS one of the teachers",
        0,
    ),
    (
        "director-1",
        "Ruth",
        "Mensah",
        "Ruth Mensah",
        "admin@example.test",
        "en",
        "administrator of the institute; to the LMS one of the teachers",
        0,
    ),
    (
        "coordinator-1",
        "Marisol",
        "Vega",
        "Marisol Vega",
        "marisol@example.test",
        "es",
        "coordinator of the institute; to the LMS one of the teachers",
        0,
    ),
    (
        "lead-1",
        "Ingrid",
        "Larsen",
        "Ingrid Larsen",
        "ingrid@example.test",
        "en",
        "leads scoring; to the LMS one of the teachers",
        0,
    ),
    (
        "admin-1",
        "Thị Hoa",
        "Nguyễn",
        "Nguyễn Thị Hoa",
        "hoa@example.test",
        "vi",
        "administrator of the LMS",
        1,
    ),
)

TIMEZONES: Final = {
    "participant-1": "Europe/Madrid",
    "participant-2": "Asia/Taipei",
    "coach-1": "Asia/Dubai",
    "teacher-1": "Europe/London",
}

# A mentor of the first participant, the student that teachers try a course with, and somebody whose
# name and e-mail the platform keeps to itself.
SPECIAL: Final = (
    (
        "mentor-1",
        "Elena",
        "Soto",
        "Elena Soto",
        "elena@example.test",
        "es",
        "mentor of Lucía Ortega",
        "all",
        0,
    ),
    ("test-1", "Test", "Student", "Test Student", "", "en", "test student; nobody grades one", "all", 1),
    (
        "quiet-1",
        "Noor",
        "Haddad",
        "Noor Haddad",
        "noor@example.test",
        "ar",
        "participant; the LMS keeps the name to itself",
        "nothing",
        0,
    ),
)
MENTEES: Final = {"mentor-1": '["participant-1"]'}

COURSES: Final = (
    ("leadership-2026", "LEAD", "Leadership coaching"),
    ("mentoring-2026", "MENT", "Mentoring practice"),
)

ENROLMENTS: Final = (
    ("leadership-2026", "participant-1", LEARNER),
    ("leadership-2026", "participant-2", LEARNER),
    ("leadership-2026", "coach-1", LEARNER),
    ("leadership-2026", "teacher-1", INSTRUCTOR),
    ("leadership-2026", "trainer-1", INSTRUCTOR),
    ("leadership-2026", "director-1", INSTRUCTOR),
    ("leadership-2026", "coordinator-1", INSTRUCTOR),
    ("leadership-2026", "lead-1", INSTRUCTOR),
    ("leadership-2026", "mentor-1", MENTOR),
    ("leadership-2026", "test-1", LEARNER),
    ("leadership-2026", "quiet-1", LEARNER),
    ("mentoring-2026", "participant-1", LEARNER),
    ("mentoring-2026", "teacher-1", INSTRUCTOR),
)

LINKS: Final = (
    ("link-home", "leadership-2026", "Programme home", "Where each person starts.", "", "POST"),
    (
        "link-module-1",
        "leadership-2026",
        "Module 1",
        "The whole first module.",
        "module:leadership/module-1",
        "POST",
    ),
    (
        "link-segment-1",
        "leadership-2026",
        "Module 1, segment 1",
        "The first segment of module 1.",
        "segment:leadership/module-1/segment-1",
        "POST",
    ),
    (
        "link-segment-2",
        "leadership-2026",
        "Module 1, segment 2",
        "The second segment of module 1; its login starts with GET.",
        "segment:leadership/module-1/segment-2",
        "GET",
    ),
    (
        "link-hours",
        "leadership-2026",
        "Coaching hours",
        "The sessions of a participant and their coach.",
        "hours:mine",
        "POST",
    ),
    (
        "link-evidence",
        "leadership-2026",
        "Evidence: leadership plan",
        "What a participant hands in for the first level.",
        "evidence:leadership-plan",
        "POST",
    ),
    (
        "link-mentoring",
        "mentoring-2026",
        "Programme home",
        "A course that nobody has set up yet.",
        "",
        "POST",
    ),
)


def fill_school(db: sqlite3.Connection) -> None:
    """Write the first people, courses and links into a new file."""
    db.executemany(
        "INSERT INTO person (sub, given_name, family_name, name, email, locale, described, administrator) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        PEOPLE,
    )
    db.executemany(
        "INSERT INTO person (sub, given_name, family_name, name, email, locale, described, privacy, test_user) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        SPECIAL,
    )
    for sub, timezone in TIMEZONES.items():
        db.execute("UPDATE person SET timezone = ? WHERE sub = ?", (timezone, sub))
    for sub, mentees in MENTEES.items():
        db.execute("UPDATE person SET mentees_json = ? WHERE sub = ?", (mentees, sub))
    db.executemany("INSERT INTO course (id, label, title) VALUES (?, ?, ?)", COURSES)
    for course_id, sub, role in ENROLMENTS:
        enrol(db, course_id=course_id, sub=sub, role=role)
    for link_id, course_id, title, description, target, method in LINKS:
        custom = {"target": target} if target else {}
        add_link(
            db,
            link_id=link_id,
            course_id=course_id,
            title=title,
            description=description,
            custom=custom,
            login_method=method,
        )


def enrol(db: sqlite3.Connection, *, course_id: str, sub: str, role: str, status: str = "Active") -> None:
    """Enrol a person, or change the enrolment; the roster's revision moves on by one."""
    db.execute(
        "INSERT INTO enrolment (course_id, sub, role, status, revision) "
        "VALUES (?, ?, ?, ?, (SELECT COALESCE(MAX(revision), 0) + 1 FROM enrolment WHERE course_id = ?)) "
        "ON CONFLICT (course_id, sub) DO UPDATE SET role = excluded.role, status = excluded.status, "
        "revision = excluded.revision",
        (course_id, sub, role, status, course_id),
    )


def add_link(
    db: sqlite3.Connection,
    *,
    link_id: str,
    course_id: str,
    title: str,
    description: str = "",
    custom: Mapping[str, object],
    login_method: str = "POST",
    tool_id: int = 0,
    url: str | None = None,
    document_target: str = "",
    kind: str = "ltiResourceLink",
    dates: Mapping[str, object] | None = None,
    history: Sequence[str] = (),
) -> None:
    """Add a link to a course. ``custom`` is sent as the custom claim."""
    db.execute(
        "INSERT INTO link (id, course_id, title, description, custom, login_method, tool_id, url, document_target, "
        "kind, dates_json, history_json) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            link_id,
            course_id,
            title,
            description,
            json.dumps(custom, ensure_ascii=False),
            login_method,
            tool_id,
            url,
            document_target,
            kind,
            json.dumps(dates or {}),
            json.dumps(list(history)),
        ),
    )
