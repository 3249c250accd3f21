"""Mail to somebody who is no person of the institute, such as an employer who is asked to verify something.

A feature says what is wished in the transaction that causes it; the letter is written when it is sent, in the language
of the wish. No session and no account is behind it: a link in it opens what the feature made it for.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final, cast

from flask import Flask, current_app

from institute.actors import InstituteId
from institute.clock import now
from institute.db import db
from institute.i18n import current_locale, speaking
from institute.jobs import outbox, worker
from institute.jobs.outbox import LeasedJob
from institute.jobs.outcomes import Dead, Done, Outcome
from institute.messages.addresses import parse_address
from institute.messages.composing import Action, lay_out
from institute.messages.delivering import BAD_ADDRESS, NOT_NEEDED, POLICY, UNKNOWN_KIND, after_trouble
from institute.messages.envelopes import envelop, message_id
from institute.messages.mail import About
from institute.messages.posting import PostError, post
from institute.people.models import Institute

JOB_KIND: Final = "mail.outside"


@dataclass(frozen=True, slots=True)
class OutsideLetter:
    """What is sent: to which address, from which institute, in plain paragraphs of the language spoken.

    ``subject`` holds no name. ``notes`` stands small below the link.
    """

    institute_id: InstituteId
    address: str
    subject: str
    paragraphs: tuple[str, ...]
    action: Action | None = None
    notes: str = ""


Write = Callable[[About], OutsideLetter | None]


def init_app(app: Flask) -> None:
    """Give the application an empty table of letters, and let the worker deliver them."""
    app.extensions["outside_letters"] = {}
    worker.handle(app, JOB_KIND, deliver, retry=POLICY)


def add(app: Flask, kind: str, write: Write) -> None:
    """Let ``tell`` name letters of this kind; ``write(about)`` returns None where nobody needs it any more."""
    cast("dict[str, Write]", app.extensions["outside_letters"])[kind] = write


def tell(kind: str, about: About, *, key: str, locale: str) -> None:
    """Wish for a letter, in the transaction of what caused it. ``about`` holds ids, never words.

    A second wish for the same kind and key replaces the first while that waits; after it was sent, it is sent again.
    """
    wish = {
        "letter": kind,
        "about": dict(about),
        "locale": locale,
        "told": now().isoformat(timespec="seconds"),
    }
    outbox.put(kind=JOB_KIND, key=f"{kind}/{key}"[:120], payload=wish)


def deliver(job: LeasedJob) -> Outcome:
    """Bring one letter; without a need there is nothing to bring."""
    write = cast("dict[str, Write]", current_app.extensions["outside_letters"]).get(job.payload["letter"])
    if write is None:
        return Dead(UNKNOWN_KIND)
    told = datetime.fromisoformat(job.payload["told"])
    with speaking(job.payload["locale"]):
        wanted = write(job.payload["about"])
        if wanted is None:
            return Done(NOT_NEEDED)
        to = parse_address(wanted.address)
        if to is None:
            return Dead(BAD_ADDRESS)
        sender = db.session.get_one(Institute, wanted.institute_id).name.in_(current_locale())
        actions = [wanted.action] if wanted.action else []
        letter = lay_out(wanted.subject, sender, list(wanted.paragraphs), actions, wanted.notes)
    db.session.close()  # nothing stays open while a mail server thinks
    message = envelop(letter, to, id_=message_id(job.id, job.version))
    try:
        post(message, to, name=f"{told:%Y%m%dT%H%M%SZ}-{job.id}-{job.version}")
    except PostError as error:
        return after_trouble(error.trouble)
    return Done()
