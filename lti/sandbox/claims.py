"""The content of an id_token: who opens which link of which course, and which services stand behind it."""

import sqlite3
from typing import Any, Final

from lti.sandbox.records import Course, Link, Person, find_enrolment
from lti.sandbox.state import Sandbox
from lti.sandbox.vocabulary import (
    ADMINISTRATOR_ROLES,
    AGS_CLAIM,
    COURSE_SECTION,
    GRADE_SCOPES,
    LTI,
    NRPS_CLAIM,
)

TOKEN_SECONDS: Final = 60
FRAME_WIDTH: Final = 800
FRAME_HEIGHT: Final = 900


def make_claims(
    db: sqlite3.Connection,
    sandbox: Sandbox,
    *,
    person: Person,
    course: Course,
    link: Link,
    nonce: str,
    document_target: str = "iframe",
) -> dict[str, Any]:
    """Return all claims of a LtiResourceLinkRequest, valid for 60 seconds."""
    at = sandbox.second()
    claims: dict[str, Any] = {
        "iss": sandbox.settings.public_url,
        "aud": sandbox.settings.client_id,
        "sub": person.sub,
        "iat": at,
        "exp": at + TOKEN_SECONDS,
        "nonce": nonce,
        "name": person.name,
        "given_name": person.given_name,
        "family_name": person.family_name,
        "email": person.email,
        "locale": person.locale,
        f"{LTI}deployment_id": sandbox.settings.deployment_id,
        f"{LTI}message_type": "LtiResourceLinkRequest",
        f"{LTI}version": "1.3.0",
        f"{LTI}target_link_uri": sandbox.redirect_uri,
        f"{LTI}resource_link": {"id": link.id, "title": link.title, "description": link.description},
        f"{LTI}roles": list_roles(db, course, person),
        f"{LTI}context": {
            "id": course.id,
            "label": course.label,
            "title": course.title,
            "type": [COURSE_SECTION],
        },
        f"{LTI}tool_platform": {
            "guid": sandbox.settings.public_url,
            "name": "Sandbox LMS",
            "product_family_code": "sandbox",
            "version": "1",
        },
        f"{LTI}launch_presentation": _presentation(sandbox, person, course, document_target),
        f"{LTI}custom": link.custom,
        AGS_CLAIM: _grade_service(db, sandbox, course, link),
        NRPS_CLAIM: {
            "context_memberships_url": sandbox.address(f"/courses/{course.id}/memberships"),
            "service_versions": ["2.0"],
        },
    }
    return claims


def list_roles(db: sqlite3.Connection, course: Course, person: Person) -> list[str]:
    """Return a person's roles as a real LMS sends them: the place in the course, then the one in the system."""
    enrolment = find_enrolment(db, course.id, person.sub)
    roles = [enrolment.role] if enrolment else []
    return [*roles, *(ADMINISTRATOR_ROLES if person.administrator else ())]


def make_line_item_address(sandbox: Sandbox, course_id: str, line_item_id: int) -> str:
    """Return a line item's address; it is also its id."""
    return sandbox.address(
        f"/courses/{course_id}/lineitems/{line_item_id}/lineitem{sandbox.profile.line_item_query}",
    )


def _presentation(sandbox: Sandbox, person: Person, course: Course, document_target: str) -> dict[str, Any]:
    presentation: dict[str, Any] = {
        "document_target": document_target,
        "locale": person.locale,
        "return_url": sandbox.address(f"/courses/{course.id}/return"),
    }
    if document_target == "iframe":
        presentation |= {"width": FRAME_WIDTH, "height": FRAME_HEIGHT}
    return presentation


def _grade_service(db: sqlite3.Connection, sandbox: Sandbox, course: Course, link: Link) -> dict[str, Any]:
    service: dict[str, Any] = {
        "scope": list(GRADE_SCOPES),
        "lineitems": sandbox.address(f"/courses/{course.id}/lineitems{sandbox.profile.line_item_query}"),
    }
    bound = db.execute("SELECT id FROM line_item WHERE link_id = ?", (link.id,)).fetchall()
    if len(bound) == 1:
        service["lineitem"] = make_line_item_address(sandbox, course.id, bound[0]["id"])
    return service
