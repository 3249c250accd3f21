"""What is wrong with a file is said with its line, its column and a sentence, and nothing comes in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from courses.cohorts.assigning import assign_coach
from institute.actors import Actor, PersonId
from institute.people.models import Person
from tests.courses.exchange.conftest import Desk, paper, row

HEADER = b"external_id,participant,coach,date,begins,ends,mode,kind\r\n"
LINE = b"a,lucia@example.test,amina@example.test,2026-10-01,08:00,08:30,video,one_to_one\r\n"


@pytest.mark.parametrize(
    ("given", "column", "sentence"),
    [
        ({"external_id": ""}, "external_id", "needed in every row"),
        ({"external_id": "x" * 121}, "external_id", "has 121 characters"),
        ({"participant": "nobody@example.test"}, "participant", "Nobody of the institute"),
        ({"participant": "amina@example.test"}, "participant", "enrolled in no cohort"),
        ({"cohort": "spring"}, "cohort", "is in no cohort"),
        ({"coach": "nobody@example.test"}, "coach", "Nobody of the institute"),
        ({"coach": "mei@example.test"}, "coach", "is not, and was not, assigned"),
        ({"coach": "lucia@example.test"}, "coach", "is not, and was not, assigned"),
        ({"date": "13/10/2026"}, "date", "no day written as you said"),
        ({"date": "2026-02-30"}, "date", "no day written as you said"),
        ({"date": "2026-12-24"}, "date", "has not ended yet"),
        ({"date": "1999-12-24"}, "date", "no day written as you said"),
        ({"date": "2025-08-31"}, "date", "not this participant"),
        ({"begins": "8 o'clock"}, "begins", "no time written as you said"),
        ({"begins": "25:00"}, "begins", "no time written as you said"),
        ({"begins": "3:30 pm"}, "begins", "no time written as you said"),
        ({"ends": "07:30"}, "ends", "The end is before the start"),
        ({"next_day": "perhaps"}, "next_day", "none of the words"),
        ({"next_day": "yes"}, "ends", "24 hours at most"),
        ({"break_minutes": "30"}, "break_minutes", "shorter than the session"),
        ({"break_minutes": "a bit"}, "break_minutes", "whole minutes"),
        ({"mode": "telepathy"}, "mode", "none of the words"),
        ({"kind": ""}, "kind", "needed in every row"),
        ({"kind": "one to one"}, "kind", "none of the words"),
        ({"attended_minutes": "10"}, "attended_minutes", "kind “group”"),
        ({"kind": "group", "attended_minutes": "45"}, "attended_minutes", "30"),
        ({"segment": "module-9/segment-9"}, "segment", "has no segment"),
        ({"notes": "x" * 4001}, "notes", "4001 characters"),
        ({"date": "2026-03-08", "begins": "02:15", "ends": "03:30"}, "begins", "went forward"),
        ({"date": "2026-11-01", "begins": "01:15", "ends": "02:30"}, "begins_side", "went back"),
    ],
)
def test_a_bad_row_is_refused_with_its_line_and_column(
    desk: Desk, given: dict[str, str], column: str, sentence: str
) -> None:
    page = desk.visitor.get(desk.waiting(paper(row(1), row(7, **given)))).text
    assert sentence in page
    assert f'<bdi dir="ltr">{column}</bdi> ·' in page
    assert "Line 3" in page
    assert "1 row would be added · 1 row has to be mended" in page


@pytest.mark.parametrize(
    ("data", "sentence", "line"),
    [
        (b"", "The file is empty", 0),
        (b"\xef\xbb\xbf \r\n", "The file is empty", 0),
        (HEADER, "no row below", 2),
        ("größe,ünter".encode("latin-1"), "not UTF-8", 1),
        (HEADER + LINE + b"b,\xff\xfe", "not UTF-8", 3),
        ((HEADER + LINE).decode().encode("utf-16"), "not UTF-8", 1),
        (HEADER + b"a,luc\0ia", "zero byte", 2),
        (HEADER + b'a,"lucia', "quotes in this row", 2),
        (HEADER + b'a,"luc"ia",x,x,x,x,x,x\r\n', "quotes in this row", 2),
        (HEADER + b"a,b\r\n", "2 cells, the first line has 8", 2),
        (HEADER + LINE.replace(b"\r\n", b",x\r\n"), "9 cells, the first line has 8", 2),
        (HEADER.replace(b"mode,", b"") + LINE, "column “mode” is missing", 1),
        (HEADER.replace(b"mode", b"modus") + LINE, "no column “\u2068modus\u2069”".encode().decode(), 1),
        (HEADER.replace(b"begins", b"date") + LINE, "“date” is there twice", 1),
        ((HEADER + LINE).replace(b",", b";"), "not separated as you said", 1),
        (HEADER + b"x" * 30_000 + LINE, "longer than 20000 characters", 2),
        (HEADER + LINE * 1_001, "1000 rows", 1_002),
    ],
)
def test_a_bad_file_is_refused_with_its_line(desk: Desk, data: bytes, sentence: str, line: int) -> None:
    page = desk.refused(data)
    assert sentence in page
    assert (f">Line {line}<" in page) == bool(line)
    assert desk.logs() == 0


def test_the_form_without_a_file_says_so_and_keeps_what_was_chosen(desk: Desk) -> None:
    answer = desk.visitor.post("/administrator/exchange/sessions", {"dates": "dmy", "zone": "Mars/Olympus"})
    assert answer.status_code == 422
    assert "Choose a CSV file" in answer.text
    assert 'value="dmy" checked' in answer.text


def test_a_zone_that_does_not_exist_is_refused(desk: Desk) -> None:
    assert "no time zone" in desk.refused(paper(row(1)), zone="Mars/Olympus")


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("ends", [b"\r\n", b"\n", b"\r"])
def test_byte_order_marks_and_line_ends_do_not_matter(desk: Desk, mark: bytes, ends: bytes) -> None:
    data = mark + (HEADER + LINE).replace(b"\r\n", ends)
    assert "1 row was added" in desk.bring_in(data)


def test_a_quoted_cell_may_hold_lines_and_the_next_row_keeps_its_line(desk: Desk) -> None:
    data = paper(row(1, notes='One\r\ntwo, "three"\nfour'), row(2, mode="telepathy"))
    assert "Line 5" in desk.visitor.get(desk.waiting(data)).text


@pytest.mark.parametrize(
    "second",
    [
        {},
        {"participant": "mei@example.test"},
        {"begins": "08:15", "ends": "08:45"},
        {"coach": "AMINA@example.test"},
    ],
)
def test_two_rows_at_the_same_time_name_each_other(desk: Desk, second: dict[str, str]) -> None:
    page = desk.visitor.get(desk.waiting(paper(row(1), row(1, external_id="other", **second)))).text
    assert "at the same time as the session in line 2" in page


def test_rows_that_touch_do_not_overlap(desk: Desk) -> None:
    after = row(1, external_id="after", begins="08:30", ends="09:00")
    assert "2 rows were added" in desk.bring_in(paper(row(1), after))


def test_the_rows_of_a_group_are_one_session_of_the_coach(desk: Desk) -> None:
    rows = [
        row(1, external_id=name, participant=f"{name}@example.test", kind="group", attended_minutes=minutes)
        for name, minutes in (("lucia", ""), ("mei", "20"), ("hoa", ""))
    ]
    assert "3 rows were added" in desk.bring_in(paper(*rows))


def test_one_external_id_in_two_rows_is_refused(desk: Desk) -> None:
    page = desk.visitor.get(desk.waiting(paper(row(1), row(2, external_id="log-1")))).text
    assert "The row in line 2 has the same external_id" in page


def test_a_session_under_an_assignment_that_ended_belongs_to_its_days(
    desk: Desk, make_person: Callable[..., Person], system: Actor
) -> None:
    other = make_person(name="Grace Okafor", email="grace@example.test")
    assign_coach(desk.enrolments["lucia"], PersonId(other.id), since=date(2026, 10, 1), actor=system)
    before, after = row(1, date="2026-09-30"), row(2, date="2026-10-02")
    page = desk.visitor.get(desk.waiting(paper(before, after))).text
    assert "1 row would be added · 1 row has to be mended" in page
    assert "You were not this participant" in page


def test_times_of_another_clock_are_read_on_it(desk: Desk) -> None:
    # 23:30 in New York on 30 September is 20:30 in Los Angeles.
    late = row(1, date="2026-09-30", begins="23:30", ends="00:30", next_day="yes")
    assert "1 row was added" in desk.bring_in(paper(late), zone="America/New_York")
    again = row(1, date="2026-09-30", begins="20:30", ends="21:30")
    assert "1 row is in already" in desk.visitor.get(desk.waiting(paper(again))).text


def test_which_of_two_equal_times_is_meant_can_be_said(desk: Desk) -> None:
    twice = row(1, date="2026-11-01", begins="01:15", ends="01:45", begins_side="first", ends_side="second")
    assert "1 row was added" in desk.bring_in(paper(twice))
