"""Handing a message over: to a mail server (SMTP), or, where none is set, to a folder of .eml files."""

from __future__ import annotations

import contextlib
import os
import smtplib
import socket
import ssl
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from ipaddress import ip_address
from typing import Final
from urllib.parse import unquote, urlsplit

from institute.config import current_settings
from institute.messages.addresses import Address, ascii_host
from institute.messages.envelopes import sender_address

STEP_SECONDS: Final = 10.0
# Below the lease of a job: no second worker takes up a message that is still being handed over.
WHOLE_SECONDS: Final = 45.0
SUBMISSION_PORT: Final = 587
FOLDER: Final = "mail"
_NEEDS_LOGIN: Final = 530
_NEVER: Final = 500


@dataclass(frozen=True, slots=True)
class Trouble:
    """What keeps a message from being handed over. ``reason`` is a stable code.

    ``final`` means that trying again cannot help; ``everybody`` that other messages would meet the same.
    """

    reason: str
    final: bool = False
    everybody: bool = False


UNREACHABLE: Final = Trouble("server-unreachable", everybody=True)
NOT_SECURE: Final = Trouble("server-not-secure", everybody=True)
LOGIN_REFUSED: Final = Trouble("login-refused", everybody=True)
SENDER_REFUSED: Final = Trouble("sender-refused", everybody=True)
SERVER_BUSY: Final = Trouble("server-busy")
ADDRESS_REFUSED: Final = Trouble("address-refused", final=True)
ADDRESS_UNSUPPORTED: Final = Trouble("address-unsupported", final=True)
MESSAGE_REFUSED: Final = Trouble("message-refused", final=True)
FOLDER_UNWRITABLE: Final = Trouble("folder-unwritable", everybody=True)


class PostError(Exception):
    """A message was not handed over. The server's own words are left out: they hold addresses."""

    def __init__(self, trouble: Trouble) -> None:
        super().__init__(trouble.reason)
        self.trouble = trouble


def post(message: EmailMessage, to: Address, *, name: str) -> None:
    """Hand a message over. ``name`` is the file's, where it goes to the folder. Raises PostError."""
    if current_settings().smtp_url:
        _send(message, to)
    else:
        _keep(message, name)


def _keep(message: EmailMessage, name: str) -> None:
    """Write the message to DATA_DIR/mail, whole or not at all; under the same name it replaces itself."""
    folder = current_settings().data_dir / FOLDER
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor, draft = tempfile.mkstemp(dir=folder, prefix=".draft-")  # mode 600
        with os.fdopen(descriptor, "wb") as file:
            file.write(message.as_bytes())
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, folder / f"{name}.eml")
    except OSError as error:
        raise PostError(FOLDER_UNWRITABLE) from error


def _send(message: EmailMessage, to: Address) -> None:
    with _connected() as client:
        try:
            client.send_message(message, sender_address(), [str(to)])
        except smtplib.SMTPException as error:
            raise PostError(_refusal(error)) from None
        except OSError:
            raise PostError(UNREACHABLE) from None
        # From here on the server has it: whatever it says to a farewell changes nothing.
        with contextlib.suppress(OSError):
            client.quit()


@contextlib.contextmanager
def _connected() -> Iterator[smtplib.SMTP]:
    """Open a connection that ends by itself after WHOLE_SECONDS: encrypted, or to this machine."""
    began = time.monotonic()
    with _step(SERVER_BUSY):
        client = _connect()  # a host with many addresses, none of which answers, may take long
    left = WHOLE_SECONDS - (time.monotonic() - began)
    timer = threading.Timer(max(left, 0), _cut, (client.sock,))
    timer.daemon = True
    timer.start()
    try:
        _prepare(client)
        yield client
    finally:
        timer.cancel()
        client.close()


@contextlib.contextmanager
def _step(refused: Trouble) -> Iterator[None]:
    """Say what a failure in this step means; ``refused`` is what the server's own refusal does."""
    try:
        yield
    except ssl.SSLError:
        raise PostError(NOT_SECURE) from None
    except smtplib.SMTPServerDisconnected:
        raise PostError(UNREACHABLE) from None
    except smtplib.SMTPException:
        raise PostError(refused) from None
    except OSError:
        raise PostError(UNREACHABLE) from None


def _connect() -> smtplib.SMTP:
    parts = urlsplit(current_settings().smtp_url)
    host, name = parts.hostname or "", _own_name()
    if parts.scheme == "smtps":
        context = ssl.create_default_context()
        port = parts.port or smtplib.SMTP_SSL_PORT
        return smtplib.SMTP_SSL(host, port, local_hostname=name, timeout=STEP_SECONDS, context=context)
    return smtplib.SMTP(host, parts.port or SUBMISSION_PORT, local_hostname=name, timeout=STEP_SECONDS)


def _prepare(client: smtplib.SMTP) -> None:
    """Encrypt and sign in. Raises PostError."""
    parts = urlsplit(current_settings().smtp_url)
    if parts.scheme == "smtp" and not _is_this_machine(parts.hostname or ""):
        with _step(NOT_SECURE):
            client.starttls(context=ssl.create_default_context())
    if parts.username is not None:
        with _step(LOGIN_REFUSED):
            client.login(unquote(parts.username), unquote(parts.password or ""))


def _refusal(error: smtplib.SMTPException) -> Trouble:
    """Return what an answer of the server means for the message."""
    match error:
        case smtplib.SMTPRecipientsRefused():
            return _by_code(next(iter(error.recipients.values()))[0], ADDRESS_REFUSED)
        case smtplib.SMTPSenderRefused():
            return _by_code(error.smtp_code, SENDER_REFUSED)
        case smtplib.SMTPServerDisconnected():
            return UNREACHABLE
        case smtplib.SMTPNotSupportedError():
            return ADDRESS_UNSUPPORTED
        case smtplib.SMTPResponseException():
            return _by_code(error.smtp_code, MESSAGE_REFUSED)
        case _:
            return SERVER_BUSY


def _by_code(code: int, refusal: Trouble) -> Trouble:
    if code == _NEEDS_LOGIN:
        return LOGIN_REFUSED
    return refusal if code >= _NEVER else SERVER_BUSY


def _cut(raw: socket.socket | None) -> None:
    """End a connection from outside, also below TLS: whoever waits for it gets an end of file."""
    if raw is not None:
        with contextlib.suppress(OSError):
            socket.socket.shutdown(raw, socket.SHUT_RDWR)


def _own_name() -> str:
    """Return how we greet a server: our public name, never this machine's."""
    host = urlsplit(current_settings().public_url).hostname or "localhost"
    try:
        return f"[{ip_address(host)}]"
    except ValueError:
        return ascii_host(host)


def _is_this_machine(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
