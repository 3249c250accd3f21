"""Messages: told with what causes them, written for their reader, holding nothing of anybody else."""

from __future__ import annotations

import json
import stat
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from jinja2 import ChoiceLoader, FileSystemLoader
from sqlalchemy import select
from sqlalchemy.orm import Session

from institute import clock
from institute.config import Settings
from institute.db import transaction
from institute.i18n import gettext, lazy_gettext, speaking
from institute.jobs.models import JobState, OutboxRow
from institute.messages import mail
from institute.people.models import Institute, Person
from tests.institute import post

MakePerson = Callable[..., Person]


def rows(session: Session) -> list[OutboxRow]:
    """Return the outbox."""
    session.rollback()
    return list(session.scalars(select(OutboxRow)))


def test_wish_of_a_rolled_back_transaction_is_not_mailed(app: Flask, make_person: MakePerson) -> None:
    lucia = make_person(email="lucia@example.org")
    post.add_kind(app)

    def fail() -> None:
        with transaction():
            post.tell(lucia)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert post.deliver() == []


def test_one_message_for_a_wish_however_often_the_worker_looks(app: Flask, make_person: MakePerson) -> None:
    lucia = make_person(email="lucia@example.org")
    post.add_kind(app)
    post.tell(lucia, {"log": 1})
    post.tell(lucia, {"log": 1})
    post.tell(lucia, {"log": 2})
    assert len(post.deliver()) == 2
    assert len(post.deliver()) == 2
    post.tell(lucia, {"log": 1})
    ids = [message["Message-ID"] for message in post.deliver()]
    assert len(set(ids)) == len(ids) == 3


def test_wish_for_a_message_that_nobody_described_is_a_mistake(app: Flask, make_person: MakePerson) -> None:
    lucia = make_person(email="lucia@example.org")
    with pytest.raises(ValueError, match="no kind"):
        post.tell(lucia)
    post.add_kind(app)
    with pytest.raises(ValueError, match="two kinds"):
        post.add_kind(app)


@pytest.mark.parametrize(("locale", "direction"), [("es", "ltr"), ("ar", "rtl"), ("zh_Hant", "ltr")])
def test_message_is_in_its_reader_s_language(
    app: Flask, make_person: MakePerson, locale: str, direction: str
) -> None:
    lucia = make_person(email="lucia@example.org", locale=locale)
    subject = lazy_gettext("Sign in")
    post.add_kind(app, subject=subject, action=lazy_gettext("Back to the course"), sign_in=post.opens())
    post.tell(lucia)
    (message,) = post.deliver()
    with speaking(locale):
        wanted = gettext("Sign in"), gettext("Back to the course")
    assert wanted != ("Sign in", "Back to the course")
    assert (message["Subject"], message["Content-Language"]) == (wanted[0], locale.replace("_", "-"))
    assert f"{wanted[1]}:\nhttp://" in post.text_of(message)
    html = post.html_of(message)
    assert f'<html lang="{locale.replace("_", "-")}" dir="{direction}">' in html
    assert f"<strong>{wanted[1]}</strong></a>" in html
    assert "<table" not in html


def test_message_to_somebody_who_chose_no_language_is_in_the_institute_s_first(
    app: Flask, make_person: MakePerson, make_institute: Callable[..., Institute]
) -> None:
    vietnamese = make_institute(slug="harbour", languages="vi en")
    post.add_kind(app)
    post.tell(make_person(email="lucia@example.org"))
    post.tell(make_person(email="minh@example.org", institute_id=vietnamese.id))
    assert [message["Content-Language"] for message in post.deliver()] == ["en", "vi"]


def test_languages_do_not_leak_from_one_message_to_the_next(app: Flask, make_person: MakePerson) -> None:
    post.add_kind(app, subject=lazy_gettext("Sign in"))
    for locale in ("ar", "en", "es"):
        post.tell(make_person(email=f"{locale}@example.org", locale=locale))
    subjects = {message["To"]: message["Subject"] for message in post.deliver()}
    assert subjects["en@example.org"] == "Sign in"
    assert len(set(subjects.values())) == 3
    assert gettext("Sign in") == "Sign in"


def test_message_that_nobody_needs_any_more_is_dropped(
    app: Flask, make_person: MakePerson, session: Session
) -> None:
    post.add_kind(app, facts=lambda _person, _about: None)
    post.tell(make_person(email="lucia@example.org"))
    assert post.deliver() == []
    assert [(row.state, row.reason) for row in rows(session)] == [(JobState.DONE, "not-needed")]


def test_person_without_an_address_is_passed_over(
    app: Flask, make_person: MakePerson, session: Session
) -> None:
    post.add_kind(app)
    post.tell(make_person(email=""))
    assert post.deliver() == []
    assert [(row.state, row.reason) for row in rows(session)] == [(JobState.DONE, "no-address")]


@pytest.mark.parametrize(
    "address",
    [
        "lucia",
        "lucia@",
        "lucia@here",
        "lucia@1.2.3.4",
        "lucia@example.org\nBcc: all@example.org",
        "lu cia@example.org",
        "lucia@example.org, all@example.org",
        "<lucia@example.org>",
        "@example.org",
        "lucia@" + "x" * 64 + ".org",
        "\u202elucia@example.org",
    ],
)
def test_what_is_no_address_waits_for_a_person(
    app: Flask, make_person: MakePerson, session: Session, address: str
) -> None:
    post.add_kind(app)
    post.tell(make_person(email=address))
    assert post.deliver() == []
    assert [(row.state, row.reason) for row in rows(session)] == [(JobState.DEAD, "address-invalid")]


@pytest.mark.parametrize(
    "name",
    [
        "Lucía\r\nBcc: all@example.org\r\n\r\nBuy this",
        "Lucía\nSubject: other",
        "\u202eaíciuL\u2066",
        "<script>alert(1)</script> & Co",
        "Lucía\u2028Ortega",
        "l" * 300,
        "=?utf-8?q?Luc=C3=ADa?=",
        "%(name)s {{ name }} %s",
    ],
)
def test_name_stays_a_name(
    app: Flask, make_person: MakePerson, make_institute: Callable[..., Institute], name: str
) -> None:
    hostile = make_institute(slug="hostile", name=name.replace("\n", " ").replace("\r", " ") or "x")
    post.add_kind(app)
    post.tell(make_person(name=name, email="lucia@example.org", institute_id=hostile.id))
    (message,) = post.deliver()
    assert set(message.keys()) == {
        "From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "Content-Language", "MIME-Version",
        "Content-Type",
    }  # fmt: skip
    assert message.get_all("To") == ["lucia@example.org"]
    greeting = post.text_of(message).splitlines()[0]
    assert greeting.startswith("Hello ")
    assert greeting.endswith(",")
    assert len(greeting) < 140
    assert not {"\u202e", "\u2066", "\u2028"} & set(post.text_of(message))
    assert "<script>" not in post.html_of(message)


def test_name_written_the_other_way_is_set_apart(app: Flask, make_person: MakePerson) -> None:
    post.add_kind(app)
    post.tell(make_person(name="أمينة", email="amina@example.org", locale="en"))
    (message,) = post.deliver()
    assert "\u2068أمينة\u2069" in post.text_of(message)
    assert "\u2068أمينة\u2069" in post.html_of(message)


def test_what_somebody_typed_stands_whole_and_commands_nothing(
    app: Flask, make_person: MakePerson, tmp_path: Path
) -> None:
    (tmp_path / "typed.txt").write_text("{{ bare }}\n\n{{ words|isolated }}")
    assert app.jinja_env.loader is not None
    app.jinja_env.loader = ChoiceLoader([FileSystemLoader(tmp_path), app.jinja_env.loader])
    typed = "first\r\n\r\n\x00\u202esecond " + "word " * 400 + "end"
    post.add_kind(app, template="typed.txt", facts=lambda _person, _about: {"bare": typed, "words": typed})
    post.tell(make_person(email="lucia@example.org"))
    (message,) = post.deliver()
    text = post.text_of(message)
    assert text.count("end") == 2
    assert "first second" in text
    assert not {"\x00", "\u202e"} & set(text)


def test_personal_data_is_in_the_message_alone(
    app: Flask, make_person: MakePerson, session: Session, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    lucia = make_person(name="Lucía Ortega", email="lucia@example.org")
    post.add_kind(app, sign_in=post.opens("/participant/"))
    post.tell(lucia, {"log": 7})
    (message,) = post.deliver()
    (row,) = rows(session)
    assert set(row.payload) == {"mail", "person", "institute", "about", "told"}
    assert row.payload["about"] == {"log": 7}
    for place in (json.dumps(row.payload), row.key, row.reason, message["Subject"], caplog.text):
        assert not [word for word in ("Luc", "Ortega", "lucia", "/link/") if word in place]
    assert "Lucía Ortega" in post.text_of(message)


def test_folder_of_messages_is_its_owner_s_and_holds_whole_files(app: Flask, make_person: MakePerson) -> None:
    post.add_kind(app)
    post.tell(make_person(email="lucia@example.org"))
    post.deliver()
    (path,) = post.folder().iterdir()
    assert path.suffix == ".eml"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(post.folder().stat().st_mode) == 0o700


def test_failing_description_is_tried_again_and_harms_no_other_message(
    app: Flask, make_person: MakePerson, session: Session
) -> None:
    def fail(_person: Person, _about: mail.About) -> dict[str, object]:
        raise ZeroDivisionError

    post.add_kind(app, kind="test.broken", facts=fail)
    post.add_kind(app)
    lucia = make_person(email="lucia@example.org")
    post.tell(lucia, kind="test.broken")
    post.tell(lucia)
    assert len(post.deliver()) == 1
    assert {(row.state, row.reason) for row in rows(session)} == {
        (JobState.READY, "ZeroDivisionError"),
        (JobState.DONE, ""),
    }


@pytest.mark.parametrize(
    ("valid_for", "words"),
    [
        (timedelta(minutes=1), "once and for 1 minute."),
        (timedelta(minutes=90), "once and for 90 minutes."),
        (timedelta(hours=36), "once and for 36 hours."),
        (timedelta(days=7), "once and for 7 days."),
    ],
)
def test_message_says_how_long_its_link_works(
    app: Flask, make_person: MakePerson, valid_for: timedelta, words: str
) -> None:
    post.add_kind(app, sign_in=post.opens(valid_for=valid_for))
    post.tell(make_person(email="lucia@example.org"))
    (message,) = post.deliver()
    assert words in post.text_of(message)
    assert words in post.html_of(message)


@pytest.mark.parametrize("public_url", ["http://[::1]:8000", "https://bücher.example", "http://localhost"])
def test_any_public_address_can_stand_behind_a_message(
    app: Flask, settings: Settings, make_person: MakePerson, public_url: str
) -> None:
    given = {"DATA_DIR": str(settings.data_dir), "SECRET_KEY": settings.secret_key, "PUBLIC_URL": public_url}
    app.extensions["settings"] = Settings.from_environment(given)
    post.add_kind(app, sign_in=post.opens())
    post.tell(make_person(email="lucia@example.org"))
    (message,) = post.deliver()
    assert f"{public_url}/link/" in post.text_of(message)
    assert message["From"]


def test_message_that_comes_too_late_is_dropped(
    app: Flask, make_person: MakePerson, session: Session
) -> None:
    post.add_kind(app, good_for=mail.VALID_FOR)
    post.tell(make_person(email="lucia@example.org"))
    with clock.shift(seconds=16 * 60):
        assert post.deliver() == []
    assert [row.state for row in rows(session)] == [JobState.DONE]


def test_path_is_made_where_there_is_no_request(app: Flask) -> None:
    assert mail.path_to("participant_modules.index") == "/participant/modules/"
