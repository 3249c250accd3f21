"""What verifiers of credentials fetch: an institute's profile with its keys, its achievements, its statuses."""

from __future__ import annotations

from typing import Final

from flask import Response, request
from flask.typing import ResponseReturnValue

from certificates.awards.proof import publishing
from institute.web import limits
from institute.web.areas import public_blueprint

MAY_BE_KEPT: Final = "public, max-age=300"
LINKED_DATA: Final = "application/ld+json"
JSON: Final = "application/json"
blueprint = public_blueprint("issuer", __name__, url_prefix="/issuers")


def profile(slug: str) -> ResponseReturnValue:
    """Tell who issues, with every public key there ever was."""
    return _answer(publishing.profile_of(slug))


def keys(slug: str) -> ResponseReturnValue:
    """Tell the keys that sign badges as JWTs."""
    return _answer(publishing.keys_of(slug), "application/jwk-set+json")


def key(slug: str, kid: str) -> ResponseReturnValue:
    """Tell one of these keys."""
    return _answer(publishing.key_of(slug, kid), "application/jwk+json")


def statuses(slug: str, number: int) -> ResponseReturnValue:
    """Tell which certificates are revoked (1) or suspended (2), as a signed list that names none of them."""
    return _answer(publishing.status_list_of(slug, number))


def achievement(slug: str, level_key: str) -> ResponseReturnValue:
    """Describe a level as its rules are today."""
    return _answer(publishing.achievement_of(slug, level_key))


def achievement_version(slug: str, level_key: str, version: int) -> ResponseReturnValue:
    """Describe a version of a level."""
    return _answer(publishing.achievement_of(slug, level_key, version))


def image(slug: str, level_key: str, version: int) -> ResponseReturnValue:
    """Show an achievement's picture."""
    return _answer(publishing.picture_of(slug, level_key, version), "image/svg+xml")


def competency(slug: str, framework: str, element: str) -> ResponseReturnValue:
    """Describe an element of a framework."""
    return _answer(publishing.competency_of(slug, framework, element), JSON)


def _answer(document: bytes, kind: str = LINKED_DATA) -> Response:
    response = Response(document, mimetype=kind)
    response.headers["Cache-Control"] = MAY_BE_KEPT
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.add_etag()
    response.make_conditional(request)
    return response


# A verifier asks for several of these in a row.
A_MINUTE: Final = 120
for _path, _name, _view in (
    ("/<slug>", "profile", profile),
    ("/<slug>/jwks.json", "keys", keys),
    ("/<slug>/keys/<kid>", "key", key),
    ("/<slug>/status/<int(max=9):number>", "statuses", statuses),
    ("/<slug>/achievements/<level_key>", "achievement", achievement),
    (
        "/<slug>/achievements/<level_key>/<int(max=1000000):version>",
        "achievement_version",
        achievement_version,
    ),
    ("/<slug>/achievements/<level_key>/<int(max=1000000):version>/image.svg", "image", image),
    ("/<slug>/competencies/<framework>/<element>", "competency", competency),
):
    blueprint.add_url_rule(_path, _name, limits.few(_view, a_minute=A_MINUTE))
