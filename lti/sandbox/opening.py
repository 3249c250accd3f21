"""Openings: somebody opens the tool. The hint that stands for it is opaque, short-lived and good for one token."""

import json
import secrets
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlencode

from lti.sandbox.records import Course, Link, Person, find_course, find_link, find_person
from lti.sandbox.registrations import RegisteredTool, find_tool
from lti.sandbox.state import Sandbox
from lti.sandbox.vocabulary import RESOURCE_LINK

HINT_SECONDS: Final = 300


@dataclass(frozen=True)
class Opening:
    """Who opens which tool where, with which message, and where it will be shown (``iframe`` or ``window``)."""

    person: Person
    tool: RegisteredTool
    course: Course
    link: Link | None
    message: str = RESOURCE_LINK
    document_target: str = "iframe"
    details: Mapping[str, Any] = field(default_factory=dict)
    """What belongs to the message: ``settings`` of deep linking; ``for_user`` and ``line_item`` of a review."""

    @property
    def deployment_id(self) -> str:
        """Return the deployment that this opening belongs to: the tool's first one, unless another was asked for."""
        return str(self.details.get("deployment") or self.tool.deployment_id)

    @property
    def target(self) -> str:
        """Return the target_link_uri: the link's own, or the one that the tool gave for this message."""
        if "target" in self.details:
            return str(self.details["target"])
        if self.message == RESOURCE_LINK and self.link is not None and self.link.url:
            return self.link.url
        return self.tool.target_of(self.message)


def start_opening(db: sqlite3.Connection, sandbox: Sandbox, opening: Opening) -> dict[str, str]:
    """Remember the opening and return the fields of the tool's login request."""
    hint = secrets.token_urlsafe(24)
    db.execute(
        "INSERT INTO opening (hint, sub, tool_id, course_id, link_id, message, document_target, details_json, "
        "expires_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            hint,
            opening.person.sub,
            opening.tool.number,
            opening.course.id,
            opening.link.id if opening.link else None,
            opening.message,
            opening.document_target,
            json.dumps(opening.details),
            sandbox.second() + HINT_SECONDS,
        ),
    )
    fields = {
        "iss": sandbox.issuer,
        "login_hint": opening.person.sub,
        "target_link_uri": opening.target,
        "lti_message_hint": hint,
        "client_id": opening.tool.client_id,
        "lti_deployment_id": opening.deployment_id,
    }
    if sandbox.profile.family == "canvas":
        fields |= {"deployment_id": opening.deployment_id, "canvas_environment": "prod"}
    if sandbox.profile.storage_frame and opening.document_target == "iframe":
        fields["lti_storage_target"] = sandbox.profile.storage_frame
    return fields


def find_opening(db: sqlite3.Connection, sandbox: Sandbox, hint: str) -> Opening | None:
    """Return the opening that a hint stands for, used or not; None where there is none or a part of it is gone."""
    row = db.execute("SELECT * FROM opening WHERE hint = ?", (hint,)).fetchone()
    if row is None:
        return None
    person, course = find_person(db, row["sub"]), find_course(db, row["course_id"])
    tool = find_tool(db, sandbox, row["tool_id"])
    if person is None or course is None or tool is None:
        return None
    return Opening(
        person=person,
        tool=tool,
        course=course,
        link=find_link(db, row["link_id"]) if row["link_id"] else None,
        message=row["message"],
        document_target=row["document_target"],
        details=json.loads(row["details_json"]),
    )


def open_link_as(
    db: sqlite3.Connection,
    sandbox: Sandbox,
    *,
    person: Person,
    link: Link,
    document_target: str = "iframe",
    deployment: str = "",
) -> Opening | None:
    """Return the opening of a link by somebody, or None where its course, its tool or the deployment is gone."""
    course, tool = find_course(db, link.course_id), find_tool(db, sandbox, link.tool_id)
    if course is None or tool is None or not tool.active or not tool.deployments:
        return None
    if deployment and deployment not in tool.deployments:
        return None
    return Opening(
        person=person,
        tool=tool,
        course=course,
        link=link,
        document_target=document_target,
        details={"deployment": deployment} if deployment else {},
    )


def use_opening(db: sqlite3.Connection, sandbox: Sandbox, hint: str) -> bool:
    """Use the hint up. Return False where it was used before or is too old."""
    at = sandbox.second()
    used = db.execute(
        "UPDATE opening SET used_at = ? WHERE hint = ? AND used_at IS NULL AND expires_at >= ?",
        (at, hint, at),
    )
    return used.rowcount == 1


def make_login_address(tool: RegisteredTool, fields: Mapping[str, str]) -> str:
    """Return the tool's login address with the fields in its query."""
    return f"{tool.login_uri}{'&' if '?' in tool.login_uri else '?'}{urlencode(fields)}"
