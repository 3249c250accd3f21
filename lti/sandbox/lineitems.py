"""Line items (AGS 2.0): the columns of a course's gradebook."""

import sqlite3
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from flask import Blueprint, Response, request

from lti.sandbox.bodies import (
    SMALLEST_MAXIMUM,
    answer_with,
    bad_request,
    read_number,
    read_object,
    read_text,
    write_number,
)
from lti.sandbox.claims import make_line_item_address
from lti.sandbox.instants import read_instant
from lti.sandbox.paging import link_next, read_page
from lti.sandbox.records import find_course, find_link
from lti.sandbox.refusals import ServiceRefusalError
from lti.sandbox.state import Sandbox, current_sandbox
from lti.sandbox.tokens import require_scope
from lti.sandbox.vocabulary import LINE_ITEM, LINE_ITEMS, SCOPE_LINE_ITEM, SCOPE_LINE_ITEM_READ

bp = Blueprint("lineitems", __name__, url_prefix="/courses/<course_id>/lineitems")

FILTERS: Final = (("resource_link_id", "link_id"), ("resource_id", "resource_id"), ("tag", "tag"))


@bp.get("")
def list_line_items(course_id: str) -> Response:
    sandbox = current_sandbox()
    tool = _require_reading(sandbox)
    wanted = [(column, request.args[name]) for name, column in FILTERS if name in request.args]
    where = " AND ".join(["course_id = ?", "tool_id = ?", *(f"{column} = ?" for column, _ in wanted)])
    values = [course_id, tool, *(value for _, value in wanted)]
    page = read_page()
    with sandbox.store.reading() as db:
        require_course(db, course_id)
        # The columns come from FILTERS, the values are bound.
        total = db.execute(f"SELECT COUNT(*) FROM line_item WHERE {where}", values).fetchone()[0]  # noqa: S608
        rows = db.execute(
            f"SELECT * FROM line_item WHERE {where} ORDER BY id LIMIT ? OFFSET ?",  # noqa: S608
            [*values, page.limit, page.start],
        ).fetchall()
    answer = answer_with([_describe(sandbox, row) for row in rows], LINE_ITEMS)
    answer.headers.extend(link_next(page, total, curly=sandbox.profile.curly_links))
    return answer


@bp.post("")
def create_line_item(course_id: str) -> Response:
    sandbox = current_sandbox()
    tool = require_scope(SCOPE_LINE_ITEM)
    body = read_object(LINE_ITEM)
    fields = _read_fields(sandbox, body)
    with sandbox.store.writing() as db:
        require_course(db, course_id)
        fields["link_id"] = _read_link(db, course_id, body)
        fields |= {"course_id": course_id, "tool_id": tool}
        row = db.execute(
            "INSERT INTO line_item (course_id, tool_id, link_id, label, score_maximum, resource_id, tag, starts_at, "
            "ends_at) VALUES (:course_id, :tool_id, :link_id, :label, :score_maximum, :resource_id, :tag, "
            ":starts_at, :ends_at) RETURNING *",
            fields,
        ).fetchone()
        described = _describe(sandbox, row)
        answer = answer_with(described, LINE_ITEM, 201)
    answer.headers["Location"] = described["id"]
    return answer


@bp.get("/<int:line_item_id>/lineitem")
def show_line_item(course_id: str, line_item_id: int) -> Response:
    sandbox = current_sandbox()
    tool = _require_reading(sandbox)
    with sandbox.store.reading() as db:
        row = require_line_item(db, course_id, line_item_id, tool)
    return answer_with(_describe(sandbox, row), LINE_ITEM)


@bp.put("/<int:line_item_id>/lineitem")
def change_line_item(course_id: str, line_item_id: int) -> Response:
    sandbox = current_sandbox()
    tool = require_scope(SCOPE_LINE_ITEM)
    body = read_object(LINE_ITEM)
    fields = _read_fields(sandbox, body)
    with sandbox.store.writing() as db:
        row = require_line_item(db, course_id, line_item_id, tool)
        if body.get("id") not in (None, make_line_item_address(sandbox, course_id, line_item_id)):
            raise bad_request("id must stay as it is.")
        if body.get("resourceLinkId") not in (None, row["link_id"]):
            raise bad_request("resourceLinkId must stay as it is.")
        if sandbox.profile.fills_empty_grades and fields["score_maximum"] != row["score_maximum"]:
            db.execute(
                "UPDATE score SET score_given = 0, score_maximum = ? WHERE line_item_id = ? AND score_given IS NULL",
                (fields["score_maximum"], line_item_id),
            )
        changed = db.execute(
            "UPDATE line_item SET label = :label, score_maximum = :score_maximum, resource_id = :resource_id, "
            "tag = :tag, starts_at = :starts_at, ends_at = :ends_at WHERE id = :id RETURNING *",
            {**fields, "id": line_item_id},
        ).fetchone()
        return answer_with(_describe(sandbox, changed), LINE_ITEM)


@bp.delete("/<int:line_item_id>/lineitem")
def delete_line_item(course_id: str, line_item_id: int) -> Response:
    tool = require_scope(SCOPE_LINE_ITEM)
    with current_sandbox().store.writing() as db:
        require_line_item(db, course_id, line_item_id, tool)
        db.execute("DELETE FROM line_item WHERE id = ?", (line_item_id,))
    return Response(status=204)


def require_course(db: sqlite3.Connection, course_id: str) -> None:
    """Refuse with 404 unless the course exists."""
    if find_course(db, course_id) is None:
        raise ServiceRefusalError(404, "not_found", "There is no such course.")


def require_line_item(db: sqlite3.Connection, course_id: str, line_item_id: int, tool: int) -> sqlite3.Row:
    """Return the line item, or refuse with 404 unless it is in this course and the tool's own."""
    row: sqlite3.Row | None = db.execute(
        "SELECT * FROM line_item WHERE id = ? AND course_id = ? AND tool_id = ?",
        (min(line_item_id, 2**62), course_id, tool),
    ).fetchone()
    if row is None:
        raise ServiceRefusalError(404, "not_found", "There is no such line item in this course.")
    return row


def _require_reading(sandbox: Sandbox) -> int:
    if sandbox.profile.read_by_name:
        return require_scope(SCOPE_LINE_ITEM_READ)
    return require_scope(SCOPE_LINE_ITEM, SCOPE_LINE_ITEM_READ)


def _read_fields(sandbox: Sandbox, body: Mapping[str, Any]) -> dict[str, Any]:
    maximum = read_number(body, "scoreMaximum")
    if maximum < SMALLEST_MAXIMUM:
        raise bad_request("scoreMaximum must be above zero.")
    if sandbox.profile.integer_maximum and not maximum.is_integer():
        raise bad_request("scoreMaximum must be a whole number.")
    return {
        "label": read_text(body, "label", needed=True, longest=255),
        "score_maximum": maximum,
        "resource_id": read_text(body, "resourceId", longest=255),
        "tag": read_text(body, "tag", longest=255),
        "starts_at": _read_instant(body, "startDateTime"),
        "ends_at": _read_instant(body, "endDateTime"),
    }


def _read_instant(body: Mapping[str, Any], name: str) -> str | None:
    value = read_text(body, name)
    if value is None:
        return None
    return parse_instant(value, name).isoformat()


def parse_instant(value: str, name: str) -> datetime:
    """Return an instant written in ISO 8601 with date, time and zone, else refuse with 400."""
    instant = read_instant(value)
    if instant is None:
        raise bad_request(f"{name} must be an instant in ISO 8601, with a time and a zone.")
    return instant


def _read_link(db: sqlite3.Connection, course_id: str, body: Mapping[str, Any]) -> str | None:
    link_id = read_text(body, "resourceLinkId", longest=255)
    if link_id is None:
        return None
    link = find_link(db, link_id)
    if link is None or link.course_id != course_id:
        raise ServiceRefusalError(404, "not_found", "resourceLinkId names no link of this course.")
    return link_id


def _describe(sandbox: Sandbox, row: sqlite3.Row) -> dict[str, Any]:
    described = {
        "id": make_line_item_address(sandbox, row["course_id"], row["id"]),
        "label": row["label"],
        "scoreMaximum": write_number(row["score_maximum"]),
        "resourceId": row["resource_id"],
        "tag": row["tag"],
        "resourceLinkId": row["link_id"],
        "startDateTime": row["starts_at"],
        "endDateTime": row["ends_at"],
    }
    return {name: value for name, value in described.items() if value is not None}
