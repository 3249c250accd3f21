"""One platform as one learner uses it, and the steps by which two of them become one person."""

from __future__ import annotations

import re
from dataclasses import dataclass

from flask import Flask
from werkzeug.test import TestResponse

from institute.actors import PersonId
from institute.db import db
from institute.web.forms import session_token
from institute.web.models import LaunchSession
from tests.browsing import Visitor
from tests.lti.acting import Platform
from tests.lti.entrance import session_id_of


@dataclass
class Side:
    """One platform, whose only course is bound to a cohort, as one learner uses it."""

    app: Flask
    platform: Platform
    sub: str
    name: str

    def enter(self) -> Visitor:
        """Open the course's link and return the browser inside the session."""
        client = self.app.test_client()
        answer = self.platform.launch(client, sub=self.sub, name=self.name, email=...)
        row = db.session.get_one(LaunchSession, session_id_of(answer))
        return Visitor(client, row.id, session_token(row.id, row.secret_hash))

    def person_id(self) -> PersonId:
        """Return as whom a launch is let in now."""
        visitor = self.enter()
        found = db.session.get_one(LaunchSession, visitor.session_id).person_id
        assert found is not None
        return found


def code_on(page: TestResponse) -> str:
    """Return the code that a page shows."""
    found = re.search(r'class="ci-onetime[^>]*>([A-Z0-9-]+)<', page.text)
    assert found is not None, page.text
    return found[1]


def code_id_on(page: TestResponse) -> int:
    """Return the number of what a page asks to confirm."""
    found = re.search(r"/accounts/(\d+)/", page.text)
    assert found is not None, page.text
    return int(found[1])


def connect(shows: Visitor, types: Visitor) -> TestResponse:
    """Connect two accounts, as their owner does; return the page on which it is done."""
    shows.post("/accounts/code")
    code = code_on(shows.get("/accounts/"))
    assert types.post("/accounts/type", {"code": code}).status_code == 303
    types.post(f"/accounts/{code_id_on(types.get('/accounts/'))}/confirm")
    shows.post(f"/accounts/{code_id_on(shows.get('/accounts/'))}/agree")
    return shows.get("/accounts/")
