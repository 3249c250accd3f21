"""Forms: a token bound to the session, without a clock of its own, and a key that makes a form count once."""

from __future__ import annotations

import functools
import hashlib
import hmac
import re
import secrets
import unicodedata
from collections.abc import Callable, Mapping
from typing import Any, Final, cast

from flask import Flask, current_app, g, make_response, redirect, request
from flask.typing import ResponseReturnValue, RouteCallable
from markupsafe import Markup
from sqlalchemy import delete, select, update
from werkzeug.exceptions import HTTPException

from institute.clock import now
from institute.config import current_settings
from institute.db import db, insert_into, transaction
from institute.errors import DeniedError
from institute.i18n import lazy_gettext
from institute.web import sessions
from institute.web.models import AnsweredForm

TOKEN_FIELD: Final = "_token"  # noqa: S105  (a field's name)
TOKEN_HEADER: Final = "X-CSRF-Token"  # noqa: S105  (a header's name)
ONCE_FIELD: Final = "_once"
REVISION_FIELD: Final = "_revision"
REVISION_DIGITS: Final = 9
CREDENTIALS: Final = frozenset({"id_token"})
PICKED: Final = 1  # characters: the value of a box that was ticked
BUTTON: Final = "do"
ROW_MARK: Final = "-was"
# The digest of what a page showed, which its form brings back.
SHOWN_MARK: Final = "seen"
_CHOICE: Final = re.compile(r"[0-9]{1,4}\Z|[a-z0-9-]{1,64}/[a-z0-9-]{1,64}\Z")
SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_ONCE: Final = re.compile(r"[A-Za-z0-9_-]{8,64}\Z")


class ForgedFormError(DeniedError):
    """The form does not carry this session's token."""

    code = "FORM-TOKEN"
    title = lazy_gettext("This form is not from here")
    sentence = lazy_gettext("The form does not belong to this visit, so nothing was changed.")
    advice = lazy_gettext("Open the page again and send the form from there.")


def form_token() -> str:
    """Return the token of this session's forms."""
    row = sessions.current_session()
    return session_token(row.id, row.secret_hash)


def session_token(session_id: str, secret_hash: str) -> str:
    """Return the token of a session's forms: only the server can make it, only the session's pages show it."""
    key = current_settings().secret_key.encode()
    return hmac.new(key, f"form:{session_id}:{secret_hash}".encode(), hashlib.sha256).hexdigest()


def form_marks() -> Markup:
    """Return the hidden fields that every form carries; empty on pages without a session."""
    if g.get("launch_session") is None:
        return Markup("")
    field = Markup('<input type="hidden" name="{}" value="{}">')
    return field.format(TOKEN_FIELD, form_token()) + field.format(ONCE_FIELD, secrets.token_urlsafe(12))


def first_time(what: str) -> bool:
    """Tell whether ``what`` is written into this page for the first time: words that many forms share stand once."""
    said: set[str] = g.setdefault("said", set())
    first = what not in said
    said.add(what)
    return first


def keep_name(*about: object) -> str:
    """Return the name under which this person's browser keeps what is typed into a form about ``about``.

    It says nothing about either, and another person at the same browser gets another one.
    """
    row = sessions.current_session()
    what = f"keep:{row.person_id}:{':'.join(map(str, about))}"
    return hmac.new(current_settings().secret_key.encode(), what.encode(), hashlib.sha256).hexdigest()[:24]


def check_token() -> None:
    """Refuse a changing request without the session's token. Raises ForgedFormError.

    What is no form, such as a piece of a file, carries it in a header, which no page of another origin can set.
    """
    if request.method in SAFE:
        return
    given = request.headers.get(TOKEN_HEADER) or request.form.get(TOKEN_FIELD, "")
    if not hmac.compare_digest(given.encode(), form_token().encode()):
        raise ForgedFormError


def typed() -> list[tuple[str, str]]:
    """Return what a person typed into the form of this request, so that an error page can give it back.

    A form that cannot be read, because it is too large or broken, gives nothing back; neither does what was only
    ticked or picked, which is one tap to do again, nor what nobody typed: a credential, the name of the button, the
    mark of a row or of a page. A small number or an address such as ``values/family`` is a choice, or typed again at
    once.
    """
    try:
        fields = list(request.form.items(multi=True))
    except HTTPException:
        return []
    return [
        (name, value)
        for name, value in fields
        if not name.startswith("_")
        and name not in CREDENTIALS
        and name not in {BUTTON, SHOWN_MARK}
        and not name.endswith(ROW_MARK)
        and len(value.strip()) > PICKED
        and not _CHOICE.match(value)
    ]


def read_revision(form: Mapping[str, str]) -> int:
    """Return the revision that a form was made from, 0 where it says none; macros/keep.html writes it."""
    text = form.get(REVISION_FIELD, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= REVISION_DIGITS else 0


def storable(text: str) -> str:
    """Return a typed text with line ends of one kind and without control characters."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(one for one in lines if one in "\n\t" or unicodedata.category(one) not in {"Cc", "Cs"})


def once(view: RouteCallable, prepare: Callable[..., Any] | None = None) -> RouteCallable:
    """Answer a form once: the whole view is one transaction with the form's key.

    Sent again, the form is answered with the first redirect. A refusal rolls the key back, so a corrected form counts.
    ``prepare`` is called with the route's values before the transaction, for what takes long, such as storing files;
    the view gets what it returns as ``prepared``.
    """

    @functools.wraps(view)
    def answer(*args: Any, **kwargs: Any) -> ResponseReturnValue:
        run = cast("Any", current_app.ensure_sync(view))
        key = request.form.get(ONCE_FIELD, "")
        here = {"session_id": sessions.current_session().id, "key": key}
        if prepare is not None and request.method not in SAFE:
            if _ONCE.match(key) and (location := _answered(**here)):
                return redirect(location, 303)
            kwargs["prepared"] = prepare(*args, **kwargs)
        if request.method in SAFE or not _ONCE.match(key):
            return cast("ResponseReturnValue", run(*args, **kwargs))
        with transaction() as session:
            taken = session.execute(
                insert_into(session, AnsweredForm)
                .values(**here, location="", at=now())
                .on_conflict_do_nothing(index_elements=["session_id", "key"])
                .returning(AnsweredForm.key)
            ).one_or_none()
            mine = (AnsweredForm.session_id == here["session_id"], AnsweredForm.key == key)
            if taken is None:
                return redirect(session.scalars(select(AnsweredForm.location).where(*mine)).one(), 303)
            response = make_response(run(*args, **kwargs))
            if response.location:
                session.execute(update(AnsweredForm).where(*mine).values(location=response.location))
            else:
                session.execute(delete(AnsweredForm).where(*mine))
        return response

    return cast("RouteCallable", answer)


def _answered(*, session_id: str, key: str) -> str | None:
    """Return where this form was answered before, so that nothing is prepared a second time."""
    return db.session.scalar(
        select(AnsweredForm.location).where(AnsweredForm.session_id == session_id, AnsweredForm.key == key)
    )


def init_app(app: Flask) -> None:
    """Give templates the hidden fields, and the names under which browsers keep what is typed."""
    app.jinja_env.globals.update(form_marks=form_marks, keep_name=keep_name, first_time=first_time)
