"""The pages of both sides: what they say, what they say when there is nothing, and how many questions they ask."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import event

from courses.coaching.board import Outlook, coach_board, month_lines
from courses.coaching.sheets import Sheet
from courses.coaching.writing import log_session
from courses.cohorts.enrolling import change_state
from courses.cohorts.models import Cohort, EnrolmentState
from courses.cohorts.rosters import find_coached
from courses.commands import SAMPLE
from courses.hours.policies import DEFAULT, Cap, Dosage, Period, Policy, Subject, policy_of
from courses.hours.queries import hours_of, hours_of_several
from courses.hours.setting import set_policy
from courses.hours.totals import totals_of_institute
from courses.loading.programmes import load_programme, open_programme
from courses.packages.problems import PackageError
from courses.sessions.models import Kind, Mode, SessionLog
from institute.actors import Actor, PersonId, Role
from institute.db import db, transaction
from institute.errors import NotFoundError
from institute.people.models import Institute, Person
from tests.browsing import Visitor
from tests.courses.coaching.conftest import NEW, Pair, sheet
from tests.courses.conftest import Studied

MakePair = Callable[..., Pair]


@contextmanager
def questions() -> Iterator[list[str]]:
    """Collect the statements that are sent to the database."""
    sent: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_: object) -> None:
        if not statement.startswith(("BEGIN", "COMMIT", "ROLLBACK")):
            sent.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    yield sent
    event.remove(db.engine, "before_cursor_execute", note)


def test_hours_are_one_question_however_many_there_are(make_pair: MakePair) -> None:
    first = make_pair()
    second = make_pair(coach=first.coach_person, name="Mei-Ling Chen")
    for day in range(1, 8):
        first.log(day=f"2026-10-{day:02}")
    with questions() as asked:
        alone = hours_of(first.enrolment_id)
    assert len(asked) == 1
    with questions() as asked:
        both = hours_of_several([first.enrolment_id, second.enrolment_id])
    assert len(asked) == 1
    assert both[first.enrolment_id] == alone
    assert both[second.enrolment_id].logged == 0
    assert hours_of_several([]) == {}


def test_an_institute_s_totals_are_the_sums_of_its_people_s_hours(make_pair: MakePair) -> None:
    first = make_pair()
    second = make_pair(coach=first.coach_person, name="Mei-Ling Chen")
    third = make_pair(name="Nobody yet")
    first.answer(first.log())
    first.log(day="2026-10-12", mode="phone")
    first.log(day="2026-10-11", wish="draft")
    second.log(day="2026-10-10")
    totals = totals_of_institute(first.coach_person.institute_id)
    for pair in (first, second, third):
        hours, total = hours_of(pair.enrolment_id), totals[pair.enrolment_id]
        assert (total.logged, total.waiting, total.counted) == (hours.logged, hours.waiting, hours.counted)


def test_the_month_s_bar_and_sentence_say_what_is_missing(pair: Pair) -> None:
    pair.answer(pair.log())
    pair.log(day="2026-10-12")
    page = pair.participant.get("/participant/hours/").text
    assert (
        "Coaching hours in October 2026: 1 h 15 min confirmed, 1 h 15 min waiting. Minimum 4 h 30 min, target 6 h."
        in page
    )
    assert "3 h 15 min to go by Saturday, October 31, 2026" in page
    assert page.count('class="ok" x=') == 1
    assert page.count('class="wait" x=') == 2  # in the bar and in its key
    home = pair.participant.get("/participant/").text
    assert "Did this session happen like this?" in home
    assert "Coaching hours in October 2026" in home


def test_in_a_language_written_from_the_right_the_bar_grows_from_the_right(pair: Pair) -> None:
    pair.answer(pair.log())
    page = pair.participant.get("/participant/hours/?lang=ar").text
    assert 'class="ok" x="81.65%"' in page


def test_a_reached_month_says_so(pair: Pair) -> None:
    for day in ("10", "11", "12", "13"):
        pair.answer(pair.log(day=f"2026-10-{day}"))
    assert (
        "You reached the minimum of 4 h 30 min. 1 h more would reach the target."
        in pair.participant.get("/participant/hours/").text
    )
    pair.answer(pair.log(day="2026-10-09"))
    assert (
        "You reached the target of 6 h this month, and 15 min more."
        in pair.participant.get("/participant/hours/").text
    )


def test_a_coach_sees_disputed_logs_first_and_whose_month_is_at_risk(make_pair: MakePair) -> None:
    first = make_pair()
    second = make_pair(coach=first.coach_person, name="Mei-Ling Chen")
    first.log(wish="draft", day="2026-10-12")
    first.answer(first.log(), "dispute", difference="mode", reason="By video")
    second.log(day="2026-10-09", long_reason="All day", begins="08:00", ends="14:00")
    page = first.coach.get("/coach/sessions/").text
    assert page.index("By video") < page.index("Draft, 1 h 15 min") < page.index("Waits for an answer")
    outlooks = {
        line.name: line.outlook
        for line in month_lines(
            find_coached(Actor(institute_id=first.coach_person.institute_id, person_id=first.coach_person.id))
        )
    }
    assert outlooks == {"Lucía Ortega": Outlook.SHORT, "Mei-Ling Chen": Outlook.ON_COURSE}


def test_the_board_asks_no_more_for_more_people(make_pair: MakePair) -> None:
    pair = make_pair()
    pair.log()
    with questions() as few:
        pair.coach.get("/coach/sessions/")
    for number in range(5):
        make_pair(coach=pair.coach_person, name=f"Person {number}").log(day=f"2026-10-0{number + 1}")
    with questions() as many:
        assert pair.coach.get("/coach/sessions/").text.count("Person 4") > 1
    assert len(few) == len(many)


def test_pages_without_anything_say_what_comes(
    pair: Pair, make_person: Callable[..., Person], sign_in: Callable[..., Visitor]
) -> None:
    assert "No sessions yet" in pair.participant.get("/participant/hours/").text
    assert "Nothing waits" in pair.coach.get("/coach/sessions/").text
    stranger = sign_in(make_person(), roles=[Role.PARTICIPANT, Role.COACH])
    assert "You are not enrolled yet" in stranger.get("/participant/hours/").text
    for path in ("/coach/sessions/", "/coach/sessions/new"):
        assert "Nobody to coach here" in stranger.get(path).text
    assert pair.coach.get("/coach/sessions/new").location.endswith(f"{NEW}/{pair.enrolment_id}")


def test_people_without_a_name_are_called_by_a_number(make_pair: MakePair) -> None:
    pair = make_pair(name="")
    log_id = pair.log()
    for path in (f"/coach/sessions/{log_id}", "/coach/sessions/", "/coach/participants/"):
        assert "<bdi>Person " in pair.coach.get(path).text
    assert pair.coach.get(f"{NEW}/{pair.enrolment_id}").status_code == 200


def test_who_left_the_cohort_has_no_hours_page_there(pair: Pair, system: Actor) -> None:
    change_state(pair.enrolment_id, EnrolmentState.WITHDRAWN, actor=system)
    assert pair.participant.get("/participant/hours/").status_code == 403


def test_a_programme_s_policy_decides_what_counts_from_then_on(
    pair: Pair, studied: Studied, system: Actor, make_institute: Callable[..., Institute]
) -> None:
    pair.answer(pair.log(mode="phone"))
    assert hours_of(pair.enrolment_id).counted == 0
    policy = Policy(60, 120, frozenset({(Kind.ONE_TO_ONE, Mode.PHONE)}))
    assert policy_of(studied.programme_id) == DEFAULT
    set_policy(studied.programme_id, policy, actor=system)
    db.session.rollback()
    assert policy_of(studied.programme_id) == policy
    hours = hours_of(pair.enrolment_id)
    assert (hours.counted, hours.minimum, hours.target) == (75, 60, 120)
    with pytest.raises(NotFoundError):
        set_policy(
            studied.programme_id, policy, actor=Actor(institute_id=make_institute().id, person_id=None)
        )


def write_programme(folder: Path, written: str) -> None:
    """Write the folder of a programme with one module, which waits for nothing."""
    (folder / "programme.toml").write_text(written, encoding="utf-8")
    shutil.copytree(SAMPLE / "programmes/leadership/module-2", folder / "module-2")
    segment = folder / "module-2/segment-1/segment.toml"
    waits = 'opens = { after = ["module-1"] }\n'
    segment.write_text(segment.read_text(encoding="utf-8").replace(waits, ""), encoding="utf-8")


@pytest.mark.parametrize(
    ("coaching", "wrong"),
    [
        ("minimum_minutes = 90\ntarget_minutes = 60", "target_minutes"),
        ('counting = ["one_to_one/pigeon"]', "counting"),
        ('counting = ["video"]', "counting"),
        ("counting = 3", "counting"),
        ("minimum_minutes = -1", "minimum_minutes"),
        ("maximum = 3", "maximum"),
        ('limits = ["month:mode/pigeon:30"]', "limits"),
        ('limits = ["month:all:x"]', "limits"),
        ('limits = ["month:all:1", "month:all:2"]', "limits"),
        ("raised_minimum_minutes = 90\nraised_target_minutes = 60", "raised_target_minutes"),
    ],
)
def test_a_folder_s_policy_is_read_strictly(tmp_path: Path, coaching: str, wrong: str) -> None:
    written = f'slug = "walking"\ntitle.en = "Walking"\n[coaching]\n{coaching}\n'
    write_programme(tmp_path, written)
    with pytest.raises(PackageError) as refused:
        open_programme(tmp_path, folder=tmp_path, source="en")
    (problem,) = refused.value.problems
    assert problem.key.startswith(f"coaching.{wrong}")


def test_a_folder_s_policy_fills_up_with_the_usual(tmp_path: Path, system: Actor) -> None:
    said = 'minimum_minutes = 400\nraised_minimum_minutes = 500\nlimits = ["month:mode/phone:30"]\n'
    written = f'slug = "walking"\ntitle.en = "Walking"\n[coaching]\n{said}'
    write_programme(tmp_path, written)
    programme_id = load_programme(open_programme(tmp_path, folder=tmp_path, source="en"), actor=system)
    limit = Cap(Period.MONTH, Subject(mode=Mode.PHONE), 30)
    assert policy_of(programme_id) == Policy(
        400, 400, DEFAULT.counting, raised=Dosage(500, 500), caps=(limit,)
    )


def test_sending_takes_one_text_and_one_press(pair: Pair) -> None:
    pair.log(day="2026-10-12")
    form = pair.coach.get(f"{NEW}/{pair.enrolment_id}").text
    prefilled = sheet(day="2026-10-14", begins="11:15", ends="12:00", notes="", next_steps="One text")
    for name in ("day", "begins", "ends"):
        assert f'name="{name}" type="{"date" if name == "day" else "time"}" value="{prefilled[name]}"' in form
    assert pair.coach.post(f"{NEW}/{pair.enrolment_id}", prefilled).status_code == 303


def test_an_old_log_that_somebody_waits_for_stays_on_the_board(pair: Pair, system: Actor) -> None:
    coach = Actor(system.institute_id, PersonId(pair.coach_person.id), frozenset({Role.COACH}))
    begun = date(2025, 9, 2)
    with transaction():
        for number in range(202):
            day = (begun + timedelta(days=number)).isoformat()
            log_session(pair.enrolment_id, Sheet.of(sheet(day=day)), send=number > 0, actor=coach)
    board = coach_board(coach)
    assert [line.day for line in board.unfinished] == [begun]
    assert len(board.waiting) == 201


def test_a_log_is_corrected_on_the_clock_that_its_form_names(
    pair: Pair, studied: Studied, stored: Callable[[int], SessionLog]
) -> None:
    log_id = pair.log()
    before = stored(log_id).start_utc
    with transaction() as session:
        session.get_one(Cohort, studied.cohort_id).timezone = "America/New_York"
    page = pair.coach.get(f"/coach/sessions/{log_id}/edit").text
    assert "Eastern Time" in page
    assert 'value="18:30"' in page
    again = sheet(begins="18:30", ends="19:45", version="1")
    assert pair.coach.post(f"/coach/sessions/{log_id}/edit", again).status_code == 303
    assert stored(log_id).start_utc == before


def test_a_form_filled_in_over_another_session_says_so_and_marks_no_mistake(pair: Pair) -> None:
    pair.log(day="2026-10-14", begins="11:00", ends="12:00")
    page = pair.coach.get(f"{NEW}/{pair.enrolment_id}").text
    assert 'value="12:00"' in page
    assert "There is another session from 11:00 to 12:00 that day." in page
    assert "aria-invalid" not in page
