"""What a session agreed on: a step for each line, carried forward until done or dropped, ticked by either side."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from courses.sessions.actions import open_actions, steps_of
from courses.sessions.models import AgreedAction, SessionLog, SessionState, Side
from institute.actors import InstituteId, Role
from tests.browsing import Visitor
from tests.courses.coaching.conftest import NEW, Pair, sheet

MakePair = Callable[..., Pair]
TWO = "- Rank the four areas\n2. Share the vision draft with two colleagues"


def still_open(pair: Pair) -> list[str]:
    """Return the texts of what is still to do."""
    lines = open_actions(pair.enrolment_id, institute_id=InstituteId(pair.coach_person.institute_id))
    return [line.text for line in lines]


def actions(session: Session) -> dict[str, AgreedAction]:
    """Return all actions by their texts."""
    found = session.scalars(select(AgreedAction).execution_options(populate_existing=True))
    return {action.text: action for action in found}


def ids(session: Session, *texts: str) -> list[str]:
    """Return the ids of actions as a form sends them."""
    there = actions(session)
    return [str(there[text].id) for text in texts]


def test_each_line_is_a_step_of_its_side_and_the_text_stays_as_typed(
    pair: Pair, session: Session, stored: Callable[[int], SessionLog]
) -> None:
    log_id = pair.log(next_steps=TWO, own_steps="Send the article", due="2026-10-21")
    assert stored(log_id).next_steps == TWO
    assert [(one.text, one.side, str(one.due)) for one in actions(session).values()] == [
        ("Rank the four areas", Side.PARTICIPANT, "2026-10-21"),
        ("Share the vision draft with two colleagues", Side.PARTICIPANT, "2026-10-21"),
        ("Send the article", Side.COACH, "2026-10-21"),
    ]


def test_a_step_comes_back_in_every_log_until_it_is_ticked(pair: Pair, session: Session) -> None:
    pair.log(day="2026-10-10", next_steps=TWO)
    pair.log(day="2026-10-11", next_steps="Call one family")
    form = pair.coach.get(f"{NEW}/{pair.enrolment_id}").text
    for text in ("Rank the four areas", "Share the vision draft", "Call one family"):
        assert text in form
    done = ids(session, "Rank the four areas", "Call one family")
    log_id = pair.log(day="2026-10-12", next_steps="Look back", done=done)
    assert still_open(pair) == ["Share the vision draft with two colleagues", "Look back"]
    assert actions(session)["Rank the four areas"].ended_in == log_id
    form = pair.coach.get(f"{NEW}/{pair.enrolment_id}").text
    assert "Rank the four areas" not in form
    again = sheet(day="2026-10-12", next_steps="Look back", done=done[:1], version="1")
    page = pair.coach.get(f"/coach/sessions/{log_id}/edit").text
    assert page.count('name="done"') == 3, "what it ticked can be unticked there"
    assert pair.coach.post(f"/coach/sessions/{log_id}/edit", again).status_code == 303
    assert "Call one family" in still_open(pair)


def test_a_draft_agrees_on_nothing_and_keeps_its_ticks(pair: Pair, session: Session) -> None:
    pair.log(day="2026-10-10", next_steps=TWO)
    done = ids(session, "Rank the four areas")
    log_id = pair.log(day="2026-10-11", next_steps="Later", done=done, wish="draft")
    assert len(still_open(pair)) == 2
    page = pair.coach.get(f"/coach/sessions/{log_id}/edit").text
    assert f'name="done" value="{done[0]}" checked' in page
    sent = sheet(day="2026-10-11", next_steps="Later", done=done, version="1")
    assert pair.coach.post(f"/coach/sessions/{log_id}/edit", sent).status_code == 303
    assert still_open(pair) == ["Share the vision draft with two colleagues", "Later"]


def test_a_corrected_log_keeps_what_stays_and_drops_what_is_gone(pair: Pair, session: Session) -> None:
    log_id = pair.log(next_steps=TWO)
    again = sheet(next_steps="Rank the four areas\nCall one family", version="1")
    before = ids(session, "Rank the four areas")
    assert pair.coach.post(f"/coach/sessions/{log_id}/edit", again).status_code == 303
    assert still_open(pair) == ["Rank the four areas", "Call one family"]
    assert ids(session, "Rank the four areas") == before
    assert actions(session)["Share the vision draft with two colleagues"].dropped_at is not None


def test_a_log_that_is_taken_back_takes_its_steps_and_ticks_along(pair: Pair, session: Session) -> None:
    pair.log(day="2026-10-10", next_steps="Rank the four areas")
    log_id = pair.log(next_steps="Later", done=ids(session, "Rank the four areas"))
    assert still_open(pair) == ["Later"]
    assert pair.coach.post(f"/coach/sessions/{log_id}/void", {"version": "1"}).status_code == 303
    assert still_open(pair) == ["Rank the four areas"]


def test_a_participant_ticks_their_own_steps_and_reads_the_coach_s(pair: Pair, session: Session) -> None:
    pair.log(next_steps="Rank the four areas", own_steps="Send the article")
    mine, theirs = ids(session, "Rank the four areas", "Send the article")
    page = pair.participant.get("/participant/steps/").text
    assert "Rank the four areas" in page
    assert "Your coach does this" in page
    for _ in range(2):
        ticked = pair.participant.post(f"/participant/steps/action/{mine}/tick", {"done": "1"})
        assert ticked.status_code == 303
    assert still_open(pair) == ["Send the article"]
    assert actions(session)["Rank the four areas"].done_by == pair.participant_person.id
    assert pair.participant.post(f"/participant/steps/action/{theirs}/tick", {"done": "1"}).status_code == 404
    assert pair.participant.post(f"/participant/steps/action/{mine}/tick").status_code == 303
    assert len(still_open(pair)) == 2
    for number in (mine, theirs):
        assert pair.coach.post(f"/coach/steps/action/{number}/tick", {"done": "1"}).status_code == 303
    assert still_open(pair) == []


def test_a_step_is_dropped_with_a_word_and_stays_readable(pair: Pair, session: Session) -> None:
    pair.log(next_steps="Rank the four areas")
    (number,) = ids(session, "Rank the four areas")
    for nothing in ("", " \0 ", "x" * 501):
        assert pair.coach.post(f"/coach/steps/action/{number}/drop", {"why": nothing}).status_code == 422
    assert pair.coach.post(f"/coach/steps/action/{number}/drop", {"why": "Done by Ana"}).status_code == 303
    assert still_open(pair) == []
    assert "Done by Ana" in pair.participant.get("/participant/steps/").text
    assert pair.participant.post(f"/participant/steps/action/{number}/tick", {"done": "1"}).status_code == 303
    assert actions(session)["Rank the four areas"].done_at is None, "what was dropped is not done"


def test_somebody_else_s_steps_are_not_there(
    make_pair: MakePair, session: Session, sign_in: Callable[..., Visitor]
) -> None:
    pair, other = make_pair(), make_pair(name="Mei-Ling Chen")
    pair.log(next_steps="Rank the four areas")
    (number,) = ids(session, "Rank the four areas")
    for verb in ("tick", "drop"):
        answer = other.coach.post(f"/coach/steps/action/{number}/{verb}", {"why": "no", "done": "1"})
        assert answer.status_code == 404
    assert other.participant.post(f"/participant/steps/action/{number}/tick").status_code == 404
    assert other.coach.get(f"/coach/steps/{pair.enrolment_id}").status_code == 404
    assert other.coach.get("/coach/steps/999999").status_code == 404
    form = sheet(day="2026-10-12", done=[number])
    assert other.coach.post(f"{NEW}/{other.enrolment_id}", form).status_code == 303
    assert still_open(pair) == ["Rank the four areas"], "a tick of another's step ticks nothing"
    assert sign_in(other.coach_person, roles=[Role.PARTICIPANT]).get("/participant/steps/").status_code == 200


@pytest.mark.parametrize(
    ("text", "steps"),
    [
        ("", []),
        ("One.\n\n  \nTwo", ["One.", "Two"]),
        ("• a\n– b\n* c\n1) d\n10. e", ["a", "b", "c", "d", "e"]),
        ("-5 degrees\n3.5 hours", ["-5 degrees", "3.5 hours"]),
        ("-\n*", ["-", "*"]),
        ("x" * 600, ["x" * 499 + "…"]),
        ("ﻥﺱ\u2028نص", ["ﻥﺱ", "نص"]),
    ],
)
def test_a_text_is_read_as_the_steps_that_somebody_meant(text: str, steps: list[str]) -> None:
    assert steps_of(text) == steps


def test_a_contact_need_not_agree_on_anything(pair: Pair, stored: Callable[[int], SessionLog]) -> None:
    log_id = pair.log(kind="contact", mode="asynchronous", next_steps="")
    assert stored(log_id).state is SessionState.SUBMITTED
    assert still_open(pair) == []
