"""The holder's own door: a link by mail, asked for by an address, used once, for half an hour.

Whoever asks is answered alike and with the same work, whatever the address: who has it is looked up only when the
worker writes the letter. The token is made from a salt and the secret key, so that a letter that is sent again holds
the same link, and what is stored opens nothing.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from flask import Flask
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from certificates.awards.holders.errors import TooManyLettersError
from certificates.awards.holders.models import HolderLink, HolderLinkId, LinkPurpose
from certificates.awards.holders.people import Holder, holders_at, keep_address
from institute import audit
from institute.actors import Actor, InstituteId, PersonId
from institute.clock import now
from institute.config import current_settings
from institute.db import db, transaction
from institute.errors import NotFoundError
from institute.i18n import gettext
from institute.messages import mail, outside
from institute.messages.addresses import Address, parse_address
from institute.messages.composing import Action
from institute.messages.mail import About
from institute.messages.outside import OutsideLetter
from institute.people.models import Person
from institute.web import limits, sessions

DOOR: Final = "holder"
LETTER: Final = "holder.link"
GOOD_FOR: Final = timedelta(minutes=30)
KEPT_FOR: Final = timedelta(days=1)
"""After it no longer works, a link and the address that it was asked for are forgotten."""
ASKING: Final = "holder-door"
CONFIRMING: Final = "holder-address"


@dataclass(frozen=True, slots=True)
class Entered:
    """The session that a link opened: its id, and its secret for the browser."""

    session_id: str
    secret: str


def init_app(app: Flask) -> None:
    """Let the worker write the letters."""
    outside.add(app, LETTER, write_letter)


def ask_for_link(address: Address, *, locale: str) -> None:
    """Wish for a link to the certificates behind an address, whoever has it: at most five an hour, more are dropped."""
    allowed = limits.seldom(ASKING, hashlib.sha256(address.spellings[0].encode()).hexdigest())
    with transaction() as session:
        link = _make(LinkPurpose.ENTER, address, session)
        if allowed:
            outside.tell(LETTER, {"link": link.id}, key=str(link.id), locale=locale)


def ask_to_confirm(address: Address, *, locale: str, actor: Actor) -> None:
    """Mail a link to an address that the actor wants for their own, five an hour. Raises TooManyLettersError."""
    if actor.person_id is None:
        raise NotFoundError
    if not limits.seldom(CONFIRMING, hashlib.sha256(str(actor.person_id).encode()).hexdigest()):
        raise TooManyLettersError
    with transaction() as session:
        session.execute(
            delete(HolderLink).where(HolderLink.person_id == actor.person_id, HolderLink.used_at.is_(None))
        )
        link = _make(
            LinkPurpose.CONFIRM, address, session, institute_id=actor.institute_id, person_id=actor.person_id
        )
        outside.tell(LETTER, {"link": link.id}, key=str(link.id), locale=locale)
        audit.record("holder.address-asked", actor=actor, subject=("person", actor.person_id))


def holders_door() -> str:
    """Return the address at which holders ask for a link to their certificates, without any course."""
    return current_settings().public_url + mail.path_to("holders.ask")


def waiting_address(actor: Actor) -> str:
    """Return the address that waits for the actor's click in a letter, empty where none does."""
    found = db.session.scalar(
        select(HolderLink.address)
        .where(
            HolderLink.person_id == actor.person_id,
            HolderLink.used_at.is_(None),
            HolderLink.expires_at > now(),
        )
        .order_by(HolderLink.id.desc())
        .limit(1)
    )
    return found or ""


def write_letter(about: About) -> OutsideLetter | None:
    """Write the letter with the link; None where it is too late, or where nobody who has the address holds anything."""
    link = db.session.get(HolderLink, HolderLinkId(int(about["link"])))
    if link is None or not _works(link):
        return None
    if link.purpose is LinkPurpose.CONFIRM and link.institute_id is not None:
        return OutsideLetter(
            institute_id=link.institute_id,
            address=link.address,
            subject=gettext("Confirm your address"),
            paragraphs=(
                gettext("Somebody, probably you, wants to reach their certificates by this address."),
                gettext("If it was not you, do nothing: then nothing changes."),
            ),
            action=Action(gettext("Confirm this address"), _address_of(link)),
            notes=gettext("The link works once and for 30 minutes."),
        )
    found = _holders(link)
    if not found:
        return None
    return OutsideLetter(
        institute_id=found[0].institute_id,
        address=link.address,
        subject=gettext("Your link to your certificates"),
        paragraphs=(
            gettext("Here is the link to your certificates that was asked for."),
            gettext("If it was not you who asked, do nothing: nobody else gets in."),
        ),
        action=Action(gettext("Open my certificates"), _address_of(link)),
        notes=gettext("The link works once and for 30 minutes."),
    )


def look_at(token: str) -> tuple[LinkPurpose, Sequence[Holder]] | None:
    """Return what a link is for and whose certificates it opens, or None if it does not work. Uses nothing up."""
    link = _find(token, db.session())
    if link is None:
        return None
    found = _holders(link) if link.purpose is LinkPurpose.ENTER else ()
    return (link.purpose, found) if found or link.purpose is LinkPurpose.CONFIRM else None


def enter(token: str, place: int) -> Entered | None:
    """Use a link up; return the session for the ``place``-th of the holders it opens, or None if it does not work.

    The session opens nothing but the certificates: whatever other role the person has is left outside.
    """
    with transaction() as session:
        link = _find(token, session)
        if link is None or link.purpose is not LinkPurpose.ENTER:
            return None
        found = _holders(link)
        if not 0 <= place < len(found) or not _use(link, session):
            return None
        holder = found[place]
        person = session.get_one(Person, holder.person_id)
        opened, secret = sessions.open_session(
            institute_id=holder.institute_id,
            person_id=holder.person_id,
            door=DOOR,
            door_key=str(link.id),
            target=mail.path_to("holder_certificates.index"),
            locale=person.locale,
        )
        actor = Actor(institute_id=holder.institute_id, person_id=holder.person_id, door=DOOR)
        audit.record("holder.entered", actor=actor, subject=("person", holder.person_id))
        return Entered(opened.id, secret)


def confirm(token: str) -> bool:
    """Use a link up that confirms an address; return whether it worked."""
    with transaction() as session:
        link = _find(token, session)
        if link is None or link.person_id is None or link.institute_id is None or not _use(link, session):
            return False
        keep_address(link.person_id, link.institute_id, link.address)
        return True


def _make(
    purpose: LinkPurpose,
    address: Address,
    session: Session,
    *,
    institute_id: InstituteId | None = None,
    person_id: PersonId | None = None,
) -> HolderLink:
    session.execute(delete(HolderLink).where(HolderLink.expires_at < now() - KEPT_FOR))
    salt = secrets.token_hex(32)
    link = HolderLink(
        purpose=purpose,
        address=address.spellings[0],
        salt=salt,
        token_hash=_hash(_token(salt)),
        institute_id=institute_id,
        person_id=person_id,
        expires_at=now() + GOOD_FOR,
    )
    session.add(link)
    session.flush()
    return link


def _find(token: str, session: Session) -> HolderLink | None:
    link = session.scalar(select(HolderLink).where(HolderLink.token_hash == _hash(token)))
    return link if link is not None and _works(link) else None


def _works(link: HolderLink) -> bool:
    return link.used_at is None and link.expires_at > now()


def _use(link: HolderLink, session: Session) -> bool:
    taken = session.execute(
        update(HolderLink)
        .where(HolderLink.id == link.id, HolderLink.used_at.is_(None))
        .values(used_at=now())
        .returning(HolderLink.id)
    ).one_or_none()
    return taken is not None


def _holders(link: HolderLink) -> Sequence[Holder]:
    address = parse_address(link.address)
    return holders_at(address) if address is not None else ()


def _address_of(link: HolderLink) -> str:
    path = mail.path_to("holders.open_link", holder_token=_token(link.salt))
    return f"{current_settings().public_url}{path}"


def _token(salt: str) -> str:
    key = current_settings().secret_key.encode()
    mark = hmac.new(key, f"holder-link:{salt}".encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(mark).decode().rstrip("=")


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()
