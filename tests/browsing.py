"""A person with a session: sends forms as a page does, with the session's token and a fresh once-key."""

from __future__ import annotations

import contextvars
import secrets
from collections.abc import Iterable, Mapping
from typing import Any

from flask import Flask, has_app_context
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from institute.actors import Role
from institute.db import db
from institute.people.models import Person
from institute.web import forms, sessions


class OutsideClient(FlaskClient):
    """A client whose requests know nothing of the test's own application context, as a server's do not.

    After each request the test's session forgets what it read, so that rows show what was stored.
    """

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        """Send one request."""
        response = contextvars.Context().run(super().open, *args, **kwargs)
        if has_app_context():
            db.session.rollback()
        return response


class Visitor:
    """A browser inside one session; paths are those behind the session's prefix."""

    def __init__(self, client: FlaskClient, session_id: str, token: str) -> None:
        self.client = client
        self.session_id = session_id
        self.token = token

    def get(self, path: str = "/", **more: Any) -> TestResponse:
        """Open a page."""
        return self.client.get(self._address(path), **more)

    def post(self, path: str, data: Mapping[str, Any] | None = None, **more: Any) -> TestResponse:
        """Send a form with its marks; pass ``_once`` to send the same form again."""
        marks = {forms.TOKEN_FIELD: self.token, forms.ONCE_FIELD: secrets.token_urlsafe(12)}
        return self.client.post(self._address(path), data={**marks, **(data or {})}, **more)

    def _address(self, path: str) -> str:
        prefix = sessions.session_path(self.session_id, "")
        return path if path.startswith(prefix) else prefix + path


def visit(app: Flask, person: Person, *, roles: Iterable[Role] = (), **given: Any) -> Visitor:
    """Open a session for ``person`` and return the browser that holds its cookie."""
    given.setdefault("door", "test")
    given.setdefault("door_key", "test")
    opened, secret = sessions.open_session(
        institute_id=person.institute_id, person_id=person.id, roles=roles, **given
    )
    client = app.test_client()
    path = sessions.session_path(opened.id)
    client.set_cookie(sessions.COOKIE, secret, path=path, domain="localhost")
    return Visitor(client, opened.id, forms.session_token(opened.id, opened.secret_hash))
