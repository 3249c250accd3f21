"""The Open Badge of an award at its address, for wallets and verifiers: JSON with an embedded proof, or a JWT."""

from __future__ import annotations

from typing import Final

from flask import Response, request
from flask.typing import ResponseReturnValue

from certificates.awards.proof.serving import shared_badge
from institute.web import limits
from institute.web.areas import public_blueprint

CREDENTIAL: Final = "application/vc"
TOKEN: Final = "application/vc+jwt"  # noqa: S105  (a media type)
LINKED: Final = "application/vc+ld+json"
JSON: Final = "application/json"
JWT: Final = "application/jwt"
blueprint = public_blueprint("credential", __name__, url_prefix="/credentials")


def badge(code: str) -> ResponseReturnValue:
    """Give a badge to whoever knows its code, where its holder allows what it tells."""
    found = shared_badge(code)
    wished = request.accept_mimetypes.best_match([CREDENTIAL, LINKED, JSON, TOKEN, JWT], CREDENTIAL)
    as_token = wished in {TOKEN, JWT}
    response = Response(found.jwt if as_token else found.document, mimetype=wished)
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    response.vary.add("Accept")
    response.add_etag()
    response.make_conditional(request)
    return response


blueprint.add_url_rule("/<code>", "badge", limits.few(badge))
