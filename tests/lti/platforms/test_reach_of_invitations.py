"""An invitation does what its maker may do and meant, and nothing to a platform that is connected already."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from institute import clock
from institute.actors import Actor, Role
from institute.db import db, transaction
from institute.people.granting import end_grant
from institute.people.models import Institute, Person
from lti.platforms.dynamic import MOST_AT_ONCE
from lti.platforms.dynamic_models import RegistrationRequest, RequestState
from lti.platforms.models import (
    Deployment,
    DeploymentPolicy,
    DeploymentState,
    Registration,
    RegistrationState,
)
from lti.platforms.registering import disable_platform
from lti.platforms.requests import approve_request, list_waiting
from tests.lti.platforms.conftest import Open
from tests.lti.platforms.registrar import Registrar, Reply

Invite = Callable[..., str]
CANVAS = "https://canvas.instructure.com"


def addresses() -> list[str]:
    """Return where the keys of all registrations are."""
    db.session.rollback()
    return list(db.session.scalars(select(Registration.jwks_url).order_by(Registration.id)))


def test_invitation_leads_no_other_registration_elsewhere(
    moodle: Registrar, open_address: Open, make_invitation: Invite, administrator: Actor
) -> None:
    """Whoever runs a Canvas of their own may name Canvas' issuer, and any client id that they know."""
    moodle.configuration["issuer"] = CANVAS
    open_address(invitation=make_invitation())
    with transaction() as session:
        held = session.scalars(select(Registration)).one()
        held.auth_url, held.token_url = f"{CANVAS}/authorize", f"{CANVAS}/token"
        held.jwks_url = f"{CANVAS}/jwks"
    secret = make_invitation()
    page = open_address(invitation=secret, registration_token="token-2")
    assert (page.status_code, "waits for approval" in page.text) == (202, True)
    assert "changes more about it than the address that you were given allows" in page.text
    assert addresses() == [f"{CANVAS}/jwks"]
    (row,) = list_waiting(administrator.institute_id)
    assert "LTI-INVITATION-USED" in open_address(invitation=secret, registration_token="token-3").text
    approve_request(row.id, administrator)
    assert addresses() == [f"{moodle.url}/mod/lti/certs.php"]


def test_invitation_to_update_one_registration_changes_no_other_of_its_issuer(
    moodle: Registrar, open_address: Open, make_invitation: Invite
) -> None:
    moodle.configuration["issuer"] = CANVAS
    open_address(invitation=make_invitation())
    with transaction() as session:
        mine = session.scalars(select(Registration)).one()
        mine.client_id, mine_id = "mine", mine.id
        session.add(
            Registration(
                institute_id=mine.institute_id,
                name="Theirs",
                issuer=CANVAS,
                client_id="kieGczu14oPUcrL",
                auth_url=f"{CANVAS}/authorize",
                token_url=f"{CANVAS}/token",
                jwks_url=f"{CANVAS}/jwks",
                state=RegistrationState.ACTIVE,
                deployment_policy=DeploymentPolicy.PENDING,
                role_overrides={},
            )
        )
    secret = make_invitation(registration_id=mine_id)
    assert open_address(invitation=secret, registration_token="token-2").status_code == 202
    assert addresses()[1] == f"{CANVAS}/jwks"


def test_invitation_for_one_platform_does_not_finish_what_another_began(
    moodle: Registrar, open_address: Open, make_invitation: Invite, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_address(invitation=make_invitation())
    known = db.session.scalars(select(Registration)).one()
    moodle.configuration["issuer"] = f"{moodle.url}/second"
    with monkeypatch.context() as full:
        full.setattr("lti.platforms.dynamic.MAX_WAITING", 0)
        assert open_address(registration_token="token-2").status_code == 429
    secret = make_invitation(registration_id=known.id)
    page = open_address(registration_token="token-2", invitation=secret)
    assert (page.status_code, "LTI-REGISTER-OTHER" in page.text) == (409, True)
    assert len(addresses()) == 1


def test_update_that_moves_nothing_needs_no_invitation_of_its_own(
    moodle: Registrar, open_address: Open, make_invitation: Invite
) -> None:
    open_address(invitation=make_invitation())
    moodle.configuration["jwks_uri"] = f"{moodle.url}/other-keys"
    page = open_address(invitation=make_invitation(), registration_token="token-2")
    assert "The registration is up to date" in page.text
    assert addresses() == [f"{moodle.url}/other-keys"]


def test_deployment_that_an_administrator_paused_stays_paused(
    open_address: Open, make_invitation: Invite, administrator: Actor
) -> None:
    open_address(invitation=make_invitation())
    with transaction() as session:
        session.scalars(select(Deployment)).one().state = DeploymentState.DISABLED
    page = open_address(invitation=make_invitation(), registration_token="token-2")
    assert page.status_code == 202
    db.session.rollback()
    assert db.session.scalars(select(Deployment.state)).one() is DeploymentState.DISABLED
    assert len(list_waiting(administrator.institute_id)) == 1


def test_invitation_ends_with_its_makers_role(
    moodle: Registrar, open_address: Open, make_invitation: Invite, administrator: Actor, system: Actor
) -> None:
    secret = make_invitation()
    assert administrator.person_id is not None
    end_grant(administrator.person_id, Role.ADMINISTRATOR, actor=system)
    page = open_address(invitation=secret)
    assert (page.status_code, "LTI-INVITATION-MAKER" in page.text) == (403, True)
    assert "is no administrator of the institute any more" in page.text
    assert (addresses(), moodle.asked) == ([], [])


def test_invitation_of_a_platforms_administrator_ends_with_the_trust_in_that_platform(
    open_address: Open,
    make_invitation: Invite,
    institute: Institute,
    make_person: Callable[..., Person],
    system: Actor,
) -> None:
    open_address(invitation=make_invitation())
    with transaction() as session:
        trusted = session.scalars(select(Registration)).one()
        trusted.trust_administrators = True
        door_key, trusted_id = trusted.door_key, trusted.id
    maker = Actor(institute.id, make_person(name="Ruth Mensah").id, door="lti", door_key=door_key)
    secrets = [make_invitation(actor=maker) for _ in range(2)]
    page = open_address(invitation=secrets[0], registration_token="token-2")
    assert page.status_code == 200
    disable_platform(trusted_id, actor=system)
    page = open_address(invitation=secrets[1], registration_token="token-3")
    assert "LTI-INVITATION-MAKER" in page.text


def test_configuration_is_believed_for_the_host_that_it_comes_from_in_the_end(
    moodle: Registrar, open_address: Open, make_invitation: Invite
) -> None:
    """An address of a platform that leads anywhere makes nobody the platform."""
    elsewhere = moodle.url.replace("127.0.0.1", "localhost")
    moodle.pages["/away"] = Reply(302, headers={"Location": f"{elsewhere}/mod/lti/openid-configuration.php"})
    sent = {"openid_configuration": f"{moodle.url}/away", "invitation": make_invitation()}
    page = open_address(**sent)
    assert (page.status_code, "LTI-REGISTER-ISSUER" in page.text) == (403, True)
    assert addresses() == []


def test_strangers_keep_two_processes_waiting_and_the_invited_always_get_through(
    moodle: Registrar, open_address: Open, make_invitation: Invite
) -> None:
    with transaction() as session:
        for _ in range(MOST_AT_ONCE):
            session.add(RegistrationRequest(state=RequestState.ASKED, origins=[moodle.url]))
    page = open_address()
    assert (page.status_code, "LTI-REGISTER-BUSY" in page.text) == (429, True)
    assert moodle.asked == []
    assert open_address(invitation=make_invitation()).status_code == 200
    with clock.shift(seconds=timedelta(minutes=1).total_seconds()):
        assert open_address(registration_token="token-2").status_code == 200


@pytest.mark.parametrize("name", ["institute", "invitation", "registration_token", "openid_configuration"])
@pytest.mark.parametrize("value", ["\x00", "é\n\r", "9" * 5000, "\ufffe\U0001f642"])
def test_no_parameter_breaks_the_address(
    moodle: Registrar, browser: FlaskClient, name: str, value: str
) -> None:
    sent = {"openid_configuration": f"{moodle.url}/mod/lti/openid-configuration.php", name: value}
    answer = browser.get("/lti/register", query_string=sent)
    page = browser.get(answer.location) if answer.status_code == 303 else answer
    assert page.status_code < 500 or page.status_code == 503
