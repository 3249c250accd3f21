"""Platforms are registered from the command line; bad input is answered with a sentence."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from click.testing import Result
from flask import Flask
from flask.testing import FlaskClient
from joserfc import jws
from joserfc.jwk import RSAKey
from sqlalchemy import select

from institute import clock
from institute.actors import Actor, Role
from institute.audit.models import AuditEvent
from institute.clock import now
from institute.db import db, transaction
from institute.jobs import worker
from institute.people.models import Institute, Person
from lti.platforms.keys import KeyOnItsWayError, add_key, make_key, rotate_key, signing_key
from lti.platforms.models import Deployment, Registration, ToolKey
from tests.browsing import visit
from tests.lti.acting import Platform

Register = Callable[..., Result]
PLATFORM = Platform(jwks_url="https://lms.example.test/jwks")


def test_registering_says_which_addresses_the_platform_needs(register: Register) -> None:
    result = register(PLATFORM)
    assert result.exit_code == 0
    for path in ("login", "launch", "jwks"):
        assert f"http://127.0.0.1:8000/lti/{path}" in result.output


def test_registering_twice_changes_nothing_and_once_more_brings_up_to_date(register: Register) -> None:
    for _ in range(2):
        assert register(PLATFORM, token_audience="https://lms.example.test/aud").exit_code == 0
    assert db.session.query(AuditEvent).filter_by(action="lti.registered").count() == 1
    changed = replace(PLATFORM, auth_url="https://lms.example.test/auth2", deployment_id="deployment-2")
    assert register(changed, "--trust-administrators", name="School").exit_code == 0
    row = db.session.query(Registration).one()
    assert (row.auth_url, row.name, row.trust_administrators) == (changed.auth_url, "School", True)
    assert row.token_audience == "https://lms.example.test/aud"  # not named, so left alone
    assert [one.deployment_id for one in db.session.query(Deployment).order_by(Deployment.id)] == [
        "deployment-1",
        "deployment-2",
    ]


@pytest.mark.parametrize(
    "changed",
    [
        {"issuer": ""},
        {"issuer": "x" * 256},
        {"client-id": "a\x00b"},
        {"deployment-id": "x" * 256},
        {"auth-url": "javascript:alert(1)"},
        {"token-url": "lms.example.test/token"},
        {"jwks-url": "ftp://lms.example.test/jwks"},
        {"jwks-url": "https://"},
        {"auth-url": "https://lms.example.test/" + "x" * 2000},
        {"institute": "no-such-institute"},
        {"name": "x" * 201},
    ],
    ids=str,
)
def test_bad_input_is_answered_with_a_sentence_and_status_2(
    register: Register, changed: dict[str, str]
) -> None:
    result = register(PLATFORM, **{name.replace("-", "_"): value for name, value in changed.items()})
    assert (result.exit_code, result.exception.__class__) == (2, SystemExit)
    assert "Error: " in result.output
    assert "Traceback" not in result.output
    assert db.session.query(Registration).count() == 0


def test_missing_option_is_answered_with_status_2(app: Flask) -> None:
    result = app.test_cli_runner().invoke(args=["lti", "register", "--issuer", "https://lms.example.test"])
    assert result.exit_code == 2


def test_institute_need_not_be_named_while_there_is_one(
    app: Flask, institute: Institute, make_institute: Callable[..., Institute]
) -> None:
    run = app.test_cli_runner().invoke
    options: Any = {
        "issuer": "https://a.test",
        "client-id": "c",
        "deployment-id": "1",
        "auth-url": "https://a.test/a",
        "token-url": "https://a.test/t",
        "jwks-url": "https://a.test/j",
    }
    arguments = ["lti", "register", *(part for name in options for part in (f"--{name}", options[name]))]
    assert run(args=arguments).exit_code == 0
    assert db.session.query(Registration).one().institute_id == institute.id
    make_institute(slug="elsewhere")
    assert run(args=arguments).exit_code == 2
    taken = run(args=[*arguments, "--institute", "elsewhere"])
    assert (taken.exit_code, "another institute" in taken.output) == (2, True)


def test_list_shows_platforms_of_all_institutes_or_of_one(
    app: Flask, register: Register, make_institute: Callable[..., Institute]
) -> None:
    run = app.test_cli_runner().invoke
    assert "No platform is registered." in run(args=["lti", "list"]).output
    assert register(PLATFORM).exit_code == 0
    make_institute(slug="elsewhere")
    assert register(replace(PLATFORM, client_id="client-2"), institute="elsewhere").exit_code == 0
    everything = run(args=["lti", "list"]).output
    assert "client client-1  active" in everything
    assert "client client-2  active" in everything
    assert "deployment deployment-1  active" in everything
    one = run(args=["lti", "list", "--institute", "elsewhere"]).output
    assert "client-2" in one
    assert "client-1" not in one


@pytest.mark.parametrize("command", ["disable", "enable"])
def test_unknown_registration_is_answered_with_a_sentence(
    app: Flask, institute: Institute, command: str
) -> None:
    result = app.test_cli_runner().invoke(args=["lti", command, "--issuer", "x", "--client-id", "y"])
    assert (result.exit_code, "no registration" in result.output) == (2, True)


def test_keys_are_published_on_first_need_without_their_private_half(browser: FlaskClient) -> None:
    answer = browser.get("/lti/jwks")
    assert (answer.status_code, answer.mimetype) == (200, "application/json")
    (key,) = answer.get_json()["keys"]
    assert set(key) == {"kty", "n", "e", "kid", "alg", "use"}
    assert browser.get("/lti/jwks").get_json()["keys"] == [key]


def kids(browser: FlaskClient) -> list[str]:
    """Return the ids of the keys that platforms can fetch now, newest first."""
    return [key["kid"] for key in browser.get("/lti/jwks").get_json()["keys"]]


def test_new_key_is_published_a_day_before_it_signs(browser: FlaskClient, system: Actor) -> None:
    (first,) = kids(browser)
    rotate_key(make_key(), actor=system)
    new, old = kids(browser)
    assert (old, signing_key()[0]) == (first, first)
    with clock.shift(seconds=24 * 3600 - 60):
        assert signing_key()[0] == first
    with clock.shift(seconds=24 * 3600 + 60):
        kid, private = signing_key()
        assert (kid, kids(browser)) == (new, [new, old])
        (published,) = [key for key in browser.get("/lti/jwks").get_json()["keys"] if key["kid"] == kid]
        token = jws.serialize_compact({"alg": "RS256", "kid": kid}, b"{}", private)
        key = RSAKey.import_key(published)
        assert jws.deserialize_compact(token, key, algorithms=["RS256"]).payload == b"{}"


def test_platform_that_keeps_the_key_set_for_a_day_never_meets_an_unknown_key(
    browser: FlaskClient, system: Actor
) -> None:
    kept: dict[str, object] = {}
    fetched_at = None
    kids(browser)
    for hour in range(80):
        with clock.shift(seconds=hour * 3600):
            if fetched_at is None or now() - fetched_at >= timedelta(hours=24):
                fetched_at, kept = now(), dict.fromkeys(kids(browser))
            if hour == 5:
                rotate_key(make_key(), actor=system)
            assert signing_key()[0] in kept, hour


def test_second_rotation_waits_until_the_first_signs(system: Actor) -> None:
    add_key()
    rotate_key(make_key(), actor=system)
    with pytest.raises(KeyOnItsWayError):
        rotate_key(make_key(), actor=system)


def test_worker_takes_a_key_away_a_month_after_its_last_signature(
    app: Flask, browser: FlaskClient, system: Actor
) -> None:
    kids(browser)
    rotate_key(make_key(), actor=system)
    new, old = kids(browser)
    with clock.shift(seconds=30 * 24 * 3600):
        worker.run_once(app)
        assert kids(browser) == [new, old]
    with clock.shift(seconds=31 * 24 * 3600 + 60):
        worker.run_once(app)
        assert kids(browser) == [new]


def test_command_rotates_the_key_without_a_gap_and_retires_old_ones(app: Flask, browser: FlaskClient) -> None:
    (first,) = kids(browser)
    run = app.test_cli_runner().invoke
    told = run(args=["lti", "rotate-key"])
    assert (told.exit_code, "without a gap" in told.output) == (0, True)
    assert len(kids(browser)) == 2
    again = run(args=["lti", "rotate-key"])
    assert (again.exit_code, "published and begins to sign soon" in again.output) == (2, True)
    with clock.shift(seconds=32 * 24 * 3600):
        assert run(args=["lti", "rotate-key"]).exit_code == 0
        assert len(kids(browser)) == 2
        assert first not in kids(browser)
    assert run(args=["lti", "rotate-key", "--retire-after", "0"]).exit_code == 2


def test_leaked_key_is_replaced_at_once(app: Flask, browser: FlaskClient) -> None:
    (first,) = kids(browser)
    assert app.test_cli_runner().invoke(args=["lti", "rotate-key", "--at-once"]).exit_code == 0
    (kept,) = kids(browser)
    assert kept != first
    assert signing_key()[0] == kept


def test_key_that_waits_and_cannot_be_opened_never_signs(system: Actor) -> None:
    add_key()
    rotate_key(make_key(), actor=system)
    with transaction() as session:
        for key in session.query(ToolKey):
            key.private_pem_encrypted = b"sealed with a secret that is lost"
    rotate_key(make_key(), actor=system)
    signs = signing_key()[0]
    with clock.shift(seconds=2 * 86_400):
        assert signing_key()[0] == signs


def test_administrators_of_a_platform_go_when_the_command_says_they_are_trusted_no_longer(
    app: Flask, register: Register, make_person: Callable[..., Person]
) -> None:
    assert register(PLATFORM, "--trust-administrators").exit_code == 0
    door = {"door": "lti", "door_key": f"registration/{db.session.query(Registration).one().id}"}
    trusted = visit(app, make_person(name="Wim"), roles=[Role.ADMINISTRATOR], **door)
    learner = visit(app, make_person(name="Ana"), roles=[Role.PARTICIPANT], **door)
    assert register(PLATFORM).exit_code == 0
    assert trusted.get("/").status_code != 401
    assert register(PLATFORM, "--no-trust-administrators").exit_code == 0
    assert [one.get("/").status_code == 401 for one in (trusted, learner)] == [True, False]


def test_rotation_stands_in_the_audit(app: Flask, institute: Institute) -> None:
    assert app.test_cli_runner().invoke(args=["lti", "rotate-key"]).exit_code == 0
    event = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "lti.key_rotated")).one()
    assert (event.institute_id, event.details["kid"]) == (institute.id, signing_key()[0])


def test_private_key_is_sealed_at_rest(app: Flask) -> None:
    add_key()
    assert b"PRIVATE" not in db.session.query(ToolKey).one().private_pem_encrypted


def test_private_key_is_parsed_once_for_the_process(app: Flask) -> None:
    add_key()
    assert signing_key()[1] is signing_key()[1]
