"""The platform notification service: tools say where they want notices."""

from typing import Any, Final
from urllib.parse import urlsplit

from flask import Blueprint, Response, jsonify

from lti.sandbox.bodies import bad_request, read_object, read_text
from lti.sandbox.content_items import BadContentError, check_address
from lti.sandbox.notices import TYPES, Handler, in_background, say_hello
from lti.sandbox.refusals import ServiceRefusalError
from lti.sandbox.registrations import RegisteredTool, find_tool
from lti.sandbox.state import current_sandbox
from lti.sandbox.tokens import require_scope
from lti.sandbox.vocabulary import HELLO_NOTICE, SCOPE_NOTICE

bp = Blueprint("notice_service", __name__, url_prefix="/notices/<deployment_id>/handlers")

JSON: Final = "application/json"


@bp.get("")
def list_handlers(deployment_id: str) -> Response:
    sandbox, tool = current_sandbox(), _require_tool(deployment_id)
    with sandbox.store.reading() as db:
        rows = db.execute(
            "SELECT notice_type, handler FROM notice_handler WHERE tool_id = ? AND deployment_id = ?",
            (tool.number, deployment_id),
        ).fetchall()
    handlers = {row["notice_type"]: row["handler"] for row in rows}
    return jsonify(
        client_id=tool.client_id,
        deployment_id=deployment_id,
        notice_handlers=[{"notice_type": kind, "handler": handlers.get(kind, "")} for kind in TYPES],
    )


@bp.put("")
def register_handler(deployment_id: str) -> Response:
    """Keep where the tool wants notices of a kind; an empty handler ends them. A new one is said hello to."""
    sandbox, tool = current_sandbox(), _require_tool(deployment_id)
    body = read_object(JSON)
    kind, address = body.get("notice_type"), _read_address(tool, body)
    if kind not in TYPES:
        raise bad_request(f"notice_type must be one of {', '.join(TYPES)}.")
    with sandbox.store.writing() as db:
        db.execute(
            "INSERT INTO notice_handler (tool_id, deployment_id, notice_type, handler) VALUES (?, ?, ?, ?) "
            "ON CONFLICT (tool_id, deployment_id, notice_type) DO UPDATE SET handler = excluded.handler",
            (tool.number, deployment_id, kind, address),
        )
    if kind == HELLO_NOTICE and address:
        in_background(sandbox, [(say_hello, Handler(tool, deployment_id, kind, address))])
    return jsonify(notice_type=kind, handler=address)


def _read_address(tool: RegisteredTool, body: dict[str, Any]) -> str:
    if body.get("handler") is None:
        raise bad_request("handler is missing; an empty text ends the notices.")
    address = read_text(body, "handler") or ""
    if not address:
        return ""
    try:
        check_address("handler", address)
    except BadContentError as error:
        raise bad_request(str(error)) from error
    if urlsplit(address).netloc != urlsplit(tool.target).netloc:
        raise bad_request("handler must be an address of the tool's own host.")
    return address


def _require_tool(deployment_id: str) -> RegisteredTool:
    sandbox = current_sandbox()
    number = require_scope(SCOPE_NOTICE)
    with sandbox.store.reading() as db:
        tool = find_tool(db, sandbox, number)
    if tool is None or deployment_id not in tool.deployments:
        raise ServiceRefusalError(404, "not_found", "There is no such deployment of this tool.")
    return tool
