"""The sandbox's application factory."""

import sqlite3
from urllib.parse import urlsplit

from flask import Flask, Response, g, redirect, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

from lti.sandbox import (
    adding,
    admin_tools,
    authentication,
    calls,
    controls,
    jwks,
    lineitems,
    memberships,
    notice_controls,
    notice_service,
    pages,
    refusals,
    registration,
    reviewing,
    scores,
    storage,
    tokens,
)
from lti.sandbox.keys import add_key
from lti.sandbox.school import fill_school
from lti.sandbox.settings import SandboxSettings
from lti.sandbox.state import Sandbox, current_sandbox
from lti.sandbox.store import Store

FILE_NAME = "sandbox.sqlite3"
LARGEST_REQUEST = 1_000_000
PAGES = frozenset({"pages", "adding", "admin_tools", "reviewing"})
LOOPBACK_HOSTS = frozenset({"localhost", "127.0.0.1", "::1"})


def create_sandbox(settings: SandboxSettings) -> Flask:
    """Make the platform's app. A new file is filled with the first people, courses and links."""
    store = Store(settings.data_dir / FILE_NAME)
    store.prepare(_fill)
    app = Flask("lti.sandbox")
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_REQUEST
    app.extensions["sandbox"] = Sandbox(settings, store, settings.tool_url, settings.profile)
    app.before_request(_keep_to_own_hosts)
    calls.init_app(app)
    storage.init_app(app)
    refusals.init_app(app)
    app.register_error_handler(HTTPException, _refuse)
    app.after_request(_mark_headers)
    for blueprint in (
        jwks.bp,
        authentication.bp,
        tokens.bp,
        lineitems.bp,
        scores.bp,
        memberships.bp,
        pages.bp,
        adding.bp,
        admin_tools.bp,
        registration.bp,
        notice_service.bp,
        reviewing.bp,
        storage.bp,
    ):
        app.register_blueprint(blueprint)
    if settings.controls:
        app.register_blueprint(controls.bp)
        app.register_blueprint(notice_controls.bp)
    return app


def _fill(db: sqlite3.Connection) -> None:
    add_key(db)
    fill_school(db)


def _keep_to_own_hosts() -> ResponseReturnValue | None:
    """Refuse other host names, and bring people to the one host under which cookies are set."""
    public = urlsplit(current_sandbox().settings.public_url)
    asked = urlsplit(request.host_url)
    if asked.hostname not in LOOPBACK_HOSTS | {public.hostname}:
        return "This host name is not served here.", 421
    if asked.netloc != public.netloc and request.blueprint in PAGES and request.method == "GET":
        return redirect(current_sandbox().address(request.full_path.rstrip("?")))
    return None


def _refuse(error: HTTPException) -> ResponseReturnValue:
    title = error.name or "Refused"
    return render_template("sandbox/refused.html", title=title, sentence=error.description), error.code or 500


def _mark_headers(answer: Response) -> Response:
    answer.headers.setdefault("X-Content-Type-Options", "nosniff")
    answer.headers.setdefault("Referrer-Policy", "strict-origin-when-cross-origin")
    if answer.mimetype == "text/html":
        frames = " ".join(
            ["'self'", *storage.list_tool_origins(), *([g.framed_origin] if "framed_origin" in g else [])]
        )
        answer.headers.setdefault(
            "Content-Security-Policy",
            f"default-src 'self'; img-src 'self' data:; frame-src {frames}; frame-ancestors 'self'; "
            "base-uri 'none'; object-src 'none'",
        )
        answer.headers.setdefault("Cache-Control", "no-store")
    return answer
