"""Notices: signed, sent to the handlers that tools registered, and remembered with what the tool answered."""

import sqlite3
import threading
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import requests

from lti.sandbox.claims import describe_platform
from lti.sandbox.minting import mint_token
from lti.sandbox.records import Course
from lti.sandbox.registrations import RegisteredTool, find_tool
from lti.sandbox.state import Sandbox
from lti.sandbox.vocabulary import COPY_NOTICE, COURSE_SECTION, HELLO_NOTICE, LTI

TOKEN_SECONDS: Final = 300
TIMEOUT_SECONDS: Final = 10
TYPES: Final = (HELLO_NOTICE, COPY_NOTICE)


@dataclass(frozen=True)
class Handler:
    """Where a tool wants notices of a kind, for one deployment."""

    tool: RegisteredTool
    deployment_id: str
    notice_type: str
    address: str


def list_handlers(db: sqlite3.Connection, sandbox: Sandbox, notice_type: str) -> list[Handler]:
    """Return the handlers of that kind of notice, of tools that are there and active."""
    rows = db.execute(
        "SELECT * FROM notice_handler WHERE notice_type = ? AND handler <> '' ORDER BY tool_id",
        (notice_type,),
    ).fetchall()
    found = [(find_tool(db, sandbox, row["tool_id"]), row) for row in rows]
    return [
        Handler(tool, row["deployment_id"], notice_type, row["handler"])
        for tool, row in found
        if tool is not None and tool.active
    ]


def say_hello(sandbox: Sandbox, handler: Handler) -> None:
    """Send a LtiHelloWorldNotice."""
    send(sandbox, handler, [_sign(sandbox, handler, {})])


def tell_copy(sandbox: Sandbox, course: Course) -> None:
    """Send a LtiContextCopyNotice about a course that is a copy to every handler of that kind."""
    with sandbox.store.reading() as db:
        handlers = list_handlers(db, sandbox, COPY_NOTICE)
    for handler in handlers:
        send(sandbox, handler, [_sign(sandbox, handler, describe_copy(course))])


def describe_copy(course: Course) -> dict[str, Any]:
    """Return the claims of a LtiContextCopyNotice: the new course, and the one that it was copied from."""
    context = {"id": course.id, "label": course.label, "title": course.title, "type": [COURSE_SECTION]}
    return {f"{LTI}context": context, f"{LTI}origin_contexts": course.history[:1]}


def make_notice(
    sandbox: Sandbox, handler: Handler, more: Mapping[str, Any], notice_id: str = ""
) -> dict[str, Any]:
    """Return a notice's claims."""
    at = sandbox.second()
    return {
        "iss": sandbox.issuer,
        "aud": handler.tool.client_id,
        "iat": at,
        "exp": at + TOKEN_SECONDS,
        "jti": uuid.uuid4().hex,
        f"{LTI}deployment_id": handler.deployment_id,
        f"{LTI}version": "1.3.0",
        f"{LTI}notice": {
            "id": notice_id or str(uuid.uuid4()),
            "timestamp": sandbox.now().isoformat(timespec="seconds").replace("+00:00", "Z"),
            "type": handler.notice_type,
        },
        f"{LTI}tool_platform": describe_platform(sandbox),
        **more,
    }


def send(sandbox: Sandbox, handler: Handler, tokens: Sequence[str]) -> int | None:
    """Send notices in one request, once, and remember the status; None where nobody answered."""
    try:
        answer = requests.post(
            handler.address,
            json={"notices": [{"jwt": token} for token in tokens]},
            timeout=TIMEOUT_SECONDS,
            allow_redirects=False,
        )
        status: int | None = answer.status_code
    except requests.RequestException:
        status = None
    with sandbox.store.writing() as db:
        db.executemany(
            "INSERT INTO notice (at, tool_id, notice_type, handler, status, token) VALUES (?, ?, ?, ?, ?, ?)",
            [
                (
                    sandbox.now().isoformat(),
                    handler.tool.number,
                    handler.notice_type,
                    handler.address,
                    status,
                    token,
                )
                for token in tokens
            ],
        )
    return status


def in_background(sandbox: Sandbox, notices: Sequence[tuple[Any, ...]]) -> None:
    """Send notices after this request is answered, as platforms do: the tool may be busy with us."""

    def work() -> None:
        for say, *words in notices:
            say(sandbox, *words)

    threading.Thread(target=work, daemon=True).start()


def _sign(sandbox: Sandbox, handler: Handler, more: Mapping[str, Any]) -> str:
    with sandbox.store.reading() as db:
        return mint_token(db, make_notice(sandbox, handler, more), {})
