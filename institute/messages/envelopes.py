"""From a letter to a message as mail servers know it: headers, both parts, and an id that a second copy shares."""

from __future__ import annotations

import hmac
from email.headerregistry import Address as Mailbox
from email.headerregistry import BaseHeader, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import SMTP, Policy
from email.utils import format_datetime, parseaddr
from typing import Any, Final

from institute.clock import now
from institute.config import current_settings
from institute.i18n import language_tag
from institute.jobs.models import OutboxId
from institute.messages.addresses import Address, ascii_host
from institute.messages.composing import Letter


class _WholeHeader(UnstructuredHeader, BaseHeader):
    """A header that is never folded: an address longer than a line would be encoded, and then be none."""

    def fold(self, *, policy: Policy[Any]) -> str:
        return f"{self.name}: {self}{policy.linesep}"


_HEADERS: Final = HeaderRegistry()
_HEADERS.map_to_type("list-unsubscribe", _WholeHeader)
# Seven bits everywhere: no server on the way needs to change a byte.
POLICY: Final = SMTP.clone(cte_type="7bit", header_factory=_HEADERS)


def sender_address() -> str:
    """Return the bare address that mail comes from, in ASCII."""
    local, _, domain = parseaddr(current_settings().mail_from)[1].rpartition("@")
    return f"{local}@{ascii_host(domain)}"


def message_id(job: OutboxId, version: int) -> str:
    """Return the Message-ID of a wish: the same however often it is sent, so that a second copy is recognised."""
    key = current_settings().secret_key.encode()
    mark = hmac.digest(key, f"mail:{job}:{version}".encode(), "sha256").hex()[:24]
    return f"<{job}.{version}.{mark}@{sender_address().rpartition('@')[2]}>"


def envelop(letter: Letter, to: Address, *, id_: str) -> EmailMessage:
    """Return the message that brings ``letter`` to an address. No header holds the reader's name."""
    message = EmailMessage(policy=POLICY.clone(utf8=to.international))
    name = parseaddr(current_settings().mail_from)[0] or letter.sender
    local, _, domain = sender_address().rpartition("@")
    message["From"] = Mailbox(name, local, domain)
    message["To"] = str(to)
    message["Subject"] = letter.subject
    message["Date"] = format_datetime(now())
    message["Message-ID"] = id_
    message["Auto-Submitted"] = "auto-generated"
    if letter.stop_at:  # RFC 8058: mail programs stop it with one POST, without a page or a session
        message["List-Unsubscribe"] = f"<{letter.stop_at}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(letter.text)
    message.add_alternative(letter.html, subtype="html")
    message["Content-Language"] = language_tag(letter.locale)  # last: a new part takes such headers with it
    return message
