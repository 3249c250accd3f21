"""Making up for a missed meeting: it replaces and never adds, and the employer says so by a link that works once."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from courses.meetings.attendance import minutes_of
from courses.meetings.counting import attended_minutes, counted_minutes
from courses.meetings.models import MakeUpLink, MakeUpState
from institute import clock
from institute.people.models import Person
from tests.browsing import Visitor
from tests.courses.meetings.conftest import AFTER, Cast, Stored
from tests.institute import post

Make = Callable[..., int]
TEXT = b"Sign-in sheet: Amina Haddad\n"
LINK = re.compile(r"http://127\.0\.0\.1:8000(/make-up/[\w-]+)")


def report(**changed: Any) -> dict[str, Any]:
    """Return the fields of a valid report: the whole meeting, delivered on the day after."""
    fields = {
        "held_on": "2026-10-16",
        "minutes": "150",
        "employer": "Sierra Unified",
        "contact_name": "Pat Doyle",
        "contact_email": "pat@employer.example",
        "locale": "en",
    }
    return {**fields, **changed}


def with_sheet(**changed: Any) -> dict[str, Any]:
    """Return the same with a sign-in sheet."""
    return report(sheet=(io.BytesIO(TEXT), "sheet.txt"), **changed)


@pytest.fixture
def missed(make_meeting: Make) -> int:
    """A meeting of coaches that Amina was not at."""
    return make_meeting()


def _send(cast: Cast, meeting_id: int, form: dict[str, Any], *, days: int = 1) -> int:
    with clock.frozen(AFTER + timedelta(days=days)):
        return cast.coach.post(f"/coach/meetings/{meeting_id}/make-up", form).status_code


def _link(*, days: int = 1) -> str:
    """Let the worker write, and return the newest link that the employer got."""
    with clock.frozen(AFTER + timedelta(days=days)):
        found = [link for letter in post.deliver() for link in LINK.findall(post.text_of(letter))]
    return str(found[-1])


def _answer(app: Flask, link: str, verdict: str = "yes", *, days: int = 2, **more: Any) -> int:
    with clock.frozen(AFTER + timedelta(days=days)):
        return app.test_client().post(link, data={"verdict": verdict, **more}).status_code


def test_what_the_employer_verifies_stands_in_the_place_of_the_meeting(
    app: Flask, cast: Cast, missed: int, stored: Stored
) -> None:
    assert _send(cast, missed, with_sheet()) == 303
    assert minutes_of(cast.coach_person.id) == 0
    link = _link()
    with clock.frozen(AFTER + timedelta(days=2)):
        page = app.test_client().get(link)
        assert "Amina Haddad" in page.text
        assert app.test_client().get(f"{link}/sheet").data == TEXT
        assert page.status_code == 200
    assert minutes_of(cast.coach_person.id) == 0  # looking verifies nothing
    assert _answer(app, link) == 303
    assert minutes_of(cast.coach_person.id) == 150
    assert stored.make_ups()[0].state is MakeUpState.VERIFIED
    with clock.frozen(AFTER + timedelta(days=2)):
        told = [post.text_of(one) for one in post.deliver() if one["To"] == "amina@example.test"]
    assert ["Your employer verified" in one for one in told] == [True]


def test_the_employer_reads_what_the_meeting_is_called_in_their_language(
    app: Flask, cast: Cast, missed: int
) -> None:
    assert _send(cast, missed, with_sheet(locale="es")) == 303
    link = _link()
    with clock.frozen(AFTER + timedelta(days=2)):
        page = app.test_client().get(link).text
    assert "Reunión de coaches" in page
    assert "Coach meeting" not in page


@pytest.mark.parametrize(("attended", "made_up", "counts"), [(90, 150, 150), (90, 60, 90), (0, 60, 60)])
def test_a_make_up_replaces_and_never_adds(
    app: Flask,
    cast: Cast,
    missed: int,
    record: Callable[..., int],
    *,
    attended: int,
    made_up: int,
    counts: int,
) -> None:
    with clock.frozen(AFTER):
        record(missed, cast.coach_person, early=str(150 - attended))
    assert _send(cast, missed, with_sheet(minutes=str(made_up))) == 303
    assert _answer(app, _link()) == 303
    assert minutes_of(cast.coach_person.id) == counts


@given(
    length=st.integers(1, 720), late=st.integers(0, 720), early=st.integers(0, 720), made=st.integers(0, 720)
)
@settings(max_examples=100, deadline=None)
def test_nothing_counts_for_more_than_the_meeting_lasted(
    length: int, late: int, early: int, made: int
) -> None:
    attended = attended_minutes(length, late, early)
    counted = counted_minutes(length, attended, made)
    assert 0 <= attended <= length
    assert attended <= counted <= length
    assert counted <= max(attended, made)


def test_the_link_works_once_and_looks_like_any_other_afterwards(
    app: Flask, cast: Cast, missed: int, stored: Stored
) -> None:
    _send(cast, missed, with_sheet())
    link = _link()
    assert [_answer(app, link), _answer(app, link, "no", words="No!"), _answer(app, "/make-up/nothing")] == [
        303,
        422,
        422,
    ]
    assert stored.make_ups()[0].state is MakeUpState.VERIFIED
    used, unknown = (app.test_client().get(one) for one in (link, "/make-up/nothing"))
    number = re.compile(r"MAKE-UP-LINK-\w+|lang=\w+|nothing|\d+:\d+:\d+")
    assert (used.status_code, unknown.status_code) == (422, 422)
    assert number.sub("", used.text).replace(link, "") == number.sub("", unknown.text).replace(
        "/make-up/", ""
    )
    assert app.test_client().get(f"{link}/sheet").status_code == 404


def test_the_link_ends_after_two_weeks_and_with_a_newer_one(
    app: Flask, cast: Cast, missed: int, stored: Stored, session: Session
) -> None:
    _send(cast, missed, with_sheet())
    first = _link()
    make_up_id = stored.make_ups()[0].id
    assert _answer(app, first, days=16) == 422
    with clock.frozen(AFTER + timedelta(days=16)):
        assert cast.coach.post(f"/coach/meetings/make-ups/{make_up_id}/again").status_code == 303
    second = _link(days=16)
    assert second != first
    assert [_answer(app, first, days=17), _answer(app, second, days=17)] == [422, 303]
    kept = session.scalars(select(MakeUpLink.token_hash)).all()
    assert all(second.rpartition("/")[2] not in one and len(one) == 64 for one in kept)


def test_an_employer_who_says_no_says_why_and_it_can_be_reported_anew(
    app: Flask, cast: Cast, missed: int, stored: Stored
) -> None:
    _send(cast, missed, with_sheet())
    link = _link()
    assert _answer(app, link, "no") == 422
    assert _answer(app, link, "no", words="It was an hour only.") == 303
    with clock.frozen(AFTER + timedelta(days=3)):
        assert "It was an hour only." in cast.coach.get(f"/coach/meetings/{missed}").text
    assert minutes_of(cast.coach_person.id) == 0
    assert _send(cast, missed, with_sheet(minutes="60"), days=3) == 303
    assert [one.state for one in stored.make_ups()] == [MakeUpState.DECLINED, MakeUpState.ASKED]


def test_nothing_is_verified_without_a_sign_in_sheet_and_the_employer_may_bring_it(
    app: Flask, cast: Cast, missed: int, stored: Stored
) -> None:
    _send(cast, missed, report())
    link = _link()
    assert _answer(app, link) == 422
    assert _answer(app, link, sheet=(io.BytesIO(b"MZ\x90" * 50), "sheet.exe")) == 422
    assert _answer(app, link, sheet=(io.BytesIO(TEXT), "sheet.txt")) == 303
    assert stored.make_ups()[0].sheet_id is not None


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"held_on": "2026-10-14"}, "held_on"),
        ({"held_on": "2026-10-30"}, "held_on"),
        ({"held_on": "yesterday"}, "held_on"),
        ({"minutes": "0"}, "minutes"),
        ({"minutes": "151"}, "minutes"),
        ({"minutes": "9" * 30}, "minutes"),
        ({"employer": "\0 "}, "employer"),
        ({"contact_name": "x" * 201}, "contact_name"),
        ({"contact_email": "pat"}, "contact_email"),
        ({"contact_email": "AMINA@example.test"}, "contact_email"),
        ({"sheet": (io.BytesIO(b"MZ\x90" * 50), "sheet.exe")}, "sheet"),
    ],
)
def test_a_report_that_cannot_be_is_said_beside_its_field(
    cast: Cast, missed: int, stored: Stored, changed: dict[str, Any], field: str
) -> None:
    with clock.frozen(AFTER + timedelta(days=1)):
        answer = cast.coach.post(f"/coach/meetings/{missed}/make-up", report(**changed))
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert stored.make_ups() == []


def test_only_what_was_missed_is_made_up_for_once_and_after_the_meeting(
    cast: Cast, missed: int, make_meeting: Make, record: Callable[..., int]
) -> None:
    assert _send(cast, missed, report(), days=-3) == 409
    assert _send(cast, missed, report()) == 303
    assert _send(cast, missed, report()) == 409
    attended = make_meeting()
    with clock.frozen(AFTER):
        record(attended, cast.coach_person)
    assert _send(cast, attended, report()) == 409
    with clock.frozen(AFTER):
        assert cast.participant.get(f"/participant/meetings/{missed}/make-up").status_code == 404


def test_another_s_make_up_is_not_there_and_whoever_leads_may_let_it_not_count(
    app: Flask,
    cast: Cast,
    missed: int,
    stored: Stored,
    make_coach: Callable[..., tuple[Person, Visitor]],
) -> None:
    _send(cast, missed, with_sheet())
    made = stored.make_ups()[0].id
    _, other = make_coach("Nadia", "nadia@example.test")
    for verb in ("again", "take-back"):
        assert other.post(f"/coach/meetings/make-ups/{made}/{verb}").status_code == 404
    for verb in ("again", "set-aside"):
        assert cast.facilitator.post(f"/facilitator/meetings/make-ups/{made}/{verb}").status_code == 404
    assert cast.facilitator.get(f"/facilitator/meetings/make-ups/{made}/sheet").status_code == 404
    link = _link()
    assert _answer(app, link) == 303
    address = f"/coordinator/meetings/make-ups/{made}"
    assert cast.coordinator.get(f"{address}/sheet").data == TEXT
    assert cast.coordinator.post(f"{address}/set-aside", {"reason": ""}).status_code == 422
    assert cast.coordinator.post(f"{address}/set-aside", {"reason": "Not our employer"}).status_code == 303
    assert minutes_of(cast.coach_person.id) == 0
    assert cast.coordinator.post(f"{address}/set-aside", {"reason": "Twice"}).status_code == 409


def test_what_is_taken_back_asks_nobody_any_more(app: Flask, cast: Cast, missed: int, stored: Stored) -> None:
    _send(cast, missed, with_sheet())
    link, made = _link(), stored.make_ups()[0].id
    assert cast.coach.post(f"/coach/meetings/make-ups/{made}/take-back").status_code == 303
    assert _answer(app, link) == 422
    assert stored.make_ups()[0].state is MakeUpState.WITHDRAWN


def test_the_letter_and_its_page_speak_the_language_that_was_chosen(
    app: Flask, cast: Cast, missed: int
) -> None:
    _send(cast, missed, with_sheet(locale="ar"))
    link = _link()
    with clock.frozen(AFTER + timedelta(days=2)):
        page = app.test_client().get(link).text
    assert '<html lang="ar" dir="rtl"' in page
