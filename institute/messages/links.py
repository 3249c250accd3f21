"""One-time sign-in links: made for a person, entered by a button, so that a mail scanner's GET uses nothing up."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from typing import Final

from flask import Flask, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import update

from institute import audit
from institute.actors import Actor, InstituteId, PersonId
from institute.clock import now
from institute.config import current_settings
from institute.db import db, transaction
from institute.errors import InvalidError
from institute.i18n import lazy_gettext
from institute.messages.models import SignInLink
from institute.web import limits, sessions
from institute.web.areas import public_blueprint

VALID_FOR: Final = timedelta(minutes=15)


class LinkUsedError(InvalidError):
    """The link was used, is too old, or never existed: all three answer alike."""

    code = "LINK-USED"
    title = lazy_gettext("This link no longer works")
    sentence = lazy_gettext("A sign-in link works once and for 15 minutes.")
    advice = lazy_gettext("Ask for a new link.")


def make_link(person_id: PersonId, *, institute_id: InstituteId) -> str:
    """Make a link for a person and return its address. The token is stored hashed only."""
    token = secrets.token_urlsafe(32)
    with transaction() as session:
        session.add(
            SignInLink(
                token_hash=_hash(token),
                institute_id=institute_id,
                person_id=person_id,
                expires_at=now() + VALID_FOR,
            )
        )
        actor = Actor(institute_id=institute_id, person_id=None)
        audit.record("link.made", actor=actor, subject=("person", person_id))
    return f"{current_settings().public_url}/link/{token}"


def enter(token: str) -> ResponseReturnValue:
    """Show the button that signs in. Looking uses nothing up."""
    row = db.session.get(SignInLink, _hash(token))
    if row is None or row.used_at is not None or row.expires_at <= now():
        raise LinkUsedError
    return render_template("links/enter.html", enter_url=url_for("link.use", token=token))


def use(token: str) -> ResponseReturnValue:
    """Use the link up and open a session."""
    with transaction() as session:
        row = session.execute(
            update(SignInLink)
            .where(
                SignInLink.token_hash == _hash(token),
                SignInLink.used_at.is_(None),
                SignInLink.expires_at > now(),
            )
            .values(used_at=now())
            .returning(SignInLink.institute_id, SignInLink.person_id)
        ).one_or_none()
        if row is None:
            raise LinkUsedError
        opened, secret = sessions.open_session(
            institute_id=row.institute_id, person_id=row.person_id, door="link", door_key=_hash(token)[:16]
        )
        actor = Actor(institute_id=row.institute_id, person_id=row.person_id, door="link")
        audit.record("link.used", actor=actor, subject=("person", row.person_id))
        response = redirect(sessions.session_path(opened.id), 303)
        sessions.set_cookie(response, opened.id, secret)
    return response


def init_app(app: Flask) -> None:
    """Mount the two pages."""
    blueprint = public_blueprint("link", __name__, url_prefix="/link")
    blueprint.add_url_rule("/<token>", "enter", limits.few(enter))
    blueprint.add_url_rule("/<token>", "use", limits.few(use), methods=["POST"])
    app.register_blueprint(blueprint)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
