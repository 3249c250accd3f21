"""Attendance from files: who was at which meeting, once, and out again."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from courses.meetings.models import Meeting, MeetingAttendance
from tests.courses.exchange.conftest import FORMATS, Desk

AT = "/administrator/exchange/attendance"
MEETING = {
    "kind": "coach",
    "audience": "coaches",
    "scope": "institute",
    "day": "2026-11-19",
    "begins": "13:30",
    "ends": "16:00",
    "place": "Room 12",
}


@pytest.fixture
def key(desk: Desk, session: Session) -> str:
    """The key of a meeting of the coaches, 150 minutes yesterday."""
    answer = desk.visitor.post("/administrator/meetings/new", MEETING)
    assert answer.status_code == 303, answer.text
    session.rollback()
    return session.scalars(select(Meeting.key)).one()


def sheet(*rows: tuple[str, str, str, str]) -> bytes:
    """Return a file of attendance."""
    text = io.StringIO()
    csv.writer(text).writerows([("external_id", "meeting", "person", "minutes"), *rows])
    return text.getvalue().encode()


def hand_in(desk: Desk, data: bytes) -> str:
    """Hand a file in and return the page that says what would become of it."""
    answer = desk.visitor.post(AT, {**FORMATS, "file": (io.BytesIO(data), "people.csv")})
    return desk.visitor.get(answer.location).text if answer.status_code == 303 else answer.text


def test_attendance_comes_in_once(desk: Desk, key: str, session: Session) -> None:
    data = sheet(("a", key, "amina@example.test", "150"))
    answer = desk.visitor.post(AT, {**FORMATS, "file": (io.BytesIO(data), "people.csv")})
    assert desk.visitor.post(answer.location, {"attested": "1", "which": "all"}).status_code == 303
    session.rollback()
    assert [row.minutes for row in session.scalars(select(MeetingAttendance))] == [150]
    assert "1 row is in already" in hand_in(desk, data)
    out = desk.visitor.get("/administrator/exchange/attendance.csv").data.decode("utf-8-sig")
    (only,) = csv.DictReader(io.StringIO(out))
    assert (only["external_id"], only["meeting"], only["person"], only["minutes"]) == (
        "a",
        key,
        "amina@example.test",
        "150",
    )


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        (("", "KEY", "amina@example.test", "150"), "needed in every row"),
        (("b", "no-such-meeting", "amina@example.test", "150"), "no meeting with the key"),
        (("b", "KEY", "nobody@example.test", "150"), "Nobody of the institute"),
        (("b", "KEY", "lucia@example.test", "150"), "not for this person"),
        (("b", "KEY", "amina@example.test", "2.5"), "no whole number of minutes"),
        (("b", "KEY", "amina@example.test", "151"), "150"),
    ],
)
def test_a_bad_row_is_refused_with_its_line(
    desk: Desk, key: str, row: tuple[str, str, str, str], sentence: str
) -> None:
    external_id, meeting, person, minutes = row
    page = hand_in(desk, sheet((external_id, meeting.replace("KEY", key), person, minutes)))
    assert sentence in page
    assert ">Line 2<" in page


def test_somebody_twice_at_a_meeting_is_refused(desk: Desk, key: str) -> None:
    page = hand_in(
        desk, sheet(("a", key, "amina@example.test", "150"), ("b", key, "Amina@example.test", "90"))
    )
    assert "The row in line 2 is about the same person" in page


def test_the_command_does_the_same(app: Flask, desk: Desk, key: str, tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    file.write_bytes(sheet(("a", key, "amina@example.test", "90")))
    for said in ("Added 1; in already: 0; 0 left out.\n", "Added 0; in already: 1; 0 left out.\n"):
        result = app.test_cli_runner().invoke(args=["courses", "import-attendance", str(file)])
        assert (result.exit_code, result.output) == (0, said)
