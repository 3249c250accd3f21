"""What waits for an administrator: requests of platforms, addresses that were made, keys."""

from __future__ import annotations

import html
import re
from collections.abc import Callable

import pytest
from sqlalchemy import select

from institute import clock
from institute.audit.models import AuditEvent
from institute.clock import now
from institute.db import db, transaction
from institute.people.models import Institute
from lti.platforms.dynamic_models import Invitation, RegistrationRequest, RequestId, RequestState
from lti.platforms.keys import list_keys, published_keys, signing_key
from lti.platforms.models import Registration, RegistrationId
from tests.lti.setup.conftest import LMS, TYPED, Office

LIST = "/administrator/platforms/"
Ask = Callable[..., RequestId]


@pytest.fixture
def ask(institute: Institute) -> Ask:
    """Let a platform ask to be connected."""

    def make(*, institute_id: int | None = None, **changed: str) -> RequestId:
        names = ("issuer", "client_id", "auth_url", "token_url", "jwks_url")
        with transaction() as session:
            row = RegistrationRequest(
                institute_id=institute_id or institute.id,
                state=RequestState.WAITING,
                asked_at=now(),
                **{"name": "Campus Moodle", **{name: TYPED[name] for name in names}, **changed},
            )
            session.add(row)
            session.flush()
            return row.id

    return make


def state_of(request_id: RequestId) -> RequestState:
    """Return how far a request is."""
    return db.session.get_one(RegistrationRequest, request_id, populate_existing=True).state


def test_platform_that_asked_is_shown_with_what_it_says_and_approved(office: Office, ask: Ask) -> None:
    request_id = ask()
    assert "1 learning platform asks to be connected" in office.visitor.get("/administrator/").text
    page = office.visitor.get(LIST).text
    assert "Campus Moodle" in page
    assert TYPED["token_url"] in page
    answer = office.visitor.post(f"{LIST}requests/{request_id}/approve")
    made = db.session.scalars(select(Registration)).one()
    assert answer.location.endswith(f"/administrator/platforms/{made.id}")
    assert (made.issuer, state_of(request_id)) == (LMS, RequestState.APPROVED)
    assert "Platforms that wait for you" not in office.visitor.get("/administrator/").text


def test_refused_platform_is_not_connected(office: Office, ask: Ask) -> None:
    request_id = ask()
    office.visitor.post(f"{LIST}requests/{request_id}/refuse")
    assert state_of(request_id) is RequestState.REFUSED
    assert db.session.scalars(select(Registration)).all() == []
    assert office.visitor.post(f"{LIST}requests/{request_id}/approve").status_code == 409


def test_request_that_would_change_a_connected_platform_says_what(
    office: Office, ask: Ask, make_registration: Callable[..., RegistrationId]
) -> None:
    make_registration(client_id="same")
    ask(client_id="same", token_url="https://elsewhere.example/token")
    page = html.unescape(office.visitor.get(LIST).text)
    assert "It is connected already. Approving changes these addresses:" in page
    assert "https://elsewhere.example/token" in page
    assert page.count(" becomes ") == 1


@pytest.mark.parametrize("word", ["approve", "refuse"])
def test_request_to_another_institute_is_not_there(
    office: Office, ask: Ask, make_institute: Callable[..., Institute], word: str
) -> None:
    request_id = ask(institute_id=make_institute(slug="harbour").id)
    assert "Campus Moodle" not in office.visitor.get(LIST).text
    assert office.visitor.post(f"{LIST}requests/{request_id}/{word}").status_code == 404
    assert state_of(request_id) is RequestState.WAITING


def test_address_is_shown_once_and_listed_until_it_is_used_or_withdrawn(office: Office) -> None:
    page = html.unescape(office.visitor.post(f"{LIST}invitations").text)
    (address,) = set(re.findall(r"http://127\.0\.0\.1:8000/lti/register\?invitation=[\w-]{20,}", page))
    for platform in ("Moodle", "Canvas", "Brightspace", "Blackboard", "Open edX", "Sakai"):
        assert platform in page
    listed = office.visitor.get(LIST).text
    assert "Addresses that were not used yet" in listed
    assert address not in listed
    row = db.session.scalars(select(Invitation)).one()
    assert row.made_by == office.actor.person_id
    assert office.visitor.post(f"{LIST}invitations/{row.id}/withdraw").status_code == 303
    assert "Addresses that were not used yet" not in office.visitor.get(LIST).text


def test_keys_are_shown_and_a_new_one_is_published_before_it_signs(office: Office) -> None:
    signing, _private = signing_key()
    path = f"{LIST}keys"
    assert signing in office.visitor.get(path).text
    assert office.visitor.post(path).status_code == 303
    new, old = (key["kid"] for key in published_keys())
    assert (old, signing_key()[0]) == (signing, signing)
    page = office.visitor.get(path).text
    assert "Signs now" in page
    assert "Signs soon" in page
    assert "Publish a new key" not in page
    assert office.visitor.post(path).status_code == 409
    with clock.shift(seconds=25 * 3600):
        assert [(key.kid, key.signs) for key in list_keys()] == [(new, True), (old, False)]
    event = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "lti.key_rotated")).one()
    assert (event.person_id, event.details["kid"]) == (office.actor.person_id, new)


def test_page_of_keys_is_useful_before_there_is_one(office: Office) -> None:
    assert "There is none yet" in office.visitor.get(f"{LIST}keys").text
