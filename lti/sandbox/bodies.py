"""Bodies and media types of the services: read strictly, written exactly."""

import json
from collections.abc import Mapping
from typing import Any, Final, NoReturn

from flask import Response, request

from lti.sandbox.refusals import ServiceRefusalError
from lti.sandbox.state import current_sandbox
from lti.sandbox.vocabulary import LINE_ITEMS

LARGEST_NUMBER: Final = 10.0**12
SMALLEST_MAXIMUM: Final = 10.0**-6


def read_object(media_type: str) -> dict[str, Any]:
    """Return the JSON object that the request holds. Refuses other media types and all that is not JSON."""
    if request.mimetype != media_type:
        status = current_sandbox().profile.media_status
        raise ServiceRefusalError(status, "unsupported_media_type", f"The body must be {media_type}.")
    try:
        body = json.loads(request.get_data(), parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise bad_request("The body is not JSON.") from error
    if not isinstance(body, dict):
        raise bad_request("The body must be an object.")
    return body


def answer_with(body: object, media_type: str, status: int = 200) -> Response:
    """Return a JSON answer of that media type. Refuses a request that does not accept it."""
    check_accepted(media_type)
    return Response(json.dumps(body, ensure_ascii=False), status, content_type=media_type)


def check_accepted(media_type: str) -> None:
    """Refuse a request whose Accept header leaves the media type out."""
    accepted, profile = request.accept_mimetypes, current_sandbox().profile
    exactly = profile.needs_exact_accept and media_type == LINE_ITEMS
    if exactly and media_type not in accepted.values():
        raise ServiceRefusalError(profile.accept_status, "not_acceptable", f"Accept must name {media_type}.")
    if accepted and not accepted[media_type]:
        raise ServiceRefusalError(profile.accept_status, "not_acceptable", f"The answer is {media_type}.")


def read_text(body: Mapping[str, Any], name: str, *, needed: bool = False, longest: int = 4000) -> str | None:
    """Return a text of the body, or None where it is absent."""
    value = body.get(name)
    if value is None and not needed:
        return None
    if not isinstance(value, str) or (needed and not value.strip()) or len(value) > longest:
        raise bad_request(f"{name} must be a text.")
    if any("\ud800" <= sign <= "\udfff" for sign in value):
        raise bad_request(f"{name} holds half a character.")
    return value


def read_number(body: Mapping[str, Any], name: str) -> float:
    """Return a number of the body, at most LARGEST_NUMBER."""
    value = body.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise bad_request(f"{name} must be a number.")
    if abs(value) > LARGEST_NUMBER:
        raise bad_request(f"{name} is too large.")
    return float(value)


def write_number(value: float) -> int | float:
    """Return a whole number as an int, as platforms write it."""
    return int(value) if float(value).is_integer() else value


def bad_request(sentence: str) -> ServiceRefusalError:
    """Return the refusal of a malformed request."""
    return ServiceRefusalError(400, "bad_request", sentence)


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")
