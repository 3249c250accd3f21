"""Rules are written in the browser, kept in a draft, read as sentences and published as a new version."""

from __future__ import annotations

import html

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from certificates.levels.models import Level, RuleDraft, RuleSet
from tests.browsing import Visitor
from tests.certificates.rulebook.conftest import LEVEL


def text_of(visitor: Visitor, path: str) -> str:
    """Return a page as it is read."""
    return html.unescape(visitor.get(path).get_data(as_text=True))


def versions(session: Session) -> list[RuleSet]:
    """Return the versions of the first level."""
    session.expire_all()
    query = select(RuleSet).join(Level, Level.id == RuleSet.level_id).where(Level.key == "novice")
    return list(session.scalars(query.order_by(RuleSet.version)))


def test_a_rule_is_kept_in_the_draft_and_asked_for_once_it_is_published(
    administrator: Visitor, session: Session
) -> None:
    sent = {
        "kind": "one_to_one_hours",
        "hours": "4.5",
        "strand": "skills",
        "draft": "0",
        "recent_months": "12",
    }
    assert administrator.post(f"{LEVEL}/rule", sent).status_code == 303
    page = text_of(administrator, LEVEL)
    assert "At least 4 h 30 min of one-to-one coaching, within the last 12 months" in page
    assert "Skills" in page
    assert len(versions(session)) == 1
    assert "New or changed" in text_of(administrator, f"{LEVEL}/publish")
    assert administrator.post(f"{LEVEL}/publish", {"draft": "1"}).status_code == 303
    newest = versions(session)[-1]
    assert newest.version == 2
    assert newest.rules[-1] == {
        "kind": "one_to_one_hours",
        "amount": 270,
        "strand": "skills",
        "recent_months": 12,
    }
    assert session.scalars(select(RuleDraft)).all() == []


def test_the_sentences_are_read_in_every_language(administrator: Visitor) -> None:
    for locale in ("es", "zh_Hant", "vi", "ar"):
        assert f'lang="{locale.replace("_", "-")}"' in text_of(administrator, f"{LEVEL}?in={locale}")


@pytest.mark.parametrize(
    ("sent", "problem"),
    [
        ({"kind": "hours", "hours": "a lot"}, "Write a number of hours, such as 40 or 4.5."),
        ({"kind": "hours", "hours": "-1"}, "Write a number of hours, such as 40 or 4.5."),
        (
            {"kind": "hours", "hours": "9", "within_months": "999"},
            "Write a number of months from 1 to 240, or nothing.",
        ),
        ({"kind": "months", "number": "0"}, "Write a whole number from 1 to 1000."),
        ({"kind": "evidence", "key": "nothing"}, "Choose one of the list."),
        (
            {"kind": "score", "key": "x", "minimum": "7/0"},
            "Write a score from 1 to 9, such as 3, 2.5 or 7/3.",
        ),
        ({"kind": "any_of", "one_of": "level:novice"}, "Choose from 2 to 6 things of which one is enough."),
        ({"kind": "\x00"}, "Choose what the rule asks for."),
    ],
)
def test_a_rule_that_says_too_little_comes_back_as_it_was_typed(
    administrator: Visitor, session: Session, sent: dict[str, str], problem: str
) -> None:
    answer = administrator.post(f"{LEVEL}/rule", {**sent, "draft": "0"})
    assert answer.status_code == 422
    page = html.unescape(answer.get_data(as_text=True))
    assert problem in page
    if sent.get("hours"):
        assert f'value="{sent["hours"]}"' in page
    assert session.scalars(select(RuleDraft)).all() == []


def test_who_writes_on_what_somebody_else_changed_is_told_and_loses_nothing_of_theirs(
    administrator: Visitor, session: Session
) -> None:
    administrator.post(f"{LEVEL}/rule", {"kind": "not_supervised", "draft": "0"})
    late = administrator.post(f"{LEVEL}/rule", {"kind": "months", "number": "3", "draft": "0"})
    assert late.status_code == 409
    page = late.get_data(as_text=True)
    assert "Somebody else changed these rules meanwhile" in page
    assert (
        'name="number" type="text" value="3"' in page
    )  # nothing typed is lost, and pressed again it is kept
    assert 'name="draft" value="1"' in page
    draft = session.scalars(select(RuleDraft)).one()
    assert [rule["kind"] for rule in draft.document["rules"]][-1] == "not_supervised"


def test_a_rule_that_was_taken_out_can_be_put_back(administrator: Visitor, session: Session) -> None:
    administrator.post(f"{LEVEL}/arrange", {"place": "0", "wish": "out", "draft": "0"})
    assert "1 rule taken out" in text_of(administrator, LEVEL)
    administrator.post(f"{LEVEL}/arrange", {"place": "0", "wish": "back", "draft": "1"})
    draft = session.scalars(select(RuleDraft)).one()
    assert [rule["kind"] for rule in draft.document["rules"]] == ["dispute_free", "hours"]
    assert (
        administrator.post(f"{LEVEL}/arrange", {"place": "9", "wish": "out", "draft": "2"}).status_code == 404
    )


def test_a_pathway_has_rules_of_its_own_and_takes_them_along(
    administrator: Visitor, session: Session
) -> None:
    administrator.post(f"{LEVEL}/pathways", {"pathway_name": "For coaches of many years", "draft": "0"})
    key = "for-coaches-of-many-years"
    sent = {"kind": "sessions", "number": "2", "pathways": key, "draft": "1"}
    administrator.post(f"{LEVEL}/rule", sent)
    assert "Only on: For coaches of many years" in text_of(administrator, LEVEL)
    again = administrator.post(
        f"{LEVEL}/pathways", {"pathway_name": "for coaches OF many years", "draft": "2"}
    )
    assert again.status_code == 422
    administrator.post(f"{LEVEL}/pathways/drop", {"pathway": key, "draft": "2"})
    document = session.scalars(select(RuleDraft)).one().document
    assert (document["pathways"], len(document["rules"]), len(document["out"])) == ([], 2, 1)


def test_how_long_a_certificate_holds_and_what_renews_it_are_part_of_the_version(
    administrator: Visitor, session: Session
) -> None:
    administrator.post(f"{LEVEL}/validity", {"valid_months": "36", "draft": "0"})
    administrator.post(f"{LEVEL}/rule", {"kind": "sessions", "number": "3", "which": "renewal", "draft": "1"})
    administrator.post(f"{LEVEL}/publish", {"draft": "2"})
    newest = versions(session)[-1]
    assert (newest.valid_months, newest.renewal) == (36, [{"kind": "sessions", "amount": 3}])
    assert (
        administrator.post(f"{LEVEL}/validity", {"valid_months": "for ever", "draft": "0"}).status_code == 422
    )


def test_names_are_written_in_every_language_and_needed_in_the_first(
    administrator: Visitor, session: Session
) -> None:
    sent = {"name/en": "Beginner", "name/es": "Principiante", "draft": "0"}
    assert administrator.post(f"{LEVEL}/texts", sent).status_code == 303
    administrator.post(f"{LEVEL}/publish", {"draft": "1"})
    session.expire_all()
    level = session.scalars(select(Level).where(Level.key == "novice")).one()
    assert dict(level.name.texts) == {"en": "Beginner", "es": "Principiante"}
    assert administrator.post(f"{LEVEL}/texts", {"name/en": "  ", "draft": "0"}).status_code == 422


def test_a_new_level_stands_above_the_others_and_can_be_reached_by_nobody_yet(
    administrator: Visitor, session: Session
) -> None:
    sent = {"track": "coach", "name": "Lead coach"}
    assert administrator.post("/administrator/levels/", sent).status_code == 303
    level = session.scalars(select(Level).where(Level.key == "lead-coach")).one()
    assert (level.track, level.position) == ("coach", 1)
    assert "No rules yet: nobody can reach it." in text_of(administrator, "/administrator/levels/")
    assert administrator.post("/administrator/levels/", sent).status_code == 422
    empty = administrator.post("/administrator/levels/lead-coach/publish", {"draft": "0"})
    assert empty.status_code == 409


def test_rules_are_tried_on_a_cohort_before_anybody_is_held_to_them(
    administrator: Visitor, session: Session, make_candidate: object
) -> None:
    candidate = make_candidate()  # type: ignore[operator]
    session.expire_all()
    administrator.post(f"{LEVEL}/rule", {"kind": "hours", "hours": "50", "place": "0", "draft": "0"})
    page = text_of(administrator, f"{LEVEL}/try")
    cohort = page.split('<option value="')[1].split('"')[0]
    tried = text_of(administrator, f"{LEVEL}/try?cohort={cohort}")
    assert "0 of 1 person would be eligible; by the published rules 1." in tried
    assert "By the published rules: eligible" in tried
    assert candidate.person.name in tried
    assert administrator.get(f"{LEVEL}/try?cohort=999999").status_code == 404
    assert administrator.get(f"{LEVEL}/try?cohort=x").status_code == 404


def test_an_address_that_nothing_can_be_called_is_not_there(administrator: Visitor) -> None:
    for path in ("/administrator/levels/%00", "/issuers/%00", "/issuers/valley/achievements/%00/1"):
        assert administrator.get(path).status_code == 404


def test_a_pathway_that_asks_for_nothing_is_not_published(administrator: Visitor, session: Session) -> None:
    administrator.post(f"{LEVEL}/pathways", {"pathway_name": "Short", "draft": "0"})
    for place, revision in ((0, 1), (0, 2)):
        administrator.post(f"{LEVEL}/arrange", {"place": str(place), "wish": "out", "draft": str(revision)})
    sent = {"kind": "sessions", "number": "2", "pathways": "short", "draft": "3"}
    assert administrator.post(f"{LEVEL}/rule", sent).status_code == 303
    refused = administrator.post(f"{LEVEL}/publish", {"draft": "4"})
    assert (refused.status_code, len(versions(session))) == (409, 1)


def test_a_level_is_not_named_like_another_nor_longer_than_fits(administrator: Visitor) -> None:
    for name in ("career", "x" * 61):
        sent = {"name/en": name, "draft": "0"}
        assert administrator.post(f"{LEVEL}/texts", sent).status_code == 422
    sent = {"name/en": "Begin\u202ener\x00", "draft": "0"}
    assert administrator.post(f"{LEVEL}/texts", sent).status_code == 303
    assert "Begin ner" in text_of(administrator, LEVEL)
