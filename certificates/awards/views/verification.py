"""Checking a certificate: anybody may, without signing in, and learns what it says and whether it holds."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

from flask import Response, g, jsonify, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from certificates.awards.errors import CertificateUnknownError, SerialMistypedError
from certificates.awards.proof import addresses
from certificates.awards.proof.verifying import Verdict, verify, verify_serial
from certificates.documents.serials import looks_like_serial
from institute.web import limits
from institute.web.areas import public_blueprint

JSON: Final = "application/json"
PAGE: Final = "certificates/awards/verify.html"
# Serials are counted up: nobody shall read out a year of them.
SERIALS_A_MINUTE: Final = 10
LONGEST_TYPED: Final = 100
blueprint = public_blueprint("verify", __name__, url_prefix="/verify")


def index() -> ResponseReturnValue:
    """Ask for a code or a serial; what was typed leads on to its page."""
    typed = request.args.get("code", "").strip()
    lang = request.args.get("lang")
    if looks_like_serial(typed):
        return redirect(url_for(".serial", serial=typed[:LONGEST_TYPED], lang=lang), 303)
    if typed:
        return redirect(url_for(".certificate", code=typed[:LONGEST_TYPED], lang=lang), 303)
    return _public(make_response(render_template(PAGE, typed="", unknown=None, mistyped=False)))


def certificate(code: str) -> ResponseReturnValue:
    """Tell about the certificate with this code, as a page or as JSON. A serial leads on to its own address."""
    if looks_like_serial(code):
        return redirect(url_for(".serial", serial=code, lang=request.args.get("lang")), 303)
    return _told(code, verify)


def serial(serial: str) -> ResponseReturnValue:
    """Tell about the certificate with this serial, without its holder's name."""
    return _told(serial, verify_serial)


def _told(typed: str, find: Callable[[str], Verdict]) -> ResponseReturnValue:
    as_json = (
        typed.lower().endswith(".json") or request.accept_mimetypes.best_match(["text/html", JSON]) == JSON
    )
    try:
        verdict = find(typed.removesuffix(".json").removesuffix(".JSON"))
    except (CertificateUnknownError, SerialMistypedError) as error:
        return _public(_unknown(typed, error, as_json=as_json)), 404
    if as_json:
        return _public(_for_anybody(_as_json(verdict)))
    page = render_template(
        "certificates/awards/verdict.html",
        here=verdict,
        issuer=addresses.issuer_url(verdict.institute_slug),
        badge=addresses.credential_url(verdict.code) if verdict.code else None,
    )
    return _public(make_response(page))


def _unknown(typed: str, error: CertificateUnknownError | SerialMistypedError, *, as_json: bool) -> Response:
    if as_json:
        return _for_anybody({"status": "unknown"})
    mistyped = isinstance(error, SerialMistypedError)
    stays = typed[:LONGEST_TYPED] if typed.isprintable() else ""
    return make_response(render_template(PAGE, typed=stays, unknown=error, mistyped=mistyped))


def _for_anybody(told: dict[str, Any]) -> Response:
    """Return what software asked for, readable by scripts of any site."""
    response = jsonify(told)
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


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
        "issuer": addresses.issuer_url(verdict.institute_slug),
        "minutes": verdict.minutes,
        "results": [
            {"name": one.name.in_(verdict.locale), "level": one.level.in_(verdict.locale)}
            for one in verdict.results
        ],
        "issued": _instant(verdict.issued_at),
        "valid_until": _instant(verdict.valid_until),
        "serial": verdict.serial,
        "sha256": verdict.sha256,
        "superseded_by": addresses.verify_url(verdict.successor) if verdict.successor else None,
        "checked": _instant(verdict.checked_at),
    }
    told = {name: value for name, value in told.items() if value not in (None, [])}
    if verdict.status.value != "valid" and verdict.since is not None:
        told["since"] = _instant(verdict.since)
        told["reason"] = verdict.reason.value if verdict.reason else None
    return told


def _instant(at: datetime | None) -> str | None:
    return at.isoformat(timespec="seconds") if at is not None else None


blueprint.add_url_rule("/", "index", limits.few(index), strict_slashes=False)
blueprint.add_url_rule("/serial/<serial>", "serial", limits.few(serial, a_minute=SERIALS_A_MINUTE))
blueprint.add_url_rule("/<path:code>", "certificate", limits.few(certificate))
