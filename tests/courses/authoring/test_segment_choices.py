"""What a segment's forms offer: the library, frameworks, vocabularies, instruments, and parts that come before."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

import pytest

from courses.authoring.shelf import PartHere
from courses.catalogue.drafts import SegmentDraft
from courses.frameworks.drafts import ElementDraft, FrameworkDraft, TermDraft, VocabularyDraft
from courses.frameworks.keeping import put_framework, put_vocabulary
from courses.frameworks.models import Audience
from courses.library.drafts import ResourceDraft
from courses.library.keeping import put_resource
from courses.library.models import ResourceKind
from institute.actors import Actor
from tests.browsing import Visitor
from tests.courses.authoring.filled import changed, errors_of, form_of
from tests.programmes import english

Part = Callable[[str], PartHere]
SEGMENT = "module-1/segment-1"


@pytest.fixture
def base(part: Part, system: Actor) -> str:
    """The address of a segment in an institute that has a resource, a framework and a vocabulary."""
    put_resource(
        ResourceDraft("cycle", ResourceKind.PROTOCOL, english("The [cycle]"), body=english("Look.")),
        actor=system,
    )
    element = ElementDraft("listening", english("Listening"), code="1a")
    put_framework(
        FrameworkDraft("coaching", english("Coaching"), (Audience.COACH,), elements=(element,)), actor=system
    )
    terms = (TermDraft("family", english("Family")),)
    put_vocabulary(VocabularyDraft("values", english("Values"), terms=terms), actor=system)
    return f"/author/segments/leadership/{part(SEGMENT).part_id}"


def _draft(part: Part) -> SegmentDraft:
    return cast("SegmentDraft", part(SEGMENT).draft)


def test_elements_and_tags_are_chosen_and_what_is_not_offered_is_refused(
    author: Visitor, base: str, part: Part
) -> None:
    shown = form_of(author.get(f"{base}/reading").text)
    form = changed(shown, elements="coaching/listening", tags="values/family")
    assert author.post(f"{base}/reading", form).status_code == 303
    assert (_draft(part).elements, _draft(part).tags) == (("coaching/listening",), ("values/family",))
    page = author.get(f"{base}/reading").text
    assert "1 chosen" in page
    assert form_of(page).getlist("elements") == ["coaching/listening"]
    answer = author.post(f"{base}/reading", changed(form_of(page), elements="coaching/speaking"))
    assert answer.status_code == 422
    assert "coaching/speaking" in answer.text


def test_what_is_not_offered_any_more_stays_until_it_is_unticked(
    author: Visitor, base: str, part: Part, system: Actor
) -> None:
    form = changed(form_of(author.get(f"{base}/reading").text), tags="values/family")
    assert author.post(f"{base}/reading", form).status_code == 303
    put_vocabulary(VocabularyDraft("values", english("Values"), terms=()), actor=system)
    page = author.get(f"{base}/reading").text
    assert "Not offered any more" in page
    assert author.post(f"{base}/reading", form_of(page).to_dict(flat=False)).status_code == 303
    assert _draft(part).tags == ("values/family",)
    form = changed(form_of(page))
    del form["tags"]
    assert author.post(f"{base}/reading", form).status_code == 303
    assert _draft(part).tags == ()


def test_something_of_the_library_is_put_into_a_text_without_scripts(
    author: Visitor, base: str, part: Part
) -> None:
    form = changed(
        form_of(author.get(f"{base}/reading").text),
        content="Read this.",
        _insert_content="cycle",
        do="insert:content",
    )
    answer = author.post(f"{base}/reading", form)
    assert answer.status_code == 200
    assert form_of(answer.text)["content"] == "Read this.\r\n\r\n![The (cycle)](resource:cycle)"
    form = changed(form_of(answer.text), do="save")
    assert author.post(f"{base}/reading", form).status_code == 303
    assert str(_draft(part).content).endswith("(resource:cycle)")
    assert "The (cycle)" in author.get("/author/preview/leadership/module-1/segment-1").text
    odd = changed(form_of(author.get(f"{base}/reading").text), _insert_content="nothing", do="insert:content")
    assert author.post(f"{base}/reading", odd).status_code == 200


def test_a_material_of_the_library_is_chosen_by_its_key(author: Visitor, base: str, part: Part) -> None:
    form = changed(
        form_of(author.get(f"{base}/materials/new").text), title="Cycle", origin="library", resource="cycle"
    )
    assert author.post(f"{base}/materials/new", form).status_code == 303
    assert _draft(part).materials[-1].resource == "cycle"
    answer = author.post(f"{base}/materials/new", {**form, "resource": ["elsewhere"]})
    assert answer.status_code == 422
    assert "resource" in errors_of(answer.text)


def test_a_segment_waits_for_what_is_in_the_outline_never_for_itself(
    author: Visitor, base: str, part: Part
) -> None:
    page = author.get(f"{base}/reading").text
    for address in ("module-1", SEGMENT, "module-9", "\x00"):
        answer = author.post(f"{base}/reading", changed(form_of(page), after__1__address=address))
        assert answer.status_code == 422 if address != "\x00" else answer.status_code == 303
    form = changed(form_of(page), after__1__address="module-1/segment-2")
    assert author.post(f"{base}/reading", form).status_code == 303
    assert _draft(part).opens.after == ("module-1/segment-2",)
