"""More of a suite's hands: course copies, and notices made to order."""

from typing import Any

from flask import Blueprint, Response, jsonify, request

from lti.sandbox.bodies import read_object
from lti.sandbox.controls import JSON, answer_mistakes, check_token_order, not_found
from lti.sandbox.copying import copy_course
from lti.sandbox.enrolling import deploy
from lti.sandbox.minting import mint_token
from lti.sandbox.notices import describe_copy, list_handlers, make_notice, send, tell_copy
from lti.sandbox.records import find_course
from lti.sandbox.registrations import FIRST, find_tool
from lti.sandbox.state import current_sandbox
from lti.sandbox.vocabulary import COPY_NOTICE, LTI

bp = Blueprint("notice_controls", __name__, url_prefix="/controls")
answer_mistakes(bp)


@bp.post("/copies")
def copy_a_course() -> Response:
    """Copy ``course`` as ``teacher`` and return its id and links; ``notice: false`` tells no tool about it."""
    body, sandbox = read_object(JSON), current_sandbox()
    with sandbox.store.writing() as db:
        course = find_course(db, body["course"])
        if course is None:
            raise not_found("course must name a course.")
        copied = copy_course(
            db, sandbox, course, body.get("teacher", "teacher-1"), title=body.get("title", "")
        )
    if body.get("notice", True):
        tell_copy(sandbox, copied.course)
    return jsonify(course=copied.course.id, links=copied.links)


@bp.post("/deployments")
def add_deployment() -> Response:
    """Deploy ``tool`` (0) once more and return the deployment's id."""
    body, sandbox = read_object(JSON), current_sandbox()
    with sandbox.store.writing() as db:
        tool = find_tool(db, sandbox, int(body.get("tool", FIRST)))
        if tool is None:
            raise not_found("tool must be the number of a tool.")
        return jsonify(deployment=deploy(db, sandbox, tool.number))


@bp.post("/notices")
def send_notice() -> Response:
    """Send a notice to every handler of ``type`` (the copy notice) and return the answers' statuses.

    ``course`` and ``origins`` are what a copy notice is about, ``id`` is the notice's own, ``times`` puts it several
    times into one request. The rest is an order of minting.mint_token.
    """
    body, sandbox = read_object(JSON), current_sandbox()
    kind, course_id = str(body.pop("type", COPY_NOTICE)), str(body.pop("course", ""))
    origins, notice_id = body.pop("origins", None), str(body.pop("id", ""))
    times = int(body.pop("times", 1))
    check_token_order(body)
    with sandbox.store.reading() as db:
        course = find_course(db, course_id)
        more: dict[str, Any] = describe_copy(course) if course else {}
        if origins is not None:
            more[f"{LTI}origin_contexts"] = origins
        orders = [
            (
                handler,
                [mint_token(db, make_notice(sandbox, handler, more, notice_id), body)] * min(times, 200),
            )
            for handler in list_handlers(db, sandbox, kind)
        ]
    return jsonify(statuses=[send(sandbox, handler, tokens) for handler, tokens in orders])


@bp.get("/notices")
def list_notices() -> Response:
    """Return the notices that were sent, oldest first, and the handlers that are registered."""
    with current_sandbox().store.reading() as db:
        sent = db.execute(
            "SELECT * FROM notice WHERE id > ? ORDER BY id", (request.args.get("after", 0, type=int),)
        ).fetchall()
        handlers = db.execute("SELECT * FROM notice_handler ORDER BY tool_id, notice_type").fetchall()
    return jsonify(notices=[dict(row) for row in sent], handlers=[dict(row) for row in handlers])
