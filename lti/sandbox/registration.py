"""Dynamic registration: what this platform says about itself, and where a tool registers."""

from typing import Any, Final

from flask import Blueprint, Response, jsonify, request

from lti.sandbox.bodies import read_object
from lti.sandbox.enrolling import BadTokenError, check_token, register
from lti.sandbox.metadata import BadMetadataError
from lti.sandbox.refusals import ServiceRefusalError
from lti.sandbox.registrations import list_granted_scopes
from lti.sandbox.state import Sandbox, current_sandbox
from lti.sandbox.vocabulary import (
    CANVAS,
    COPY_NOTICE,
    DEEP_LINKING,
    HELLO_NOTICE,
    PLATFORM_CONFIGURATION,
    RESOURCE_LINK,
    SUBMISSION_REVIEW,
)

bp = Blueprint("registration", __name__)

VARIABLES: Final = (
    "Context.id",
    "Context.title",
    "Context.label",
    "Context.id.history",
    "CourseSection.timeFrame.begin",
    "CourseSection.timeFrame.end",
    "ResourceLink.id",
    "ResourceLink.title",
    "ResourceLink.description",
    "User.id",
    "Person.name.full",
    "Person.name.given",
    "Person.address.timezone",
)
LINK_VARIABLES: Final = (
    "ResourceLink.id.history",
    "ResourceLink.available.startDateTime",
    "ResourceLink.available.endDateTime",
    "ResourceLink.submission.startDateTime",
    "ResourceLink.submission.endDateTime",
)


@bp.get("/.well-known/openid-configuration")
def describe_platform() -> Response:
    sandbox = current_sandbox()
    return jsonify(
        {
            "issuer": sandbox.issuer,
            "authorization_endpoint": sandbox.address("/auth"),
            "token_endpoint": sandbox.address("/token"),
            "registration_endpoint": sandbox.address("/registration"),
            "token_endpoint_auth_methods_supported": ["private_key_jwt"],
            "token_endpoint_auth_signing_alg_values_supported": ["RS256", "ES256"],
            "jwks_uri": sandbox.address("/jwks"),
            "scopes_supported": ["openid", *list_granted_scopes(sandbox)],
            "response_types_supported": ["id_token"],
            "response_modes_supported": ["form_post"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "claims_supported": ["iss", "sub", "aud", "name", "given_name", "family_name", "email", "locale"],
            PLATFORM_CONFIGURATION: _describe_lti(sandbox),
        },
    )


@bp.post("/registration")
def take_registration() -> Response:
    sandbox = current_sandbox()
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "bearer" or not token.strip():
        return _refuse(401, "missing_registration_token", "The request bears no registration token.")
    try:
        with sandbox.store.writing() as db:
            check_token(db, sandbox, token.strip())
            answer = jsonify(register(db, sandbox, token.strip(), read_object("application/json")))
    except BadTokenError as error:
        if error.used:
            return _refuse(401, "token_already_used", str(error))
        return _refuse(404 if sandbox.profile.family == "moodle" else 401, "invalid_token", str(error))
    except BadMetadataError as error:
        return _refuse(400, error.code, str(error))
    answer.status_code = 201 if sandbox.profile.family == "sandbox" else 200
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _refuse(status: int, code: str, sentence: str) -> Response:
    """Answer as the platform does: Moodle with a bare word, others as OAuth has it."""
    if current_sandbox().profile.family == "moodle":
        return Response(code, status, content_type="text/html; charset=utf-8")
    word = code if status == 401 else "invalid_client_metadata"  # noqa: PLR2004
    if code == "invalid_redirect_uris":
        word = "invalid_redirect_uri"
    raise ServiceRefusalError(status, word, sentence)


def _describe_lti(sandbox: Sandbox) -> dict[str, Any]:
    profile = sandbox.profile
    messages: list[dict[str, Any]] = [
        {"type": RESOURCE_LINK},
        {"type": DEEP_LINKING, "placements": ["ContentArea"]},
    ]
    if profile.family == "canvas":
        messages = [
            {"type": RESOURCE_LINK, "placements": [f"{CANVAS}course_navigation", f"{CANVAS}link_selection"]},
            {"type": DEEP_LINKING, "placements": ["ContentArea", f"{CANVAS}assignment_selection"]},
        ]
    if profile.family not in {"moodle", "canvas"}:  # Moodle reviews submissions too, and does not say so.
        messages.append({"type": SUBMISSION_REVIEW})
    described: dict[str, Any] = {
        "product_family_code": profile.family,
        "version": "1",
        "messages_supported": messages,
        "variables": [*VARIABLES, *(LINK_VARIABLES if profile.keeps_dates else ())],
    }
    if profile.notices:
        described["notice_types_supported"] = [HELLO_NOTICE, COPY_NOTICE]
    if profile.family == "canvas":
        described[f"{CANVAS}account_name"] = "Sandbox LMS"
        described[f"{CANVAS}account_lti_guid"] = sandbox.settings.public_url
    return described
