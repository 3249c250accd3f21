"""What the rulebook refuses, each with a sentence of its own, and what it says before it publishes."""

from __future__ import annotations

import html

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from certificates.levels.models import Level, RuleDraft, RuleSet
from certificates.rulebook.drafting import MOST_RULES
from tests.browsing import Visitor
from tests.certificates.rulebook.conftest import LEVEL
from tests.certificates.rulebook.test_writing import text_of


def rules_of(session: Session) -> list[dict[str, object]]:
    """Return the rules of the draft."""
    session.expire_all()
    return list(session.scalars(select(RuleDraft)).one().document["rules"])


def test_the_same_rule_is_not_added_twice(administrator: Visitor, session: Session) -> None:
    sent = {"kind": "hours", "hours": "40", "draft": "0"}  # the level asks for one hour already
    answer = administrator.post(f"{LEVEL}/rule", sent)
    assert answer.status_code == 409
    page = html.unescape(answer.text)
    assert "The level asks for this already. Change that rule instead of adding another." in page
    assert 'value="40"' in page
    assert session.scalars(select(RuleDraft)).all() == []
    narrowed = {**sent, "modes": "video"}
    assert administrator.post(f"{LEVEL}/rule", narrowed).status_code == 303
    assert administrator.post(f"{LEVEL}/rule", {**sent, "place": "0", "draft": "1"}).status_code == 303


def test_a_rule_is_not_put_back_beside_one_that_says_the_same(
    administrator: Visitor, session: Session
) -> None:
    administrator.post(f"{LEVEL}/arrange", {"place": "0", "wish": "out", "draft": "0"})
    administrator.post(f"{LEVEL}/rule", {"kind": "hours", "hours": "40", "draft": "1"})
    back = administrator.post(f"{LEVEL}/arrange", {"place": "0", "wish": "back", "draft": "2"})
    assert (back.status_code, len(rules_of(session))) == (409, 2)


def test_a_rule_of_renewal_goes_back_to_renewal(administrator: Visitor, session: Session) -> None:
    administrator.post(f"{LEVEL}/rule", {"kind": "sessions", "number": "3", "which": "renewal", "draft": "0"})
    for draft, wish in enumerate(("out", "back"), start=1):
        sent = {"place": "0", "wish": wish, "which": "renewal", "draft": str(draft)}
        assert administrator.post(f"{LEVEL}/arrange", sent).status_code == 303
    assert session.scalars(select(RuleDraft)).one().document["renewal"] == [{"kind": "sessions", "amount": 3}]
    assert len(rules_of(session)) == 2


@pytest.mark.parametrize("sent", [{"wish": "sideways"}, {"wish": "up", "which": "elsewhere"}])
def test_a_wish_that_nobody_knows_changes_nothing(
    administrator: Visitor, session: Session, sent: dict[str, str]
) -> None:
    answer = administrator.post(f"{LEVEL}/arrange", {"place": "1", "draft": "0", **sent})
    assert answer.status_code == 404
    assert session.scalars(select(RuleDraft)).all() == []


def test_a_level_has_so_many_rules_at_most(administrator: Visitor, session: Session) -> None:
    administrator.post(f"{LEVEL}/rule", {"kind": "not_supervised", "draft": "0"})
    draft = session.scalars(select(RuleDraft)).one()
    rules = [{"kind": "sessions", "amount": 1, "recent_months": months + 1} for months in range(MOST_RULES)]
    draft.document = {**draft.document, "rules": rules}
    session.commit()
    answer = administrator.post(f"{LEVEL}/rule", {"kind": "dispute_free", "draft": "1"})
    assert answer.status_code == 409
    assert "A level has 60 rules at most." in answer.text


def test_minutes_are_written_as_minutes(administrator: Visitor, session: Session) -> None:
    sent = {"kind": "one_to_one_hours", "hours": "1", "minutes": "20", "draft": "0"}
    assert administrator.post(f"{LEVEL}/rule", sent).status_code == 303
    assert rules_of(session)[-1]["amount"] == 80
    page = text_of(administrator, f"{LEVEL}/rule?place=2")
    assert 'name="hours" type="text" value="1"' in page
    assert 'name="minutes" type="text" value="20"' in page
    for wrong in ("60", "-1", "x"):
        assert administrator.post(f"{LEVEL}/rule", {**sent, "minutes": wrong}).status_code == 422


def test_a_choice_joins_hours_and_meetings_and_keeps_them_when_it_is_changed(
    administrator: Visitor, session: Session
) -> None:
    sent = {
        "kind": "any_of",
        "or_hours": "40",
        "or_hours_minutes": "20",
        "or_meetings_which": "coach",
        "or_meetings": "4",
        "draft": "0",
    }
    assert administrator.post(f"{LEVEL}/rule", sent).status_code == 303
    hours, meetings = {"kind": "hours", "amount": 2420}, {"kind": "meetings", "amount": 4, "key": "coach"}
    assert rules_of(session)[-1]["one_of"] == [hours, meetings]
    page = text_of(administrator, f"{LEVEL}/rule?place=2")
    assert 'value="kept:0" checked' in page
    changed = {
        "kind": "any_of",
        "place": "2",
        "one_of": ["kept:1", "level:career", "kept:9", "kept:x"],
        "draft": "1",
    }
    assert administrator.post(f"{LEVEL}/rule", changed).status_code == 303
    assert rules_of(session)[-1]["one_of"] == [meetings, {"kind": "level", "key": "career"}]


@pytest.mark.parametrize(
    ("sent", "problem"),
    [
        ({"or_hours": "40"}, "Choose from 2 to 6 things of which one is enough."),
        ({"or_meetings": "4"}, "Choose one of the list."),
        ({"or_meetings_which": "coach"}, "Write a whole number from 1 to 1000."),
        ({"or_sessions": "4", "or_hours": "-1"}, "Write a number of hours, such as 40 or 4.5."),
    ],
)
def test_half_a_choice_is_not_kept(administrator: Visitor, sent: dict[str, str], problem: str) -> None:
    answer = administrator.post(f"{LEVEL}/rule", {"kind": "any_of", "draft": "0", **sent})
    assert answer.status_code == 422
    assert problem in html.unescape(answer.text)


def test_texts_that_two_people_write_at_once_stand_side_by_side(administrator: Visitor) -> None:
    administrator.post(f"{LEVEL}/texts", {"name/en": "Beginner", "draft": "0"})
    late = administrator.post(f"{LEVEL}/texts", {"name/en": "Starter", "draft": "0"})
    assert late.status_code == 409
    page = html.unescape(late.text)
    assert "Somebody else changed these rules meanwhile" in page
    assert 'value="Starter"' in page
    assert "It says now: Beginner" in page
    assert administrator.post(f"{LEVEL}/discard", {"draft": "0"}).status_code == 409
    assert administrator.post(f"{LEVEL}/discard", {"draft": "1"}).status_code == 303


def test_a_rule_that_somebody_moved_meanwhile_is_found_again_and_what_was_typed_stays(
    administrator: Visitor, session: Session
) -> None:
    page = text_of(administrator, f"{LEVEL}/rule?place=0")
    was = page.split('name="was" value="')[1].split('"')[0]
    administrator.post(f"{LEVEL}/arrange", {"place": "0", "wish": "down", "draft": "0"})
    sent = {"kind": "hours", "hours": "41", "place": "0", "was": was}
    late = administrator.post(f"{LEVEL}/rule", {**sent, "draft": "0"})
    assert late.status_code == 409
    page = html.unescape(late.text)
    assert "Somebody else changed these rules meanwhile" in page
    assert 'value="41"' in page
    assert 'name="place" value="1"' in page
    assert 'name="draft" value="1"' in page
    assert administrator.post(f"{LEVEL}/rule", {**sent, "place": "1", "draft": "1"}).status_code == 303
    assert rules_of(session)[1]["amount"] == 41 * 60


def test_a_rule_that_somebody_took_out_meanwhile_can_be_added_as_it_was_typed(
    administrator: Visitor, session: Session
) -> None:
    page = text_of(administrator, f"{LEVEL}/rule?place=0")
    was = page.split('name="was" value="')[1].split('"')[0]
    administrator.post(f"{LEVEL}/arrange", {"place": "0", "wish": "out", "draft": "0"})
    sent = {"kind": "hours", "hours": "41", "place": "0", "was": was}
    late = administrator.post(f"{LEVEL}/rule", {**sent, "draft": "0"})
    assert (late.status_code, 'value="41"' in late.text) == (409, True)
    assert 'name="place" value=""' in late.text
    assert administrator.post(f"{LEVEL}/rule", {**sent, "place": "", "draft": "1"}).status_code == 303
    assert [rule["kind"] for rule in rules_of(session)].count("hours") == 1


def test_before_it_publishes_it_says_everything_that_changes(
    administrator: Visitor, session: Session
) -> None:
    administrator.post(f"{LEVEL}/texts", {"name/en": "Beginner", "draft": "0"})
    administrator.post(f"{LEVEL}/validity", {"valid_months": "36", "draft": "1"})
    administrator.post(f"{LEVEL}/arrange", {"place": "0", "wish": "down", "draft": "2"})
    administrator.post(f"{LEVEL}/pathways", {"pathway_name": "Short", "draft": "3"})
    sent = {"kind": "sessions", "number": "2", "pathways": "short", "draft": "4"}
    administrator.post(f"{LEVEL}/rule", sent)
    page = text_of(administrator, f"{LEVEL}/publish")
    for line in (
        "Name (English): Beginner instead of Novice",
        "Months that a certificate holds: 36 months instead of for ever",
        "The rules stand in another order.",
        "A pathway more: Short",
        "Only on: Short",
    ):
        assert line in page, line
    assert administrator.post(f"{LEVEL}/publish", {"draft": "5"}).status_code == 303
    newest = session.scalars(
        select(RuleSet).join(Level, Level.id == RuleSet.level_id).where(Level.key == "novice")
    ).all()[-1]
    assert newest.valid_months == 36
    assert "Nothing is being written" in text_of(administrator, f"{LEVEL}/publish")


NASTY = ("9" * 30, "-1", "٣", "½", "1e9", "7/0", "1/", "\x00", "\u202e", "😀" * 200, "' OR 1=1 --", " ")


@pytest.mark.parametrize("value", NASTY)
def test_whatever_is_typed_is_answered(administrator: Visitor, value: str) -> None:
    fields = ("hours", "minutes", "number", "minimum", "within_months", "recent_months", "key", "strand")
    rule = {**dict.fromkeys((*fields, "modes", "pathways", "one_of", "or_hours", "or_meetings"), value)}
    for kind in ("hours", "sessions", "score", "meetings", "any_of", "level", value):
        assert administrator.post(f"{LEVEL}/rule", {**rule, "kind": kind, "draft": "0"}).status_code < 500
    for path, sent in (
        ("rule", {"kind": "plan", "number": "1", "place": value, "draft": value}),
        ("arrange", {"place": value, "wish": "up", "draft": "0"}),
        ("texts", {"name/en": value, "title/ar": value, "draft": "0"}),
        ("validity", {"valid_months": value, "draft": value}),
        ("pathways", {"pathway_name": value, "draft": "0"}),
        ("publish", {"draft": value}),
        ("discard", {"draft": value}),
    ):
        assert administrator.post(f"{LEVEL}/{path}", sent).status_code < 500, path
    for query in ({"cohort": value}, {"cohort": "1", "page": value}):
        assert administrator.get(f"{LEVEL}/try", query_string=query).status_code < 500
    for query in ({"in": value}, {"kind": value, "which": value, "place": value}):
        assert administrator.get(f"{LEVEL}/rule", query_string=query).status_code < 500
