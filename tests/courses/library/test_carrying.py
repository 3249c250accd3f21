"""Resources carried to another institute: with every byte, and judged again where they arrive."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace

import pytest

from courses.library.carrying import CarriedResource, prepare, put, take
from courses.library.drafts import HeldFile, ResourceDraft
from courses.library.errors import FileNotHeldError, NotVideoError
from courses.library.queries import find
from institute.actors import Actor
from institute.files.checking import FileRefusedError
from institute.files.storage import current_storage
from institute.i18n import Localised
from institute.people.models import Institute
from tests import papers
from tests.courses.library.conftest import MakeResource


@pytest.fixture
def elsewhere(make_institute: Callable[..., Institute]) -> Actor:
    """The command line, acting in another institute."""
    return Actor(institute_id=make_institute(name="Harbour").id, person_id=None)


def test_resource_arrives_as_it_left(film: ResourceDraft, system: Actor, elsewhere: Actor) -> None:
    carried = take(system.institute_id, ["first-session", "nothing", "\0", "first-session"])
    assert [one.draft.key for one in carried] == ["first-session"]
    assert sorted(carried[0].contents) == sorted({one.sha256 for one in (*film.files, *film.captions)})
    put(prepare(carried), actor=elsewhere)
    assert find(elsewhere.institute_id, "first-session") == find(system.institute_id, "first-session")
    again = take(elsewhere.institute_id, ["first-session"])
    assert again == carried
    put(prepare(again), actor=elsewhere)  # a second time changes nothing
    assert find(elsewhere.institute_id, "first-session") == find(system.institute_id, "first-session")


def test_every_field_arrives(make_resource: MakeResource, system: Actor, elsewhere: Actor) -> None:
    stale = Localised({"en": "New", "es": "Viejo"}, "en", {"es": "0" * 16})
    make_resource(
        summary=stale,
        alt=Localised.of({"en": "Alt"}),
        url="https://www.example.org/a?b=1",
        languages=("vi", "ar"),
        licence="CC BY 4.0",
        licence_url="https://creativecommons.org/",
        version="2",
        source="Us",
        tags=("values/a", "values/b"),
        elements=("leadership/1a",),
    )
    put(prepare(take(system.institute_id, ["coaching-cycle"])), actor=elsewhere)
    arrived = find(elsewhere.institute_id, "coaching-cycle")
    assert arrived == find(system.institute_id, "coaching-cycle")
    assert arrived is not None
    assert arrived.summary == stale


def _with(draft: ResourceDraft, file: HeldFile, contents: dict[str, bytes]) -> CarriedResource:
    return CarriedResource(replace(draft, files=(file,), captions=()), contents)


def test_bytes_that_are_missing_or_others_are_refused(film: ResourceDraft) -> None:
    file = film.files[0]
    for contents in ({}, {file.sha256: b"others"}):
        with pytest.raises(FileNotHeldError):
            prepare([_with(film, file, contents)])


def test_file_that_a_package_lies_about_is_refused(film: ResourceDraft) -> None:
    svg = b"<svg><script>alert(1)</script></svg>"
    for data, error in ((svg, NotVideoError), (papers.pdf(), NotVideoError), (b"", FileRefusedError)):
        blob = current_storage().put(io.BytesIO(data))
        lying = replace(film.files[0], sha256=blob.sha256, size=blob.size, media_type="video/mp4")
        with pytest.raises(error):
            prepare([_with(film, lying, {blob.sha256: data})])
