"""What comes with a programme: resources with their files, frameworks and vocabularies."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy.orm import Session

from courses.catalogue.drafts import AreaDraft, MaterialDraft, ProgrammeContent
from courses.catalogue.models import MaterialKind
from courses.frameworks.keeping import put_framework, put_vocabulary
from courses.frameworks.queries import load_framework, load_vocabulary
from courses.library.drafts import HeldFile, ResourceDraft
from courses.library.keeping import put_resource
from courses.library.models import FilePurpose, ResourceKind
from courses.library.taking import take_file
from courses.packages.exporting import Which, carried_with, export_programme, own_resources
from courses.packages.importing import bring_in, open_package, plan_import
from courses.packages.plans import Fate, Plan
from courses.packages.problems import PackageError
from institute.actors import Actor, Role
from institute.i18n import Localised
from institute.people.models import Institute, Person
from tests.browsing import Visitor
from tests.courses.frameworks.conftest import framework_draft, vocabulary_draft
from tests.courses.library import media
from tests.courses.packages import conftest
from tests.courses.packages.spoilt import packed
from tests.programmes import english, programme, publish

VIDEO, CAPTIONS = ResourceKind.VIDEO, FilePurpose.CAPTIONS


def held(data: bytes, name: str, kind: ResourceKind, *, locale: str = "en", **more: FilePurpose) -> HeldFile:
    """Keep a file for a resource."""
    return take_file(
        data, name=name, locale=locale, kind=kind, purpose=more.get("purpose", FilePurpose.CONTENT)
    )


@pytest.fixture
def aligned(system: Actor) -> ProgrammeContent:
    """A published programme that shows, links to and hands out resources, and says what it is aligned to."""
    put_framework(framework_draft(), actor=system)
    put_vocabulary(vocabulary_draft(), actor=system)
    film = ResourceDraft(
        "first-session", VIDEO, Localised.of({"en": "A first session", "es": "Una primera sesión"}),
        summary=english("Watch it twice."), licence="CC BY 4.0", version="2",
        files=(held(media.mp4(), "session.mp4", VIDEO),),
        captions=(
            held(media.VTT, "session.vtt", VIDEO, purpose=CAPTIONS),
            held(media.VTT, "sesión.vtt", VIDEO, purpose=CAPTIONS, locale="es"),
        ),
    )  # fmt: skip
    guide = ResourceDraft(
        "guide", ResourceKind.PROTOCOL, english("A guide"),
        body=english("See ![the table](resource:picture)."), url="https://example.org/guide", languages=("vi",),
    )  # fmt: skip
    picture = ResourceDraft(
        "picture", ResourceKind.IMAGE, english("A table"), alt=english("Two people at a table"),
        files=(held(media.png(), "table.png", ResourceKind.IMAGE),),
    )  # fmt: skip
    for draft in (film, guide, picture):
        put_resource(draft, actor=system)
    content = programme()
    (module,) = content.modules
    first, *rest = module.segments
    first = replace(
        first,
        content=english("Watch ![the film](resource:first-session) and ask."),
        materials=(MaterialDraft("guide", MaterialKind.DOCUMENT, english("Guide"), resource="guide"),),
        elements=(f"{framework_draft().key}/{framework_draft().elements[0].key}",),
        tags=(f"{vocabulary_draft().key}/{vocabulary_draft().terms[0].key}",),
    )
    area = AreaDraft("readiness", english("Readiness"), resources=("guide",))
    content = replace(
        content,
        modules=(replace(module, draft=replace(module.draft, areas=(area,)), segments=(first, *rest)),),
    )
    publish(content, actor=system)
    return content


@pytest.fixture
def elsewhere(make_institute: Callable[..., Institute]) -> Actor:
    """The command line of another institute."""
    return Actor(make_institute(slug="elsewhere").id, None)


def exported(actor: Actor) -> bytes:
    """Return the newest version of the programme as a package."""
    with export_programme("leadership", Which.PUBLISHED, institute_id=actor.institute_id) as data:
        return data.read()


def brought_in(data: bytes, actor: Actor, *, take_theirs: bool = False) -> Plan:
    """Bring a package in, and return what was planned before."""
    opened = open_package(io.BytesIO(data), institute_id=actor.institute_id)
    plan = plan_import(opened.package, institute_id=actor.institute_id)
    bring_in(opened, take_theirs=take_theirs, actor=actor)
    return plan


def repacked(data: bytes, change: Callable[[str, bytes], bytes]) -> bytes:
    """Return a package whose files were changed."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return packed({name: change(name, archive.read(name)) for name in archive.namelist()})


def test_everything_that_a_programme_uses_is_in_its_package(aligned: ProgrammeContent, system: Actor) -> None:
    data = exported(system)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = set(archive.namelist())
    assert names > {
        "frameworks/practice.toml", "vocabularies.toml", "resources/first-session/resource.toml",
        "resources/first-session/en.mp4", "resources/first-session/captions.es.vtt", "resources/guide/body.en.md",
        "resources/picture/en.png",
    }  # fmt: skip
    assert exported(system) == data


def test_what_comes_along_is_the_same_in_another_institute(
    aligned: ProgrammeContent, system: Actor, elsewhere: Actor, session: Session
) -> None:
    data = exported(system)
    plan = brought_in(data, elsewhere)
    assert {(one.key, one.fate) for one in plan.carried} == {
        (key, Fate.MADE) for key in ("first-session", "guide", "picture", "practice", vocabulary_draft().key)
    }
    assert plan.absent == ()
    keys = ("first-session", "guide", "picture")
    assert own_resources(keys, elsewhere.institute_id) == own_resources(keys, system.institute_id)
    assert load_framework(elsewhere.institute_id, "practice") == framework_draft()
    assert load_vocabulary(elsewhere.institute_id, vocabulary_draft().key) == vocabulary_draft()
    assert carried_with(aligned, elsewhere.institute_id) == carried_with(aligned, system.institute_id)
    with export_programme("leadership", Which.DRAFT, institute_id=elsewhere.institute_id) as again:
        assert again.read() == data
    assert not brought_in(data, elsewhere).changes_anything


def test_an_institute_keeps_its_own_unless_it_takes_theirs(
    aligned: ProgrammeContent, system: Actor, elsewhere: Actor
) -> None:
    data = exported(system)
    mine = ResourceDraft("guide", ResourceKind.PROTOCOL, english("Our own guide"), body=english("Ours."))
    put_resource(mine, actor=elsewhere)
    put_vocabulary(replace(vocabulary_draft(), title=english("Our words")), actor=elsewhere)
    plan = brought_in(data, elsewhere)
    assert {one.key for one in plan.conflicts} == {"guide", vocabulary_draft().key}
    assert own_resources(["guide"], elsewhere.institute_id)["guide"] == mine
    kept = load_vocabulary(elsewhere.institute_id, vocabulary_draft().key)
    assert kept is not None
    assert kept.title == english("Our words")
    brought_in(data, elsewhere, take_theirs=True)
    assert own_resources(["guide"], elsewhere.institute_id) == own_resources(["guide"], system.institute_id)
    assert load_vocabulary(elsewhere.institute_id, vocabulary_draft().key) == vocabulary_draft()


def test_a_resource_of_another_kind_stays_whatever_is_taken(
    aligned: ProgrammeContent, system: Actor, elsewhere: Actor
) -> None:
    mine = ResourceDraft("guide", ResourceKind.RUBRIC, english("Our rubric"), body=english("Ours."))
    put_resource(mine, actor=elsewhere)
    brought_in(exported(system), elsewhere, take_theirs=True)
    assert own_resources(["guide"], elsewhere.institute_id)["guide"] == mine


def test_the_page_asks_whose_are_kept(
    aligned: ProgrammeContent,
    system: Actor,
    elsewhere: Actor,
    make_person: Callable[..., Person],
    sign_in: Callable[..., Visitor],
) -> None:
    data = exported(system)
    mine = ResourceDraft("guide", ResourceKind.PROTOCOL, english("Our own guide"), body=english("Ours."))
    put_resource(mine, actor=elsewhere)
    visitor = sign_in(make_person(institute_id=elsewhere.institute_id), roles=[Role.AUTHOR])
    page = visitor.get(conftest.waiting(visitor, data)).text
    assert "Another one here" in page
    assert "Take those of the package" in page
    assert conftest.bring_in(visitor, data, conflicts="ours").status_code == 303
    assert own_resources(["guide"], elsewhere.institute_id)["guide"] == mine
    assert conftest.bring_in(visitor, data, conflicts="theirs").status_code == 303
    assert own_resources(["guide"], elsewhere.institute_id) == own_resources(["guide"], system.institute_id)


def test_what_nobody_has_is_named(aligned: ProgrammeContent, system: Actor, elsewhere: Actor) -> None:
    content = replace(aligned, programme=replace(aligned.programme, tags=("unheard/of",)))
    plan = brought_in(conftest.as_package(content), elsewhere)
    assert {one.name for one in plan.absent} == {
        "guide", "first-session", "practice", "unheard", vocabulary_draft().key
    }  # fmt: skip
    assert plan.carried == ()


def test_what_a_text_only_speaks_of_is_not_missed(
    aligned: ProgrammeContent, system: Actor, elsewhere: Actor
) -> None:
    spoken = english("Write `resource:ghost` where ![it](resource:picture) belongs.")
    content = replace(aligned, programme=replace(aligned.programme, summary=spoken))
    names = {one.name for one in brought_in(conftest.as_package(content), elsewhere).absent}
    assert ("picture" in names, "ghost" in names) == (True, False)


@pytest.mark.parametrize(
    "case",
    [
        ("resources/first-session/en.mp4", b"<html><script>alert(1)</script></html>", "session.mp4"),
        ("resources/picture/en.png", b"\x89PNG\r\n\x1a\n" + b"\0" * 40, "table.png"),
        ("resources/first-session/captions.en.vtt", b"WEBVTT\n\nno time --> at all\n", "session.vtt"),
    ],
)
def test_a_file_is_taken_for_what_it_holds(
    aligned: ProgrammeContent, system: Actor, elsewhere: Actor, case: tuple[str, bytes, str]
) -> None:
    name, content, piece = case

    def change(path: str, data: bytes) -> bytes:
        if path == name:
            return content
        return b"\n".join(line for line in data.split(b"\n") if not line.startswith(b"sha256"))

    spoilt = repacked(exported(system), change)
    with pytest.raises(PackageError) as refused:
        brought_in(spoilt, elsewhere)
    (problem,) = refused.value.problems
    assert piece in str(problem)
    assert name.startswith(problem.file)
    assert own_resources(["first-session"], elsewhere.institute_id) == {}
