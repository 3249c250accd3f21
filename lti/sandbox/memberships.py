"""The roster (NRPS 2.0): who is in a course, in pages, and what has changed since."""

import html
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from flask import Blueprint, Response, request

from lti.sandbox.bodies import answer_with
from lti.sandbox.claims import describe_person, list_course_roles
from lti.sandbox.paging import link_next, read_number, read_page
from lti.sandbox.records import Course, Link, Person, find_course, find_link, read_person
from lti.sandbox.refusals import ServiceRefusalError
from lti.sandbox.registrations import RegisteredTool, find_tool
from lti.sandbox.state import Sandbox, current_sandbox
from lti.sandbox.tokens import require_scope
from lti.sandbox.variables import fill_custom
from lti.sandbox.vocabulary import (
    LEARNER,
    LTI,
    MEMBERS,
    MEMBERSHIP,
    RESOURCE_LINK,
    SCOPE_MEMBERSHIP,
    TEACHING_ASSISTANT,
    TEST_USER,
)

bp = Blueprint("memberships", __name__)

MOODLE_ADMINISTRATOR: Final = "http://purl.imsglobal.org/vocab/lis/v2/person#Administrator"


@dataclass(frozen=True)
class Reading:
    """Who reads the roster of which course, and for which link."""

    sandbox: Sandbox
    tool: RegisteredTool
    course: Course
    link: Link | None


@bp.get("/courses/<course_id>/memberships")
def list_members(course_id: str) -> Response:
    """Return a page. ``limit``, ``from``, ``role`` and ``rlid`` as in the specification; ``since`` for differences."""
    sandbox = current_sandbox()
    number, profile = require_scope(SCOPE_MEMBERSHIP), sandbox.profile
    page = read_page(profile.roster_page_size)
    since = read_number("since", None) if profile.differences else None
    wanted = {
        "course": course_id,
        "role": _read_role(),
        "since": since,
        "limit": page.limit,
        "start": page.start,
        "inactive": profile.lists_inactive,
        "tests": profile.lists_test_users,
    }
    chosen = (
        "FROM enrolment JOIN person USING (sub) WHERE course_id = :course AND (:role IS NULL OR role = :role) "
        "AND (:tests OR NOT test_user) AND CASE WHEN :since IS NOT NULL THEN revision > :since "
        "WHEN :inactive THEN status <> 'Deleted' ELSE status = 'Active' END"
    )
    with sandbox.store.reading() as db:
        reading = _read(db, sandbox, number, course_id)
        total = db.execute(f"SELECT COUNT(*) {chosen}", wanted).fetchone()[0]
        rows = db.execute(
            f"SELECT person.*, role, status {chosen} ORDER BY revision, sub LIMIT :limit OFFSET :start",
            wanted,
        ).fetchall()
        latest = db.execute(
            "SELECT COALESCE(MAX(revision), 0) FROM enrolment WHERE course_id = ?", (course_id,)
        ).fetchone()[0]
    course = reading.course
    answer = answer_with(
        {
            "id": sandbox.address(request.path if profile.short_roster else request.full_path.rstrip("?")),
            "context": {"id": course.id, "label": course.label, "title": course.title},
            "members": [_describe(reading, row) for row in rows],
        },
        MEMBERS,
    )
    as_of = read_number("as_of", latest)
    following = link_next(page, total, more={"as_of": as_of} if profile.differences else {})
    if not following and profile.differences:
        following = {"Link": _link_differences(sandbox, course_id, as_of)}
    answer.headers.extend(following)
    return answer


def _link_differences(sandbox: Sandbox, course_id: str, as_of: int) -> str:
    """Return the header that names what changes from the state on which the first page was read."""
    kept = {name: request.args[name] for name in ("role", "rlid") if name in request.args}
    query = urlencode({**kept, "since": as_of})
    return f'<{sandbox.address(f"/courses/{course_id}/memberships")}?{query}>; rel="differences"'


def _read_role() -> str | None:
    """Return the role asked for, in full; a short name belongs to the membership vocabulary."""
    role = request.args.get("role")
    return role if role is None or ":" in role else f"{MEMBERSHIP}{role}"


def _read(db: sqlite3.Connection, sandbox: Sandbox, number: int, course_id: str) -> Reading:
    course, tool = find_course(db, course_id), find_tool(db, sandbox, number)
    if course is None or tool is None:
        raise ServiceRefusalError(404, "not_found", "There is no such course.")
    link_id = request.args.get("rlid")
    link = find_link(db, link_id) if link_id is not None else None
    if link_id is not None and (link is None or link.course_id != course_id or link.tool_id != number):
        raise ServiceRefusalError(404, "not_found", "rlid names no link of this tool in this course.")
    return Reading(sandbox, tool, course, link)


def _describe(reading: Reading, row: sqlite3.Row) -> dict[str, Any]:
    profile = reading.sandbox.profile
    roles = _list_short_roles(row) if profile.short_roster else _list_full_roles(row)
    member: dict[str, Any] = {"user_id": row["sub"], "status": row["status"], "roles": roles}
    if row["status"] == "Deleted":
        return member
    person = read_person(row)
    told: Mapping[str, str] = describe_person(person, reading.tool)
    if profile.short_roster:
        told = {name: html.escape(value) for name, value in told.items()}
        member |= {"lis_person_sourcedid": person.sub, "ext_user_username": person.sub}
    member |= told
    if reading.link is not None:
        member["message"] = [_describe_message(reading, reading.link, person)]
    return member


def _describe_message(reading: Reading, link: Link, person: Person) -> dict[str, Any]:
    """Return what a launch of the link would say of its own; Moodle says nothing that belongs to LTI 1.3."""
    message: dict[str, Any] = {f"{LTI}message_type": RESOURCE_LINK}
    if not reading.sandbox.profile.short_roster:
        asked = reading.tool.custom_of(RESOURCE_LINK) | link.custom
        message[f"{LTI}custom"] = fill_custom(
            reading.sandbox, asked, person=person, course=reading.course, link=link
        )
    return message


def _list_full_roles(row: sqlite3.Row) -> list[str]:
    return [*list_course_roles(row["role"]), *([TEST_USER] if row["test_user"] else [])]


def _list_short_roles(row: sqlite3.Row) -> list[str]:
    """Return roles as Moodle's roster has them: short; a teacher who may not edit is a learner there."""
    role = LEARNER if row["role"] == TEACHING_ASSISTANT else row["role"]
    return [role.rpartition("#")[2], *([MOODLE_ADMINISTRATOR] if row["administrator"] else [])]
