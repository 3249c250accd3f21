"""What becomes of certificates: they end, their holders are reminded, names are corrected, they are renewed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from html import unescape
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from certificates.awards.applications.renewing import CLOSES_AFTER, OPENS_BEFORE, renewal_of
from certificates.awards.lifetime.expiring import expire_awards
from certificates.awards.lifetime.models import AwardReminder, CorrectionRequest
from certificates.awards.lifetime.reminding import days_left, remind_holders
from certificates.awards.models import Award, AwardChange
from certificates.awards.proof.verifying import verify
from certificates.awards.states import AwardStatus, ReasonClass
from certificates.levels.models import Level
from certificates.levels.publishing import publish_rules
from certificates.levels.rules import Rule, RuleKind
from institute import clock
from institute.actors import Actor
from institute.db import transaction
from institute.people.models import Person
from institute.web.models import LaunchSession
from tests.certificates.awards.conftest import AWARDS, HOUR, Candidate, Office
from tests.working import letters

OWN = "/participant/certificates"
RENEWAL = (Rule(RuleKind.HOURS, 60),)


@pytest.fixture
def ending(ladder: None, system: Actor, session: Session) -> None:
    """Let the first level hold for a year, to be renewed by an hour."""
    level = session.scalars(select(Level).where(Level.key == "novice")).one()
    publish_rules(level.id, HOUR, renewal=RENEWAL, valid_months=12, actor=system)


@pytest.fixture
def held(ending: None, candidate: Candidate, office: Office) -> Award:
    """An award that ends in a year."""
    with transaction() as writing:
        writing.get_one(Person, candidate.person.id).email = "lucia@school.example"
    assert candidate.apply() == 303
    assert office.issue(candidate.application) == 303
    (award,) = candidate.awards
    assert award.valid_until is not None
    with transaction() as writing:  # nobody's visit ends while a test looks ahead
        writing.execute(update(LaunchSession).values(expires_at=award.valid_until + timedelta(days=999)))
    return award


def before(award: Award, **length: float) -> float:
    """Return the seconds from now to an instant before the award's end."""
    assert award.valid_until is not None
    return (award.valid_until - timedelta(**length) - clock.now()).total_seconds()


def look(day: datetime | None = None) -> None:
    """Do what is done once a day."""
    today = (day or clock.now()).date()
    expire_awards(today)
    remind_holders(today)


def reminders(session: Session) -> list[tuple[int, bool]]:
    """Return for how many days reminders stand, and whether each was sent."""
    session.rollback()
    rows = session.scalars(select(AwardReminder).order_by(AwardReminder.days.desc()))
    return [(row.days, row.told) for row in rows]


def test_a_certificate_expires_when_its_day_has_come_and_nobody_did_it(
    held: Award, candidate: Candidate, session: Session
) -> None:
    with clock.shift(seconds=before(held, minutes=1)):
        look()
        assert verify(held.code).status is AwardStatus.VALID
    with clock.shift(seconds=before(held, minutes=-1)):
        assert verify(held.code).status is AwardStatus.EXPIRED  # before anybody looked
        look()
        look()
        session.rollback()
        changes = session.scalars(select(AwardChange).where(AwardChange.award_id == held.id)).all()
        assert [(one.status, one.reason, one.person_id) for one in changes] == [
            (AwardStatus.EXPIRED, ReasonClass.LAPSED, None)
        ]
        assert verify(held.code).reason is ReasonClass.LAPSED


def test_a_profile_says_the_month_of_a_certificates_last_day(held: Award, candidate: Candidate) -> None:
    assert held.valid_until is not None
    last = (held.valid_until - timedelta(minutes=1)).astimezone(ZoneInfo("America/Los_Angeles"))
    page = unescape(candidate.visitor.get(f"{OWN}/{held.id}").text)
    assert f"expirationYear={last.year}&expirationMonth={last.month}" in page


def test_holders_are_reminded_once_90_60_and_30_days_before_with_what_renewing_takes(
    app: Flask, held: Award, session: Session
) -> None:
    for days, expected in (
        (91, []),
        (90, [(90, True)]),
        (75, [(90, True)]),
        (60, [(90, True), (60, True)]),
        (29, [(90, True), (60, True), (30, True)]),
    ):
        with clock.shift(seconds=before(held, days=days, hours=1)):
            look()
            look()
            assert reminders(session) == expected, days
    with clock.shift(seconds=before(held, days=29)):
        sent = [one for one in letters() if one["Subject"] == "Your certificate ends soon"]
        assert len(sent) == 3
        body = sent[-1].get_body(("plain",))
        assert body is not None
        assert held.serial in body.get_content()
        assert "You can renew it now" in body.get_content()
        assert "coaching" in body.get_content()


def test_a_worker_that_was_away_sends_the_latest_reminder_alone(held: Award, session: Session) -> None:
    with clock.shift(seconds=before(held, days=45)):
        look()
        assert reminders(session) == [(90, False), (60, True)]


@settings(max_examples=60, deadline=None)
@given(
    st.integers(0, 4 * 365 * 24 * 60),
    st.integers(0, 400),
    st.sampled_from(["America/Los_Angeles", "Asia/Kolkata", "Pacific/Apia", "UTC"]),
)
def test_days_left_count_local_days_down_to_none_on_the_last(minutes: int, more: int, zone: str) -> None:
    from_now = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    with clock.frozen(from_now):
        left = days_left(from_now + timedelta(days=more, microseconds=1), zone)
        assert more - 1 <= left <= more + 1
        assert left >= 0


def test_a_renewal_takes_the_place_of_what_it_renews_and_both_are_found(
    held: Award, candidate: Candidate, office: Office, session: Session
) -> None:
    page = f"{OWN}/{held.id}"
    assert "You can renew it from" in candidate.visitor.get(page).text
    assert candidate.visitor.post(f"{page}/renew").status_code == 409  # too early
    with clock.shift(seconds=before(held, days=80)):
        assert "Apply to renew it" in candidate.visitor.get(page).text
        assert candidate.visitor.post(f"{page}/renew").status_code == 303
        assert candidate.visitor.post(f"{page}/renew").status_code == 409
        assert candidate.application.renews_id == held.id
        assert office.issue(candidate.application) == 303
        first, second = candidate.awards
        assert (first.status, second.status) == (AwardStatus.SUPERSEDED, AwardStatus.VALID)
        assert second.supersedes_id == first.id
        assert first.valid_until is not None
        assert second.valid_until is not None
        assert second.valid_until > first.valid_until
        assert verify(first.code).reason is ReasonClass.RENEWED
        assert second.serial in candidate.visitor.get(page).text
        assert first.serial in candidate.visitor.get(f"{OWN}/{second.id}").text
        look()
        assert reminders(session) == []


def test_what_has_expired_can_be_renewed_for_a_while_and_stays_expired(
    held: Award, candidate: Candidate, office: Office
) -> None:
    with clock.shift(seconds=before(held, days=-10)):
        look()
        assert candidate.visitor.post(f"{OWN}/{held.id}/renew").status_code == 303
        assert office.issue(candidate.application) == 303
        assert [one.status for one in candidate.awards] == [AwardStatus.EXPIRED, AwardStatus.VALID]
        assert renewal_of(candidate.awards[0]) is None


def test_nothing_is_renewed_too_late_or_without_rules_for_it(
    held: Award, candidate: Candidate, system: Actor, session: Session
) -> None:
    with clock.shift(seconds=before(held, days=-CLOSES_AFTER.days - 1)):
        look()
        assert candidate.visitor.post(f"{OWN}/{held.id}/renew").status_code == 409
        assert "It could be renewed until" in candidate.visitor.get(f"{OWN}/{held.id}").text
    level = session.scalars(select(Level).where(Level.key == "novice")).one()
    publish_rules(level.id, (*HOUR, Rule(RuleKind.ONE_TO_ONE_HOURS, 60)), valid_months=12, actor=system)
    with clock.shift(seconds=before(held, days=OPENS_BEFORE.days - 1)):
        assert candidate.visitor.post(f"{OWN}/{held.id}/renew").status_code == 409


def test_a_corrected_name_stands_on_a_new_certificate_with_the_same_dates(
    held: Award, candidate: Candidate, office: Office, session: Session
) -> None:
    page = f"{OWN}/{held.id}"
    assert candidate.visitor.post(f"{page}/sharing", {"hours": "1"}).status_code == 303
    wish = {"name": "Lucía Ortega de la Cruz", "reason": "I married."}
    assert candidate.visitor.post(f"{page}/name", wish).status_code == 303
    assert candidate.visitor.post(f"{page}/name", wish).status_code == 409
    assert "Names to be corrected" in office.visitor.get("/administrator/").text
    shown = office.visitor.get(f"{AWARDS}/{held.id}").text
    assert "Lucía Ortega de la Cruz" in shown
    assert "I married." in shown
    said = {"name": wish["name"], "reason": "As in the marriage certificate"}
    assert office.visitor.post(f"{AWARDS}/{held.id}/name", said).status_code == 303
    first, second = candidate.awards
    assert (first.status, second.status) == (AwardStatus.SUPERSEDED, AwardStatus.VALID)
    same = ("issued_at", "valid_until", "issued_by", "minutes", "snapshot_sha256", "look", "year", "pathway")
    for name in same:
        assert getattr(first, name) == getattr(second, name), name
    for name in ("code", "serial", "number", "status_index", "name_frozen"):
        assert getattr(first, name) != getattr(second, name), name
    assert (second.edition, second.supersedes_id) == (2, first.id)
    assert verify(first.code).reason is ReasonClass.CORRECTED
    assert verify(second.code).name == "Lucía Ortega de la Cruz"
    assert "checked" in candidate.visitor.get(f"{OWN}/{second.id}").text  # choices go along
    asked = session.scalars(select(CorrectionRequest)).one()
    assert (asked.state, asked.corrected_id) == ("done", second.id)
    assert office.visitor.post(f"{AWARDS}/{held.id}/name", said).status_code == 409
    again = {"name": "Lucía O. de la Cruz", "reason": "Once more"}
    assert office.visitor.post(f"{AWARDS}/{second.id}/name", again).status_code == 303
    assert [one.edition for one in candidate.awards] == [1, 2, 3]


def test_a_name_that_stays_is_refused_with_a_reason_that_the_holder_reads(
    held: Award, candidate: Candidate, office: Office, session: Session
) -> None:
    page = f"{OWN}/{held.id}"
    assert candidate.visitor.post(f"{page}/name", {"name": "Queen", "reason": "Funny"}).status_code == 303
    asked = session.scalars(select(CorrectionRequest)).one()
    answer = f"{AWARDS}/{held.id}/corrections/{asked.id}"
    assert office.visitor.post(answer, {"note": ""}).status_code == 422
    assert office.visitor.post(answer, {"note": "Not your name."}).status_code == 303
    assert office.visitor.post(answer, {"note": "Not your name."}).status_code == 409
    assert "Not your name." in candidate.visitor.get(page).text
    assert office.visitor.get(f"{answer}/proof").status_code == 404
    assert len(candidate.awards) == 1


@pytest.mark.parametrize(
    ("name", "reason", "field"),
    [
        ("", "why", "name"),
        ("\x00", "why", "name"),
        ("x" * 5000, "why", "name"),
        ("Somebody Else", "", "reason"),
        ("Somebody Else", "y" * 5000, "reason"),
    ],
)
def test_what_is_wrong_with_a_wish_is_said_beside_its_field_and_kept(
    held: Award, candidate: Candidate, name: str, reason: str, field: str
) -> None:
    answer = candidate.visitor.post(f"{OWN}/{held.id}/name", {"name": name, "reason": reason})
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert (reason in answer.text) or not reason


def test_nobody_corrects_a_certificate_of_whom_they_coach(
    held: Award, candidate: Candidate, make_office: Callable[..., Office]
) -> None:
    coach = make_office(candidate.pair.coach_person)
    said = {"name": "Another Name", "reason": "As asked"}
    assert coach.visitor.post(f"{AWARDS}/{held.id}/name", said).status_code == 403
    assert len(candidate.awards) == 1
