"""Mail: a feature says what it wants told to whom; the worker writes it in the reader's language and sends it.

``tell`` belongs into the transaction that causes the message. What the message says is read when it is sent, so
the outbox holds ids only, and a wish that is out of date by then is dropped.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, cast

from flask import Flask, current_app

from institute.actors import InstituteId, PersonId, Role
from institute.clock import now
from institute.i18n import LazyText
from institute.jobs import outbox
from institute.messages.topics import Topic, in_order
from institute.people.models import Person

JOB_KIND: Final = "mail"
VALID_FOR: Final = timedelta(minutes=15)

About = Mapping[str, int | str]


@dataclass(frozen=True, slots=True)
class SignInTo:
    """What the link of a message opens: ``target`` is a path behind the session's prefix (see ``path_to``).

    ``roles`` and ``place`` are those of the session, beside the live roles of the person. ``label`` names the link
    where a message holds several; ``person`` is whom it signs in, if not the reader the message was meant for.
    """

    roles: tuple[Role, ...] = ()
    place: int | None = None
    target: str = "/"
    valid_for: timedelta = VALID_FOR
    label: str = ""
    person: Person | None = None


@dataclass(frozen=True, slots=True)
class MailKind:
    """A kind of message.

    ``template`` is a ``.txt`` of the body's paragraphs, an empty line between two: greeting, link and closing are
    the frame's. It is rendered with ``facts(person, about)`` in the reader's language; None means that nobody needs
    the message any more. ``subject`` is the same for everybody: it never holds a name. ``action`` says what the link
    does ("Confirm or correct the session"), ``sign_in(person, about)`` where it leads.
    A message older than ``good_for`` is dropped.

    ``topic`` is what it is about: each person chooses whether to get messages of a topic at once, in a digest, or
    never. A ``duty`` goes out at once whatever somebody chose, such as what another person's hours wait for; so does
    a kind without a topic.
    """

    kind: str
    subject: LazyText
    template: str
    facts: Callable[[Person, About], Mapping[str, Any] | None]
    action: LazyText | None = None
    sign_in: Callable[[Person, About], SignInTo | Sequence[SignInTo]] | None = None
    good_for: timedelta | None = None
    topic: Topic | None = None
    duty: bool = False

    @property
    def chosen(self) -> Topic | None:
        """The topic whose choice decides when this goes out; None for what always goes out at once."""
        return None if self.duty else self.topic


def init_app(app: Flask) -> None:
    """Give the application an empty table of kinds."""
    app.extensions["mail_kinds"] = {}


def add(app: Flask, kind: MailKind) -> None:
    """Let ``tell`` name messages of this kind. Raises ValueError if the name is taken."""
    table = cast("dict[str, MailKind]", app.extensions["mail_kinds"])
    if kind.kind in table:
        raise ValueError(f"two kinds of mail are called {kind.kind}")
    table[kind.kind] = kind


def find_kind(name: str) -> MailKind | None:
    """Return the kind of that name, or None."""
    return cast("dict[str, MailKind]", current_app.extensions["mail_kinds"]).get(name)


def topics() -> list[Topic]:
    """Return what people may choose about, in the order of pages."""
    kinds = cast("dict[str, MailKind]", current_app.extensions["mail_kinds"]).values()
    return in_order(kind.chosen for kind in kinds if kind.chosen is not None)


def tell(
    person_id: PersonId,
    kind: str,
    about: About,
    *,
    institute_id: InstituteId,
    after: datetime | None = None,
) -> None:
    """Wish for a message to a person, in the transaction of what caused it; with ``after`` not before that instant.

    ``about`` holds ids, never words. A second wish for the same person, kind and ids replaces the first while that
    waits; after it was sent, it is sent again. A reminder is a wish for later: whether it is still needed by then,
    the kind's ``facts`` decide. Raises ValueError if no feature added the kind.
    """
    if find_kind(kind) is None:
        raise ValueError(f"no kind of mail is called {kind}")
    _put(_key(kind, person_id, about), kind, person_id, institute_id, about, after=after)


def tell_once(
    person_id: PersonId, kind: str, about: About, *, institute_id: InstituteId, after: datetime | None = None
) -> bool:
    """Wish for a message as ``tell`` does, unless it was wished for ever before; return whether it was not."""
    known = outbox.is_known(kind=JOB_KIND, key=_key(kind, person_id, about))
    if not known:
        tell(person_id, kind, about, institute_id=institute_id, after=after)
    return not known


def tell_nobody(kind: str) -> None:
    """Wish for a message to nobody, so that a page does the same work for those it knows and those it does not."""
    _put(f"{kind[:60]}/nobody", kind, PersonId(0), InstituteId(0), {})


def _put(
    key: str,
    kind: str,
    person_id: PersonId,
    institute_id: InstituteId,
    about: About,
    *,
    after: datetime | None = None,
) -> None:
    wish = {
        "mail": kind,
        "person": person_id,
        "institute": institute_id,
        "about": dict(about),
        "told": max(after or now(), now()).isoformat(timespec="seconds"),
    }
    outbox.put(kind=JOB_KIND, key=key, payload=wish, after=after)


def path_to(endpoint: str, **values: Any) -> str:
    """Return the path of an endpoint behind the session's prefix, also in the worker, where there is no request."""
    return current_app.url_map.bind("localhost").build(endpoint, values)


def _key(kind: str, person_id: PersonId, about: About) -> str:
    """Return the outbox key of a wish: at most 120 characters, the same for the same ids in any order."""
    digest = hashlib.sha256(json.dumps(about, sort_keys=True, default=str).encode()).hexdigest()
    return f"{kind[:60]}/{person_id}/{digest[:32]}"
