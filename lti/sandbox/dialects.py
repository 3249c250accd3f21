"""How the two great families say in an id_token what the standard leaves open, as recorded from them."""

import json
from typing import Any, Final

from lti.sandbox.opening import Opening
from lti.sandbox.state import Sandbox
from lti.sandbox.vocabulary import AGS_CLAIM, DEEP_LINKING, LTI, NRPS_CLAIM

OUTCOME_CLAIM: Final = "https://purl.imsglobal.org/spec/lti-bo/claim/basicoutcome"
NO_ERRORS: Final[dict[str, Any]] = {"errors": {}}


def speak(sandbox: Sandbox, opening: Opening, claims: dict[str, Any]) -> dict[str, Any]:
    """Return the claims as the sandbox's family of platforms words them."""
    if sandbox.profile.family == "moodle":
        return _speak_moodle(sandbox, opening, claims)
    if sandbox.profile.family == "canvas":
        return _speak_canvas(sandbox, opening, claims)
    return claims


def _speak_moodle(sandbox: Sandbox, opening: Opening, claims: dict[str, Any]) -> dict[str, Any]:
    """Moodle: no locale of its own, its spelling of it, short context types, more custom values, ids in ``lis``."""
    person, course = opening.person, opening.course
    claims.pop("locale", None)
    said = dict(claims)
    said[f"{LTI}context"] = {**claims[f"{LTI}context"], "type": ["CourseSection"]}
    said[f"{LTI}lis"] = {"person_sourcedid": person.sub, "course_section_sourcedid": ""}
    said[f"{LTI}ext"] = {"lms": "moodle-2"}
    if person.privacy == "all":
        said[f"{LTI}ext"]["user_username"] = person.sub
    presentation: dict[str, Any] = {"locale": spell_locale(person.locale)}
    if opening.message != DEEP_LINKING:
        presentation |= {
            "document_target": opening.document_target,
            "return_url": claims[f"{LTI}launch_presentation"]["return_url"],
        }
        said[OUTCOME_CLAIM] = _describe_outcome(sandbox, opening)
    said[f"{LTI}launch_presentation"] = presentation
    if NRPS_CLAIM in claims:
        address = claims[NRPS_CLAIM]["context_memberships_url"]
        said[NRPS_CLAIM] = {"context_memberships_url": address, "service_versions": ["1.0", "2.0"]}
        said[f"{LTI}custom"] = {**claims[f"{LTI}custom"], "context_memberships_url": address}
    said[f"{LTI}custom"] = {
        **said[f"{LTI}custom"],
        "system_setting_url": sandbox.address(f"/tool/{opening.tool.number}/custom"),
        "context_setting_url": sandbox.address(f"/courses/{course.id}/custom"),
    }
    return said


def spell_locale(tag: str) -> str:
    """Return a language tag as Moodle spells it: ``zh_tw`` for ``zh-TW``."""
    return tag.replace("-", "_").lower()


def _describe_outcome(sandbox: Sandbox, opening: Opening) -> dict[str, str]:
    """Return the claim of LTI 1.1's outcomes, which Moodle sends along."""
    data = {"instanceid": opening.link.id if opening.link else "", "userid": opening.person.sub}
    return {
        "lis_result_sourcedid": json.dumps({"data": data, "hash": "0" * 64}),
        "lis_outcome_service_url": sandbox.address("/service"),
    }


def _speak_canvas(sandbox: Sandbox, opening: Opening, claims: dict[str, Any]) -> dict[str, Any]:
    """Canvas: nulls and lists of errors in its claims, the old identity beside the new one."""
    said = {
        **claims,
        "errors": NO_ERRORS,
        "lti11_legacy_user_id": f"{opening.person.sub}-legacy",
        f"{LTI}lis": {
            "person_sourcedid": None,
            "course_offering_sourcedid": None,
            "validation_context": None,
        },
        f"{LTI}lti1p1": {"user_id": f"{opening.person.sub}-legacy"},
        "https://www.instructure.com/placement": (
            "assignment_selection" if opening.message == DEEP_LINKING else None
        ),
    }
    for name in ("context", "resource_link", "tool_platform"):
        if f"{LTI}{name}" in claims:
            said[f"{LTI}{name}"] = {**claims[f"{LTI}{name}"], "validation_context": None, "errors": NO_ERRORS}
    for name in (AGS_CLAIM, NRPS_CLAIM):
        if name in claims:
            said[name] = {**claims[name], "validation_context": None, "errors": NO_ERRORS}
    return said
