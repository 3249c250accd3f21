"""Mail and its server: taken once, kept back where it is not safe, tried again where that helps."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from institute import clock
from institute.config import Settings
from institute.jobs import worker
from institute.jobs.models import JobState, OutboxRow
from institute.messages import posting
from institute.people.models import Person
from tests.institute import post
from tests.institute.mailserver import ELSEWHERE, HERE, MailServer, certify, serving

LATER = 200_000.0
# A server that is waited for takes longer by itself: posting.STEP_SECONDS for a piece, WHOLE_SECONDS for all.
ALONE_SECONDS = 8


@pytest.fixture
def server() -> Iterator[MailServer]:
    """A mail server on this machine."""
    with serving() as running:
        yield running


@dataclass(frozen=True)
class Sender:
    """An institute that tells Lucía something."""

    app: Flask
    settings: Settings
    session: Session
    person: Person

    def use(self, url: str) -> None:
        """Send through the server at ``url`` from now on."""
        post.use_server(self.app, self.settings, url)

    def tell(self) -> None:
        """Wish for the message."""
        post.tell(self.person)

    def work(self, *, after: float = 0) -> int:
        """Do what is due so many seconds from now; return how many jobs that were."""
        with clock.shift(seconds=after):
            return worker.run_once(self.app)

    @property
    def state(self) -> tuple[JobState, str]:
        """Where the newest message is, and why."""
        self.session.rollback()
        row = self.session.scalars(select(OutboxRow).order_by(OutboxRow.id.desc())).first()
        assert row is not None
        return row.state, row.reason


@pytest.fixture
def sender(app: Flask, settings: Settings, session: Session, make_person: Callable[..., Person]) -> Sender:
    """The institute, with a message to Lucía whose link opens her home."""
    post.add_kind(app, sign_in=post.opens("/participant/"))
    return Sender(app, settings, session, make_person(email="lucia@example.org"))


def test_message_is_taken_once_with_the_headers_of_a_machine(sender: Sender, server: MailServer) -> None:
    sender.use(server.url())
    sender.tell()
    assert sender.work() == 1
    (taken,) = server.received
    assert taken.mail_command.startswith("mail FROM:<coaching@institute.example>")
    assert taken.rcpt_command == "rcpt TO:<lucia@example.org>"
    message = post.read(taken.raw)
    assert message["From"] == "Coaching <coaching@institute.example>"
    assert message["To"] == "lucia@example.org"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Message-ID"].endswith("@institute.example>")
    assert abs((message["Date"].datetime - clock.now()).total_seconds()) < 60
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]
    assert taken.raw.isascii()
    assert "EHLO [127.0.0.1]" in [command.replace("ehlo", "EHLO") for command in server.commands]
    assert sender.state == (JobState.DONE, "")
    assert post.written() == []


def test_server_elsewhere_gets_name_password_and_message_encrypted_only(
    sender: Sender, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    context, trusted = certify(tmp_path, ELSEWHERE)
    monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
    with serving(extensions=["STARTTLS", "AUTH PLAIN"], tls=context) as server:
        sender.use(server.url(host=ELSEWHERE, login="us%40er:pa%3Ass"))
        sender.tell()
        sender.work()
        (taken,) = server.received
    assert taken.encrypted
    assert taken.signed_in
    verbs = [command.split(" ")[0].upper() for command in server.commands]
    assert verbs.index("STARTTLS") < verbs.index("AUTH") < verbs.index("MAIL")


def test_server_may_speak_tls_from_the_first_byte(
    sender: Sender, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    context, trusted = certify(tmp_path, ELSEWHERE)
    monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
    with serving(tls=context, implicit_tls=True) as server:
        sender.use(server.url(host=ELSEWHERE, scheme="smtps"))
        sender.tell()
        sender.work()
        assert [taken.encrypted for taken in server.received] == [True]


@pytest.mark.parametrize("how", ["not offered", "refused", "unknown certificate", "unknown at once"])
def test_server_that_cannot_be_trusted_gets_nothing_and_the_message_waits(
    sender: Sender, tmp_path: Path, how: str
) -> None:
    context, _trusted = certify(tmp_path, ELSEWHERE)
    cases: dict[str, dict[str, Any]] = {
        "not offered": {},
        "refused": {"extensions": ["STARTTLS"], "answers": {"STARTTLS": ["454 not now"]}},
        "unknown certificate": {"extensions": ["STARTTLS"]},
        "unknown at once": {"implicit_tls": True},
    }
    with serving(tls=context, **cases[how]) as server:
        scheme = "smtps" if how == "unknown at once" else "smtp"
        sender.use(server.url(host=ELSEWHERE, scheme=scheme, login="user:password"))
        sender.tell()
        sender.work()
        assert not [command for command in server.commands if command.upper().startswith(("AUTH", "MAIL"))]
    assert sender.state == (JobState.READY, "server-not-secure")


@pytest.mark.parametrize(
    ("at", "answer", "reason"),
    [
        ("CONNECT", "421 too many", "server-busy"),
        ("MAIL", "451 later", "server-busy"),
        ("MAIL", "550 not you", "sender-refused"),
        ("MAIL", "530 who are you", "login-refused"),
        ("RCPT", "450 mailbox busy", "server-busy"),
        ("RCPT", "421 closing", "server-busy"),
        ("DATA", "452 no room", "server-busy"),
        ("DATA-END", "451 greylisted", "server-busy"),
    ],
)
def test_passing_refusal_is_tried_again_and_delivered_once(
    sender: Sender, server: MailServer, at: str, answer: str, reason: str
) -> None:
    sender.use(server.url())
    server.answers[at] = [answer]
    sender.tell()
    assert sender.work() == 1
    assert sender.state == (JobState.READY, reason)
    assert sender.work() == 0
    assert sender.work(after=60) == 1
    assert sender.work(after=60) == 0
    assert len(server.received) == 1
    assert sender.state == (JobState.DONE, "")


@pytest.mark.parametrize(
    ("at", "answer", "reason"),
    [
        ("RCPT", "550 5.1.1 no such user", "address-refused"),
        ("DATA", "554 no", "message-refused"),
        ("DATA-END", "552 spam", "message-refused"),
    ],
)
def test_final_refusal_waits_for_a_person(
    sender: Sender, server: MailServer, at: str, answer: str, reason: str
) -> None:
    sender.use(server.url())
    server.answers[at] = [answer]
    sender.tell()
    sender.work()
    assert sender.state == (JobState.DEAD, reason)
    assert sender.work(after=LATER) == 0
    assert server.received == []


def test_message_that_a_server_never_takes_is_given_up_after_two_days(
    sender: Sender, server: MailServer
) -> None:
    sender.use(server.url())
    server.answers["RCPT"] = ["450 busy"] * 100
    sender.tell()
    tried = hours = 0
    while sender.state[0] is JobState.READY:
        tried += sender.work(after=hours * 4400)
        hours += 1
    assert tried == 55
    assert sender.state == (JobState.DEAD, "server-busy")


@pytest.mark.parametrize("at", ["CONNECT", "EHLO", "MAIL", "RCPT", "DATA", "DATA-END"])
def test_server_that_stops_answering_does_not_hold_the_worker(
    sender: Sender, monkeypatch: pytest.MonkeyPatch, at: str
) -> None:
    monkeypatch.setattr(posting, "STEP_SECONDS", 0.3)
    with serving(hang_at=at) as server:
        sender.use(server.url())
        sender.tell()
        began = time.monotonic()
        sender.work()
        assert time.monotonic() - began < ALONE_SECONDS
    assert sender.state == (JobState.READY, "server-unreachable")


def test_server_that_answers_letter_by_letter_is_left_after_a_while(
    sender: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(posting, "WHOLE_SECONDS", 0.5)
    with serving() as server:
        sender.use(server.url())
        server.on = lambda at: setattr(server, "drip", at != "CONNECT")
        sender.tell()
        began = time.monotonic()
        sender.work()
        assert time.monotonic() - began < ALONE_SECONDS
        assert server.received == []
    assert sender.state == (JobState.READY, "server-unreachable")


@pytest.mark.parametrize("at", ["CONNECT", "EHLO", "RCPT", "DATA", "DATA-MIDDLE", "DATA-END"])
def test_connection_cut_anywhere_is_tried_again_and_the_message_arrives(
    sender: Sender, server: MailServer, at: str
) -> None:
    sender.use(server.url())
    server.cut_at = at
    sender.tell()
    sender.work()
    assert sender.state == (JobState.READY, "server-unreachable")
    server.cut_at = ""
    sender.work(after=60)
    assert len(server.received) == 1
    assert sender.state == (JobState.DONE, "")


def test_farewell_that_goes_wrong_does_not_send_a_taken_message_again(
    sender: Sender, server: MailServer
) -> None:
    sender.use(server.url())
    server.cut_at = "QUIT"
    sender.tell()
    sender.work()
    sender.work(after=LATER)
    assert len(server.received) == 1
    assert sender.state == (JobState.DONE, "")


def test_server_that_serves_nobody_is_left_alone_for_a_while(
    sender: Sender, make_person: Callable[..., Person]
) -> None:
    with serving(extensions=["AUTH PLAIN"]) as server:
        sender.use(server.url(login="user:wrong"))
        server.answers["AUTH"] = ["535 no"]
        sender.tell()
        post.tell(make_person(email="meiling@example.org"))
        assert sender.work() == 2
        assert (server.connections, server.received) == (1, [])
        assert sender.work(after=60) == 2
        assert len(server.received) == 2


def test_no_server_at_all_is_waited_for(sender: Sender) -> None:
    with serving() as gone:
        url = gone.url(host=HERE)
    sender.use(url)
    sender.tell()
    sender.work()
    assert sender.state == (JobState.READY, "server-unreachable")


def test_address_in_letters_beyond_ascii_needs_a_server_that_knows_them(
    sender: Sender, server: MailServer, make_person: Callable[..., Person]
) -> None:
    sender.use(server.url())
    other = make_person(email="josé@bücher.example")
    post.tell(other)
    sender.work()
    assert sender.state == (JobState.DEAD, "address-unsupported")
    server.extensions.append("SMTPUTF8")
    post.tell(other)
    sender.work()
    (taken,) = server.received
    assert "josé@xn--bcher-kva.example" in taken.rcpt_command
    assert "SMTPUTF8" in taken.mail_command
    assert post.read(taken.raw)["To"] == "josé@xn--bcher-kva.example"


def test_log_names_neither_reader_nor_password_nor_link(
    sender: Sender, server: MailServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    server.extensions.append("AUTH PLAIN")
    sender.use(server.url(login="user:geheim"))
    server.answers |= {"AUTH": ["535 no"], "RCPT": ["550 lucia@example.org is unknown"]}
    sender.tell()
    for hour in range(3):
        sender.work(after=hour * 7200)
    assert not [word for word in ("lucia", "geheim", "/link/", "Ortega") if word in caplog.text]
