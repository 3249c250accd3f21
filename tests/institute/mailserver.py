"""A small mail server at the network's edge: it takes messages, or misbehaves as a test asks."""

from __future__ import annotations

import contextlib
import socket
import socketserver
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from institute.clock import now

# It resolves to this machine but is not written as a loopback address: to the product it is a server elsewhere.
ELSEWHERE = "127.1"
HERE = "127.0.0.1"


@dataclass(frozen=True)
class Received:
    """A message that the server took: envelope, bytes, and how it came."""

    mail_command: str
    rcpt_command: str
    raw: bytes
    encrypted: bool
    signed_in: bool


@dataclass
class MailServer:
    """The server's state. ``answers`` holds replies by command, each used once; ``DATA-END`` ends a message."""

    port: int = 0
    extensions: list[str] = field(default_factory=lambda: ["8BITMIME"])
    answers: dict[str, list[str]] = field(default_factory=dict)
    hang_at: str = ""
    cut_at: str = ""
    drip: bool = False
    tls: ssl.SSLContext | None = None
    implicit_tls: bool = False
    on: Callable[[str], None] = lambda _command: None
    received: list[Received] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)
    connections: int = 0
    ended: threading.Event = field(default_factory=threading.Event)

    def url(self, *, host: str = HERE, scheme: str = "smtp", login: str = "") -> str:
        """Return the address for SMTP_URL; ``login`` is "user:password"."""
        return f"{scheme}://{login + '@' if login else ''}{host}:{self.port}"


class _Conversation(socketserver.BaseRequestHandler):
    state: MailServer

    def handle(self) -> None:
        with contextlib.suppress(OSError, EOFError):
            self._talk()
        self.request.close()

    def _talk(self) -> None:
        self.state.connections += 1
        self.encrypted = self.signed_in = False
        if self.state.implicit_tls:
            self._encrypt()
        self.reader = self.request.makefile("rb")
        self.mail = self.rcpt = ""
        self._reply("CONNECT", "220 test ESMTP")
        while True:
            line = self.reader.readline()
            if not line:
                return
            text = line.decode("utf-8", "replace").rstrip("\r\n")
            self.state.commands.append(text)
            verb = text.split(" ")[0].split(":")[0].upper()
            self._obey(verb, text)
            if verb == "QUIT":
                return

    def _obey(self, verb: str, text: str) -> None:
        if verb == "EHLO":
            offered = [e for e in self.state.extensions if not (self.encrypted and e == "STARTTLS")]
            self._reply(verb, "\r\n".join(f"250-{line}" for line in ("test", *offered)) + "\r\n250 HELP")
        elif verb == "STARTTLS":
            self._reply(verb, "220 go on")
            self._encrypt()
            self.reader = self.request.makefile("rb")
        elif verb == "AUTH":
            if self._reply(verb, "235 welcome").startswith("235"):
                self.signed_in = True
        elif verb == "DATA":
            if self._reply(verb, "354 go on").startswith("354"):
                self._take()
        else:
            self.mail = text if verb == "MAIL" else self.mail
            self.rcpt = text if verb == "RCPT" else self.rcpt
            self._reply(verb, "221 bye" if verb == "QUIT" else "250 fine")

    def _take(self) -> None:
        lines = []
        while (line := self.reader.readline()) != b".\r\n":
            if not line or self.state.cut_at == "DATA-MIDDLE":
                raise EOFError
            lines.append(line[1:] if line.startswith(b"..") else line)
        if self._reply("DATA-END", "250 taken").startswith("250"):
            self.state.received.append(
                Received(self.mail, self.rcpt, b"".join(lines), self.encrypted, self.signed_in)
            )

    def _reply(self, at: str, usual: str) -> str:
        self.state.on(at)
        waiting = self.state.answers.get(at, [])
        reply = waiting.pop(0) if waiting else usual
        if self.state.hang_at == at:
            self.state.ended.wait(20)
            raise EOFError
        if self.state.cut_at == at:
            self.request.shutdown(socket.SHUT_RDWR)
            raise EOFError
        if self.state.drip:
            for letter in reply.encode():
                self.request.sendall(bytes([letter]))
                if self.state.ended.wait(0.1):
                    raise EOFError
        else:
            self.request.sendall(reply.encode() + b"\r\n")
        return reply

    def _encrypt(self) -> None:
        assert self.state.tls is not None
        self.request = self.state.tls.wrap_socket(self.request, server_side=True)
        self.encrypted = True


class _Listener(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: a client that goes away is what tests are about."""


@contextmanager
def serving(**given: Any) -> Iterator[MailServer]:
    """Run a mail server on a free port of this machine."""
    state = MailServer(**given)
    conversation = type("Conversation", (_Conversation,), {"state": state})
    with _Listener((HERE, 0), conversation) as listener:
        state.port = listener.server_address[1]
        thread = threading.Thread(target=listener.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield state
        finally:
            state.ended.set()
            listener.shutdown()
            thread.join()


def certify(folder: Path, name: str) -> tuple[ssl.SSLContext, Path]:
    """Make a certificate for a host name; return the server's context and the file that a client must trust."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now() - timedelta(days=1))
        .not_valid_after(now() + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    trusted, private = folder / "trusted.pem", folder / "private.pem"
    trusted.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(trusted, private)
    return context, trusted
