"""When an award is issued and until when it holds: never before what is recorded, to the last second of a day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from certificates.awards.issuing.moments import end_of_validity
from certificates.awards.models import Award
from certificates.awards.states import ApplicationState
from institute import clock
from tests.certificates.awards.conftest import APPLICATIONS, Candidate, Office

LOS_ANGELES, KIRITIMATI, PAGO_PAGO = "America/Los_Angeles", "Pacific/Kiritimati", "Pacific/Pago_Pago"


def at(written: str) -> datetime:
    """Return an instant that is written in UTC."""
    return datetime.fromisoformat(written).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("issued", "months", "zone", "ends"),
    [
        ("2026-03-31T18:00", 36, "UTC", "2029-03-31T23:59:59"),
        ("2026-08-31T18:00", 6, "UTC", "2027-02-28T23:59:59"),
        ("2027-08-31T18:00", 6, "UTC", "2028-02-29T23:59:59"),
        ("2028-02-29T18:00", 12, "UTC", "2029-02-28T23:59:59"),
        ("2026-12-15T18:00", 1, "UTC", "2027-01-15T23:59:59"),
        # The day is the institute's: it is 30 September there.
        ("2026-10-01T03:00", 12, LOS_ANGELES, "2027-10-01T06:59:59"),
        # Summer time begins and ends in between.
        ("2026-01-15T20:00", 6, LOS_ANGELES, "2026-07-16T06:59:59"),
        ("2026-07-15T20:00", 6, LOS_ANGELES, "2027-01-16T07:59:59"),
        ("2026-06-30T11:00", 1, KIRITIMATI, "2026-08-01T09:59:59"),
        ("2026-06-30T10:00", 1, PAGO_PAGO, "2026-07-30T10:59:59"),
    ],
)
def test_it_holds_to_the_last_second_of_a_day_of_the_institute(
    issued: str, months: int, zone: str, ends: str
) -> None:
    assert end_of_validity(at(issued), months, zone) == at(ends)


def test_what_has_no_months_holds_for_ever() -> None:
    assert end_of_validity(at("2026-03-31T18:00"), None, "UTC") is None


@given(
    issued=st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    months=st.integers(1, 1200),
    zone=st.sampled_from(["UTC", LOS_ANGELES, KIRITIMATI, PAGO_PAGO, "Africa/Cairo"]),
)
def test_it_never_ends_before_it_began_and_a_month_more_is_later(
    issued: datetime, months: int, zone: str
) -> None:
    ends, later = end_of_validity(issued, months, zone), end_of_validity(issued, months + 1, zone)
    assert ends is not None
    assert later is not None
    assert issued + timedelta(days=27 * months) < ends < later


def test_nothing_is_issued_before_its_application(candidate: Candidate, office: Office) -> None:
    assert candidate.apply() == 303
    seen = {"seen": office.seen(candidate.application)}
    address = f"{APPLICATIONS}/{candidate.application.id}/issue"
    with clock.shift(seconds=-600):
        refused = office.visitor.post(address, seen)
        assert (refused.status_code, "CLOCK-BACKWARDS" in refused.text) == (409, True)
        assert candidate.awards == []
        assert candidate.application.state is ApplicationState.UNDER_REVIEW
    assert office.visitor.post(address, seen).status_code == 303
    (award,) = candidate.awards
    assert award.issued_at >= candidate.application.applied_at


def test_nothing_is_issued_before_the_last_award(
    award: Award, make_candidate: Callable[..., Candidate], office: Office
) -> None:
    before = award.issued_at
    another = make_candidate(name="Mei Ling")
    with clock.shift(seconds=-86_400):
        # A clock that was wrong for longer: the application is of that time as well.
        assert another.apply() == 303
        assert office.issue(another.application) == 409
        assert another.awards == []
    assert office.issue(another.application) == 303
    (issued,) = another.awards
    assert (issued.issued_at >= before, issued.number) == (True, 2)
