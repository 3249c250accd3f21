"""Sessions per entrance: each lives under /s/<id>/ with a cookie of its own, so that tabs never mix.

Cookies are Partitioned, Secure, SameSite=None and bound to the session's path: in an LMS's frame
nothing else comes back.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, cast

from flask import Flask, Request, current_app, g, request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin
from sqlalchemy import Table, bindparam, insert, select, update
from werkzeug.wrappers import Response

from institute.actors import Actor, InstituteId, PersonId, Role, live_roles, with_implied
from institute.clock import now
from institute.config import current_settings
from institute.db import db, transaction
from institute.errors import DomainError
from institute.i18n import forget_words, lazy_gettext
from institute.web.models import LaunchSession

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

COOKIE: Final = "ci_session"
_PATH: Final = re.compile(r"/s/([A-Za-z0-9_-]{8,24})(/.*)?\Z", re.DOTALL)
_ENVIRON_KEY: Final = "institute.session_id"


class SessionEndedError(DomainError):
    """No live session stands behind this address in this browser."""

    code = "SESSION-ENDED"
    title = lazy_gettext("Your visit has ended")
    sentence = lazy_gettext("You were away for a long time, or this page was opened in another window.")
    advice = lazy_gettext("Go back to the course and open its link again. Nothing that was saved is lost.")


class SessionPath:
    """WSGI middleware: moves /s/<id> from the path to SCRIPT_NAME, so that every url_for carries it."""

    def __init__(self, wsgi: Callable[[WSGIEnvironment, StartResponse], Iterable[bytes]]) -> None:
        self.wsgi = wsgi

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Serve one request."""
        found = _PATH.match(environ.get("PATH_INFO", ""))
        if found:
            environ["SCRIPT_NAME"] = f"{environ.get('SCRIPT_NAME', '')}/s/{found[1]}"
            environ["PATH_INFO"] = found[2] or "/"
            environ[_ENVIRON_KEY] = found[1]
        return self.wsgi(environ, start_response)


class FlashCookies(SecureCookieSessionInterface):
    """Keeps Flask's own cookie (messages for the next page) inside the session's path; elsewhere there is none."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """Return what the cookie holds. Most requests bring none: nothing is prepared to read it then."""
        if self.get_cookie_name(app) not in request.cookies:
            return self.session_class()
        return super().open_session(app, request)

    def get_cookie_path(self, app: Flask) -> str:
        """Return the path of the session this request is in."""
        return f"/s/{requested_session_id()}/"

    def should_set_cookie(self, app: Flask, session: SessionMixin) -> bool:
        """Set it only where a session's path holds it."""
        return requested_session_id() is not None and super().should_set_cookie(app, session)


@dataclass(frozen=True, slots=True)
class OpenedSession:
    """A session that was just opened; ``secret_hash`` is what is kept of its secret."""

    id: str
    secret_hash: str


@dataclass(frozen=True, slots=True)
class NarrowDoor:
    """What a narrow door leads to: the blueprints whose pages open, and the endpoint that is its home."""

    blueprints: frozenset[str]
    home: str


def narrow(app: Flask, door: str, *, to: Iterable[str], home: str) -> None:
    """Let sessions that came through ``door`` open the pages of these blueprints alone, without any live role."""
    cast("dict[str, NarrowDoor]", app.extensions["narrow_doors"])[door] = NarrowDoor(frozenset(to), home)


def narrowed(door: str) -> NarrowDoor | None:
    """Return what sessions of ``door`` may open, None where they may open whatever their roles allow."""
    return cast("dict[str, NarrowDoor]", current_app.extensions["narrow_doors"]).get(door)


_SESSION: Final = cast("Table", LaunchSession.__table__)
_OPEN: Final = insert(_SESSION)


def open_session(
    *,
    institute_id: InstituteId,
    person_id: PersonId,
    door: str,
    door_key: str,
    roles: Iterable[Role] = (),
    place: int | None = None,
    target: str = "/",
    locale: str | None = None,
    frame_origins: Sequence[str] = (),
    return_url: str = "",
) -> tuple[OpenedSession, str]:
    """Open a session; return it with its secret, which ``set_cookie`` gives to the browser.

    ``target`` is the path behind the session's prefix, ``frame_origins`` are origins such as "https://lms.example.org".
    """
    secret = secrets.token_urlsafe(32)
    opened = OpenedSession(secrets.token_urlsafe(12), _hash(secret))
    values = {
        "id": opened.id,
        "institute_id": institute_id,
        "person_id": person_id,
        "secret_hash": opened.secret_hash,
        "door": door,
        "door_key": door_key,
        "place": place,
        "roles": sorted(roles),
        "target": target,
        "locale": locale,
        "frame_origins": list(frame_origins),
        "return_url": return_url,
        "expires_at": now() + timedelta(hours=current_settings().session_hours),
    }
    with transaction() as session:
        session.connection().execute(_OPEN, values)
    return opened, secret


def renew_secret(session_id: str) -> str | None:
    """Give a live session another secret and return it; the one before opens nothing from then on.

    Returns None if the session has ended or is too old.
    """
    secret = secrets.token_urlsafe(32)
    with transaction() as session:
        renewed = session.scalar(
            update(LaunchSession)
            .where(
                LaunchSession.id == session_id,
                LaunchSession.ended_at.is_(None),
                LaunchSession.expires_at > now(),
            )
            .values(secret_hash=_hash(secret))
            .returning(LaunchSession.id)
        )
    return secret if renewed is not None else None


def end_sessions(*, door: str, door_key: str) -> None:
    """End every session that came through a door, from the next request on."""
    with transaction() as session:
        session.execute(
            update(LaunchSession)
            .where(
                LaunchSession.door == door,
                LaunchSession.door_key == door_key,
                LaunchSession.ended_at.is_(None),
            )
            .values(ended_at=now())
        )


def end_sessions_of(people: Collection[PersonId]) -> None:
    """End every session of these people, from the next request on, whichever door they came through."""
    with transaction() as session:
        session.execute(
            update(LaunchSession)
            .where(LaunchSession.person_id.in_(people), LaunchSession.ended_at.is_(None))
            .values(ended_at=now())
        )


def set_cookie(response: Response, session_id: str, secret: str) -> None:
    """Give the browser the session's cookie, bound to the session's path."""
    response.set_cookie(
        COOKIE,
        secret,
        path=f"/s/{session_id}/",
        secure=True,
        httponly=True,
        samesite="None",
        partitioned=True,
        max_age=current_settings().session_hours * 3600,
    )


def session_path(session_id: str, path: str = "/") -> str:
    """Return the address of ``path`` inside a session, from the root of the site."""
    return f"/s/{session_id}{path}"


def requested_session_id() -> str | None:
    """Return the id in this request's address, whatever stands behind it."""
    found: str | None = request.environ.get(_ENVIRON_KEY)
    return found


@dataclass(frozen=True, slots=True)
class SessionFacts:
    """What a request needs of its session: a row of ``_FIND``, whose columns are named as these fields."""

    id: str
    institute_id: InstituteId
    person_id: PersonId
    secret_hash: str
    door: str
    door_key: str
    place: int | None
    roles: list[str]
    locale: str | None
    frame_origins: list[str]
    return_url: str
    expires_at: datetime
    ended_at: datetime | None

    def is_live(self, secret: str) -> bool:
        """Tell whether ``secret`` opens it, and it has not ended."""
        is_opened = hmac.compare_digest(_hash(secret), self.secret_hash)
        return is_opened and self.ended_at is None and self.expires_at > now()


_FIND: Final = select(*(_SESSION.c[field.name] for field in fields(SessionFacts))).where(
    _SESSION.c.id == bindparam("session")
)


def load_session() -> None:
    """Before each request: find the session behind the address, if its cookie came along."""
    g.launch_session = None
    session_id = requested_session_id()
    if session_id is None:
        return
    row = db.session.connection().execute(_FIND, {"session": session_id}).one_or_none()
    if row is None:
        return
    found = SessionFacts(*row)
    g.frame_origins = found.frame_origins
    g.locale = found.locale
    if found.is_live(request.cookies.get(COOKIE, "")):
        g.launch_session = found


def current_session() -> SessionFacts:
    """Return the live session of this request. Raises SessionEndedError if there is none."""
    found: SessionFacts | None = g.get("launch_session")
    if found is None:
        raise SessionEndedError
    return found


def current_actor() -> Actor:
    """Return who acts in this request, with the roles held at this moment. Raises SessionEndedError."""
    if "actor" not in g:
        row = current_session()
        roles = frozenset(Role(name) for name in row.roles)
        if narrowed(row.door) is None:
            roles |= live_roles(row.person_id, row.place)
        g.actor = Actor(
            institute_id=row.institute_id,
            person_id=row.person_id,
            roles=with_implied(roles),
            session_id=row.id,
            place=row.place,
            door=row.door,
            door_key=row.door_key,
        )
    actor: Actor = g.actor
    return actor


def switch_locale(locale: str) -> None:
    """Answer this session in another language from now on."""
    with transaction() as session:
        row = session.get_one(LaunchSession, current_session().id)
        row.locale = locale
    g.locale = locale
    forget_words()


def init_app(app: Flask) -> None:
    """Put sessions in front of every request."""
    app.config.update(
        SESSION_COOKIE_NAME="ci_flash",
        SESSION_COOKIE_SECURE=True,
        SESSION_COOKIE_SAMESITE="None",
        SESSION_COOKIE_PARTITIONED=True,
    )
    app.extensions["narrow_doors"] = {}
    app.session_interface = FlashCookies()
    app.before_request(load_session)
    wrapped: Any = SessionPath(app.wsgi_app)
    app.wsgi_app = wrapped  # type: ignore[method-assign]


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
