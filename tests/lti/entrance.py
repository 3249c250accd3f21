"""What a launch led to: the session in the database, and forms sent from its pages."""

from __future__ import annotations

import re
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from institute.db import db
from institute.web.models import LaunchSession


def session_id_of(answer: TestResponse) -> str:
    """Return the id of the session that a launch redirects to."""
    found = re.match(r"/s/([^/]+)/", answer.location or "")
    assert found is not None, answer.text
    return found[1]


def session_of(answer: TestResponse) -> LaunchSession:
    """Return the session that a launch opened, as stored."""
    db.session.rollback()
    return db.session.get_one(LaunchSession, session_id_of(answer))


def send_form(client: FlaskClient, page: TestResponse, **typed: Any) -> TestResponse:
    """Send the (first) form of a page with what was typed, as a browser does."""
    form = re.search(r'<form[^>]* action="([^"]+)".*?</form>', page.text.partition('id="main"')[2], re.DOTALL)
    assert form is not None, page.text
    hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form[0]))
    return client.post(form[1], data={**hidden, **typed})
