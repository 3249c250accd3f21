"""``lti invite`` prints the address to paste; what platforms asked is listed, approved and refused by its number."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import select

from institute.db import db
from institute.people.models import Institute
from lti.platforms.models import Registration
from tests.lti.platforms.conftest import Open
from tests.lti.platforms.registrar import Registrar

Run = Callable[..., Result]


@pytest.fixture
def run(app: Flask) -> Run:
    """Run ``flask lti …``."""
    return lambda *words: app.test_cli_runner().invoke(args=["lti", *words])


def test_invite_prints_the_address_alone_on_its_line(
    run: Run, institute: Institute, open_address: Open
) -> None:
    result = run("invite")
    assert result.exit_code == 0, result.output
    address = result.stdout.strip()
    assert address.startswith("http://127.0.0.1:8000/lti/register?invitation=")
    assert "\n" not in address
    (secret,) = parse_qs(urlsplit(address).query)["invitation"]
    assert open_address(invitation=secret).status_code == 200


def test_invite_for_a_registration_names_it_wholly(
    run: Run, institute: Institute, open_address: Open, moodle: Registrar
) -> None:
    assert run("invite", "--issuer", moodle.url).exit_code == 2
    unknown = run("invite", "--issuer", moodle.url, "--client-id", "kieGczu14oPUcrL")
    assert unknown.exit_code == 2
    assert "There is no registration" in unknown.output
    (secret,) = parse_qs(urlsplit(run("invite").stdout.strip()).query)["invitation"]
    open_address(invitation=secret)
    assert run("invite", "--issuer", moodle.url, "--client-id", "kieGczu14oPUcrL").exit_code == 0


def test_with_several_institutes_the_command_asks_for_one(
    run: Run, make_institute: Callable[..., Institute]
) -> None:
    for slug in ("valley", "harbour"):
        make_institute(slug=slug)
    assert run("invite").exit_code == 2
    assert run("invite", "--institute", "valley").exit_code == 0


def test_requests_are_listed_and_decided(run: Run, institute: Institute, open_address: Open) -> None:
    assert "No platform has asked." in run("requests").output
    open_address()
    listed = run("requests").output
    assert "1  waiting" in listed
    assert "client kieGczu14oPUcrL, deployment 1, moodle 4.5.5+" in listed
    assert run("approve-request", "1").exit_code == 0
    assert db.session.scalars(select(Registration)).one().is_active
    assert "1  approved" in run("requests").output
    again = run("refuse-request", "1")
    assert again.exit_code == 2
    assert "does not wait for a decision any more" in again.output
    for number in ("0", "-1", "x", "99999999999999999999", "77"):
        assert run("refuse-request", number).exit_code == 2
