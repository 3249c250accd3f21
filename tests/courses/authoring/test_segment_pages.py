"""The segment editor: each section is kept, nothing typed is lost, and two authors see both texts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import cast

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from courses.authoring.models import DraftRevision, Outcome
from courses.authoring.saving import Saved, save
from courses.authoring.shelf import PartHere
from courses.catalogue.drafts import SegmentDraft
from courses.catalogue.models import ActivityKind, Audience, ObjectiveKind, PartId, Timing
from institute.actors import Actor, Role
from institute.i18n import Localised
from tests.browsing import Visitor
from tests.courses.authoring.filled import changed, errors_of, form_of

Part = Callable[[str], PartHere]
SEGMENT = "module-1/segment-1"
SECTIONS = ["reading", "session", "activities/read", "materials/sheet"]


def _base(part: Part) -> str:
    return f"/author/segments/leadership/{part(SEGMENT).part_id}"


def _draft(part: Part) -> SegmentDraft:
    return cast("SegmentDraft", part(SEGMENT).draft)


def _keep(part: Part, acting: Actor, draft: SegmentDraft) -> None:
    here = part(SEGMENT)
    assert here.part_id is not None
    assert isinstance(save(here.part_id, draft, revision=here.revision, actor=acting), Saved)


@pytest.mark.parametrize("section", SECTIONS)
def test_a_page_sent_as_it_is_shown_changes_nothing(author: Visitor, part: Part, section: str) -> None:
    address, before = f"{_base(part)}/{section}", part(SEGMENT)
    answer = author.post(address, form_of(author.get(address).text).to_dict(flat=False))
    assert answer.status_code == 303
    after = part(SEGMENT)
    assert (after.draft, after.revision) == (before.draft, before.revision)


def test_reading_is_kept_with_everything_on_it(author: Visitor, part: Part) -> None:
    address = f"{_base(part)}/reading"
    form = changed(
        form_of(author.get(address).text),
        title="Listening first",
        content="# Listen\n\n*Closely.*",
        reading_least="30",
        reading_most="90",
        objectives__1__text="Name three ways of listening",
        objectives__1__kind="knowledge",
        objectives__2__text="",
        objectives__3__text="Listen before advising",
        objectives__3__kind="attitude",
        after__1__address="module-1/segment-2",
        days="14",
        core="1",
    )
    assert author.post(address, form).status_code == 303
    draft = _draft(part)
    assert (str(draft.title), str(draft.content)) == ("Listening first", "# Listen\n\n*Closely.*")
    assert (draft.reading.least, draft.reading.most) == (30, 90)
    assert [(one.kind, str(one.text)) for one in draft.objectives] == [
        (ObjectiveKind.KNOWLEDGE, "Name three ways of listening"),
        (ObjectiveKind.ATTITUDE, "Listen before advising"),
    ]
    assert (draft.opens.after, draft.opens.days, draft.core) == (("module-1/segment-2",), 14, True)
    assert "Saved as a draft" in author.get(address).text


def test_a_session_is_planned_and_taken_away(author: Visitor, part: Part) -> None:
    address = f"{_base(part)}/session"
    shown = form_of(author.get(address).text)
    form = changed(
        shown,
        steps__1__audience="coach",
        questions__2__text="What changed?",
        overview="sheet",
        assignment="read",
    )
    assert author.post(address, form).status_code == 303
    session = _draft(part).session
    assert session is not None
    assert session.steps[0].audience is Audience.COACH
    assert [str(one) for one in session.questions] == ["What made it possible?", "What changed?"]
    assert session.onboarding is not None
    assert (session.onboarding.overview, session.onboarding.assignment) == ("sheet", ("read",))
    shown = form_of(author.get(address).text)
    shown.poplist("has_session")
    assert author.post(address, shown.to_dict(flat=False)).status_code == 303
    assert _draft(part).session is None
    assert form_of(author.get(address).text)["number"] == "1"


def test_a_session_that_was_written_is_never_dropped_because_its_box_was_not_ticked(
    author: Visitor, part: Part
) -> None:
    address = f"{_base(part)}/session"
    shown = form_of(author.get(address).text)
    shown.poplist("has_session")
    assert author.post(address, shown.to_dict(flat=False)).status_code == 303
    form = changed(form_of(author.get(address).text), opening="How did it go?")
    answer = author.post(address, form)
    assert answer.status_code == 422
    assert "Tick this to keep the session" in answer.text
    assert form_of(answer.text)["opening"] == "How did it go?"
    assert (
        author.post(address, {**form, "has_session": "1", "number": "1", "minutes_most": "60"}).status_code
        == 303
    )
    session = _draft(part).session
    assert session is not None
    assert str(session.opening) == "How did it go?"


def test_everything_wrong_is_told_beside_its_field_and_everything_typed_stays(
    author: Visitor, part: Part
) -> None:
    address, before = f"{_base(part)}/reading", part(SEGMENT).revision
    form = changed(form_of(author.get(address).text), title="", reading_most="soon", days="x", content="Kept")
    answer = author.post(address, form)
    assert answer.status_code == 422
    assert {"title", "reading_most", "days"} <= errors_of(answer.text)
    shown = form_of(answer.text)
    assert (shown["title"], shown["reading_most"], shown["days"], shown["content"]) == (
        "",
        "soon",
        "x",
        "Kept",
    )
    assert part(SEGMENT).revision == before


def test_a_row_more_is_a_button_that_works_without_scripts(author: Visitor, part: Part) -> None:
    address, before = f"{_base(part)}/session", part(SEGMENT).revision
    form = changed(form_of(author.get(address).text), do="add:questions", opening="Half a sentence")
    answer = author.post(address, form)
    assert answer.status_code == 200
    shown = form_of(answer.text)
    assert (shown["questions-2-text"], shown["opening"]) == ("", "Half a sentence")
    assert 'id="questions-2-text"' in answer.text
    assert "autofocus" in answer.text.partition('id="questions-2-text"')[2].partition(">")[0]
    assert part(SEGMENT).revision == before


def test_an_activity_is_added_changed_moved_and_removed(author: Visitor, part: Part) -> None:
    base = _base(part)
    form = changed(
        form_of(author.get(f"{base}/activities/new").text),
        title="Reflect on listening",
        kind="reflection",
        timing="before",
        minutes="15",
        prompt="Write about a talk.",
        material="sheet",
    )
    assert author.post(f"{base}/activities/new", form).status_code == 303
    made = _draft(part).activities[-1]
    assert (made.key, made.kind, made.material) == ("reflect-on-listening", ActivityKind.REFLECTION, "sheet")
    assert author.post(f"{base}/activities/{made.key}/move", {"way": "up"}).status_code == 303
    assert [one.key for one in _draft(part).activities if one.timing is Timing.BEFORE] == [
        "read",
        "reflect-on-listening",
        "rank",
    ]
    address = f"{base}/activities/{made.key}"
    assert (
        author.post(address, changed(form_of(author.get(address).text), title="Other words")).status_code
        == 303
    )
    assert [one.key for one in _draft(part).activities].count(made.key) == 1
    assert author.post(f"{address}/remove").status_code == 303
    assert author.get(address).status_code == 404
    assert made.key not in [one.key for one in _draft(part).activities]


def test_a_material_that_is_used_stays_until_nothing_uses_it(author: Visitor, part: Part) -> None:
    base = _base(part)
    address = f"{base}/activities/read"
    form = form_of(author.get(address).text)
    assert author.post(address, changed(form, material="sheet")).status_code == 303
    answer = author.post(f"{base}/materials/sheet/remove")
    assert answer.status_code == 409
    assert "Do read" in answer.text
    form = form_of(author.get(address).text)
    assert author.post(address, changed(form, material="")).status_code == 303
    assert author.post(f"{base}/materials/sheet/remove").status_code == 303
    assert _draft(part).materials == ()


def test_a_material_lies_in_one_place_and_says_which_is_missing(author: Visitor, part: Part) -> None:
    base = f"{_base(part)}/materials/new"
    form = changed(form_of(author.get(base).text), title="A film", origin="web", url="javascript:alert(1)")
    answer = author.post(base, form)
    assert answer.status_code == 422
    assert "url" in errors_of(answer.text)
    form["url"] = ["https://example.org/film"]
    assert author.post(base, form).status_code == 303
    assert _draft(part).materials[-1].url == "https://example.org/film"
    form["title"], form["origin"] = ["A book"], ["library"]
    assert "resource" in errors_of(author.post(base, form).text)


def test_a_paste_of_ten_megabytes_comes_back_with_a_sentence(author: Visitor, part: Part) -> None:
    address = f"{_base(part)}/reading"
    form = changed(form_of(author.get(address).text), content="word " * 2_000_000)
    answer = author.post(address, form)
    assert answer.status_code == 422
    assert "9999999 characters" in answer.text
    assert len(form_of(answer.text)["content"]) == 9_999_999


def test_script_in_content_is_shown_as_it_was_typed_and_never_runs(author: Visitor, part: Part) -> None:
    address, evil = f"{_base(part)}/reading", '<script>alert(1)</script><img src=x onerror="alert(2)">'
    form = changed(
        form_of(author.get(address).text), content=evil, title="</textarea><script>", do="look:content"
    )
    answer = author.post(address, form)
    assert answer.status_code == 200
    assert "<script>alert" not in answer.text
    assert "<img src=x" not in answer.text
    assert form_of(answer.text)["content"] == evil
    shown = author.post("/author/segments/markdown", {"text": evil, "locale": "en"})
    assert "<script" not in shown.text
    assert "<img" not in shown.text


def test_a_text_is_shown_as_readers_will_see_it_while_it_is_written(author: Visitor) -> None:
    shown = author.post("/author/segments/markdown", {"text": "# Head\n\n*soft*", "locale": "nowhere"})
    assert "<em>soft</em>" in shown.text
    assert "<html" not in shown.text


def test_of_two_authors_the_second_sees_both_texts_and_both_end_up_in_the_history(
    author: Visitor, other: Visitor, part: Part, session: Session
) -> None:
    address = f"{_base(part)}/reading"
    mine, theirs = form_of(author.get(address).text), form_of(other.get(address).text)
    assert other.post(address, changed(theirs, title="Theirs")).status_code == 303
    answer = author.post(address, changed(mine, title="Mine"))
    assert answer.status_code == 409
    assert "Theirs" in answer.text
    assert form_of(answer.text)["title"] == "Mine"
    assert str(_draft(part).title) == "Theirs"
    assert author.post(address, form_of(answer.text).to_dict(flat=False)).status_code == 303
    assert str(_draft(part).title) == "Mine"
    outcomes = session.scalars(select(DraftRevision.outcome).where(DraftRevision.number > 1)).all()
    assert sorted(outcomes) == [Outcome.CLASHED, Outcome.KEPT, Outcome.KEPT]


def test_two_authors_in_different_sections_are_not_in_each_other_s_way(
    author: Visitor, other: Visitor, part: Part
) -> None:
    base = _base(part)
    mine = form_of(author.get(f"{base}/reading").text)
    theirs = form_of(other.get(f"{base}/session").text)
    assert other.post(f"{base}/session", changed(theirs, opening="Welcome")).status_code == 303
    assert author.post(f"{base}/reading", changed(mine, title="Mine")).status_code == 303
    draft = _draft(part)
    assert draft.session is not None
    assert (str(draft.title), str(draft.session.opening)) == ("Mine", "Welcome")


def test_a_translation_that_comes_meanwhile_stays_and_is_stale_where_the_source_changed(
    author: Visitor, part: Part, acting: Actor
) -> None:
    address = f"{_base(part)}/reading"
    mine = form_of(author.get(address).text)
    title = Localised.of({"en": str(_draft(part).title), "es": "Segmento"})
    _keep(part, acting, replace(_draft(part), title=title))
    assert author.post(address, changed(mine, title="Mine")).status_code == 303
    shown = _draft(part).title.shown("es")
    assert (shown.text, shown.stale) == ("Segmento", True)
    page = author.get(address).text
    assert "Older than this text: Spanish." in page


def test_fields_say_in_which_languages_they_are_not_there_yet(author: Visitor, part: Part) -> None:
    page = author.get(f"{_base(part)}/reading").text
    assert "Not yet in Spanish, Chinese (Traditional), Vietnamese, and Arabic." in page


@pytest.mark.parametrize(
    ("field", "goes_to"),
    [
        ("content", "/reading#content"),
        ("objectives/2/text", "/reading#objectives-2-text"),
        ("reading", "/reading#reading_most"),
        ("opens/after/1", "/reading#after-1-address"),
        ("session/questions", "/session#questions"),
        ("session/minutes/most", "/session#minutes_most"),
        ("activities/read/prompt", "/activities/read#prompt"),
        ("materials/sheet/body", "/materials/sheet#body"),
        ("activities/nothing/prompt", "/activities"),
        ("materials", "/materials"),
        ("", "/reading"),
        ("\x00/../<b>", "/reading"),
    ],
)
def test_a_field_s_path_leads_to_its_section(author: Visitor, part: Part, field: str, goes_to: str) -> None:
    base = _base(part)
    answer = author.get(f"{base}/", query_string={"field": field})
    assert answer.status_code == 303
    assert answer.location.partition(base)[2].startswith(goes_to)


@pytest.mark.parametrize("section", [*SECTIONS, "activities/new", "materials/new"])
def test_no_form_however_odd_breaks_a_page(author: Visitor, part: Part, section: str) -> None:
    odd = ["\x00", "9" * 40, "\ufffd", "\u202e", "-1"]
    fields = [
        "title", "content", "reading_least", "reading_most", "days", "number", "minutes_most", "minutes",
        "session_number", "kind", "timing", "material", "resource", "url", "origin", "tags", "elements",
        "assignment", "overview", "objectives-1-text", "objectives-1-kind", "objectives-9999-kind",
        "objectives-99999-text", "after-1-address", "steps-1-text", "steps-0-audience", "_revision", "_seen",
        "do",
    ]  # fmt: skip
    for value in odd:
        form = dict.fromkeys(fields, value)
        answer = author.post(f"{_base(part)}/{section}", {**form, "has_session": value})
        assert answer.status_code in {200, 303, 409, 422}, answer.text
    assert author.post(f"{_base(part)}/{section}", {}).status_code in {303, 409, 422}


def test_a_segment_of_another_programme_or_institute_is_not_there(
    author: Visitor, part: Part, make_institute: Callable[..., object], sign_in: Callable[..., Visitor],
    make_person: Callable[..., object],
) -> None:  # fmt: skip
    base = _base(part)
    elsewhere = make_institute(slug="harbour")
    stranger = sign_in(make_person(institute_id=elsewhere.id), roles=[Role.AUTHOR])  # type: ignore[attr-defined]
    for section in ("", "reading", "session", "activities", "activities/read", "materials/sheet"):
        assert stranger.get(f"{base}/{section}").status_code == 404
    assert stranger.post(f"{base}/reading", {"title": "Mine"}).status_code == 404
    module = part("module-1").part_id
    assert author.get(f"/author/segments/leadership/{module}/reading").status_code == 404
    assert author.get("/author/segments/leadership/99999999/reading").status_code == 404
    assert author.get(f"/author/segments/nothing/{PartId(1)}/reading").status_code == 404
    assert author.post(f"{base}/activities/nothing", {"title": "x"}).status_code == 404
