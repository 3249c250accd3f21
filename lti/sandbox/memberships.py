"""The roster (NRPS 2.0): who is in a course, in pages, and what has changed since."""

import sqlite3
from typing import Any

from flask import Blueprint, Response, request

from lti.sandbox.bodies import answer_with
from lti.sandbox.lineitems import require_course
from lti.sandbox.paging import link_next, read_number, read_page
from lti.sandbox.records import find_course, find_link
from lti.sandbox.refusals import ServiceRefusalError
from lti.sandbox.state import current_sandbox
from lti.sandbox.tokens import require_scope
from lti.sandbox.vocabulary import LTI, MEMBERS, MEMBERSHIP, SCOPE_MEMBERSHIP

bp = Blueprint("memberships", __name__)


@bp.get("/courses/<course_id>/memberships")
def list_members(course_id: str) -> Response:
    sandbox = current_sandbox()
    require_scope(SCOPE_MEMBERSHIP)
    page = read_page()
    wanted = {
        "course": course_id,
        "role": _read_role(),
        "since": read_number("since", None),
        "limit": page.limit,
        "start": page.start,
    }
    chosen = (
        "FROM enrolment JOIN person USING (sub) WHERE course_id = :course AND (:role IS NULL OR role = :role) "
        "AND CASE WHEN :since IS NULL THEN status <> 'Deleted' ELSE revision > :since END"
    )
    with sandbox.store.reading() as db:
        require_course(db, course_id)
        custom = _read_custom(db, course_id)
        course = find_course(db, course_id)
        total = db.execute(f"SELECT COUNT(*) {chosen}", wanted).fetchone()[0]
        rows = db.execute(
            f"SELECT * {chosen} ORDER BY revision LIMIT :limit OFFSET :start", wanted
        ).fetchall()
        latest = db.execute(
            "SELECT COALESCE(MAX(revision), 0) FROM enrolment WHERE course_id = ?", (course_id,)
        ).fetchone()[0]
    address = sandbox.address(f"/courses/{course_id}/memberships")
    answer = answer_with(
        {
            "id": sandbox.address(request.full_path.rstrip("?")),
            "context": {"id": course_id, "label": course.label, "title": course.title} if course else {},
            "members": [_describe(row, custom) for row in rows],
        },
        MEMBERS,
    )
    following = link_next(page, total)
    answer.headers.extend(following or {"Link": f'<{address}?since={latest}>; rel="differences"'})
    return answer


def _read_role() -> str | None:
    """Return the role asked for, in full; a short name belongs to the membership vocabulary."""
    role = request.args.get("role")
    return role if role is None or ":" in role else f"{MEMBERSHIP}{role}"


def _read_custom(db: sqlite3.Connection, course_id: str) -> dict[str, Any] | None:
    """Return the custom values of the link that ``rlid`` names, or None where the request names none."""
    link_id = request.args.get("rlid")
    if link_id is None:
        return None
    link = find_link(db, link_id)
    if link is None or link.course_id != course_id:
        raise ServiceRefusalError(404, "not_found", "rlid names no link of this course.")
    return link.custom


def _describe(row: sqlite3.Row, custom: dict[str, Any] | None) -> dict[str, Any]:
    member: dict[str, Any] = {"user_id": row["sub"], "status": row["status"], "roles": [row["role"]]}
    if row["status"] == "Deleted":
        return member
    member |= {name: row[name] for name in ("name", "given_name", "family_name", "email")}
    if custom is not None:
        member["message"] = [{f"{LTI}message_type": "LtiResourceLinkRequest", f"{LTI}custom": custom}]
    return member
