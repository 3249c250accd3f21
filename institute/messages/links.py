"""One-time sign-in links: made for a person, used up by a button, so that a mail scanner's GET uses nothing up.

A link that was used, is too old or never existed is answered alike; a new one for the same thing goes to the
person's address on file, whoever asks for it.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from sqlalchemy import delete, select, update

from institute import audit
from institute.actors import GRANTABLE, Actor, InstituteId, PersonId, Role, live_roles
from institute.clock import now
from institute.config import current_settings
from institute.db import db, transaction
from institute.messages import mail
from institute.messages.mail import VALID_FOR, About, SignInTo
from institute.messages.models import SignInLink
from institute.people.models import Person
from institute.web import limits, sessions

AGAIN: Final = "link.again"
RENEWABLE_FOR: Final = timedelta(days=90)


def make_link(
    person_id: PersonId,
    *,
    institute_id: InstituteId,
    roles: Iterable[Role] = (),
    place: int | None = None,
    target: str = "/",
    valid_for: timedelta = VALID_FOR,
) -> str:
    """Make a link for a person and return its address. The token is stored hashed only.

    Its session has ``roles`` in ``place``, beside the person's live roles, and begins at ``target``, a path behind
    the session's prefix. Raises ValueError for a target that is no such path. Links that cannot be renewed any more
    are forgotten on this occasion.
    """
    if not target.startswith("/") or target.startswith("//"):
        raise ValueError(f"{target} is not a path behind a session's prefix")
    token = secrets.token_urlsafe(32)
    with transaction() as session:
        session.execute(delete(SignInLink).where(SignInLink.expires_at < now() - RENEWABLE_FOR))
        session.add(
            SignInLink(
                token_hash=_hash(token),
                institute_id=institute_id,
                person_id=person_id,
                roles=sorted(roles),
                place=place,
                target=target,
                expires_at=now() + valid_for,
            )
        )
        actor = Actor(institute_id=institute_id, person_id=None)
        audit.record("link.made", actor=actor, subject=("person", person_id))
    return f"{current_settings().public_url}/link/{token}"


def is_usable(token: str) -> bool:
    """Tell whether a link would sign somebody in now. Looking uses nothing up."""
    return _opens(db.session.get(SignInLink, _hash(token)))


def _opens(row: SignInLink | None) -> bool:
    """Tell whether a link works: an older one does not where it would open a granted role that it does not name.

    A message may give a participant days to answer; days are too long for an administrator's powers.
    """
    if row is None or row.used_at is not None or row.expires_at <= now():
        return False
    if now() - row.created_at <= VALID_FOR:
        return True
    return (live_roles(row.person_id, row.place) & frozenset(GRANTABLE)) <= {Role(name) for name in row.roles}


@dataclass(frozen=True, slots=True)
class Entered:
    """The session that a link opened: its id, its secret for the browser, and where it begins."""

    session_id: str
    secret: str
    target: str


def use_link(token: str) -> Entered | None:
    """Use a link up; return the session that it opened, or None if it does not work (any more)."""
    with transaction() as session:
        row = session.get(SignInLink, _hash(token))
        if row is None or not _opens(row):
            return None
        taken = session.execute(
            update(SignInLink)
            .where(SignInLink.token_hash == row.token_hash, SignInLink.used_at.is_(None))
            .values(used_at=now())
            .returning(SignInLink.token_hash)
        ).one_or_none()
        if taken is None:
            return None
        person = session.get_one(Person, row.person_id)
        opened, secret = sessions.open_session(
            institute_id=row.institute_id,
            person_id=row.person_id,
            door="link",
            door_key=_hash(token)[:16],
            roles=[Role(name) for name in row.roles],
            place=row.place,
            target=row.target,
            locale=person.locale,
        )
        actor = Actor(institute_id=row.institute_id, person_id=row.person_id, door="link")
        audit.record("link.used", actor=actor, subject=("person", row.person_id))
    return Entered(opened.id, secret, row.target)


def renew_link(token: str) -> None:
    """Mail a new link for the same thing to the address on file, at most five times an hour for one person.

    Says nothing about whether there was such a link: an unknown one is answered with as much work.
    """
    row = db.session.get(SignInLink, _hash(token))
    known = row is not None and row.created_at > now() - RENEWABLE_FOR
    person_id, institute_id = (row.person_id, row.institute_id) if row and known else (None, None)
    allowed = limits.seldom(AGAIN, str(person_id or _hash(token)))
    if allowed and person_id is not None and institute_id is not None:
        mail.tell(person_id, AGAIN, {"link": _hash(token)}, institute_id=institute_id)
    else:
        mail.tell_nobody(AGAIN)


def reopen(person: Person, about: About) -> SignInTo:
    """Return what the link named by ``about`` opened, for the message that brings a new one."""
    row = _row_of(person, about)
    if row is None:
        return SignInTo()
    return SignInTo(roles=tuple(Role(name) for name in row.roles), place=row.place, target=row.target)


def still_there(person: Person, about: About) -> dict[str, object] | None:
    """Return the (empty) facts of that message, or None if the link was forgotten meanwhile."""
    return {} if _row_of(person, about) is not None else None


def _row_of(person: Person, about: About) -> SignInLink | None:
    return db.session.scalar(
        select(SignInLink).where(
            SignInLink.token_hash == str(about["link"]),
            SignInLink.person_id == person.id,
            SignInLink.institute_id == person.institute_id,
        )
    )


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()
