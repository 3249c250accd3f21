"""The registry for everybody: off until it is switched on, of those who agree, with no more than they agreed to."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from certificates.awards.states import AwardStatus
from courses.cohorts.models import ConfidentialRecipient, EnrolmentId
from institute import clock
from institute.db import transaction
from institute.files import storing
from institute.people.models import Institute, OrganisationKind, Person
from tests.browsing import Visitor
from tests.certificates.registry.conftest import REGISTRY, Hall
from tests.courses.coaching.conftest import NOW
from tests.databases import counted


@pytest.fixture
def anybody(app: Flask) -> FlaskClient:
    """Somebody without an account."""
    return app.test_client()


@pytest.fixture
def opened(hall: Hall, clerk: Visitor) -> str:
    """The address of the registry, which was switched on."""
    assert clerk.post(f"{REGISTRY}/public", {"public": "1"}).status_code == 303
    return f"/registry/{hall.institute.slug}"


def test_nobody_outside_sees_it_unless_an_administrator_shows_it(
    hall: Hall, clerk: Visitor, anybody: FlaskClient
) -> None:
    hall.hold("Ana", listed=True)
    address = f"/registry/{hall.institute.slug}"
    assert anybody.get(address).status_code == 404
    clerk.post(f"{REGISTRY}/public", {"public": "1"})
    shown = anybody.get(address)
    assert (shown.status_code, "Ana" in shown.text) == (200, True)
    assert "noindex" in shown.headers["X-Robots-Tag"]
    clerk.post(f"{REGISTRY}/public", {"public": "0"})
    assert anybody.get(address).status_code == 404
    assert anybody.get("/registry/nobody%00").status_code == 404


def test_it_holds_valid_certificates_of_those_who_agreed_and_nobody_else(
    hall: Hall, opened: str, anybody: FlaskClient, make_enrolment: Callable[..., tuple[Person, EnrolmentId]]
) -> None:
    person, enrolment_id = make_enrolment()
    hall.hold("Agreed", listed=True)
    hall.hold("Silent")
    hall.hold("Suspended", listed=True, status=AwardStatus.SUSPENDED)
    hall.hold("Revoked", listed=True, status=AwardStatus.REVOKED)
    hall.hold("Lapsed", listed=True, valid_until=NOW + timedelta(microseconds=1))
    letter = storing.store(
        b"%PDF a letter",
        institute_id=hall.institute.id,
        name="l.pdf",
        media_type="application/pdf",
        owner_id=None,
    )
    with transaction() as session:
        session.add(
            ConfidentialRecipient(institute_id=hall.institute.id, enrolment_id=enrolment_id, letter_id=letter)
        )
    hall.hold("Protected", listed=True, person=person)
    with clock.frozen(NOW + timedelta(seconds=5)):
        for asked in ("", "?q=ed", "?status=revoked", "?tag=1"):
            page = anybody.get(f"{opened}{asked}").text
            assert "Agreed" in page
            for name in ("Silent", "Suspended", "Revoked", "Lapsed", "Protected"):
                assert name not in page


def test_few_holders_of_a_level_are_not_counted(hall: Hall, opened: str, anybody: FlaskClient) -> None:
    for number in range(10):
        hall.hold(f"Ana {number}", "novice")
    for number in range(9):
        hall.hold(f"Ben {number}", "career")
    page = anybody.get(opened).text
    assert "Novice: 10 holders" in page
    assert "Career: fewer than 10 holders" in page
    assert "Ana" not in page


def test_regions_are_shown_and_sites_are_not(hall: Hall, opened: str, anybody: FlaskClient) -> None:
    north = hall.place("North", OrganisationKind.REGION)
    site = hall.place("Oak Street", OrganisationKind.SITE, north)
    hall.hold("Dee", "guide", listed=True, languages=("es",), place=site)
    hall.hold("Eve", listed=True)
    page = anybody.get(opened).text
    assert "North" in page
    assert "Spanish" in page
    assert "Oak Street" not in page
    assert "Dee" in anybody.get(f"{opened}?place={north.id}").text
    assert "Eve" not in anybody.get(f"{opened}?place={north.id}").text
    assert "Eve" in anybody.get(f"{opened}?place={site.id}").text  # a site cannot be looked for
    with counted() as asked:
        anybody.get(opened)
    assert len(asked) <= 5


def test_another_institutes_holders_stand_in_its_own_registry(
    hall: Hall,
    opened: str,
    anybody: FlaskClient,
    make_institute: Callable[..., Institute],
    make_hall: Callable[[Institute], Hall],
) -> None:
    there = make_hall(make_institute(slug="harbour", name="Harbour"))
    there.hold("Somebody else", listed=True)
    assert "Somebody else" not in anybody.get(opened).text
    assert anybody.get("/registry/harbour").status_code == 404
