"""Resources inside what authors write: shown by their kind, in the reader's language, and never a way in for script."""

from __future__ import annotations

import re
from collections.abc import Callable
from html.parser import HTMLParser

import pytest
from flask import Flask

from courses.authoring.shelf import take_up
from courses.catalogue.drafts import AreaDraft, MaterialDraft
from courses.catalogue.markdown import render
from courses.catalogue.media import keys_named
from courses.catalogue.models import MaterialKind
from courses.library.drafts import ResourceDraft
from courses.library.keeping import archive_resource
from courses.library.models import ResourceKind
from courses.library.shelf import printing
from institute.actors import Actor
from institute.i18n import Localised, speaking
from institute.people.models import Institute
from tests.browsing import Visitor
from tests.courses.conftest import Studied
from tests.courses.library import media
from tests.courses.library.conftest import MakeResource, held, sources, text_of
from tests.programmes import english, module, renew, segment_draft, with_modules, with_segment

SEGMENT = "/participant/modules/module-1/segment-1"
FIRST_LOAD = 150_000

Write = Callable[[str], None]


@pytest.fixture
def write(studied: Studied, system: Actor) -> Write:
    """Publish a segment with a text."""

    def publish(text: str) -> None:
        renew(with_segment(segment_draft(content=english(text))), actor=system)

    return publish


@pytest.fixture
def picture(make_resource: MakeResource) -> ResourceDraft:
    """A picture with a file for each of two languages."""
    kind = ResourceKind.IMAGE
    return make_resource(
        "diagram",
        kind=kind,
        title="A diagram",
        alt=Localised.of({"en": "Four arrows", "es": "Cuatro flechas"}),
        files=(
            held(media.png(60, 40), "en.png", kind=kind),
            held(media.png(80, 50), "es.png", kind=kind, locale="es"),
        ),
    )


def test_picture_says_its_size_and_waits_until_it_is_near(
    participant: Visitor, write: Write, picture: ResourceDraft
) -> None:
    write("Look:\n\n![](resource:diagram)\n\nand ![the same](resource:diagram) here.")
    page = participant.get(SEGMENT).get_data(as_text=True)
    assert 'alt="Four arrows" width="60" height="40" loading="lazy"' in page
    assert 'alt="the same" width="60" height="40" loading="lazy"' in page
    assert page.count("<figure") == 1


def test_reader_gets_the_file_of_their_language(
    participant: Visitor, write: Write, picture: ResourceDraft
) -> None:
    write("![](resource:diagram)")
    participant.post("/language", {"locale": "es", "back": SEGMENT})
    page = participant.get(SEGMENT)
    assert 'alt="Cuatro flechas" width="80" height="50"' in page.get_data(as_text=True)
    assert participant.get(sources(page)[0]).data == media.png(80, 50)
    participant.post("/language", {"locale": "vi", "back": SEGMENT})
    assert 'alt="Four arrows"' in participant.get(SEGMENT).get_data(as_text=True)


def test_video_plays_in_its_place_with_captions_and_transcript(
    participant: Visitor, write: Write, film: ResourceDraft
) -> None:
    write("Before.\n\n![A first session](resource:first-session)\n\nAfter.")
    page = participant.get(SEGMENT)
    html = page.get_data(as_text=True)
    assert '<video class="ci-video" controls playsinline preload="none" width="640" height="360"' in html
    assert html.count("<track") == 2
    assert "autoplay" not in html
    assert "A first session · Transcript" in text_of(page)
    assert [participant.get(address).status_code for address in sources(page)] == [200, 200, 200]


def test_document_and_link_are_named_with_their_kind(
    participant: Visitor, write: Write, make_resource: MakeResource
) -> None:
    make_resource("guide", kind=ResourceKind.LINK, title="A guide")
    write("![](resource:guide)\n\nSee [what we wrote](resource:guide) and ![this](resource:guide).")
    page = participant.get(SEGMENT)
    assert "A guide (Web page)" in text_of(page)
    html = page.get_data(as_text=True)
    assert html.count('/participant/library/guide"') == 3
    assert ">what we wrote</a>" in html


def test_unknown_key_shows_the_text_and_tells_authors_alone(
    participant: Visitor, author: Visitor, write: Write, make_resource: MakeResource
) -> None:
    text = "![What was here](resource:nowhere)\n\nOr [there](resource:nowhere)."
    write(text)
    page = text_of(participant.get(SEGMENT))
    assert "What was here" in page
    assert "is not in the library" not in page
    make_resource(body=english(text))
    assert "is not in the library." in text_of(author.get("/author/library/coaching-cycle"))


def test_resource_of_another_institute_is_unknown(
    participant: Visitor, write: Write, make_institute: Callable[..., Institute], make_resource: MakeResource
) -> None:
    other = make_institute(name="Harbour")
    make_resource("secret", title="A secret", actor=Actor(institute_id=other.id, person_id=None))
    write("![theirs](resource:secret)")
    page = participant.get(SEGMENT).get_data(as_text=True)
    assert "theirs" in page
    assert "A secret" not in page
    assert "/library/secret" not in page


def test_archived_resource_stays_where_it_is_published_and_goes_with_the_last_version(
    participant: Visitor, author: Visitor, write: Write, picture: ResourceDraft, system: Actor
) -> None:
    write("![](resource:diagram)")
    assert "Segment about segment-1" in text_of(author.get("/author/library/diagram"))
    archive_resource("diagram", actor=system)
    address = sources(participant.get(SEGMENT))[0]
    assert participant.get(address).status_code == 200
    assert participant.get("/participant/library/diagram").status_code == 200
    assert "A diagram" not in text_of(participant.get("/participant/library/"))
    write("Without it.")
    assert participant.get(address).status_code == 404
    assert participant.get("/participant/library/diagram").status_code == 404


def test_author_is_told_which_drafts_and_versions_name_a_resource(
    author: Visitor, write: Write, picture: ResourceDraft, system: Actor
) -> None:
    write("![](resource:diagram)")
    take_up("leadership", actor=system)
    page = author.get("/author/library/diagram")
    assert "Leadership · published, version 2" in text_of(page)
    assert "Leadership · draft" in text_of(page)
    draft = re.search(r'href="([^"]*/author/[^"]*)">Segment about segment-1</a>', page.get_data(as_text=True))
    assert draft is not None
    assert author.get(draft.group(1), follow_redirects=True).status_code == 200


def test_toolkit_and_material_lead_to_the_library(
    participant: Visitor, studied: Studied, system: Actor, film: ResourceDraft
) -> None:
    area = AreaDraft("listening", english("Listening"), resources=("first-session", "nothing"))
    material = MaterialDraft("film", MaterialKind.VIDEO, english("The film"), resource="first-session")
    renew(with_modules(module(segment_draft(materials=(material,)), areas=(area,))), actor=system)
    html = participant.get("/participant/modules/module-1").get_data(as_text=True)
    assert '/participant/library/first-session"' in html
    assert "<video" in participant.get(f"{SEGMENT}/materials/film").get_data(as_text=True)


def test_page_with_media_stays_within_the_weight_of_a_first_load(
    participant: Visitor, write: Write, film: ResourceDraft, picture: ResourceDraft
) -> None:
    write("![a](resource:first-session)\n\n![b](resource:diagram)\n\n" * 10)
    assert len(participant.get(SEGMENT).data) < FIRST_LOAD / 3


HARMLESS = re.compile(r"(/s/[^/]+/participant/library/[a-z]|https?://)")


class Attributes(HTMLParser):
    """The attributes of a piece of a page, as a browser reads them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.all: list[tuple[str, str]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note them."""
        self.all += [(name, value or "") for name, value in attrs]


ATTACKS = [
    '![x](resource:diagram" onerror="alert(1))',
    "![<script>alert(1)</script>](resource:diagram)",
    '![" onload="alert(1)](resource:diagram)',
    "[<img src=x onerror=alert(1)>](resource:diagram)",
    "![x](javascript:alert(1))",
    "![x](data:image/svg+xml;base64,PHN2Zz4=)",
    "![x](resource:javascript:alert(1))",
    "[x](resource:../../../language)",
    "![x](resource:diagram?x=<script>)",
    '<img src="resource:diagram" onerror="alert(1)">',
    '<video src="resource:first-session" autoplay>',
    "![x](//evil.example.org/a.png)",
    "![x](https://evil.example.org/a.png)",
    "0x0x ![x](resource:diagram) 1x1x",
]


@pytest.mark.parametrize("text", ATTACKS)
def test_no_text_brings_script_or_a_picture_from_elsewhere(
    participant: Visitor, write: Write, picture: ResourceDraft, text: str
) -> None:
    write(text)
    reading = participant.get(SEGMENT).get_data(as_text=True).split('id="reading"')[1].split("</section>")[0]
    found = Attributes(reading)
    assert not {name for name, _ in found.all if name.startswith("on") or name == "autoplay"}
    assert "<script" not in reading
    assert all("/participant/library/" in value for name, value in found.all if name == "src")
    assert all(HARMLESS.match(value) for name, value in found.all if name == "href")


def test_texts_tell_which_resources_they_name() -> None:
    text = "![a](resource:one)\n\n[b](resource:two) `![c](resource:code)` <img src='resource:html'>"
    assert keys_named(text) == {"one", "two"}


def test_on_paper_pictures_are_in_the_page_and_what_plays_is_named(
    app: Flask, system: Actor, film: ResourceDraft, picture: ResourceDraft
) -> None:
    with printing(system.institute_id), speaking("es"):
        html = str(render("![](resource:diagram)\n\n![](resource:first-session)"))
    assert 'src="data:image/png;base64,' in html
    assert 'width="80"' in html
    assert "Una primera sesión" in html
    assert "<video" not in html
    assert "href" not in html


def test_outside_a_visit_the_words_of_the_author_stand_alone(app: Flask, picture: ResourceDraft) -> None:
    assert render("A ![diagram](resource:diagram) here") == "<p>A diagram here</p>\n"
