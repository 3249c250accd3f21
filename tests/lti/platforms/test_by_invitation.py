"""By an administrator's invitation a platform is registered at once, and once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from institute import clock
from institute.actors import Actor
from institute.audit.models import AuditEvent
from institute.db import db
from institute.people.models import Institute
from lti.platforms.dynamic_errors import InvitationUnknownError, InvitationUsedError
from lti.platforms.dynamic_models import Invitation, RegistrationRequest
from lti.platforms.invitations import InvitationRow, list_open, withdraw
from lti.platforms.models import Deployment, DeploymentState, Registration
from lti.platforms.requests import list_waiting
from tests.lti.platforms.conftest import Open
from tests.lti.platforms.registrar import TOOL, Registrar, Reply, recorded

Invite = Callable[..., str]


def only_registration() -> Registration:
    """Return the one registration there is."""
    db.session.rollback()
    return db.session.scalars(select(Registration)).one()


def test_platform_is_registered_for_the_institute_that_invited(
    moodle: Registrar, open_address: Open, make_invitation: Invite, administrator: Actor
) -> None:
    page = open_address(invitation=make_invitation())
    assert page.status_code == 200
    assert "The tool is registered" in page.text
    assert "choose Activate" in page.text
    row = only_registration()
    assert (row.issuer, row.client_id) == (moodle.url, "kieGczu14oPUcrL")
    assert row.auth_url == f"{moodle.url}/mod/lti/auth.php"
    assert row.token_url == f"{moodle.url}/mod/lti/token.php"
    assert row.jwks_url == f"{moodle.url}/mod/lti/certs.php"
    assert (row.family, row.version) == ("moodle", "4.5.5+ (Build: 20250613)")
    assert row.name == f"Moodle ({moodle.url.removeprefix('http://')})"
    assert row.institute_id == administrator.institute_id
    assert row.is_active
    deployment = db.session.scalars(select(Deployment)).one()
    assert (deployment.deployment_id, deployment.state) == ("1", DeploymentState.ACTIVE)
    deeds = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "lti.registered")).all()
    assert [deed.person_id for deed in deeds] == [administrator.person_id]


def test_token_of_the_platform_goes_to_the_platform_and_nowhere_else(
    moodle: Registrar, browser: FlaskClient, make_invitation: Invite, caplog: pytest.LogCaptureFixture
) -> None:
    secret = make_invitation()
    with caplog.at_level("DEBUG", logger="institute"), caplog.at_level("DEBUG", logger="lti"):
        answer = browser.get(moodle.address(registration_token="token-very-secret", invitation=secret))
    assert [one.headers["Authorization"] for one in moodle.asked] == ["Bearer token-very-secret"] * 2
    page = browser.get(answer.location)
    for shown in (answer.location, answer.text, page.text, caplog.text):
        assert "token-very-secret" not in shown
        assert secret not in shown
    db.session.rollback()
    kept = [*db.session.scalars(select(Invitation)), *db.session.scalars(select(RegistrationRequest))]
    for row in kept:
        values = [str(value) for value in vars(row).values()]
        assert not any("token-very-secret" in value or secret in value for value in values)


def test_page_may_be_framed_by_the_platform_alone_and_tells_it_to_close(
    moodle: Registrar, open_address: Open, make_invitation: Invite
) -> None:
    page = open_address(invitation=make_invitation())
    assert f"frame-ancestors 'self' {moodle.url}" in page.headers["Content-Security-Policy"]
    assert "data-lti-close" in page.text
    assert "register.js" in page.text


def test_page_loaded_again_asks_the_platform_nothing_more(
    moodle: Registrar, open_address: Open, make_invitation: Invite
) -> None:
    secret = make_invitation()
    for _ in range(3):
        assert "The tool is registered" in open_address(invitation=secret).text
    assert len(moodle.posted) == 1
    assert db.session.query(Registration).count() == 1


def test_looking_at_the_address_uses_nothing_up(
    moodle: Registrar, browser: FlaskClient, open_address: Open, make_invitation: Invite
) -> None:
    secret = make_invitation()
    full = moodle.address(registration_token="token-1", invitation=secret)
    looks = [
        browser.get(f"/lti/register?invitation={secret}"),
        browser.head(f"/lti/register?invitation={secret}"),
        browser.head(full),
        browser.get(full, headers={"Sec-Purpose": "prefetch"}),
    ]
    assert {look.status_code for look in looks} == {200}
    assert "Paste this address into your platform" in looks[0].text
    assert moodle.asked == []
    assert "The tool is registered" in open_address(invitation=secret).text


def test_used_invitation_registers_no_other_platform(
    open_address: Open, make_invitation: Invite, moodle: Registrar
) -> None:
    secret = make_invitation()
    open_address(invitation=secret)
    moodle.configuration["issuer"] = f"{moodle.url}/second"
    second = open_address(invitation=secret, registration_token="token-2")
    assert second.status_code == 409
    assert "LTI-INVITATION-USED" in second.text
    assert len(moodle.posted) == 1
    assert db.session.query(Registration).count() == 1


def test_used_invitation_opened_by_its_platform_is_an_update_like_any_other(
    open_address: Open, make_invitation: Invite, moodle: Registrar, administrator: Actor
) -> None:
    secret = make_invitation()
    open_address(invitation=secret)
    moodle.replay("dynreg-update-3-registration")
    same = open_address(invitation=secret, registration_token="update-1")
    assert "The registration is up to date" in same.text
    body = moodle.here(recorded("dynreg-3-registration")["response"]["body"])
    moodle.answer = Reply(200, {**body, "client_id": "brand-new"})
    assert open_address(invitation=secret, registration_token="token-2").status_code == 202
    assert [row.client_id for row in list_waiting(administrator.institute_id)] == ["brand-new"]
    assert db.session.query(Registration).count() == 1


@pytest.mark.parametrize(("days", "status"), [(6, 200), (8, 409)])
def test_invitation_is_good_for_seven_days(
    open_address: Open, make_invitation: Invite, days: int, status: int
) -> None:
    secret = make_invitation()
    with clock.shift(seconds=timedelta(days=days).total_seconds()):
        assert open_address(invitation=secret).status_code == status


def test_withdrawn_and_unknown_invitations_register_nothing(
    moodle: Registrar, open_address: Open, make_invitation: Invite, administrator: Actor
) -> None:
    secret = make_invitation()
    (row,) = list_open(administrator.institute_id)
    withdraw(row.id, administrator)
    assert list_open(administrator.institute_id) == []
    assert "LTI-INVITATION-OLD" in open_address(invitation=secret).text
    unknown = open_address(invitation="x" * 43)
    assert unknown.status_code == 404
    assert "LTI-INVITATION" in unknown.text
    assert moodle.asked == []


def test_only_the_institute_withdraws_its_invitations_and_only_unused_ones(
    open_address: Open,
    make_invitation: Invite,
    administrator: Actor,
    make_institute: Callable[..., Institute],
) -> None:
    secret = make_invitation()
    row: InvitationRow = list_open(administrator.institute_id)[0]
    other = Actor(institute_id=make_institute().id, person_id=None)
    assert list_open(other.institute_id) == []
    with pytest.raises(InvitationUnknownError):
        withdraw(row.id, other)
    open_address(invitation=secret)
    with pytest.raises(InvitationUsedError):
        withdraw(row.id, administrator)


def test_one_invitation_used_twice_at_once_registers_once(
    app: Flask, moodle: Registrar, make_invitation: Invite
) -> None:
    secret = make_invitation()
    together = threading.Barrier(2, timeout=30)
    answers: list[tuple[int, str]] = []

    def use(token: str) -> None:
        client = app.test_client()
        together.wait()
        answer = client.get(moodle.address(registration_token=token, invitation=secret))
        page = client.get(answer.location) if answer.status_code == 303 else answer
        answers.append((page.status_code, page.text))

    threads = [threading.Thread(target=use, args=(f"token-{number}",)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {status for status, _ in answers} <= {200, 409}
    assert "The tool is registered" in "".join(text for _, text in answers)
    assert db.session.query(Registration).count() == 1
    used = select(AuditEvent).where(AuditEvent.action == "lti.invitation_used")
    assert len(db.session.scalars(used).all()) == 1


def test_same_address_opened_twice_at_once_registers_once(
    app: Flask, moodle: Registrar, make_invitation: Invite
) -> None:
    secret = make_invitation()
    second: list[int] = []

    def open_again() -> None:
        client = app.test_client()
        answer = client.get(moodle.address(registration_token="token-1", invitation=secret))
        second.append(client.get(answer.location).status_code)

    moodle.before = lambda: _in_a_thread(open_again)
    client = app.test_client()
    answer = client.get(moodle.address(registration_token="token-1", invitation=secret))
    assert client.get(answer.location).status_code == 200
    assert second == [202]  # under way: it asked the platform nothing
    assert len(moodle.posted) == 1


def _in_a_thread(do: Callable[[], None]) -> None:
    thread = threading.Thread(target=do)
    thread.start()
    thread.join()


def test_failure_at_the_platform_leaves_the_invitation_good(
    moodle: Registrar, open_address: Open, make_invitation: Invite
) -> None:
    secret = make_invitation()
    moodle.answer = Reply(400, "invalid_redirect_uris", "text/html; charset=utf-8")
    assert open_address(invitation=secret).status_code == 422
    moodle.set_out()
    assert "The tool is registered" in open_address(invitation=secret, registration_token="token-2").text


def test_first_deployment_is_let_in_where_the_platform_named_none(
    moodle: Registrar, open_address: Open, make_invitation: Invite
) -> None:
    body = moodle.here(recorded("dynreg-3-registration")["response"]["body"])
    del body[TOOL]["deployment_id"]
    moodle.answer = Reply(201, body)
    page = open_address(invitation=make_invitation())
    assert "is let in at once, until" in page.text
    db.session.rollback()
    assert db.session.scalars(select(RegistrationRequest)).one().opens_first_until is not None


def test_platform_of_another_institute_is_not_taken_over(
    open_address: Open,
    make_invitation: Invite,
    make_institute: Callable[..., Institute],
    institute: Institute,
) -> None:
    open_address(invitation=make_invitation())
    other = Actor(institute_id=make_institute().id, person_id=None)
    page = open_address(invitation=make_invitation(actor=other), registration_token="token-2")
    assert page.status_code == 409
    assert "LTI-REGISTRATION-TAKEN" in page.text
    assert only_registration().institute_id == institute.id


def test_question_mark_that_a_platform_adds_a_second_time_is_understood(
    moodle: Registrar, browser: FlaskClient, make_invitation: Invite
) -> None:
    query = moodle.address(registration_token="token-1").partition("?")[2]
    answer = browser.get(f"/lti/register?invitation={make_invitation()}?{query}")
    assert "The tool is registered" in browser.get(answer.location).text
