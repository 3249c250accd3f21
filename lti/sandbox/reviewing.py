"""Submission review: from a cell of the gradebook to what the person handed in at the tool."""

import json
import sqlite3
from typing import Any

from flask import Blueprint, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lti.sandbox.acting import name_acting, require_acting, send_to_tool, teaches
from lti.sandbox.claims import FRAME_HEIGHT, describe_person
from lti.sandbox.opening import Opening, start_opening
from lti.sandbox.records import Person, find_course, find_enrolment, find_link, find_person
from lti.sandbox.registrations import RegisteredTool, find_tool
from lti.sandbox.state import Sandbox, current_sandbox
from lti.sandbox.vocabulary import SUBMISSION_REVIEW

bp = Blueprint("reviewing", __name__, url_prefix="/courses/<course_id>/review/<int:line_item_id>/<sub>")


@bp.get("")
def show_review(course_id: str, line_item_id: int, sub: str) -> ResponseReturnValue:
    sandbox = current_sandbox()
    with sandbox.store.reading() as db:
        opening = _open(db, sandbox, course_id, line_item_id, sub)
        reviewed = find_person(db, sub) or abort(404)
    source = url_for(
        ".open_review",
        course_id=course_id,
        line_item_id=line_item_id,
        sub=sub,
        **name_acting(opening.person),
    )
    return render_template(
        "sandbox/review.html",
        course=opening.course,
        source=source,
        reviewed=reviewed,
        acting=opening.person,
        height=FRAME_HEIGHT,
    )


@bp.get("/open")
def open_review(course_id: str, line_item_id: int, sub: str) -> ResponseReturnValue:
    """Start a submission review launch. ``?target=window`` outside a frame."""
    sandbox = current_sandbox()
    with sandbox.store.writing() as db:
        opening = _open(db, sandbox, course_id, line_item_id, sub)
        fields = start_opening(db, sandbox, opening)
    return send_to_tool(opening, fields, request.args.get("method", "POST"))


def _open(db: sqlite3.Connection, sandbox: Sandbox, course_id: str, line_item_id: int, sub: str) -> Opening:
    """Return the review's opening: by a teacher for anybody of the course, by a student for themself."""
    course = find_course(db, course_id) or abort(404)
    acting, reviewed = require_acting(db), find_person(db, sub)
    item = db.execute(
        "SELECT * FROM line_item WHERE id = ? AND course_id = ?", (min(line_item_id, 2**62), course_id)
    ).fetchone()
    if item is None or reviewed is None or find_enrolment(db, course_id, sub) is None:
        abort(404)
    if not teaches(db, acting, course) and acting.sub != sub:
        abort(403, "Only a teacher of the course may review what others handed in.")
    tool = find_tool(db, sandbox, item["tool_id"])
    if tool is None or not tool.active or not tool.deployments or SUBMISSION_REVIEW not in tool.messages:
        abort(404, "The tool of this column shows no submissions.")
    review = json.loads(item["review_json"] or "{}")
    link = find_link(db, item["link_id"]) if item["link_id"] else None
    return Opening(
        person=acting,
        tool=tool,
        course=course,
        link=link,
        message=SUBMISSION_REVIEW,
        document_target="window" if request.args.get("target") == "window" else "iframe",
        details={
            "target": review.get("url") or tool.target_of(SUBMISSION_REVIEW),
            "custom": review.get("custom", {}),
            "line_item": item["id"],
            "for_user": _describe_user(db, sandbox, tool, course_id, reviewed),
        },
    )


def _describe_user(
    db: sqlite3.Connection, sandbox: Sandbox, tool: RegisteredTool, course_id: str, person: Person
) -> dict[str, Any]:
    """Return the for_user claim; Moodle names the person by the id alone."""
    if sandbox.profile.family == "moodle":
        return {"user_id": person.sub}
    enrolment = find_enrolment(db, course_id, person.sub)
    roles = [enrolment.role] if enrolment else []
    return {"user_id": person.sub, **describe_person(person, tool), "roles": roles}
