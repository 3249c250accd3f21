"""Checking a certificate: anybody may, without signing in, and learns what it says and whether it holds."""

from __future__ import annotations

from typing import Any

from flask import Response, g, jsonify, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from certificates.awards.errors import CertificateUnknownError
from certificates.awards.verifying import Verdict, verify
from institute.web import limits
from institute.web.areas import public_blueprint

JSON = "application/json"
blueprint = public_blueprint("verify", __name__, url_prefix="/verify")


def index() -> ResponseReturnValue:
    """Ask for a code; a code that was typed leads on to its page."""
    typed = request.args.get("code", "").strip()
    if typed:
        return redirect(url_for(".certificate", code=typed[:100], lang=request.args.get("lang")), 303)
    return _public(make_response(render_template("certificates/awards/verify.html", unknown=None)))


def certificate(code: str) -> ResponseReturnValue:
    """Tell about the certificate with this code, as a page or as JSON."""
    as_json = (
        code.lower().endswith(".json") or request.accept_mimetypes.best_match(["text/html", JSON]) == JSON
    )
    try:
        verdict = verify(code.removesuffix(".json").removesuffix(".JSON"))
    except CertificateUnknownError as error:
        return _public(_unknown(error, as_json=as_json)), 404
    if as_json:
        return _public(jsonify(_as_json(verdict)))
    return _public(make_response(render_template("certificates/awards/verdict.html", here=verdict)))


def _unknown(error: CertificateUnknownError, *, as_json: bool) -> Response:
    if as_json:
        return jsonify({"status": "unknown"})
    return make_response(render_template("certificates/awards/verify.html", unknown=error))


def _public(response: Response) -> Response:
    """Keep a page out of frames, search engines and caches."""
    g.frame_origins = []
    response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    response.vary.add("Accept")
    response.vary.add("Accept-Language")
    return response


def _as_json(verdict: Verdict) -> dict[str, Any]:
    """Return what the page says, for software. Times are UTC; texts are in every language they have."""
    told: dict[str, Any] = {
        "status": verdict.status.value,
        "name": verdict.name,
        "title": dict(verdict.title.texts),
        "level": dict(verdict.level_name.texts),
        "institute": dict(verdict.institute_name.texts),
        "minutes": verdict.minutes,
        "issued": verdict.issued_at.isoformat(timespec="seconds"),
        "serial": verdict.serial,
        "checked": verdict.checked_at.isoformat(timespec="seconds"),
    }
    if verdict.valid_until is not None:
        told["valid_until"] = verdict.valid_until.isoformat(timespec="seconds")
    if verdict.status.value != "valid" and verdict.since is not None:
        told["since"] = verdict.since.isoformat(timespec="seconds")
        told["reason"] = verdict.reason.value if verdict.reason else None
    return told


blueprint.add_url_rule("/", "index", limits.few(index), strict_slashes=False)
blueprint.add_url_rule("/<path:code>", "certificate", limits.few(certificate))
