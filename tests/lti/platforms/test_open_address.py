"""Without an invitation a platform's request waits for approval; an update of what is registered may change nothing."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from institute.actors import Actor
from institute.db import db, transaction
from institute.people.models import Institute
from lti.platforms.dynamic_errors import RequestDecidedError, RequestMissingError
from lti.platforms.dynamic_models import RegistrationRequest, RequestState
from lti.platforms.models import Deployment, DeploymentState, Registration
from lti.platforms.requests import (
    approve_request,
    count_waiting,
    is_waiting,
    lets_first_in,
    list_recent,
    list_waiting,
    refuse_request,
)
from tests.lti.acting import Platform, serving
from tests.lti.platforms.conftest import Open
from tests.lti.platforms.registrar import TOOL, Registrar, Reply, recorded

CLIENT = "kieGczu14oPUcrL"
Invite = Callable[..., str]


def requests() -> list[RegistrationRequest]:
    """Return all requests, oldest first."""
    return list(db.session.scalars(select(RegistrationRequest).order_by(RegistrationRequest.id)))


def test_request_waits_until_the_only_institute_approves_it(
    moodle: Registrar, open_address: Open, administrator: Actor
) -> None:
    page = open_address()
    assert page.status_code == 202
    assert "The tool waits for approval" in page.text
    assert f"frame-ancestors 'self' {moodle.url}" in page.headers["Content-Security-Policy"]
    assert db.session.query(Registration).count() == 0
    assert is_waiting(moodle.url, CLIENT)
    (row,) = list_waiting(administrator.institute_id)
    assert (row.issuer, row.client_id, row.deployment_id, row.updates) == (moodle.url, CLIENT, "1", None)
    assert count_waiting(administrator.institute_id) == 1
    registration_id = approve_request(row.id, administrator)
    registration = db.session.get_one(Registration, registration_id)
    assert (registration.client_id, registration.family) == (CLIENT, "moodle")
    assert db.session.scalars(select(Deployment)).one().state is DeploymentState.ACTIVE
    assert not is_waiting(moodle.url, CLIENT)
    assert count_waiting(administrator.institute_id) == 0
    assert "The tool is registered" in open_address().text
    with pytest.raises(RequestDecidedError):
        approve_request(row.id, administrator)


def test_refused_request_registers_nothing(
    open_address: Open, administrator: Actor, moodle: Registrar
) -> None:
    open_address()
    refuse_request(list_waiting(administrator.institute_id)[0].id, administrator)
    assert db.session.query(Registration).count() == 0
    assert "The institute refused the registration" in open_address().text
    assert len(moodle.posted) == 1


def test_another_institute_decides_nothing(
    open_address: Open, administrator: Actor, make_institute: Callable[..., Institute]
) -> None:
    open_address()
    (row,) = list_waiting(administrator.institute_id)
    other = Actor(institute_id=make_institute().id, person_id=None)
    for decide in (approve_request, refuse_request):
        with pytest.raises(RequestMissingError):
            decide(row.id, other)
    assert list_waiting(other.institute_id) == []
    assert list_recent(other.institute_id) == []


def test_with_several_institutes_the_address_names_one_or_an_operator_gives_it(
    app: Flask, open_address: Open, administrator: Actor, make_institute: Callable[..., Institute]
) -> None:
    other = make_institute(slug="harbour")
    assert "LTI-REGISTER-INSTITUTE" in open_address(institute="nowhere").text
    open_address(institute="harbour")
    assert [row.institute_id for row in requests()] == [other.id]
    open_address(registration_token="token-2")
    nobody = requests()[-1]
    assert nobody.institute_id is None
    run = app.test_cli_runner().invoke
    refused = run(args=["lti", "approve-request", str(nobody.id), "--institute", "valley"])
    assert refused.exit_code == 2
    assert run(args=["lti", "give-request", str(nobody.id), "--institute", "valley"]).exit_code == 0
    approved = run(args=["lti", "approve-request", str(nobody.id), "--institute", "valley"])
    assert approved.exit_code == 0, approved.output
    assert db.session.scalars(select(Registration)).one().institute_id == administrator.institute_id


def test_asked_again_the_newer_request_replaces_the_older(
    moodle: Registrar, open_address: Open, administrator: Actor
) -> None:
    open_address()
    moodle.configuration["jwks_uri"] = f"{moodle.url}/other-keys"
    open_address(registration_token="token-2")
    assert [row.state for row in requests()] == [RequestState.REPLACED, RequestState.WAITING]
    (row,) = list_waiting(administrator.institute_id)
    assert row.jwks_url == f"{moodle.url}/other-keys"
    assert "Your platform asked again since" in open_address().text


def test_update_that_changes_nothing_needs_no_approval(
    moodle: Registrar, open_address: Open, make_invitation: Invite
) -> None:
    open_address(invitation=make_invitation())
    moodle.replay("dynreg-update-3-registration")
    page = open_address(registration_token="update-token")
    assert page.status_code == 200
    assert "The registration is up to date" in page.text
    assert db.session.query(Registration).count() == 1


def test_update_that_changes_an_address_waits_for_approval_and_then_changes_it(
    moodle: Registrar, open_address: Open, make_invitation: Invite, administrator: Actor
) -> None:
    open_address(invitation=make_invitation())
    moodle.replay("dynreg-update-3-registration")
    moodle.configuration["jwks_uri"] = f"{moodle.url}/other-keys"
    assert open_address(registration_token="update-token").status_code == 202
    registration = db.session.scalars(select(Registration)).one()
    assert registration.jwks_url.endswith("/certs.php")
    (row,) = list_waiting(administrator.institute_id)
    assert row.updates == registration.id
    approve_request(row.id, administrator)
    assert db.session.scalars(select(Registration.jwks_url)).one() == f"{moodle.url}/other-keys"


def test_update_by_an_invitation_for_the_registration_needs_no_approval(
    moodle: Registrar, open_address: Open, make_invitation: Invite
) -> None:
    open_address(invitation=make_invitation())
    known = db.session.scalars(select(Registration)).one()
    moodle.replay("dynreg-update-3-registration")
    moodle.configuration["jwks_uri"] = f"{moodle.url}/other-keys"
    secret = make_invitation(registration_id=known.id)
    page = open_address(registration_token="update-token", invitation=secret)
    assert "The registration is up to date" in page.text
    registration = db.session.scalars(select(Registration)).one()
    assert registration.jwks_url == f"{moodle.url}/other-keys"
    assert registration.name == known.name


def test_invitation_for_one_registration_is_not_used_by_another_platform(
    moodle: Registrar, open_address: Open, make_invitation: Invite, administrator: Actor
) -> None:
    open_address(invitation=make_invitation())
    known = db.session.scalars(select(Registration)).one()
    secret = make_invitation(registration_id=known.id)
    moodle.configuration["issuer"] = moodle.url + "/second"  # the same host, another platform
    page = open_address(registration_token="token-2", invitation=secret)
    assert page.status_code == 409
    assert "LTI-REGISTER-OTHER" in page.text
    assert len(moodle.posted) == 1
    moodle.set_out()
    body = moodle.here(recorded("dynreg-3-registration")["response"]["body"])
    moodle.answer = Reply(200, {**body, "client_id": "brand-new"})
    page = open_address(registration_token="token-3", invitation=secret)
    assert "so there are two now" in page.text
    assert db.session.query(Registration).count() == 2


def test_first_deployment_is_let_in_once(moodle: Registrar, open_address: Open, administrator: Actor) -> None:
    body = moodle.here(recorded("dynreg-3-registration")["response"]["body"])
    del body[TOOL]["deployment_id"]
    moodle.answer = Reply(200, body)
    open_address()
    registration_id = approve_request(list_waiting(administrator.institute_id)[0].id, administrator)
    answers: list[bool] = []
    for _ in range(3):
        with transaction() as session:
            answers.append(lets_first_in(registration_id, session))
    assert answers == [True, False, False]


def test_launch_before_approval_says_what_it_waits_for_and_the_first_deployment_gets_in(
    moodle: Registrar, open_address: Open, administrator: Actor, browser: FlaskClient
) -> None:
    body = moodle.here(recorded("dynreg-3-registration")["response"]["body"])
    del body[TOOL]["deployment_id"]
    moodle.answer = Reply(200, body)
    with serving(Platform(issuer=moodle.url, client_id=CLIENT)) as platform:
        moodle.configuration["jwks_uri"] = platform.jwks_url
        open_address()
        early = platform.login(browser)
        assert early.status_code == 403
        assert "waits for approval" in early.text
        approve_request(list_waiting(administrator.institute_id)[0].id, administrator)
        assert platform.launch(browser, deployment_id="first").status_code == 303
        second = platform.launch(browser, deployment_id="second")
        assert second.status_code == 403
        assert "LTI-DEPLOYMENT-PENDING" in second.text
        assert platform.launch(browser, deployment_id="first").status_code == 303


def test_two_requests_of_one_client_at_once_leave_one_that_waits(
    app: Flask, institute: Institute, moodle: Registrar
) -> None:
    together = threading.Barrier(2, timeout=30)
    moodle.before = together.wait
    statuses: list[int] = []

    def ask(token: str) -> None:
        client = app.test_client()
        statuses.append(client.get(client.get(moodle.address(registration_token=token)).location).status_code)

    threads = [threading.Thread(target=ask, args=(f"token-{number}",)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert 500 not in statuses
    db.session.rollback()
    assert sorted(row.state for row in requests()) == [RequestState.REPLACED, RequestState.WAITING]


def test_queue_of_requests_has_an_end(
    moodle: Registrar, open_address: Open, institute: Institute, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lti.platforms.dynamic.MAX_WAITING", 1)
    open_address()
    body = moodle.here(recorded("dynreg-3-registration")["response"]["body"])
    moodle.answer = Reply(200, {**body, "client_id": "another"})
    page = open_address(registration_token="token-2")
    assert page.status_code == 429
    assert "LTI-REGISTER-FULL" in page.text
    assert requests()[-1].client_id == "another"  # what the platform said is kept


def test_too_many_openings_from_one_address_are_refused_with_a_page_that_may_be_framed(
    browser: FlaskClient,
) -> None:
    statuses = [browser.get("/lti/register").status_code for _ in range(21)]
    assert statuses == [200] * 20 + [429]
    page = browser.get("/lti/register")
    assert "frame-ancestors 'self' *" in page.headers["Content-Security-Policy"]
