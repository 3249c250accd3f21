"""An administrator reads a programme's rules in sentences and changes them; everybody's hours follow at once."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask

from courses.hours.models import Rounding
from courses.hours.policies import DEFAULT, Cap, Dosage, Period, Subject, policy_of
from courses.hours.queries import hours_of
from courses.hours.setting import set_policy
from courses.hours.sheets import PolicySheet
from courses.sessions.models import Kind, Mode
from institute.actors import Actor, Role
from institute.db import db
from institute.jobs import worker
from institute.people.models import Institute, Person
from tests.browsing import Visitor
from tests.courses.coaching.conftest import Pair
from tests.courses.conftest import Studied

PAGE = "/administrator/hours/"
HUGE = ("\0", "1" * 5000, "-1", "1e3", "٣:٣", "4:99", "½", "4:30:00", "999999:00")


def revision(page: str) -> str:
    """Return the revision that the form of a page carries."""
    found = re.search(r'name="revision" value="(\w+)"', page)
    assert found
    return found[1]


def fields(page: str, **given: str | list[str]) -> dict[str, str | list[str]]:
    """Return what a form sends: the usual rules, with what is given instead."""
    usual = PolicySheet.of(DEFAULT)
    return {
        **usual.fields,
        "counting": sorted(usual.counting),
        "cap_subject": [],
        "cap_period": [],
        "cap_minutes": [],
        "revision": revision(page),
        **given,
    }


@pytest.fixture
def address(studied: Studied) -> str:
    """Where the rules of the programme stand."""
    assert studied.programme_id
    return f"{PAGE}leadership"


def test_the_usual_rules_stand_in_sentences(administrator: Visitor, address: str) -> None:
    page = administrator.get(address).text
    assert "4 h 30 min of coaching are asked for each month; the target is 6 h." in page
    assert "One-to-one counts: In person and Video." in page
    assert "Minutes are added up as they are and never rounded." in page
    assert "4 h 30 min of coaching are asked for each month" in administrator.get(PAGE).text
    assert address in administrator.get("/administrator/").text


def test_rules_that_were_saved_read_as_they_were_typed(
    administrator: Visitor, address: str, studied: Studied
) -> None:
    page = administrator.get(address).text
    typed = fields(
        page,
        minimum="5",
        target="6:30",
        raised_minimum="6:00",
        raised_target="8:00",
        counting=["one_to_one/in_person", "one_to_one/asynchronous", "mentoring/video"],
        cap_subject=["mode/asynchronous", "", "kind/mentoring"],
        cap_period=["month", "month", "total"],
        cap_minutes=["0:30", "", "10:00"],
        rounding="down",
        recent_months="18",
        late_days="14",
    )
    assert administrator.post(address, typed).status_code == 303
    policy = policy_of(studied.programme_id)
    assert (policy.minimum, policy.target, policy.raised) == (300, 390, Dosage(360, 480))
    assert set(policy.caps) == {
        Cap(Period.MONTH, Subject(mode=Mode.ASYNCHRONOUS), 30),
        Cap(Period.TOTAL, Subject(kind=Kind.MENTORING), 600),
    }
    assert (policy.rounding, policy.recent_months, policy.late_days) == (Rounding.DOWN, 18, 14)
    said = administrator.get(address).text
    for sentence in (
        "People with raised need are asked for 6 h; their target is 8 h.",
        "E-mail: up to 30 min a month count.",
        "Mentoring: up to 10 h in all count.",
        "The sum of a month is rounded down to a quarter of an hour.",
        "Hours are recent for 18 months.",
    ):
        assert sentence in said
    again = administrator.post(address, {**typed, "revision": revision(said)})
    assert again.status_code == 303
    assert policy_of(studied.programme_id) == policy


def test_everybody_s_hours_follow_new_rules_at_once(administrator: Visitor, address: str, pair: Pair) -> None:
    pair.answer(pair.log(mode="asynchronous"))
    assert hours_of(pair.enrolment_id).counted == 0
    typed = fields(
        administrator.get(address).text,
        counting=["one_to_one/asynchronous"],
        cap_subject=["mode/asynchronous"],
        cap_period=["session"],
        cap_minutes=["0:20"],
    )
    assert administrator.post(address, typed).status_code == 303
    db.session.rollback()
    assert (hours_of(pair.enrolment_id).counted, hours_of(pair.enrolment_id).logged) == (20, 75)


@pytest.mark.parametrize(
    ("given", "field", "said"),
    [
        ({"minimum": "7:00"}, "target", "The target is below the minimum."),
        ({"minimum": ""}, "minimum", "Write hours and minutes such as 4:30"),
        ({"raised_minimum": "2:00"}, "raised_target", "Write hours and minutes such as 4:30"),
        ({"counting": []}, "counting", "Choose at least one kind of session that counts"),
        ({"late_days": "0"}, "late_days", "Write a whole number from 1 to 365."),
        ({"most_in_group": "many"}, "most_in_group", "Write a whole number from 2 to 500."),
        (
            {"cap_subject": ["all"], "cap_period": ["month"], "cap_minutes": [""]},
            "cap-0",
            "Choose what is limited",
        ),
        (
            {"cap_subject": ["kind/pigeon"], "cap_period": ["month"], "cap_minutes": ["1"]},
            "cap-0",
            "Choose what",
        ),
        (
            {"cap_subject": ["all"] * 2, "cap_period": ["month"] * 2, "cap_minutes": ["1", "2"]},
            "cap-1",
            "another limit",
        ),
    ],
)
def test_what_has_to_be_mended_is_said_beside_its_field_and_nothing_typed_is_lost(
    administrator: Visitor,
    address: str,
    given: dict[str, str | list[str]],
    field: str,
    said: str,
) -> None:
    typed = fields(administrator.get(address).text, long="3:33", **given)
    answer = administrator.post(address, typed)
    assert answer.status_code == 422
    assert said in answer.text
    assert f'href="#{field}"' in answer.text
    assert f'id="{field}"' in answer.text
    assert 'value="3:33"' in answer.text
    assert revision(administrator.get(address).text) == typed["revision"]


@pytest.mark.parametrize("text", HUGE)
def test_no_input_breaks_the_form(administrator: Visitor, address: str, text: str) -> None:
    page = administrator.get(address).text
    names = ("minimum", "target", "raised_target", "long", "late_days", "recent_months")
    broken = fields(page, **dict.fromkeys(names, text), cap_subject=[text], cap_period=[], cap_minutes=[text])
    assert administrator.post(address, broken).status_code == 422
    odd = fields(page, rounding=text, carry_over=text, counting=[text, "one_to_one/video"])
    assert administrator.post(address, odd).status_code in {303, 422}
    assert administrator.post(address, {"revision": revision(page)}).status_code in {409, 422}
    assert administrator.get(f"{PAGE}{text.replace(chr(0), '%00')}").status_code == 404


def test_a_late_save_shows_what_holds_now_and_loses_nothing(
    administrator: Visitor, address: str, studied: Studied
) -> None:
    page = administrator.get(address).text
    assert administrator.post(address, fields(page, minimum="3:00")).status_code == 303
    late = administrator.post(address, fields(page, minimum="2:15"))
    assert late.status_code == 409
    assert "Somebody changed the rules after you opened this page" in late.text
    assert "3 h of coaching are asked for each month" in late.text
    assert 'value="2:15"' in late.text
    assert policy_of(studied.programme_id).minimum == 180
    assert administrator.post(address, fields(late.text, minimum="2:15")).status_code == 303
    assert policy_of(studied.programme_id).minimum == 135


def test_rules_of_another_institute_are_not_there(
    address: str,
    make_institute: Callable[..., Institute],
    make_person: Callable[..., Person],
    sign_in: Callable[..., Visitor],
) -> None:
    elsewhere = make_person(institute_id=make_institute().id)
    stranger = sign_in(elsewhere, roles=[Role.ADMINISTRATOR])
    assert stranger.get(address).status_code == 404
    assert stranger.post(address, {"revision": ""}).status_code == 404


def test_many_people_are_counted_anew_by_the_worker(
    pair: Pair, studied: Studied, system: Actor, monkeypatch: pytest.MonkeyPatch, app: Flask
) -> None:
    monkeypatch.setattr("courses.hours.setting.AT_ONCE", 0)
    pair.answer(pair.log(mode="phone"))
    policy = replace(DEFAULT, counting=frozenset({(Kind.ONE_TO_ONE, Mode.PHONE)}))
    set_policy(studied.programme_id, policy, actor=system)
    db.session.rollback()
    assert hours_of(pair.enrolment_id).counted == 0
    monkeypatch.undo()
    assert worker.run_once(app) >= 1
    db.session.rollback()
    assert hours_of(pair.enrolment_id).counted == 75
