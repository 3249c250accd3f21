"""Signing in by e-mail: known and unknown addresses are answered alike, and a link opens what its reader may."""

from __future__ import annotations

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from institute import clock
from institute.actors import Actor, InstituteId, Role
from institute.jobs.models import OutboxRow
from institute.messages.links import make_link
from institute.people.granting import grant_role
from institute.people.models import Institute, Person
from institute.web.models import LaunchSession
from tests.browsing import Visitor
from tests.institute import post

MakePerson = Callable[..., Person]


def ask(app: Flask, address: str) -> TestResponse:
    """Send the form of the sign-in page."""
    return app.test_client().post("/sign-in", data={"email": address})


def enter(app: Flask, path: str) -> tuple[TestResponse, TestResponse]:
    """Press a link's button; return the answer and the page it leads to."""
    client = app.test_client()
    entered = client.post(path)
    return entered, client.get(entered.location or "/", follow_redirects=True)


def path_of(address: str) -> str:
    """Return a link's path."""
    return address.removeprefix("http://127.0.0.1:8000")


@pytest.fixture
def make_trainer(app: Flask, make_person: MakePerson) -> MakePerson:
    """Make somebody with a grant."""

    def make(**given: object) -> Person:
        person = make_person(**given)
        actor = Actor(institute_id=InstituteId(person.institute_id), person_id=None)
        grant_role(person.id, Role.TRAINER, actor=actor)
        return person

    return make


def test_front_page_leads_to_all_that_is_open_without_a_course(app: Flask) -> None:
    client = app.test_client()
    for way in ("/sign-in", "/verify/", "/holders/"):
        assert f'href="{way}"' in client.get("/").text
    assert 'name="email"' in client.get("/sign-in").text


def test_mailed_link_signs_in_to_what_the_person_may_do(app: Flask, make_trainer: MakePerson) -> None:
    make_trainer(email="tomas@example.org", locale="es")
    ask(app, " Tomas@Example.ORG ")
    (message,) = post.deliver()
    assert message["To"] == "tomas@example.org"
    entered, page = enter(app, post.link_in(message))
    assert entered.status_code == 303
    assert page.status_code == 200
    assert page.request.path.endswith("/trainer/")
    assert 'lang="es"' in page.text


def test_known_and_unknown_addresses_are_answered_with_the_same_words_and_work(
    app: Flask, session: Session, make_trainer: MakePerson, make_person: MakePerson
) -> None:
    make_trainer(email="tomas@example.org")
    make_person(email="norole@example.org")
    answers = []
    for count, address in enumerate(["tomas@example.org", "nobody@example.org", "norole@example.org"], 1):
        answer = ask(app, address)
        answers.append((answer.status_code, answer.location, answer.text.replace(address, "")))
        session.rollback()
        assert len(session.scalars(select(OutboxRow)).all()) == count
    assert len(set(answers)) == 1
    assert [message["To"] for message in post.deliver()] == ["tomas@example.org"]


def test_address_in_several_institutes_gets_one_message_with_a_link_for_each(
    app: Flask,
    session: Session,
    make_trainer: MakePerson,
    make_institute: Callable[..., Institute],
) -> None:
    harbour = make_institute(slug="harbour", name="Harbour Institute")
    people = [
        make_trainer(email="tomas@example.org", name="Tomas"),
        make_trainer(email="tomas@example.org", name="Tomas", institute_id=harbour.id),
    ]
    ids = [person.id for person in people]
    ask(app, "tomas@example.org")
    (message,) = post.deliver()
    text = post.text_of(message)
    paths = post.LINK.findall(text)
    assert len(paths) == 2
    assert "Valley Coaching Institute · Trainer" in text
    assert "Harbour Institute · Trainer" in text
    for path in paths:
        assert enter(app, path)[1].status_code == 200
    session.rollback()
    assert sorted(session.scalars(select(LaunchSession.person_id))) == ids


def test_sixth_message_within_an_hour_is_not_sent_and_nobody_is_told(
    app: Flask, make_trainer: MakePerson
) -> None:
    make_trainer(email="tomas@example.org")
    for count in range(1, 8):
        assert ask(app, "tomas@example.org").status_code == 303
        assert len(post.deliver()) == min(count, 5)


def test_asking_for_many_addresses_is_stopped(app: Flask) -> None:
    client = app.test_client()
    answers = [client.post("/sign-in", data={"email": f"x{n}@example.org"}).status_code for n in range(11)]
    assert answers == [303] * 10 + [429]


def test_link_asked_for_is_not_mailed_an_hour_later(app: Flask, make_trainer: MakePerson) -> None:
    make_trainer(email="tomas@example.org")
    ask(app, "tomas@example.org")
    with clock.shift(seconds=3601):
        assert post.deliver() == []


@pytest.mark.parametrize(
    "typed",
    [
        "", " ", "lucia", "lucia@example.org\x00", "x" * 10_000, "x" * 10_000 + "@example.org", "\ud83d",
        "a@b.c\r\nBcc: d@e.f", "<script>@example.org", "'; DROP TABLE person; --", "1e30", "a@" + "b." * 5000,
        "\u202ea@example.org", "a@xn--0.org",
    ],
)  # fmt: skip
def test_what_is_no_address_is_said_beside_the_field_and_kept(app: Flask, typed: str) -> None:
    data = {"email": typed.encode("utf-8", "surrogatepass")}
    answer = app.test_client().post("/sign-in", data=data)
    assert answer.status_code == 422
    assert 'id="email-error"' in answer.text
    assert "<script>@" not in answer.text
    if typed.strip().isascii() and typed.isalnum():
        assert f'value="{typed}"' in answer.text


@pytest.mark.parametrize("typed", ["josé@bücher.example", "用户@例え.テスト", "😀@example.org"])
def test_address_in_any_letters_is_looked_up(app: Flask, make_trainer: MakePerson, typed: str) -> None:
    make_trainer(email=typed)
    assert ask(app, typed).status_code == 303
    assert len(post.deliver()) == 1


def test_form_without_its_field_is_a_sentence(app: Flask) -> None:
    client = app.test_client()
    assert client.post("/sign-in").status_code == 422
    assert client.post("/sign-in", data=b"\xff\xfe", content_type="text/plain").status_code == 422
    assert client.post("/sign-in", json={"email": ["x"]}).status_code == 422


def test_link_opens_its_target_with_its_roles_in_its_place(
    app: Flask, session: Session, make_person: MakePerson
) -> None:
    lucia = make_person(email="lucia@example.org")
    target = "/participant/?log=3"
    address = make_link(
        lucia.id, institute_id=lucia.institute_id, roles=[Role.PARTICIPANT], place=7, target=target
    )
    entered, _page = enter(app, path_of(address))
    assert entered.location.endswith(target)
    session.rollback()
    opened = session.scalars(select(LaunchSession)).one()
    assert (opened.roles, opened.place, opened.target) == (["participant"], 7, target)


@pytest.mark.parametrize("target", ["https://elsewhere.example", "//elsewhere.example", "participant/", ""])
def test_link_never_leads_elsewhere(app: Flask, make_person: MakePerson, target: str) -> None:
    lucia = make_person()
    with pytest.raises(ValueError, match="path"):
        make_link(lucia.id, institute_id=lucia.institute_id, target=target)


def test_scanner_that_opens_every_address_uses_nothing_up(app: Flask, make_person: MakePerson) -> None:
    lucia = make_person(email="lucia@example.org")
    path = path_of(make_link(lucia.id, institute_id=lucia.institute_id, roles=[Role.PARTICIPANT]))
    for method in ("GET", "HEAD", "OPTIONS", "GET"):
        scanned = app.test_client().open(path, method=method)
        assert scanned.status_code == 200
        assert "Set-Cookie" not in scanned.headers
    assert enter(app, path)[0].status_code == 303


def test_link_that_is_good_for_days_opens_no_granted_role_after_a_quarter_of_an_hour(
    app: Flask, make_person: MakePerson, make_trainer: MakePerson
) -> None:
    given = {"roles": [Role.PARTICIPANT], "valid_for": timedelta(days=7)}
    lucia, tomas = make_person(email="lucia@example.org"), make_trainer(email="tomas@example.org")
    plain, strong, quick = (
        path_of(make_link(person.id, institute_id=person.institute_id, **given))  # type: ignore[arg-type]
        for person in (lucia, tomas, tomas)
    )
    assert enter(app, quick)[0].status_code == 303
    with clock.shift(seconds=86_400):
        assert enter(app, plain)[0].status_code == 303
        assert app.test_client().get(strong).status_code == 422
        assert enter(app, strong)[0].status_code == 422
        app.test_client().post(f"{strong}/new")
        (message,) = post.deliver()
        assert enter(app, post.link_in(message))[0].status_code == 303


def test_two_presses_at_once_sign_in_once(app: Flask, make_person: MakePerson, session: Session) -> None:
    lucia = make_person()
    path = path_of(make_link(lucia.id, institute_id=lucia.institute_id, roles=[Role.PARTICIPANT]))
    with ThreadPoolExecutor(8) as pool:
        codes = list(pool.map(lambda _: app.test_client().post(path).status_code, range(8)))
    assert sorted(codes) == [303] + [422] * 7
    session.rollback()
    assert len(session.scalars(select(LaunchSession)).all()) == 1


def test_used_late_and_unknown_links_look_alike_and_offer_a_new_one(
    app: Flask, make_person: MakePerson
) -> None:
    lucia = make_person(email="lucia@example.org")
    used, late = (
        path_of(make_link(lucia.id, institute_id=lucia.institute_id, roles=[Role.PARTICIPANT]))
        for _ in range(2)
    )
    enter(app, used)
    pages = set()
    with clock.shift(seconds=15 * 60 + 1):
        for path in (used, late, "/link/" + "x" * 43, "/link/\x00", "/link/" + "y" * 5000, "/link/%F0%9F"):
            for answer in (app.test_client().get(path), app.test_client().post(path)):
                assert answer.status_code == 422
                plain = re.sub(r'action="[^"]*"|LINK-USED-\w{4}|\(\w+ \d+, \d{4}.*?\)', "", answer.text)
                pages.add(plain)
    assert len(pages) == 1
    assert "Send me a new link" in pages.pop()


def test_visit_that_began_by_mail_is_offered_the_same_way_when_it_has_ended(
    app: Flask, make_person: MakePerson, sign_in: Callable[..., Visitor]
) -> None:
    lucia = make_person(email="lucia@example.org")
    path = path_of(make_link(lucia.id, institute_id=lucia.institute_id, roles=[Role.PARTICIPANT]))
    client = app.test_client()
    inside = client.post(path).location
    from_lms = sign_in(lucia, roles=[Role.PARTICIPANT])
    with clock.shift(seconds=80 * 3600):
        ended = client.get(f"{inside}participant/")
        assert ended.status_code == 401
        assert 'href="/sign-in"' in ended.text
        assert 'href="/sign-in"' not in from_lms.get("/participant/").text


def test_new_link_goes_to_the_address_on_file_and_opens_the_same(
    app: Flask, session: Session, make_person: MakePerson
) -> None:
    lucia = make_person(email="lucia@example.org")
    given = {"roles": [Role.PARTICIPANT], "place": 7, "target": "/participant/?log=3"}
    old = path_of(make_link(lucia.id, institute_id=lucia.institute_id, **given))  # type: ignore[arg-type]
    with clock.shift(seconds=86_400):
        answer = app.test_client().post(f"{old}/new", data={"email": "thief@example.org"})
        assert (answer.status_code, answer.location) == (303, "/sign-in/sent")
        (message,) = post.deliver()
        assert message["To"] == "lucia@example.org"
        entered, _page = enter(app, post.link_in(message))
    assert entered.location.endswith("/participant/?log=3")
    session.rollback()
    opened = session.scalars(select(LaunchSession)).one()
    assert (opened.roles, opened.place) == (["participant"], 7)


def test_asking_for_a_new_link_answers_alike_and_leaves_the_old_one_valid(
    app: Flask, session: Session, make_person: MakePerson
) -> None:
    lucia = make_person(email="lucia@example.org")
    old = path_of(make_link(lucia.id, institute_id=lucia.institute_id, roles=[Role.PARTICIPANT]))
    answers = set()
    for count, path in enumerate((old, "/link/unknown"), 1):
        answer = app.test_client().post(f"{path}/new")
        answers.add((answer.status_code, answer.location, answer.text))
        session.rollback()
        assert len(session.scalars(select(OutboxRow)).all()) == count
    assert len(answers) == 1
    (message,) = post.deliver()
    assert enter(app, old)[0].status_code == 303
    assert enter(app, post.link_in(message))[0].status_code == 303


def test_new_links_are_mailed_five_times_an_hour_at_most(app: Flask, make_person: MakePerson) -> None:
    lucia = make_person(email="lucia@example.org")
    old = path_of(make_link(lucia.id, institute_id=lucia.institute_id))
    for count in range(1, 8):
        assert app.test_client().post(f"{old}/new").status_code == 303
        assert len(post.deliver()) == min(count, 5)


def test_link_is_renewed_for_ninety_days_and_not_longer(
    app: Flask, make_person: MakePerson, session: Session
) -> None:
    lucia = make_person(email="lucia@example.org")
    old = path_of(make_link(lucia.id, institute_id=lucia.institute_id))
    with clock.shift(seconds=91 * 86_400):
        assert app.test_client().post(f"{old}/new").status_code == 303
        assert post.deliver() == []


def test_person_whose_address_was_erased_gets_no_new_link(
    app: Flask, session: Session, make_person: MakePerson
) -> None:
    nobody = make_person(email="")
    old = path_of(make_link(nobody.id, institute_id=nobody.institute_id))
    assert app.test_client().post(f"{old}/new").status_code == 303
    assert post.deliver() == []
