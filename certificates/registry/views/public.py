"""The registry for everybody: read only, where an institute shows it, of those who agree."""

from __future__ import annotations

from flask import g, make_response, render_template, request
from flask.typing import ResponseReturnValue

from certificates.registry.publicity import public_registry
from certificates.registry.seeking import read_criteria, read_page
from institute.web import limits
from institute.web.areas import public_blueprint

blueprint = public_blueprint("registry", __name__, url_prefix="/registry")


def listing(slug: str) -> ResponseReturnValue:
    """Show who holds what, of those who agree."""
    here = public_registry(slug, read_criteria(request.args), read_page(request.args.get("page", "")))
    g.frame_origins = []
    response = make_response(render_template("certificates/registry/public.html", here=here))
    response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    response.vary.add("Accept-Language")
    return response


blueprint.add_url_rule("/<slug>", "listing", limits.few(listing, a_minute=60), strict_slashes=False)
