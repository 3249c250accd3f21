"""What is known of recipients, from day to day, and whose name is kept confidential."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from io import BytesIO

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from courses.cohorts.models import EnrolmentId, NeedLevel, Recipient, RecipientType, Setting
from courses.cohorts.recipients import confidential_in, recipient_on, recipients_on
from courses.cohorts.tracks import Track, put_track
from institute import clock
from institute.actors import Actor, InstituteId
from institute.people.models import Person
from tests.browsing import Visitor
from tests.courses.assignments.conftest import Desk, Places
from tests.courses.conftest import Studied

TODAY = datetime(2026, 11, 2, 18, tzinfo=UTC)
Enrolled = Callable[..., tuple[Person, EnrolmentId]]
FORM = {
    "type": "home_based",
    "setting": "family_home",
    "need": "raised",
    "language": "vi",
    "since": "2026-10-01",
}


def path_of(enrolment_id: EnrolmentId, what: str = "recipient") -> str:
    """Return where a form of a person's page is sent."""
    return f"/coordinator/people/member/{enrolment_id}/{what}"


def test_what_is_true_from_a_day_on_leaves_what_was_true_before(
    coordinator: Visitor, make_enrolment: Enrolled, session: Session, places: Places
) -> None:
    _, enrolment_id = make_enrolment()
    with clock.frozen(TODAY):
        assert coordinator.post(path_of(enrolment_id), FORM).status_code == 303
        moved = {**FORM, "type": "site_leader", "need": "standard", "since": "2026-11-01"}
        moved["site"] = str(places.valley_site)
        assert coordinator.post(path_of(enrolment_id), moved).status_code == 303
        page = coordinator.get(f"/coordinator/people/member/{enrolment_id}").get_data(as_text=True)
    session.rollback()
    assert recipient_on(enrolment_id, date(2026, 9, 30)) is None
    before, after = (recipient_on(enrolment_id, date(2026, month, 15)) for month in (10, 12))
    assert before is not None
    assert after is not None
    assert (before.type, before.need, before.site_id) == (RecipientType.HOME_BASED, NeedLevel.RAISED, None)
    assert (after.type, after.need, after.site_id) == (
        RecipientType.SITE_LEADER,
        NeedLevel.STANDARD,
        places.valley_site,
    )
    assert "What was recorded: 2 entries" in page
    assert "Since October 1, 2026" in page


def test_the_same_day_again_puts_a_slip_right_and_the_same_words_change_nothing(
    coordinator: Visitor, make_enrolment: Enrolled, session: Session
) -> None:
    _, enrolment_id = make_enrolment()
    with clock.frozen(TODAY):
        coordinator.post(path_of(enrolment_id), FORM)
        coordinator.post(path_of(enrolment_id), {**FORM, "language": "es"})
        coordinator.post(path_of(enrolment_id), {**FORM, "language": "es", "since": "2026-10-20"})
    rows = session.scalars(select(Recipient)).all()
    assert [(row.since, row.language) for row in rows] == [(date(2026, 10, 1), "es")]


def test_all_recipients_of_a_day_are_read_at_once(
    make_enrolment: Enrolled, place_at: Callable[..., None], system: Actor
) -> None:
    _, one = make_enrolment(name="One")
    _, two = make_enrolment(name="Two")
    place_at(one, None, since=date(2026, 9, 1))
    place_at(one, None, since=date(2026, 10, 1), setting=Setting.SCHOOL)
    place_at(two, None, since=date(2026, 10, 10))
    found = recipients_on(InstituteId(system.institute_id), date(2026, 10, 5))
    assert {key: row.setting for key, row in found.items()} == {one: Setting.SCHOOL}


BAD = [
    {**FORM, "type": "king"},
    {**FORM, "since": "2026-11-03"},
    {**FORM, "since": "\x00"},
    {**FORM, "language": "klingon"},
    {**FORM, "site": "9" * 30},
    {},
]


@pytest.mark.parametrize("form", BAD)
def test_what_nobody_can_be_is_refused(
    coordinator: Visitor, make_enrolment: Enrolled, session: Session, form: dict[str, str]
) -> None:
    _, enrolment_id = make_enrolment()
    with clock.frozen(TODAY):
        assert coordinator.post(path_of(enrolment_id), form).status_code == 422
    assert session.scalars(select(Recipient)).all() == []


def test_a_coordinator_places_people_only_below_their_organisation(
    make_coordinator: Callable[..., tuple[Person, Visitor]],
    make_enrolment: Enrolled,
    place_at: Callable[..., None],
    places: Places,
) -> None:
    _, enrolment_id = make_enrolment()
    place_at(enrolment_id, places.valley_site)
    _, visitor = make_coordinator(at=places.valley)
    today = {**FORM, "since": "2026-11-01"}
    for site in (str(places.coast_site), ""):
        assert visitor.post(path_of(enrolment_id), {**today, "site": site}).status_code == 422
    assert visitor.post(path_of(enrolment_id), {**today, "site": str(places.valley)}).status_code == 303


def test_a_track_for_one_type_proposes_it(desk: Desk, studied: Studied) -> None:
    put_track(studied.programme_id, Track(recipient_type=RecipientType.SITE_LEADER), actor=desk.system)
    _, enrolment_id = desk.enrol()
    page = desk.visitor.get(f"/coordinator/people/member/{enrolment_id}").get_data(as_text=True)
    assert 'value="site_leader" checked' in page
    assert "This programme is a track for: Site leader" in page


def test_a_name_is_confidential_only_by_a_letter_which_stays_on_file(desk: Desk, session: Session) -> None:
    _, enrolment_id = desk.enrol()
    path, kind = path_of(enrolment_id, "confidential"), "multipart/form-data"
    assert desk.visitor.post(path, {}, content_type=kind).status_code == 422
    bad = {"file": (BytesIO(b"MZ\x90\x00 a program"), "letter.exe")}
    assert desk.visitor.post(path, bad, content_type=kind).status_code == 422
    letter = {"file": (BytesIO(b"Please keep the name out of lists."), "letter.txt")}
    assert desk.visitor.post(path, letter, content_type=kind).status_code == 303
    assert confidential_in(InstituteId(desk.system.institute_id)) == {enrolment_id}
    sent = desk.visitor.get(path_of(enrolment_id, "files/letter"))
    assert sent.data == b"Please keep the name out of lists."
    assert desk.visitor.post(path, {"wish": "end"}, content_type=kind).status_code == 303
    session.rollback()
    assert confidential_in(InstituteId(desk.system.institute_id)) == frozenset()
    assert desk.visitor.get(path_of(enrolment_id, "files/letter")).status_code == 404
