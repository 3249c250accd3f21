"""What verifiers of credentials fetch: an institute's profile with its keys, its achievements, its statuses."""

from __future__ import annotations

from flask import Response
from flask.typing import ResponseReturnValue

from certificates.awards import publishing
from institute.web import limits
from institute.web.areas import public_blueprint

MAY_BE_KEPT = "public, max-age=300"
blueprint = public_blueprint("issuer", __name__, url_prefix="/issuers")


def profile(slug: str) -> ResponseReturnValue:
    """Tell who issues, with every public key there ever was."""
    return _answer(publishing.profile_of(slug))


def statuses(slug: str, number: int) -> ResponseReturnValue:
    """Tell which certificates are revoked or suspended, as a signed list that names none of them."""
    return _answer(publishing.status_list_of(slug, number))


def achievement(slug: str, level_key: str) -> ResponseReturnValue:
    """Describe a level."""
    return _answer(publishing.achievement_of(slug, level_key))


def _answer(document: bytes) -> Response:
    response = Response(document, mimetype="application/ld+json")
    response.headers["Cache-Control"] = MAY_BE_KEPT
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


blueprint.add_url_rule("/<slug>", "profile", limits.few(profile))
blueprint.add_url_rule("/<slug>/status/<int(max=9):number>", "statuses", limits.few(statuses))
blueprint.add_url_rule("/<slug>/achievements/<level_key>", "achievement", limits.few(achievement))
