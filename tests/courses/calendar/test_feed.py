"""The feed: read by another's parser, right across changes of the clocks, opened by its secret alone."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from icalendar import Calendar
from sqlalchemy import select
from sqlalchemy.orm import Session

from courses.calendar.models import CalendarFeed
from institute import clock
from tests.browsing import Visitor
from tests.courses.coaching.conftest import Pair
from tests.courses.schedule.plans import cancel, move, plan


def make_address(visitor: Visitor) -> str:
    """Make an address, and return its path."""
    assert visitor.post("/calendar/address").status_code == 303
    return shown_address(visitor)


def shown_address(visitor: Visitor) -> str:
    """Return the path of the address that the page shows."""
    found = re.search(
        r'value="http://127\.0\.0\.1:8000(/calendar/[\w-]+\.ics)"', visitor.get("/calendar/").text
    )
    assert found is not None
    return found[1]


def read(app: Flask, path: str) -> Any:
    """Fetch a feed without any session, and parse it."""
    answer = app.test_client().get(path)
    assert answer.status_code == 200
    assert answer.content_type == "text/calendar; charset=utf-8"
    lines = answer.data.split(b"\r\n")
    assert max(map(len, lines)) <= 75
    return Calendar.from_ical(answer.data)


def events(calendar: Any) -> list[Any]:
    """Return the events of a parsed calendar."""
    return list(calendar.walk("VEVENT"))


def instants(event: Any) -> tuple[datetime, datetime]:
    """Return begin and end of a parsed event, as the parser's own zones have them."""
    return event.decoded("DTSTART").astimezone(UTC), event.decoded("DTEND").astimezone(UTC)


def test_session_is_in_both_calendars_by_first_name_alone(app: Flask, pair: Pair) -> None:
    plan(pair, place="Room 3; bring tea, and milk")
    for visitor, title in ((pair.coach, "Lucía"), (pair.participant, "Amina")):
        (event,) = events(read(app, make_address(visitor)))
        assert event["SUMMARY"] == f"Coaching session with {title}"
        assert event["LOCATION"] == "Room 3; bring tea, and milk"
        assert instants(event)[0] == datetime(2026, 10, 20, 22, 30, tzinfo=UTC)
        assert "DESCRIPTION" not in event


@pytest.mark.parametrize(
    ("when", "utc"),
    [
        ("2026-10-31 15:30", datetime(2026, 10, 31, 22, 30, tzinfo=UTC)),
        ("2026-11-01 00:30", datetime(2026, 11, 1, 7, 30, tzinfo=UTC)),
        ("2026-11-01 15:30", datetime(2026, 11, 1, 23, 30, tzinfo=UTC)),
        ("2027-03-13 15:30", datetime(2027, 3, 13, 23, 30, tzinfo=UTC)),
        ("2027-03-14 15:30", datetime(2027, 3, 14, 22, 30, tzinfo=UTC)),
    ],
)
def test_session_keeps_its_hour_where_the_clocks_change(
    app: Flask, pair: Pair, when: str, utc: datetime
) -> None:
    day, begins = when.split()
    plan(pair, day=day, begins=begins, ends=f"{begins[:2]}:59")
    calendar = read(app, make_address(pair.participant))
    (event,) = events(calendar)
    assert instants(event)[0] == utc
    # By the feed's own zone alone, not by what the parser knows of Los Angeles.
    (zone,) = calendar.walk("VTIMEZONE")
    own = zone.to_tz(lookup_tzid=False)
    wall = event.decoded("DTSTART").replace(tzinfo=None)
    assert wall.replace(tzinfo=own).utcoffset() == wall.replace(tzinfo=None) - utc.replace(tzinfo=None)


def test_hour_that_clocks_show_twice_is_told_apart(app: Flask, pair: Pair) -> None:
    plan(pair, day="2026-11-01", begins="01:15", ends="03:00", begins_side="second")
    (event,) = events(read(app, make_address(pair.coach)))
    assert instants(event) == (
        datetime(2026, 11, 1, 9, 15, tzinfo=UTC),
        datetime(2026, 11, 1, 11, 0, tzinfo=UTC),
    )


def test_moved_session_is_the_same_event_and_a_cancelled_one_is_struck_out(app: Flask, pair: Pair) -> None:
    planned_id = plan(pair)
    path = make_address(pair.participant)
    (first,) = events(read(app, path))
    assert move(pair.coach, pair, planned_id, begins="17:00", ends="18:00") == 303
    (moved,) = events(read(app, path))
    assert moved["UID"] == first["UID"]
    assert (int(first["SEQUENCE"]), int(moved["SEQUENCE"])) == (0, 1)
    assert instants(moved)[0] - instants(first)[0] == timedelta(minutes=90)
    assert cancel(pair.coach, planned_id, sequence=1) == 303
    (gone,) = events(read(app, path))
    assert (gone["STATUS"], int(gone["SEQUENCE"]), gone["UID"]) == ("CANCELLED", 2, first["UID"])


def test_new_address_replaces_the_old_one_and_none_is_stored_readable(
    app: Flask, pair: Pair, session: Session
) -> None:
    old = make_address(pair.participant)
    token = old.split("/")[-1].removesuffix(".ics")
    feed = session.scalars(select(CalendarFeed)).one()
    assert token not in feed.token_hash
    assert token.encode() not in feed.sealed_token
    assert shown_address(pair.participant) == old
    new = make_address(pair.participant)
    assert new != old
    visitor = app.test_client()
    assert visitor.get(old).status_code == 404
    assert visitor.get(new).status_code == 200
    assert pair.participant.post("/calendar/address/end").status_code == 303
    assert visitor.get(new).status_code == 404
    assert visitor.get("/calendar/\u0000.ics").status_code == 404
    assert visitor.get(f"/calendar/{'x' * 3000}.ics").status_code == 404


def test_calendar_is_in_its_owner_s_language_and_not_the_visitor_s(app: Flask, pair: Pair) -> None:
    plan(pair)
    path = make_address(pair.participant)
    answer = app.test_client().get(path, headers={"Accept-Language": "es"})
    (event,) = events(Calendar.from_ical(answer.data))
    assert event["SUMMARY"] == "Coaching session with Amina"


def test_calendar_that_did_not_change_is_not_sent_again(app: Flask, pair: Pair) -> None:
    plan(pair)
    path = make_address(pair.participant)
    visitor = app.test_client()
    with clock.frozen(datetime(2026, 10, 14, 8, tzinfo=UTC)):
        answer = visitor.get(path)
    with clock.frozen(datetime(2026, 10, 14, 12, tzinfo=UTC)):
        again = visitor.get(path, headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304
    # A former address is asked for each time: what was kept of it is shown to nobody.
    assert answer.headers["Cache-Control"] == "private, no-cache"


def test_page_is_useful_before_anything_is_planned(pair: Pair) -> None:
    page = pair.participant.get("/calendar/").text
    assert "Nothing is planned" in page
    with clock.frozen(datetime(2026, 10, 14, 20, tzinfo=UTC)):
        assert pair.participant.get("/calendar/").status_code == 200
