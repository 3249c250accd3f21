"""What a link opens: the target that it names, and the path behind it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from urllib.parse import parse_qs, urlsplit

from flask import current_app

from institute.actors import Actor
from institute.errors import DomainError, NotFoundError
from institute.messages.mail import path_to
from institute.web import openables
from lti.launches.claims import LaunchClaims
from lti.platforms.strings import is_clean

CHOOSE: Final = "lti_deep_linking.choose"
REVIEW: Final = "lti_review.show"
TARGET: Final = "target"
LONGEST: Final = 500
HOME: Final = "/"
GONE: Final = "gone:"
"""What is kept of a target that nothing can have: too long, or with control characters."""


def wanted_target(claims: LaunchClaims) -> str | None:
    """Return the target (``kind:key``) that a launch names, or None for the cohort's home.

    The custom parameter ``target`` comes first, then the query of ``target_link_uri``: Moodle's plain activities
    have only the latter.
    """
    target = parameters(claims).get(TARGET, "").strip()
    if not target:
        return None
    return target if len(target) <= LONGEST and is_clean(target) else GONE


def parameters(claims: LaunchClaims) -> Mapping[str, str]:
    """Return what a link was given: the custom parameters, and from its address those that are not among them."""
    query = urlsplit(claims.target_link_uri).query
    if not query:
        return claims.custom
    queried = parse_qs(query, max_num_fields=None)
    return {**{name: values[0] for name, values in queried.items()}, **claims.custom}


def path_to_choose() -> str:
    """Return the path, inside a session, of the page where content for a course is chosen."""
    return path_to(CHOOSE if CHOOSE in current_app.view_functions else "lti_course.index")


def locate(target: str | None, actor: Actor) -> str | None:
    """Return the path of a target inside a session, or None if it is not there for this actor."""
    if target is None:
        return HOME
    try:
        path = openables.locate(target, actor)
    except NotFoundError:
        return None
    except DomainError:
        return HOME  # it is there, but closed to this person: the home page says why
    return path if path and path.startswith("/") else None
