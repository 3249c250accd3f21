"""A rubric in and out: as a file of its own and in a programme's package, whole and with every mistake told."""

from __future__ import annotations

import io
import zipfile
from fractions import Fraction

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from certificates.rubrics.amounts import read_amount, write_amount
from certificates.rubrics.carrying import bring_in
from certificates.rubrics.checking import check_policy, check_sketch
from certificates.rubrics.defining import define_rubric
from certificates.rubrics.models import RubricId
from certificates.rubrics.papers import read_rubric_file, write_rubric
from certificates.rubrics.policies import LIMITS, Policy, Releasing, Settled, read_policy, write_policy
from certificates.rubrics.queries import draft_of, newest
from certificates.rubrics.sketches import (
    Sketch,
    SketchCriterion,
    SketchLevel,
    canonical,
    document_of,
    policy_fields,
    read_document,
    sketch_of,
)
from courses.frameworks.drafts import ElementDraft, FrameworkDraft
from courses.frameworks.keeping import put_framework
from courses.frameworks.models import Audience
from courses.loading.institutes import load_institute
from courses.packages.exporting import Which, export_programme
from courses.packages.importing import bring_in as bring_package_in
from courses.packages.importing import open_package, plan_import
from institute.actors import Actor
from institute.i18n import LOCALES, Localised
from institute.paths import ROOT
from tests.certificates.rubrics.conftest import AREA, KEY, MakeWriter, Writer, english, room_plan

SAMPLE = ROOT / "courses" / "sample"

WORDS = st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1, max_size=12).filter(str.strip)
POLICIES = st.builds(
    Policy,
    **{name: st.sampled_from(limits) for name, limits in LIMITS.items()},
    retakes=st.booleans(),
    across_cut=st.booleans(),
    calibrated=st.booleans(),
    apart_by_employer=st.booleans(),
    near_cut=st.none() | st.fractions(0, 3, max_denominator=99),
    settled=st.sampled_from(Settled),
    releasing=st.sampled_from(Releasing),
)


@st.composite
def texts(draw: st.DrawFn) -> Localised:
    """Return a text in some languages, of whose translations some are stale or of unknown origin."""
    said = draw(st.dictionaries(st.sampled_from(LOCALES), WORDS, max_size=3)) | {"en": draw(WORDS)}
    whole = Localised.of(said)
    return whole.revised(draw(WORDS)) if draw(st.booleans()) else whole


@st.composite
def sketches(draw: st.DrawFn) -> Sketch:
    """Return a rubric that is being written; much of it may be missing or impossible."""
    ids = draw(st.lists(st.integers(1, 20).map(str), max_size=4, unique=True))
    keys = draw(st.lists(st.sampled_from(["a", "b-2", "criterion"]), max_size=3, unique=True))
    by_level = st.dictionaries(st.sampled_from(ids), texts()) if ids else st.just({})
    criteria = tuple(
        SketchCriterion(
            key,
            draw(texts()),
            draw(st.sampled_from(["", "care/c1"])),
            draw(st.sampled_from(["", *ids])),
            draw(by_level),
            draw(by_level),
        )
        for key in keys
    )
    return Sketch(
        title=draw(texts()),
        cut=draw(st.sampled_from(["", "3", "2.5", "seven"])),
        levels=tuple(SketchLevel(one, draw(texts())) for one in ids),
        criteria=criteria,
        policy=policy_fields(draw(POLICIES)) | {"share": draw(st.sampled_from(["", "20", "many"]))},
    )


@given(sketches())
def test_whatever_is_written_comes_back_from_its_file_and_its_document(sketch: Sketch) -> None:
    paper = read_rubric_file(write_rubric(KEY, sketch, "en").encode(), "a.toml", source="vi")
    assert paper.key == KEY
    assert paper.sketch == canonical(sketch)
    assert read_document(document_of(sketch)) == sketch
    check_sketch(KEY, sketch)


@given(POLICIES)
def test_a_policy_comes_back_from_the_database_and_from_a_form(policy: Policy) -> None:
    assert read_policy(write_policy(policy)) == policy
    assert check_policy(policy_fields(policy)) == (policy, {})


@given(st.fractions(0, 999, max_denominator=99))
def test_an_amount_is_read_exactly_as_it_was_written(amount: Fraction) -> None:
    if amount.numerator < 1000:
        assert read_amount(write_amount(amount)) == amount


@pytest.mark.parametrize(
    "text", ["", "x", "1e999999999", "-1", "1/0", "1.234", "9" * 10_000, "1/", "½", "nan", "1 2"]
)
def test_what_is_no_amount_is_none(text: str) -> None:
    assert read_amount(text) is None


def test_amounts_are_read_as_people_write_them() -> None:
    assert [read_amount(text) for text in ("2,5", " 2.5 ", "5/2", "5 / 2", "٢٫٥")] == [Fraction(5, 2)] * 5


def test_a_file_taken_out_comes_in_as_the_same_draft(
    writer: Writer, published: RubricId, stranger: Writer
) -> None:
    data = writer.visitor.get(f"{AREA}/{KEY}/file").data
    answer = stranger.visitor.post(f"{AREA}/bring-in", {"file": (io.BytesIO(data), "room.toml")})
    assert answer.status_code == 303
    view = newest(writer.institute_id, KEY)
    assert view is not None
    assert stranger.sketch() == sketch_of(draft_of(view))
    assert newest(stranger.institute_id, KEY) is None  # nobody is scored by it yet


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (b"", "ends in .toml"),
        (b"x" * 450_000, "ends in .toml"),
        (b"\xff\xfe", "not UTF-8"),
        (b"key = ", "not TOML"),
        (b'title.en = "x"', "“key” is missing"),
        (b'key = "a"\ntitle.en = "x"\ncolour = "red"', "room.toml:3"),
        (b'key = "../../x"\ntitle.en = "x"', "room.toml:1"),
        (b'key = "a"\ntitle.fr = "x"', "room.toml:2"),
        (b'key = "a"\nformat = 7\ntitle.en = "x"', "newer version"),
        (b'key = "a"\ntitle.en = "x"\n[policy]\nshare = true', "room.toml:4"),
        (b'key = "a"\ntitle.en = "x"\n[policy]\nsettled = "me"', "adjudicator, closest_pair"),
        (b'key = "a"\ntitle.en = "x"\n[[criterion]]\nkey = "b"\n[[criterion]]\nkey = "b"', "twice"),
        (b'key = "a"\ntitle.en = "x"\nlevel = 3', "a list"),
    ],
)
def test_mistakes_of_a_file_are_told_with_their_lines(writer: Writer, text: bytes, told: str) -> None:
    answer = writer.visitor.post(f"{AREA}/bring-in", {"file": (io.BytesIO(text), "room.toml")})
    assert answer.status_code == 422
    assert told in answer.text
    assert "There is no rubric yet" in writer.page("/")


def test_a_form_without_a_file_is_asked_again(writer: Writer) -> None:
    assert writer.visitor.post(f"{AREA}/bring-in").status_code == 422


def test_what_a_file_brings_in_replaces_a_draft_whose_text_stays_in_the_history(
    writer: Writer, published: RubricId
) -> None:
    writer.visitor.post(f"{AREA}/{KEY}/begin")
    sketch = Sketch(english("From a file"), "x", policy={"share": "many"})
    assert bring_in(write_rubric(KEY, sketch, "en").encode(), "a.toml", actor=writer.actor) == KEY
    assert str(writer.sketch().title) == "From a file"
    assert "to be mended" in writer.page(f"/{KEY}")
    assert writer.page(f"/{KEY}/history").count("save-") >= 2


def test_a_package_carries_the_rubrics_of_its_competencies_into_drafts(
    app: Flask, system: Actor, make_writer: MakeWriter, stranger: Writer
) -> None:
    institute_id = load_institute(SAMPLE)
    there = Actor(institute_id, None)
    define_rubric(room_plan(element="care/c1"), actor=there)  # a framework that the programme does not name
    with export_programme("leadership", Which.PUBLISHED, institute_id=institute_id) as packed:
        data = packed.read()
    names = {name for name in zipfile.ZipFile(io.BytesIO(data)).namelist() if name.startswith("rubrics/")}
    assert names == {
        f"rubrics/{key}.toml" for key in ("leadership-plan", "practice-change", "reflection-assessment")
    }
    opened = open_package(io.BytesIO(data), institute_id=stranger.institute_id)
    plan = plan_import(opened.package, institute_id=stranger.institute_id)
    assert sum(one.kind == "rubric" and one.fate == "made" for one in plan.carried) == 3
    bring_package_in(opened, take_theirs=False, actor=stranger.actor)
    view = newest(institute_id, "practice-change")
    assert view is not None
    assert stranger.sketch("practice-change") == sketch_of(draft_of(view))
    assert "The draft is ready" in stranger.page("/practice-change")
    again = plan_import(opened.package, institute_id=stranger.institute_id)
    assert not again.changes_anything
    assert stranger.save("/practice-change/about", cut="2") == 303
    changed = plan_import(opened.package, institute_id=stranger.institute_id)
    assert [one.key for one in changed.conflicts] == ["practice-change"]
    bring_package_in(opened, take_theirs=False, actor=stranger.actor)
    assert stranger.sketch("practice-change").cut == "2"
    bring_package_in(opened, take_theirs=True, actor=stranger.actor)
    assert stranger.sketch("practice-change").cut == "3"


def test_a_rubric_s_mistakes_in_a_package_are_told_with_all_others(
    app: Flask, stranger: Writer, system: Actor
) -> None:
    institute_id = load_institute(SAMPLE)
    with export_programme("leadership", Which.PUBLISHED, institute_id=institute_id) as packed:
        whole = zipfile.ZipFile(io.BytesIO(packed.read()))
    spoilt = io.BytesIO()
    with zipfile.ZipFile(spoilt, "w") as archive:
        for name in whole.namelist():
            text = whole.read(name)
            archive.writestr(
                name, text.replace(b"share = 20", b"share = true") if "practice-change" in name else text
            )
    spoilt.seek(0)
    answer = stranger.visitor.post("/author/packages/", {"package": (spoilt, "spoilt.zip")})
    assert answer.status_code == 422
    assert "rubrics/practice-change.toml" in answer.text


def test_frameworks_that_a_rubric_names_come_along(app: Flask, system: Actor) -> None:
    framework = FrameworkDraft(
        "care", english("Care"), (Audience.LEADER,), elements=(ElementDraft("c1", english("C")),)
    )
    institute_id = load_institute(SAMPLE)
    there = Actor(institute_id, None)
    put_framework(framework, actor=there)
    draft = room_plan(element="care/c1")
    criteria = (draft.criteria[0], room_plan(element="leadership/1a").criteria[1])
    define_rubric(type(draft)(draft.key, draft.title, draft.cut, draft.level_names, criteria), actor=there)
    with export_programme("leadership", Which.PUBLISHED, institute_id=institute_id) as packed:
        names = zipfile.ZipFile(io.BytesIO(packed.read())).namelist()
    assert {"frameworks/care.toml", f"rubrics/{KEY}.toml"} <= set(names)
