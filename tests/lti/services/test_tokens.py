"""Tokens are asked for rarely, shared by all processes, sealed, and replaced once where a service refuses them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from flask import Flask
from joserfc import jwt
from joserfc.jwk import KeySet
from sqlalchemy import select

import certificates
import courses
import lti
from institute import clock
from institute.app import create_app
from institute.clock import now
from institute.config import Settings
from institute.db import db
from institute.people.models import Institute
from lti.platforms.keys import add_key, published_keys
from lti.services.accounts import Account
from lti.services.assertions import ASSERTION_TYPE
from lti.services.connector import PlatformConnector
from lti.services.errors import NotAllowedError
from lti.services.models import AccessToken, ScoreState
from lti.services.scopes import LINE_ITEM_TYPE, RESULT_READONLY, SCORE
from tests.lti.services.classroom import Classroom
from tests.lti.services.scripted import Asked, Say, ScriptedPlatform


@pytest.fixture
def connector(scripted: ScriptedPlatform, scripted_classroom: Classroom) -> PlatformConnector:
    """The tool's connection to the scripted platform, whose /thing answers an empty object."""
    scripted.tell("GET", "/thing", Say(200, {}))
    return PlatformConnector(Account.of(scripted_classroom.registration))


@contextmanager
def another_process(settings: Settings) -> Iterator[Flask]:
    """A second application on the same database, as a second process has it: with a memory of its own."""
    made = create_app(courses, certificates, lti, settings=settings)
    with made.app_context():
        yield made
        db.session.remove()
        db.engine.dispose()


def ask(connector: PlatformConnector, scope: str = SCORE) -> None:
    """Use the service once."""
    path = f"{connector.account.token_url.removesuffix('/token')}/thing"
    connector.request("GET", path, scopes=(scope,), accept=LINE_ITEM_TYPE)


def bearers(scripted: ScriptedPlatform) -> list[str]:
    """Return which token each request of the service bore."""
    return [asked.headers["Authorization"].removeprefix("Bearer ") for asked in scripted.asked_for("/thing")]


def claims_of(asked: Asked) -> dict[str, object]:
    """Verify the assertion of a token request with the published keys and return its claims."""
    keys = KeySet.import_key_set({"keys": published_keys()})
    return dict(jwt.decode(asked.form["client_assertion"], keys, algorithms=["RS256"]).claims)


def test_one_token_serves_all_processes_until_a_minute_before_its_end(
    scripted: ScriptedPlatform, connector: PlatformConnector, settings: Settings
) -> None:
    ask(connector)
    ask(connector)
    with another_process(settings):
        ask(PlatformConnector(connector.account))
    assert bearers(scripted) == ["token-1"] * 3
    with clock.shift(seconds=3600 - 180):
        ask(connector)
    with clock.shift(seconds=3600 - 58):
        ask(connector)
    assert bearers(scripted)[3:] == ["token-1", "token-2"]


def test_other_scopes_and_other_clients_have_tokens_of_their_own(
    scripted: ScriptedPlatform, connector: PlatformConnector, scripted_classroom: Classroom
) -> None:
    ask(connector)
    ask(connector, RESULT_READONLY)
    scripted_classroom.registration.client_id = "sibling"
    ask(PlatformConnector(Account.of(scripted_classroom.registration)))
    assert bearers(scripted) == ["token-1", "token-2", "token-3"]
    assert [asked.form["scope"] for asked in scripted.asked_for("/token")] == [SCORE, RESULT_READONLY, SCORE]
    db.session.rollback()


@pytest.mark.parametrize("status", [401, 403])
def test_a_refused_token_is_replaced_once(
    scripted: ScriptedPlatform, connector: PlatformConnector, status: int
) -> None:
    ask(connector)
    scripted.tell("GET", "/thing", Say(status), Say(200, {}))
    ask(connector)
    assert bearers(scripted) == ["token-1", "token-1", "token-2"]
    scripted.tell("GET", "/thing", Say(status))
    with pytest.raises(NotAllowedError):
        ask(connector)
    assert len(bearers(scripted)) == 5


def test_refusals_of_people_do_not_cost_a_token_each(
    scripted: ScriptedPlatform, connector: PlatformConnector
) -> None:
    scripted.tell("GET", "/thing", Say(403))
    for _ in range(5):
        with pytest.raises(NotAllowedError):
            ask(connector)
    assert scripted.tokens == 2
    with clock.shift(seconds=61), pytest.raises(NotAllowedError):
        ask(connector)
    assert scripted.tokens == 3


def test_a_token_that_another_process_has_replaced_is_taken_from_there(
    scripted: ScriptedPlatform, connector: PlatformConnector, settings: Settings
) -> None:
    ask(connector)
    scripted.tell("GET", "/thing", Say(401), Say(200, {}))
    with another_process(settings):
        ask(PlatformConnector(connector.account))
    scripted.tell("GET", "/thing", Say(401), Say(200, {}))
    ask(connector)
    assert bearers(scripted) == ["token-1", "token-1", "token-2", "token-1", "token-2"]


def test_the_assertion_is_signed_by_the_newest_key_for_one_use_and_the_audience_is_a_text(
    scripted: ScriptedPlatform, connector: PlatformConnector
) -> None:
    ask(connector)
    add_key()
    ask(connector, RESULT_READONLY)
    first, second = scripted.asked_for("/token")
    one, other = claims_of(first), claims_of(second)
    assert one["aud"] == f"{scripted.url}/token"
    assert one["iss"] == one["sub"] == "sandbox-client"
    assert one["jti"] != other["jti"]
    assert first.form["client_assertion_type"] == ASSERTION_TYPE
    assert first.form["grant_type"] == "client_credentials"


def test_a_registration_may_name_another_audience_which_is_sent_verbatim(
    app: Flask, institute: Institute, scripted: ScriptedPlatform
) -> None:
    audience = "https://api.brightspace.com/auth/token"
    classroom = Classroom(app, institute, scripted.url, token_audience=audience)
    scripted.tell("GET", "/thing", Say(200, {}))
    ask(PlatformConnector(Account.of(classroom.registration)))
    [asked] = scripted.asked_for("/token")
    assert claims_of(asked)["aud"] == audience


def test_a_token_is_sealed_where_it_is_kept_and_never_shown(connector: PlatformConnector) -> None:
    ask(connector)
    [kept] = db.session.scalars(select(AccessToken.token_sealed))
    assert b"token-1" not in kept


def test_moodles_token_of_media_type_html_is_taken(
    scripted: ScriptedPlatform, connector: PlatformConnector
) -> None:
    scripted.tell("POST", "/token", Say.recorded("token-all-scopes"))
    ask(connector)
    assert len(bearers(scripted)[0]) == 32


def test_a_short_lived_token_is_used_at_once_but_not_kept(
    scripted: ScriptedPlatform, scripted_classroom: Classroom
) -> None:
    scripted.tell("POST", "/token", Say(200, {"access_token": "short", "expires_in": 30}))
    scripted.tell("POST", "/item/scores", Say())
    learner = scripted_classroom.learner(scripted_classroom.link(lineitem_url=f"{scripted.url}/item"))
    start = now()
    scripted_classroom.tick(learner, 1)
    scripted_classroom.work()
    with clock.frozen(start + timedelta(seconds=5)):
        scripted_classroom.tick(learner, 2)
        scripted_classroom.work()
    assert [score.state for score in scripted_classroom.scores()] == [ScoreState.SENT]
    assert len(scripted.asked_for("/token")) == 2
