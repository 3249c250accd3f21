"""The content of an id_token: who opens which link of which course, and which services stand behind it."""

import sqlite3
from typing import Any, Final

from lti.sandbox.dialects import speak
from lti.sandbox.opening import Opening
from lti.sandbox.profiles import STRICT, Profile
from lti.sandbox.records import Course, Person, find_enrolment
from lti.sandbox.registrations import RegisteredTool
from lti.sandbox.state import Sandbox
from lti.sandbox.variables import fill_custom
from lti.sandbox.vocabulary import (
    ADMINISTRATOR_ROLES,
    AGS_CLAIM,
    COURSE_SECTION,
    DEEP_LINKING,
    GRADE_SCOPES,
    INSTITUTION,
    INSTRUCTOR,
    LEARNER,
    LTI,
    MENTOR,
    NOTICE_SERVICE_CLAIM,
    NRPS_CLAIM,
    SCOPE_MEMBERSHIP,
    SCOPE_NOTICE,
    SETTINGS_CLAIM,
    SUBMISSION_REVIEW,
    SYSTEM_USER,
    TEACHING_ASSISTANT,
    TEST_USER,
)

TOKEN_SECONDS: Final = 60
INSTITUTION_PLACES: Final = {INSTRUCTOR: "Instructor", MENTOR: "Observer"}
FRAME_WIDTH: Final = 800
FRAME_HEIGHT: Final = 900


def make_claims(db: sqlite3.Connection, sandbox: Sandbox, opening: Opening, nonce: str) -> dict[str, Any]:
    """Return all claims of the opening's message, valid for 60 seconds."""
    at = sandbox.second()
    person, course, tool = opening.person, opening.course, opening.tool
    claims: dict[str, Any] = {
        "iss": sandbox.issuer,
        "aud": tool.client_id,
        "sub": person.sub,
        "iat": at,
        "exp": at + TOKEN_SECONDS,
        "nonce": nonce,
        **describe_person(person, tool),
        **({"locale": person.locale} if tool.claims is None or "locale" in tool.claims else {}),
        f"{LTI}deployment_id": opening.deployment_id,
        f"{LTI}message_type": opening.message,
        f"{LTI}version": "1.3.0",
        f"{LTI}target_link_uri": opening.target,
        f"{LTI}roles": list_roles(db, course, person, sandbox.profile),
        f"{LTI}context": {
            "id": course.id,
            "label": course.label,
            "title": course.title,
            "type": [COURSE_SECTION],
        },
        f"{LTI}tool_platform": describe_platform(sandbox),
        f"{LTI}launch_presentation": _presentation(sandbox, opening),
        f"{LTI}custom": _custom(sandbox, opening),
    }
    if MENTOR in claims[f"{LTI}roles"]:
        claims[f"{LTI}role_scope_mentor"] = person.mentees
    if opening.link is not None:
        link = opening.link
        claims[f"{LTI}resource_link"] = {
            "id": link.id,
            "title": link.title,
            "description": link.description,
        }
    claims |= _describe_message(opening) | _describe_services(db, sandbox, opening)
    return speak(sandbox, opening, claims)


def describe_person(person: Person, tool: RegisteredTool) -> dict[str, str]:
    """Return what the platform tells a tool about a person: what the tool asked for and the person's privacy allows."""
    told: dict[str, str] = {}
    if person.privacy in {"all", "name"}:
        told |= {
            "name": person.name,
            "given_name": person.given_name,
            "family_name": person.family_name,
        }
    if person.privacy in {"all", "email"}:
        told["email"] = person.email
    return told if tool.claims is None else {name: told[name] for name in told if name in tool.claims}


def describe_platform(sandbox: Sandbox) -> dict[str, str]:
    """Return the claim that says which software this is."""
    return {
        "guid": sandbox.settings.public_url,
        "name": "Sandbox LMS",
        "product_family_code": sandbox.profile.family,
        "version": "1",
    }


def list_roles(
    db: sqlite3.Connection, course: Course, person: Person, profile: Profile = STRICT
) -> list[str]:
    """Return a person's roles as a real LMS sends them: the place in the course, then the one in the system.

    Moodle knows two places in a course, and an administrator is a teacher everywhere.
    """
    if profile.family == "moodle":
        return _list_moodle_roles(db, course, person)
    enrolment = find_enrolment(db, course.id, person.sub)
    roles = list_course_roles(enrolment.role) if enrolment else []
    roles += [TEST_USER] if person.test_user else []
    roles += ADMINISTRATOR_ROLES if person.administrator else ()
    if profile.family == "canvas":
        # Canvas names everybody's place in the institution, and everybody a user of the system.
        place = "Administrator" if person.administrator else INSTITUTION_PLACES.get(roles[0] if roles else "")
        return [f"{INSTITUTION}{place or 'Student'}", *roles, SYSTEM_USER]
    return roles


def _list_moodle_roles(db: sqlite3.Connection, course: Course, person: Person) -> list[str]:
    enrolment = find_enrolment(db, course.id, person.sub)
    if person.administrator:
        return [ADMINISTRATOR_ROLES[0], INSTRUCTOR, ADMINISTRATOR_ROLES[1]]
    if enrolment is None or enrolment.role in {LEARNER, MENTOR}:
        return [LEARNER]
    return [INSTRUCTOR]


def list_course_roles(role: str) -> list[str]:
    """Return the role with the one it is a part of, as the specification asks."""
    return [role, INSTRUCTOR] if role == TEACHING_ASSISTANT else [role]


def make_line_item_address(sandbox: Sandbox, course_id: str, line_item_id: int) -> str:
    """Return a line item's address; it is also its id."""
    return sandbox.address(
        f"/courses/{course_id}/lineitems/{line_item_id}/lineitem{sandbox.profile.line_item_query}",
    )


def _describe_message(opening: Opening) -> dict[str, Any]:
    if opening.message == DEEP_LINKING:
        return {SETTINGS_CLAIM: opening.details["settings"]}
    if opening.message == SUBMISSION_REVIEW:
        return {f"{LTI}for_user": opening.details["for_user"]}
    return {}


def _describe_services(db: sqlite3.Connection, sandbox: Sandbox, opening: Opening) -> dict[str, Any]:
    granted, course = opening.tool.scopes, opening.course
    services: dict[str, Any] = {}
    scopes = [scope for scope in GRADE_SCOPES if scope in granted]
    if scopes:
        services[AGS_CLAIM] = {"scope": scopes, **_grade_service(db, sandbox, opening)}
    if SCOPE_MEMBERSHIP in granted and _offers_roster(db, sandbox, opening):
        services[NRPS_CLAIM] = {
            "context_memberships_url": sandbox.address(f"/courses/{course.id}/memberships"),
            "service_versions": ["2.0"],
        }
    if SCOPE_NOTICE in granted and sandbox.profile.notices:
        services[NOTICE_SERVICE_CLAIM] = describe_notice_service(sandbox, opening.deployment_id)
    return services


def describe_notice_service(sandbox: Sandbox, deployment_id: str) -> dict[str, Any]:
    """Return the claim that says where handlers of notices are registered."""
    return {
        "platform_notification_service_url": sandbox.address(f"/notices/{deployment_id}/handlers"),
        "service_versions": ["1.0"],
        "scope": [SCOPE_NOTICE],
        "notice_types_supported": ["LtiHelloWorldNotice", "LtiContextCopyNotice"],
    }


def _offers_roster(db: sqlite3.Connection, sandbox: Sandbox, opening: Opening) -> bool:
    """Return whether the roster is offered: Moodle offers none before the tool has a link in the course."""
    if not sandbox.profile.doubles_custom or opening.link is not None:
        return True
    placed = db.execute(
        "SELECT 1 FROM link WHERE course_id = ? AND tool_id = ?", (opening.course.id, opening.tool.number)
    ).fetchone()
    return placed is not None


def _custom(sandbox: Sandbox, opening: Opening) -> dict[str, Any]:
    link = opening.link
    asked = opening.tool.custom_of(opening.message) | (link.custom if link else {})
    asked |= dict(opening.details.get("custom") or {})
    return fill_custom(sandbox, asked, person=opening.person, course=opening.course, link=link)


def _presentation(sandbox: Sandbox, opening: Opening) -> dict[str, Any]:
    presentation: dict[str, Any] = {
        "document_target": opening.document_target,
        "locale": opening.person.locale,
        "return_url": sandbox.address(f"/courses/{opening.course.id}/return"),
    }
    if opening.document_target == "iframe":
        presentation |= {"width": FRAME_WIDTH, "height": FRAME_HEIGHT}
    return presentation


def _grade_service(db: sqlite3.Connection, sandbox: Sandbox, opening: Opening) -> dict[str, Any]:
    course_id, query = opening.course.id, sandbox.profile.line_item_query
    service: dict[str, Any] = {"lineitems": sandbox.address(f"/courses/{course_id}/lineitems{query}")}
    if "line_item" in opening.details:
        service["lineitem"] = make_line_item_address(sandbox, course_id, opening.details["line_item"])
    elif opening.link is not None:
        bound = db.execute("SELECT id FROM line_item WHERE link_id = ?", (opening.link.id,)).fetchall()
        if len(bound) == 1:
            service["lineitem"] = make_line_item_address(sandbox, course_id, bound[0]["id"])
    return service
