"""What tests of mail stand on: a kind of message, and reading what was written to the folder."""

from __future__ import annotations

import dataclasses
import re
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

from flask import Flask, current_app

from institute.config import Settings, current_settings
from institute.db import Base, transaction
from institute.jobs import worker
from institute.messages import mail
from institute.messages.mail import About, MailKind, SignInTo
from institute.people.models import Person

LINK = re.compile(r"http://127\.0\.0\.1:8000(/link/[\w-]+)")


def add_kind(
    app: Flask, *, kind: str = "test.told", template: str = "mail/link_again.txt", **given: Any
) -> None:
    """Add a kind of message that is always wanted."""
    given.setdefault("subject", "Something waits")
    given.setdefault("facts", lambda _person, _about: {})
    mail.add(app, MailKind(kind=kind, template=template, **given))


def opens(target: str = "/", **given: Any) -> Any:
    """Return a ``sign_in`` that leads to ``target``."""

    def sign_in(_person: Person, _about: About) -> SignInTo:
        return SignInTo(target=target, **given)

    return sign_in


def tell(person: Person, about: About | None = None, *, kind: str = "test.told") -> None:
    """Wish for a message as a use case does."""
    with transaction():
        mail.tell(person.id, kind, about or {}, institute_id=person.institute_id)


def store(row: Base) -> None:
    """Put a row where a test needs one."""
    with transaction() as session:
        session.add(row)


def use_server(app: Flask, settings: Settings, url: str) -> None:
    """Send through the mail server at ``url`` from now on."""
    sender = "Coaching <coaching@institute.example>"
    app.extensions["settings"] = dataclasses.replace(settings, smtp_url=url, mail_from=sender)


def read(raw: bytes) -> EmailMessage:
    """Parse a message as a mail reader does."""
    return message_from_bytes(raw, policy=default)


def folder() -> Path:
    """Return where mail is written while no server is set."""
    return current_settings().data_dir / "mail"


def written() -> list[EmailMessage]:
    """Return what stands in the folder, oldest first."""
    return [read(path.read_bytes()) for path in sorted(folder().glob("*.eml"), key=_numbers)]


def _numbers(path: Path) -> list[int]:
    """Return the numbers in a file's name: the tenth letter of a moment comes after the ninth."""
    return [int(number) for number in re.findall(r"\d+", path.stem)]


def deliver() -> list[EmailMessage]:
    """Let the worker do what is due; return what then stands in the folder."""
    worker.run_once(current_app._get_current_object())  # type: ignore[attr-defined]
    return written()


def text_of(message: EmailMessage) -> str:
    """Return the plain part."""
    part = message.get_body(("plain",))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


def html_of(message: EmailMessage) -> str:
    """Return the HTML part."""
    part = message.get_body(("html",))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


def link_in(message: EmailMessage) -> str:
    """Return the path of the one link of a message."""
    (path,) = set(LINK.findall(text_of(message)))
    return str(path)
