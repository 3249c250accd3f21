"""Guides on pages: each area has its renderings, of the version that its reader has."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from courses.catalogue.drafts import OpeningDraft, ProgrammeContent
from courses.catalogue.publishing import publish_version
from courses.catalogue.queries import newest_version
from courses.catalogue.reviving import content_of
from institute.actors import Actor, Role
from institute.i18n import Localised
from institute.people.models import Person
from tests.browsing import Visitor
from tests.courses.conftest import Studied
from tests.courses.guides.conftest import COACH, PARTICIPANT, SECRETS, Pair
from tests.programmes import Change, english, segment_draft, with_segment

SHEETS = {"paper": "a4", "locale": "en"}


def text_of(visitor: Visitor, path: str) -> str:
    """Return a page."""
    answer = visitor.get(path)
    assert answer.status_code == 200, (path, answer.status_code)
    return answer.get_data(as_text=True)


def test_a_participant_reads_what_to_read_and_do_and_fill_in(pair: Pair, full: ProgrammeContent) -> None:
    text = text_of(pair.participant, PARTICIPANT)
    for wanted in (
        "Participant guide", "Module 1: Core practice", "What leaders do", "Tell the story.", "Our office opens at",
        "A practice model lives in what leaders do.", "Before session 1", "Do read", "In session 1",
        "Look back together",
        "Whose voice is missing?", "After session 1", "Prepare for segment 2", "Answer <em>each</em> statement.",
        "Write <em>here</em>.", "Look at yourself", "I listen first.", "What surprised you?",
        "Download PDF", "Version 2",
    ):  # fmt: skip
        assert wanted in text, wanted


def test_a_quick_reference_says_objectives_hours_sessions_and_what_to_do_when(
    pair: Pair, full: ProgrammeContent
) -> None:
    for visitor, path in ((pair.participant, PARTICIPANT), (pair.coach, COACH)):
        text = text_of(visitor, f"{path}/quick")
        for wanted in (
            "Quick reference",
            "Coaching: 2 h",
            "Session 1",
            "30 to 45 min",
            "Do read",
            "Do look",
            "Do prepare",
        ):
            assert wanted in text, wanted
        assert "A practice model lives" not in text


def test_a_coach_reads_the_script_with_what_is_for_them_alone_marked(
    pair: Pair, full: ProgrammeContent
) -> None:
    text = text_of(pair.coach, COACH)
    for wanted in (
        *SECRETS, "Coach guide", "For you alone", "For both", "Onboarding", "the participant acknowledges it",
        "Give the first assignment:", "Questions to reflect on", "Wrapping up",
        "What participants do before the session",
        "Answer <em>each</em> statement.", "Skill", "What participants read",
    ):  # fmt: skip
        assert wanted in text, wanted


def test_a_participant_gets_the_script_by_no_address(pair: Pair, full: ProgrammeContent) -> None:
    assert pair.coach.post(f"{COACH}/coach/document", SHEETS).status_code == 303
    for path in ("", "/participant", "/quick"):
        text = text_of(pair.participant, PARTICIPANT + path)
        assert not [secret for secret in SECRETS if secret in text]
        assert "For you alone" not in text
    query = "?paper=a4&locale=en"
    for path in ("/coach", f"/coach/document{query}", f"/coach/document/file{query}"):
        assert pair.participant.get(PARTICIPANT + path).status_code == 404, path
        assert pair.participant.get(COACH + path).status_code == 403, path
    assert pair.participant.post(f"{PARTICIPANT}/coach/document", SHEETS).status_code == 404
    assert pair.participant.get(f"{PARTICIPANT}?with={pair.enrolment_id}").status_code == 404


def test_each_reads_the_version_that_they_have(
    pair: Pair, author: Visitor, studied: Studied, system: Actor
) -> None:
    content = content_of(newest_version(system.institute_id, "leadership"))
    changed = with_segment(segment_draft(content=english("A newer text.")))(content)
    publish_version(changed, actor=system)
    old, new = "A practice model lives in what leaders do.", "A newer text."
    for visitor, path in ((pair.participant, PARTICIPANT), (pair.coach, f"{COACH}?with={pair.enrolment_id}")):
        text = text_of(visitor, path)
        assert "Version 1" in text
        assert new not in text
    assert pair.participant.get(f"{PARTICIPANT}?version=2").status_code == 404
    assert new in text_of(pair.coach, f"{COACH}?version=2")
    written = "/author/guides/leadership/module-1"
    assert new in text_of(author, f"{written}/participant")
    older = text_of(author, f"{written}?version=1")
    assert "Version 1" in older
    assert old in older
    assert 'name="paper"' in older
    assert "version=1" in older


def test_a_facilitator_reads_all_renderings_of_the_cohorts_programme(
    full: ProgrammeContent,
    make_person: Callable[..., Person],
    sign_in: Callable[..., Visitor],
    studied: Studied,
) -> None:
    visitor = sign_in(make_person(), roles=[Role.FACILITATOR], place=studied.cohort_id)
    for rendering in ("", "/coach", "/participant", "/quick"):
        assert visitor.get(f"/facilitator/guides/leadership/module-1{rendering}").status_code == 200
    elsewhere = sign_in(make_person(email="b@example.test"), roles=[Role.FACILITATOR])
    assert elsewhere.get("/facilitator/guides/leadership/module-1").status_code == 404


def test_what_is_not_open_yet_is_only_announced_to_participants(
    pair: Pair, make_version: Callable[[Change], object]
) -> None:
    later = segment_draft(
        number=2,
        title=english("What comes later"),
        content=english("A text for later."),
        opens=OpeningDraft(after=("module-1/segment-1",)),
    )
    make_version(with_segment(later))
    for path in (PARTICIPANT, f"{PARTICIPANT}/quick"):
        text = text_of(pair.participant, path)
        assert "What comes later" in text
        assert "This segment opens later." in text
        assert "A text for later." not in text
    assert "A text for later." in text_of(pair.coach, COACH)


def test_a_missing_and_a_stale_translation_are_said(
    pair: Pair, make_version: Callable[[Change], object]
) -> None:
    text = Localised.of({"en": "One", "es": "Uno"})
    make_version(with_segment(segment_draft(title=text, content=text.revised("Another"))))
    pair.participant.post("/language", {"locale": "es"})
    page = text_of(pair.participant, PARTICIPANT)
    assert page.count('class="g-note"') >= 3
    assert '<p lang="en" dir="ltr">Where it comes from.</p>' in page
    pair.participant.post("/language", {"locale": "ar"})
    assert '<html lang="ar" dir="rtl"' in text_of(pair.participant, PARTICIPANT)


def test_words_of_authors_stay_words(pair: Pair, make_version: Callable[[Change], object]) -> None:
    hostile = english('"><script>alert(1)</script>%(x)s {{ 7*7 }} \u202e')
    make_version(with_segment(segment_draft(title=hostile, content=hostile, local_note=hostile)))
    for visitor, path in ((pair.participant, PARTICIPANT), (pair.coach, COACH)):
        for rendering in ("", "/quick"):
            text = text_of(visitor, path + rendering)
            assert "<script>alert" not in text
            assert "{{ 7*7 }}" in text


def test_a_module_without_segments_says_so(pair: Pair, make_version: Callable[[Change], object]) -> None:
    make_version(lambda content: replace(content, modules=(replace(content.modules[0], segments=()),)))
    for path in (PARTICIPANT, f"{PARTICIPANT}/quick"):
        assert "This module is being written." in text_of(pair.participant, path)


@pytest.mark.parametrize(
    "end",
    [
        "/module-9", "/module-1/nothing", "/module-1/%00", "/%FF", "/module-1?version=0", "/module-1?version=x",
        "/module-1?version=99999999999999999999", "/module-1?with=1e3", "/module-1?with=-1", "/module-1?with=0",
        "/module-1?version=%D9%A1", "/module-1/quick/document?paper=a5&locale=en",
        "/module-1/quick/document?paper=a4&locale=xx", "/module-1/quick/document/file?paper=a5",
    ],
)  # fmt: skip
def test_what_is_not_there_is_not_found(pair: Pair, end: str) -> None:
    assert pair.coach.get(f"/coach/guides/leadership{end}").status_code == 404
    assert pair.participant.get(f"/participant/guides/leadership{end}").status_code == 404


def test_another_programme_and_another_institute_are_not_found(
    pair: Pair, make_institute: Callable[..., object], make_studied: Callable[[Actor], Studied]
) -> None:
    other = make_institute(slug="harbour")
    make_studied(Actor(institute_id=other.id, person_id=None))  # type: ignore[attr-defined]
    for visitor, area in ((pair.coach, "coach"), (pair.participant, "participant")):
        assert visitor.get(f"/{area}/guides/stewardship/module-1").status_code == 404
