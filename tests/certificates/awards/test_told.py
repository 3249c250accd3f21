"""What holders are told when somebody, or time, changes how their certificate stands, and where letters lead."""

from __future__ import annotations

import html
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from certificates.awards.lifetime.expiring import expire_awards
from certificates.awards.lifetime.reminding import remind_holders
from certificates.awards.models import Application, Award
from certificates.levels.models import Track
from institute import clock
from institute.actors import Actor, PersonId, Role
from institute.db import transaction
from institute.people.granting import grant_role
from institute.people.models import Person
from tests.browsing import Visitor
from tests.certificates.awards.conftest import APPLICATIONS, AWARDS, Candidate, Office
from tests.certificates.awards.test_lifetime import ending, held  # noqa: F401  (fixtures)
from tests.certificates.awards.test_tracks import tracks  # noqa: F401  (a fixture)
from tests.institute.post import link_in, text_of
from tests.working import letters, work

ABOUT = "About your certificate"
NOTE = "What stays inside the office."


def write_to(person: Person) -> None:
    """Let the institute have an address on file."""
    with transaction() as session:
        session.get_one(Person, person.id).email = "reader@school.example"


def told(subject: str = ABOUT) -> list[str]:
    """Return what the letters with a subject say, oldest first."""
    return [text_of(one) for one in letters() if one["Subject"] == subject]


def follow(app: Flask, subject: str) -> tuple[str, str]:
    """Press the button of the latest letter's link; return where it leads and what stands there."""
    path = link_in([one for one in letters() if one["Subject"] == subject][-1])
    client = app.test_client()
    answer = client.post(path)
    assert answer.status_code == 303, answer.text
    shown = client.get(answer.location, follow_redirects=True)
    assert shown.status_code == 200, shown.text
    return "/" + shown.request.path.split("/", 3)[-1], html.unescape(shown.text)


def change(office: Office, award: Award, action: str) -> None:
    """Change how an award stands, through the form."""
    said = {"reason_class": "misconduct", "note": NOTE}
    assert office.visitor.post(f"{AWARDS}/{award.id}/{action}", said).status_code == 303


def test_a_holder_is_told_that_a_certificate_is_suspended_valid_again_and_revoked(
    app: Flask, candidate: Candidate, award: Award, office: Office
) -> None:
    write_to(candidate.person)
    for action, words in (
        ("suspend", "was suspended on October 14, 2026."),
        ("reinstate", "is valid again."),
        ("revoke", "was revoked on October 14, 2026. It does not become valid again."),
    ):
        with clock.shift(seconds=60):
            change(office, award, action)
            latest = told()[-1]
        assert words in latest
        assert award.serial in latest
        assert NOTE not in latest
        assert ("Conduct that the level does not allow" in latest) == (action != "reinstate")
    place, page = follow(app, ABOUT)
    assert place.endswith(f"/participant/certificates/{award.id}")
    assert "Revoked since October 14, 2026" in page


def test_what_was_changed_again_before_the_letter_went_is_not_told(
    candidate: Candidate, award: Award, office: Office
) -> None:
    write_to(candidate.person)
    change(office, award, "suspend")
    change(office, award, "reinstate")
    (only,) = told()
    assert "is valid again." in only


def test_a_holder_is_told_that_a_certificate_has_expired_and_until_when_it_can_be_renewed(
    held: Award,  # noqa: F811
    candidate: Candidate,
) -> None:
    assert held.valid_until is not None
    with clock.frozen(held.valid_until + timedelta(hours=1)):
        expire_awards(clock.now().date())
        (only,) = told()
    assert "was valid until October 14, 2027" in only
    assert "You can renew it until January 12, 2028. This is what it takes:" in only
    assert "coaching" in only


def test_who_has_applied_to_renew_is_not_told_that_the_old_one_has_expired(
    held: Award,  # noqa: F811
    candidate: Candidate,
) -> None:
    assert held.valid_until is not None
    with clock.frozen(held.valid_until - timedelta(hours=1)):
        assert candidate.visitor.post(f"/participant/certificates/{held.id}/renew").status_code == 303
    with clock.frozen(held.valid_until + timedelta(hours=1)):
        expire_awards(clock.now().date())
        assert told() == []


@pytest.fixture
def qualified(tracks: None, candidate: Candidate, office: Office, session: Session) -> Award:  # noqa: F811
    """A coach's certificate, for the hours that they gave."""
    write_to(candidate.pair.coach_person)
    coach = candidate.pair.coach
    assert coach.post("/coach/level/apply", {"level": "qualified", "pathway": "standard"}).status_code == 303
    session.rollback()
    application = session.query(Application).one()
    assert application.level.track is Track.COACH
    assert office.issue(application) == 303
    session.rollback()
    return session.query(Award).one()


def test_a_coachs_letters_lead_to_their_certificates_and_to_their_own_level(
    app: Flask, qualified: Award, candidate: Candidate, office: Office
) -> None:
    work(app, without=("award.papers", "mail"))
    place, page = follow(app, "Your certificate is ready")
    assert place.endswith("/certificates/")
    assert "participant" not in place
    assert qualified.serial in page
    change(office, qualified, "suspend")
    place, page = follow(app, ABOUT)
    assert place.endswith(f"/certificates/{qualified.id}")
    assert "participant" not in place
    coach = candidate.pair.coach
    sent = {"level": "mentor-coach", "pathway": "standard", "track": "mentor"}
    assert coach.post("/coach/level/apply", sent).status_code == 409  # 100 hours are asked


def test_a_returned_application_of_a_coach_leads_to_the_coachs_level(
    app: Flask,
    tracks: None,  # noqa: F811
    candidate: Candidate,
    office: Office,
    session: Session,
) -> None:
    write_to(candidate.pair.coach_person)
    coach = candidate.pair.coach
    assert coach.post("/coach/level/apply", {"level": "qualified", "pathway": "standard"}).status_code == 303
    application = session.query(Application).one()
    said = {"return_reason": "Please add your training days."}
    assert office.visitor.post(f"{APPLICATIONS}/{application.id}/return", said).status_code == 303
    place, page = follow(app, "About your application for a level")
    assert place.endswith("/coach/level/")
    assert "Please add your training days." in page


def test_the_letter_says_how_long_its_link_works_for_somebody_with_powers(
    held: Award,  # noqa: F811
    candidate: Candidate,
    system: Actor,
) -> None:
    assert held.valid_until is not None
    for days, works in ((80, "for 14 days"), (50, "for 15 minutes")):
        with clock.frozen(held.valid_until - timedelta(days=days)):
            remind_holders(clock.now().date())
            assert works in told("Your certificate ends soon")[-1]
        grant_role(PersonId(candidate.person.id), Role.TRAINER, actor=system)


def test_a_coach_finds_the_way_to_their_certificate_and_may_do_what_a_participant_may(
    app: Flask, qualified: Award, candidate: Candidate
) -> None:
    work(app, without=("award.papers",))
    coach: Visitor = candidate.pair.coach
    assert 'href="/s/' in coach.get("/coach/level/").text
    assert "Your certificates" in coach.get("/coach/level/").text
    assert coach.get("/coach/certificates/").location.endswith("/certificates/")
    page = html.unescape(coach.get(f"/certificates/{qualified.id}").text)
    for offered in ("Download the PDF", "Save the badge", "What others may see", "Add to LinkedIn"):
        assert offered in page
    assert coach.post(f"/certificates/{qualified.id}/sharing", {"hours": "1"}).status_code == 303
