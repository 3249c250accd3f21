"""Writing a rubric in the browser: whatever is typed is kept, and what is to be mended stands beside its field."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from certificates.rubrics.draft_models import Outcome, RubricSave
from certificates.rubrics.models import RubricId
from courses.frameworks.drafts import ElementDraft, FrameworkDraft
from courses.frameworks.keeping import put_framework
from courses.frameworks.models import Audience
from institute.actors import Actor, Role
from tests.certificates.rubrics.conftest import AREA, KEY, MakeWriter, Writer, english, newest_version

FIRST = f"/{KEY}/criteria/criterion-1"
ANYTHING = [
    "\0",
    "10" * 15,
    "1e999999999",
    "-3",
    "½",
    "٣",
    "<script>alert(1)</script>",
    "x" * 30_000,
]


@pytest.fixture
def begun(writer: Writer, published: RubricId) -> Writer:
    """An author who writes the next version."""
    assert writer.visitor.post(f"{AREA}/{KEY}/begin").status_code == 303
    return writer


def test_a_rubric_is_written_from_nothing_until_it_can_be_published(writer: Writer) -> None:
    assert "There is no rubric yet" in writer.page("/")
    assert writer.visitor.post(f"{AREA}/new", {"title": "Room plan"}).status_code == 303
    assert writer.visitor.post(f"{AREA}/{KEY}/criteria", {"title": "Places for talk"}).status_code == 303
    assert "to be mended" in writer.page(f"/{KEY}")
    assert writer.save(f"/{KEY}/about", **{f"levels__{n}": f"Level {n}" for n in range(1, 5)}) == 303
    texts = {f"criteria__places-for-talk__descriptors__{n}": f"It shows {n}." for n in range(1, 5)}
    assert writer.save(f"/{KEY}/criteria/places-for-talk", **texts) == 303
    assert "The draft is ready" in writer.page(f"/{KEY}")
    form = writer.fields(f"/{KEY}/publish") | {"known": "1"}
    assert writer.visitor.post(f"{AREA}/{KEY}/publish", form).status_code == 303
    assert newest_version(writer) == 1
    assert "Version 1" in writer.page("/")


def test_what_is_impossible_is_kept_and_told_beside_its_field(begun: Writer) -> None:
    assert begun.save(f"/{KEY}/about", cut="9", levels__1="") == 303
    page = begun.page(f"/{KEY}/about")
    assert 'value="9"' in page
    assert "Write a number from 1 to 3" in page
    assert 'id="levels/1-error"' in page
    assert begun.save(FIRST, **{"criteria/criterion-1/descriptors/2": ""}) == 303
    assert "criteria/criterion-1/descriptors/2-error" in begun.page(FIRST)
    assert begun.visitor.get(f"{AREA}/{KEY}/publish").status_code == 200
    seen = begun.seen("")
    answer = begun.visitor.post(f"{AREA}/{KEY}/publish", {"seen": seen, "version": "1", "known": "1"})
    assert answer.status_code == 409
    assert newest_version(begun) == 1


@pytest.mark.parametrize("typed", ANYTHING)
def test_nothing_that_is_typed_breaks_a_page(begun: Writer, typed: str) -> None:
    fields = dict.fromkeys(begun.fields(FIRST), typed) | {"_revision": begun.seen("criteria/criterion-1")}
    assert begun.visitor.post(f"{AREA}{FIRST}", fields).status_code == 303
    fields = dict.fromkeys(begun.fields(f"/{KEY}/policy"), typed) | {"_revision": begun.seen("policy")}
    assert begun.visitor.post(f"{AREA}/{KEY}/policy", fields).status_code == 303
    fields = dict.fromkeys(begun.fields(f"/{KEY}/about"), typed) | {"_revision": begun.seen("about")}
    assert begun.visitor.post(f"{AREA}/{KEY}/about", fields).status_code == 303
    for path in ("", "/about", "/policy", "/publish", "/preview", "/compare", "/history", "/file?of=draft"):
        assert begun.visitor.get(f"{AREA}/{KEY}{path}").status_code == 200, path
    assert begun.visitor.get(f"{AREA}{FIRST}").status_code == 200
    assert begun.visitor.post(f"{AREA}/{KEY}/criteria", {"title": typed}).status_code == 303
    assert begun.visitor.post(f"{AREA}/new", {"title": typed, "key": typed}).status_code in {303, 422}
    for query in ("before", "after"):
        answer = begun.visitor.get(f"{AREA}/{KEY}/compare", query_string={query: typed})
        assert answer.status_code == 404


def test_of_two_who_write_a_section_the_second_sees_both_texts(
    begun: Writer, make_writer: MakeWriter, session: Session
) -> None:
    other = make_writer(name="Noor Haddad")
    old = begun.fields(FIRST)
    assert other.save(FIRST, **{"criteria/criterion-1/title": "Theirs"}) == 303
    answer = begun.visitor.post(f"{AREA}{FIRST}", old | {"criteria/criterion-1/title": "Mine"})
    assert answer.status_code == 409
    assert "Theirs" in answer.text
    assert "Mine" in answer.text
    assert "Noor Haddad" in answer.text
    assert begun.sketch().criteria[0].title.texts["en"] == "Theirs"
    outcomes = list(session.scalars(select(RubricSave.outcome).order_by(RubricSave.id)))
    assert outcomes[-1] is Outcome.CLASHED
    form = old | {"criteria/criterion-1/title": "Mine", "_revision": begun.seen("criteria/criterion-1")}
    assert begun.visitor.post(f"{AREA}{FIRST}", form).status_code == 303
    assert begun.sketch().criteria[0].title.texts["en"] == "Mine"


def test_who_writes_another_section_is_in_nobody_s_way(begun: Writer, make_writer: MakeWriter) -> None:
    mine = begun.fields(FIRST)
    assert make_writer().save(f"/{KEY}/policy", **{"policy/share": "35"}) == 303
    answer = begun.visitor.post(f"{AREA}{FIRST}", mine | {"criteria/criterion-1/title": "Mine"})
    assert answer.status_code == 303
    assert begun.sketch().policy["share"] == "35"


def test_a_changed_text_makes_its_translations_stale_and_keeps_them(begun: Writer) -> None:
    assert begun.save(f"/{KEY}/about", title="Plan of a room") == 303
    title = begun.sketch().title
    assert title.texts == {"en": "Plan of a room", "es": "Plan de la sala"}
    assert title.shown("es").stale


def test_levels_move_with_what_criteria_say_of_them(begun: Writer) -> None:
    assert begun.save(FIRST, **{"criteria/criterion-1/minimum": "3"}) == 303
    change = f"{AREA}/{KEY}/levels"
    assert begun.visitor.post(change, {"level": "3", "wish": "up"}).status_code == 303
    sketch = begun.sketch()
    assert [str(one.name) for one in sketch.levels] == ["Begins", "Shines", "Meets"]
    assert sketch.criteria[0].descriptors[sketch.levels[1].id].texts["en"] == "Descriptor 1.3"
    assert sketch.number_of(sketch.criteria[0].minimum) == 2
    assert begun.visitor.post(change, {"level": "3", "wish": "remove"}).status_code == 303
    assert "Choose one of the levels" in begun.page(FIRST)
    assert begun.visitor.post(change, {"wish": "add"}).status_code == 303
    assert len(begun.sketch().levels) == 3
    for wish in ({"level": "77", "wish": "up"}, {"level": "1", "wish": "explode"}, {}):
        assert begun.visitor.post(change, wish).status_code == 404


def test_criteria_are_added_moved_and_taken_out(begun: Writer) -> None:
    change = f"{AREA}/{KEY}/criteria/criterion-2/change"
    assert begun.visitor.post(change, {"wish": "up"}).status_code == 303
    assert [one.key for one in begun.sketch().criteria] == ["criterion-2", "criterion-1"]
    assert begun.visitor.post(change, {"wish": "remove"}).status_code == 303
    assert begun.visitor.post(change, {"wish": "up"}).status_code == 404
    assert begun.visitor.get(f"{AREA}/{KEY}/criteria/criterion-2").status_code == 404
    for _ in range(2):
        begun.visitor.post(f"{AREA}/{KEY}/criteria", {"title": "語言"})
    assert [one.key for one in begun.sketch().criteria] == ["criterion-1", "criterion", "criterion-2"]


def test_a_criterion_proves_a_competency_of_a_framework(begun: Writer, system: Actor) -> None:
    framework = FrameworkDraft(
        "care",
        english("Care"),
        (Audience.EDUCATOR,),
        elements=(ElementDraft("c1", english("Listens"), code="1"),),
    )
    put_framework(framework, actor=system)
    assert '<option value="care/c1"' in begun.page(FIRST)
    assert begun.save(FIRST, **{"criteria/criterion-1/element": "care/c1"}) == 303
    assert "1 Listens" in begun.page(f"/{KEY}")
    assert begun.save(FIRST, **{"criteria/criterion-1/element": "gone/x"}) == 303
    assert "gone/x (not offered here)" in begun.page(FIRST)


def test_a_new_rubric_begins_with_a_copy_and_never_takes_a_name(writer: Writer, published: RubricId) -> None:
    copied = {"title": "House plan", "copied": KEY}
    assert writer.visitor.post(f"{AREA}/new", copied).status_code == 303
    sketch = writer.sketch("house-plan")
    assert sketch.title.texts == {"en": "House plan"}
    assert len(sketch.criteria) == 2
    for key, status in ((KEY, 422), ("Not a key!", 422), ("new", 422), ("../x", 422)):
        page = writer.visitor.post(f"{AREA}/new", {"title": "Kept title", "key": key})
        assert page.status_code == status
        assert "Kept title" in page.text
    assert writer.visitor.post(f"{AREA}/new", {"title": ""}).status_code == 422
    assert writer.visitor.post(f"{AREA}/new", {"title": "x", "copied": "nobody"}).status_code == 404


def test_a_draft_is_thrown_away_and_its_text_comes_back_from_the_history(
    begun: Writer, session: Session
) -> None:
    assert begun.save(f"/{KEY}/about", title="A better title") == 303
    assert begun.visitor.post(f"{AREA}/{KEY}/discard").status_code == 303
    assert begun.visitor.post(f"{AREA}/{KEY}/discard").status_code == 404
    assert begun.visitor.get(f"{AREA}/{KEY}/about").status_code == 404
    saved = session.scalars(select(RubricSave.id).order_by(RubricSave.id.desc())).first()
    assert "A better title" in begun.page(f"/{KEY}/preview?of=save-{saved}")
    assert begun.visitor.post(f"{AREA}/{KEY}/restore", {"ref": f"save-{saved}"}).status_code == 303
    assert str(begun.sketch().title) == "A better title"
    assert begun.visitor.post(f"{AREA}/{KEY}/restore", {"ref": "save-999999"}).status_code == 404


def test_another_institute_finds_nothing_of_a_rubric(
    begun: Writer, stranger: Writer, session: Session
) -> None:
    saved = session.scalars(select(RubricSave.id)).first()
    for path in ("", "/about", "/policy", "/preview", "/publish", "/compare", "/history", "/file"):
        assert stranger.visitor.get(f"{AREA}/{KEY}{path}").status_code == 404, path
    assert stranger.visitor.get(f"{AREA}{FIRST}").status_code == 404
    posts = ("/begin", "/discard", "/about", "/levels", "/criteria", "/policy", "/publish")
    assert {stranger.visitor.post(f"{AREA}/{KEY}{path}", {"wish": "add"}).status_code for path in posts} == {
        404
    }
    assert stranger.visitor.post(f"{AREA}/{KEY}/restore", {"ref": f"save-{saved}"}).status_code == 404
    assert "Room plan" not in stranger.page("/")


def test_only_authors_write_rubrics(published: RubricId, make_writer: MakeWriter) -> None:
    for role in (Role.TRAINER, Role.SCORING_LEAD, Role.COORDINATOR, Role.TRANSLATOR):
        assert make_writer(role=role).visitor.get(f"{AREA}/{KEY}").status_code == 403
    assert make_writer(role=Role.ADMINISTRATOR).visitor.get(f"{AREA}/{KEY}").status_code == 200


def test_authors_see_at_a_competency_what_proves_it_and_cannot_delete_it(
    begun: Writer, system: Actor
) -> None:
    framework = FrameworkDraft(
        "care",
        english("Care"),
        (Audience.EDUCATOR,),
        elements=(ElementDraft("c1", english("Listens"), code="1"),),
    )
    put_framework(framework, actor=system)
    begun.save(FIRST, **{"criteria/criterion-1/element": "care/c1"})
    assert "used 1 time" in begun.visitor.get("/author/frameworks/care").text
    change = "/author/frameworks/care/elements/c1/change"
    begun.visitor.post(change, {"wish": "retire"})
    assert begun.visitor.post(change, {"wish": "delete"}).status_code == 409
